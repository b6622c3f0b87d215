using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Bulk;
using Muster.People;

namespace Muster.Actions;

/// <summary>Until when people have access.</summary>
/// <param name="ExpiresOn">The last day of access, in the workspace's zone; no end when left out. A day that is over ends access at once.</param>
public sealed record SetExpiryDateParameters(DateOnly? ExpiresOn = null);

/// <summary>Sets or removes the last day of access to this workspace; nothing else about people changes.</summary>
public sealed class SetExpiryDate : BulkAction<SetExpiryDateParameters>
{
    public static readonly Reason Archived = new("archived", "Archived; reactivate first.");
    public static readonly Reason WasCancelled = new("cancelled", "The invitation was cancelled.");
    public static readonly Reason Yourself = new("yourself", "This is you.");
    public static readonly Reason HigherRole = new("higher-role", "Has a role above yours.");
    public static readonly Reason AlreadySet = new("already-set", "Has access until this very day already.");
    public static readonly Reason LastAdminStays = new("last-admin", "The workspace's last Admin has to keep access.");

    // One name and one value, so that a day stands at the same place in every state.
    private const string Opening = "{\"accessUntil\":\"";
    private const string Closing = "\"}";
    private const string NoEnd = Opening + "no end" + Closing;

    public override string Key => "set-expiry-date";
    public override string Title => "Set expiry date";
    public override ActionCategory Category => ActionCategory.UserProfile;
    public override int MenuPosition => 25;
    public override string Sentence => "Sets or removes the last day of people's access to this workspace.";
    public override bool IsUndoDestructive => true;
    public override bool WarnsOfExpired => false;

    protected override bool TakesAway(SetExpiryDateParameters parameters, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return parameters.ExpiresOn < today;
    }

    protected override async Task<IQueryable<Judgement>> Judge(
        OperationContext context,
        SetExpiryDateParameters parameters,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(parameters);
        var (db, day, after) = (context.Db, parameters.ExpiresOn, State(parameters.ExpiresOn));
        var (actor, own, isSiteAdmin) = ((int)context.Actor.Rank, context.Actor.ProfileId ?? 0, context.Actor.Rank == Rank.SiteAdmin);
        // Site Admins are few: named in the query, they spare it a look at every account.
        var above = isSiteAdmin ? [] : await db.Users.Where(a => a.IsSiteAdmin).Select(a => (long?)a.Id).ToListAsync(ct);
        return from subject in context.Subjects
            join p in db.Profiles on new { subject.WorkspaceId, Id = subject.ProfileId } equals new { p.WorkspaceId, p.Id }
            let reason = p.Status == ProfileStatus.Archived ? Archived.Code
            : p.Status == ProfileStatus.Cancelled ? WasCancelled.Code
            : p.Id == own ? Yourself.Code
            : (int)p.Role > actor || above.Contains(p.AccountId) ? HigherRole.Code
            : p.ExpiresOn == day ? AlreadySet.Code
            : null
            select new Judgement
            {
                Position = subject.Position,
                Ordinal = subject.Ordinal,
                Planned = subject.Planned,
                TargetId = 0,
                ProfileId = p.Id,
                Verdict = reason == null ? Verdict.WillChange : Verdict.Skipped,
                Reason = reason,
                Before = p.ExpiresOn == null ? NoEnd : Opening + p.ExpiresOn + Closing,
                After = reason == null ? after : null,
            };
    }

    protected override Task JudgeTogether(
        OperationContext context,
        SetExpiryDateParameters parameters,
        ItemScope scope,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(scope);
        return TakesAway(parameters, context.Today) ? LastAdmin.Stays(context, scope, LastAdminStays, ct) : Task.CompletedTask;
    }

    protected override Task Apply(OperationContext chunk, SetExpiryDateParameters parameters, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        ArgumentNullException.ThrowIfNull(parameters);
        var (workspaceId, operationId, people, day) = (chunk.WorkspaceId, chunk.OperationId, chunk.ProfileIds, parameters.ExpiresOn);
        return chunk
            .Db.Profiles.Where(p => p.WorkspaceId == workspaceId && people.Contains(p.Id))
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.ExpiresOn, day).SetProperty(p => p.OperationId, operationId), ct);
    }

    /// <summary>Back to the day each person had, unless somebody changed the person since: another day and the same day again are two changes.</summary>
    protected override IQueryable<Judgement> JudgeRevert(OperationContext context, SetExpiryDateParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(parameters);
        var (db, original, own, day) = (context.Db, context.OriginalId, context.Actor.ProfileId ?? 0, parameters.ExpiresOn);
        var (actor, isSiteAdmin) = ((int)context.Actor.Rank, context.Actor.Rank == Rank.SiteAdmin);
        return from item in context.Originals
            join p in db.Profiles on new { context.WorkspaceId, Id = item.ProfileId } equals new { p.WorkspaceId, p.Id }
            let reason = p.OperationId != original
            || p.ExpiresOn != day
            || p.Status == ProfileStatus.Archived
            || p.Status == ProfileStatus.Cancelled
                ? CommonReasons.TouchedSince.Code
            : p.Id == own ? Yourself.Code
            : (int)p.Role > actor || (!isSiteAdmin && db.Users.Any(a => a.Id == p.AccountId && a.IsSiteAdmin)) ? HigherRole.Code
            : null
            select new Judgement
            {
                Position = item.Position,
                Ordinal = item.Ordinal,
                Planned = item.Planned,
                TargetId = item.TargetId,
                ProfileId = item.ProfileId,
                Verdict = reason == null ? Verdict.WillChange : Verdict.Skipped,
                Reason = reason,
                Before = item.After,
                After = reason == null ? item.Before : null,
            };
    }

    /// <summary>An undo takes access from those only whose former last day is over.</summary>
    protected override Task JudgeRevertTogether(
        OperationContext context,
        SetExpiryDateParameters parameters,
        ItemScope scope,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(scope);
        var today = State(context.Today);
        var leaving = scope.Items.Where(item => item.After != NoEnd && string.Compare(item.After, today) < 0);
        return LastAdmin.Stays(context, scope, leaving, LastAdminStays, ct);
    }

    /// <summary>The undo's items say the day that each person had; the detour by object makes the cut-out text a CAST in the statement.</summary>
    protected override Task Revert(OperationContext chunk, SetExpiryDateParameters parameters, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        var (db, operationId) = (chunk.Db, chunk.OperationId);
        return (
            from p in db.Profiles
            join item in chunk.Items on new { p.WorkspaceId, p.Id } equals new { item.WorkspaceId, Id = item.ProfileId }
            select new { p, Day = item.After == NoEnd ? null : (DateOnly?)(object)item.After!.Substring(Opening.Length, 10) }
        ).ExecuteUpdateAsync(set => set.SetProperty(x => x.p.ExpiresOn, x => x.Day).SetProperty(x => x.p.OperationId, operationId), ct);
    }

    protected override async Task<Preview> Effects(OperationContext context, SetExpiryDateParameters parameters, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(parameters);
        var (workspaceId, today, people) = (context.WorkspaceId, context.Today, context.ProfileIds);
        var active = context.Db.Profiles.Where(p =>
            p.WorkspaceId == workspaceId && p.Status == ProfileStatus.Active && people.Contains(p.Id)
        );
        if (!TakesAway(parameters, today))
        {
            return new([new("access-again", "Have access again", await active.LongCountAsync(p => p.ExpiresOn < today, ct))], []);
        }

        var ended = await active.LongCountAsync(p => p.ExpiresOn == null || p.ExpiresOn >= today, ct);
        var who = ended == 1 ? "one of these users loses" : string.Create(CultureInfo.InvariantCulture, $"{ended} of these users lose");
        return new(
            [new("access-ended", "Lose access at once", ended)],
            ended == 0
                ? []
                : [string.Create(CultureInfo.InvariantCulture, $"{parameters.ExpiresOn:yyyy-MM-dd} is over: {who} access at once.")]
        );
    }

    private static string State(DateOnly? day) =>
        day is { } last ? string.Create(CultureInfo.InvariantCulture, $"{Opening}{last:yyyy-MM-dd}{Closing}") : NoEnd;
}
