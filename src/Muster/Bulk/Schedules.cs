using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.People;
using static Muster.Bulk.OperationRules;

namespace Muster.Bulk;

/// <summary>What a person can say of a schedule.</summary>
/// <param name="Name">Required, at most 100 characters.</param>
/// <param name="Cron">Five fields: minute, hour, day of the month, month, day of the week; by the workspace's clock.</param>
/// <param name="LargestRun">A run that would change more users waits for a person; 1 to 1,000,000.</param>
/// <param name="IsActive">Whether it runs.</param>
public sealed record ScheduleDetails(string? Name, string? Cron, long LargestRun, bool IsActive = true);

/// <summary>Keeps schedules, and begins their operations when their time has come: once, on whichever node looks first.</summary>
public sealed class Schedules(Databases databases, ActionCatalog catalog, OperationSignal signal, TimeProvider clock)
{
    private const int LongestName = 100;
    private const int LongestCron = 100;
    private const long MostUsers = 1_000_000;

    /// <summary>Makes a schedule, which runs with the rights that its maker has then.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="ParametersException">Names each wrong field.</exception>
    public async Task<long> Create(
        Requester requester,
        string actionKey,
        string parameters,
        Selection selection,
        ScheduleDetails details,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(requester);
        ArgumentNullException.ThrowIfNull(selection);
        ArgumentNullException.ThrowIfNull(details);
        var action = catalog.Find(actionKey) is { IsOperation: true } found
            ? found
            : throw new ParametersException("action", $"There is no action '{actionKey}' that could be repeated.");
        selection.Check(action);
        if (selection.Filter is null)
        {
            throw new ParametersException(
                "selection",
                "What is repeated takes its users by a filter, so that it finds whoever matches then."
            );
        }

        var actor = requester.Actor;
        await using var db = databases.Open(actor.WorkspaceId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.TakeTurn(actor.WorkspaceId, ct);
        await CheckRights(db, actor, action, selection, ct);
        var schedule = new Schedule
        {
            WorkspaceId = actor.WorkspaceId,
            Id = await db.Reserve(actor.WorkspaceId, 1, ct),
            Name = "",
            Action = actionKey,
            Parameters = parameters,
            Selection = Json.Write(selection),
            Cron = "",
            AccountId = actor.AccountId,
            TokenId = actor.TokenId,
            CreatedAt = clock.Now(),
        };
        await action.CheckParameters(await db.ContextOf(Begun(schedule, 0), clock, 0, 0, ct), action.ReadParameters(parameters), ct);
        await Take(db, schedule, details, ct);
        db.Schedules.Add(schedule);
        await db.SaveChangesAsync(ct);
        await Tell(db, requester, "schedule.created", schedule, ct);
        await transaction.CommitAsync(ct);
        return schedule.Id;
    }

    /// <summary>Changes name, time, size or whether it runs.</summary>
    /// <returns>False when the workspace has no such schedule.</returns>
    public async Task<bool> Change(Requester requester, long id, ScheduleDetails details, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(requester);
        ArgumentNullException.ThrowIfNull(details);
        var workspaceId = requester.Actor.WorkspaceId;
        await using var db = databases.Open(workspaceId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.TakeTurn(workspaceId, ct);
        if (await db.Schedules.SingleOrDefaultAsync(s => s.WorkspaceId == workspaceId && s.Id == id, ct) is not { } schedule)
        {
            return false;
        }

        await Take(db, schedule, details, ct);
        await db.SaveChangesAsync(ct);
        await Tell(db, requester, "schedule.changed", schedule, ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>Ends a schedule; the operations it began stay.</summary>
    /// <returns>False when the workspace has no such schedule.</returns>
    public async Task<bool> Delete(Requester requester, long id, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(requester);
        var workspaceId = requester.Actor.WorkspaceId;
        await using var db = databases.Open(workspaceId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.TakeTurn(workspaceId, ct);
        var gone = await db.Schedules.Where(s => s.WorkspaceId == workspaceId && s.Id == id).ExecuteDeleteAsync(ct);
        if (gone == 1)
        {
            await Audit.Write(db, requester, "schedule.deleted", new { schedule = id }, clock.Now(), ct);
        }

        await transaction.CommitAsync(ct);
        return gone == 1;
    }

    /// <summary>Whether an operation can be repeated: its users were chosen by a filter.</summary>
    public static bool CanRepeat(Operation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return operation is { UndoOf: null, Selection: { } selection }
            && operation.Parameters != Operation.NoParametersYet
            && Json.Read<Selection>(selection).Filter is not null;
    }

    /// <summary>Begins an operation for each schedule whose time has come. Times missed while nothing ran are made up for once.</summary>
    public async Task BeginDue(CancellationToken ct)
    {
        await using var db = databases.Open(0);
        var now = clock.Now();
        var due = await db
            .Schedules.IgnoreQueryFilters()
            .AsNoTracking()
            .Where(s => s.NextAt <= now)
            .OrderBy(s => s.NextAt)
            .Take(100)
            .ToListAsync(ct);
        foreach (var schedule in due)
        {
            await Begin(schedule, now, ct);
        }
    }

    private async Task Begin(Schedule schedule, DateTime now, CancellationToken ct)
    {
        var workspaceId = schedule.WorkspaceId;
        await using var db = databases.Open(workspaceId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.TakeTurn(workspaceId, ct);
        var zone = await db.Workspaces.Where(w => w.Id == workspaceId).Select(w => w.TimeZone).SingleAsync(ct);
        var next = ScheduleTimes.After(schedule.Cron, now, zone);
        var mine = await db
            .Schedules.Where(s =>
                s.WorkspaceId == workspaceId && s.Id == schedule.Id && s.NextAt == schedule.NextAt && s.Cron == schedule.Cron
            )
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.NextAt, next), ct);
        if (mine == 0)
        {
            // Another node was faster, or somebody changed it.
            return;
        }

        var operation = Begun(schedule, await db.Reserve(workspaceId, 1, ct));
        await Check(db, operation, ct);
        await Insert(db, operation, null, now, ct);
        await transaction.CommitAsync(ct);
        signal.Raise();
    }

    /// <summary>What can no longer run (a group that is gone, rights that were taken) is begun and ends at once, so that somebody sees why.</summary>
    private async Task Check(MusterDb db, Operation operation, CancellationToken ct)
    {
        var action = catalog.Get(operation.Action);
        var context = await db.ContextOf(operation, clock, 0, 0, ct);
        try
        {
            if (!context.Actor.MayRun(action))
            {
                throw new ParametersException("", CommonReasons.NotAllowed.Sentence);
            }

            await action.CheckParameters(context, action.ReadParameters(operation.Parameters), ct);
        }
        catch (ParametersException wrong)
        {
            (operation.Status, operation.Error, operation.FinishedAt) = (OperationStatus.Failed, wrong.Message, clock.Now());
        }
    }

    private Operation Begun(Schedule schedule, long id) =>
        new()
        {
            WorkspaceId = schedule.WorkspaceId,
            Id = id,
            Action = schedule.Action,
            Parameters = schedule.Parameters,
            Selection = schedule.Selection,
            Status = OperationStatus.Previewing,
            ScheduleId = schedule.Id,
            LargestRun = schedule.LargestRun,
            AccountId = schedule.AccountId,
            TokenId = schedule.TokenId,
            Source = OperationSource.Schedule,
            CreatedAt = clock.Now(),
        };

    private async Task Take(MusterDb db, Schedule schedule, ScheduleDetails details, CancellationToken ct)
    {
        var (name, cron) = ((details.Name ?? "").Trim(), (details.Cron ?? "").Trim());
        if (name.Length is 0 or > LongestName)
        {
            throw new ParametersException("name", $"Give a name of at most {LongestName} characters.");
        }

        if (details.LargestRun is < 1 or > MostUsers)
        {
            throw new ParametersException("largestRun", $"Give a number of users from 1 to {MostUsers:N0}.");
        }

        if (cron.Length is 0 or > LongestCron)
        {
            throw new ParametersException("cron", "Say when, as a cron expression such as 0 6 * * 1 (Mondays at six).");
        }

        var zone = await db.Workspaces.Where(w => w.Id == schedule.WorkspaceId).Select(w => w.TimeZone).SingleAsync(ct);
        var next = ScheduleTimes.After(cron, clock.Now(), zone);
        if (next is null)
        {
            throw new ParametersException("cron", $"“{cron}” never comes.");
        }

        (schedule.Name, schedule.Cron, schedule.LargestRun) = (name, cron, details.LargestRun);
        (schedule.IsActive, schedule.NextAt) = (details.IsActive, details.IsActive ? next : null);
    }

    private Task Tell(MusterDb db, Requester requester, string what, Schedule schedule, CancellationToken ct) =>
        Audit.Write(
            db,
            requester,
            what,
            new
            {
                schedule = schedule.Id,
                action = schedule.Action,
                cron = schedule.Cron,
                largestRun = schedule.LargestRun,
                isActive = schedule.IsActive,
            },
            clock.Now(),
            ct
        );
}
