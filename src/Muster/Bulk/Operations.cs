using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.People;
using static Muster.Bulk.IdempotentRequests;
using static Muster.Bulk.OperationRules;

namespace Muster.Bulk;

/// <summary>What a person or a program may ask of operations. Pages, API and command line all go through here.</summary>
public sealed class Operations(Databases databases, ActionCatalog catalog, OperationSignal signal, TimeProvider clock)
{
    /// <summary>
    /// Begins an operation. With a selection and parameters its preview starts at once; a file is awaited first. Without a selection, or with
    /// null for parameters the action needs, it stays a draft until <see cref="Change"/> gives them.
    /// </summary>
    /// <exception cref="ParametersException">Action, parameters or selection are wrong.</exception>
    /// <exception cref="ConflictException">The idempotency key was used for another request.</exception>
    public async Task<Operation> Create(
        Requester requester,
        string actionKey,
        string? parameters,
        Selection? selection,
        Idempotency? idempotency,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(requester);
        var action =
            catalog.Find(actionKey)
            ?? throw new ParametersException(
                "action",
                $"There is no action '{actionKey}'. There are: {string.Join(", ", catalog.All.Select(a => a.Key))}."
            );
        if (!action.IsOperation)
        {
            throw new ParametersException(
                "action",
                $"{action.Title} is a download, not an operation: GET the workspace's users.csv or users.xlsx."
            );
        }

        var way = selection?.Check(action);
        parameters ??= action.ParametersType == typeof(NoParameters) ? "{}" : Operation.NoParametersYet;
        var read = parameters == Operation.NoParametersYet ? null : action.ReadParameters(parameters);
        var actor = requester.Actor;
        await using var db = databases.Open(actor.WorkspaceId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.TakeTurn(actor.WorkspaceId, ct);
        if (await Repeated(db, actor.WorkspaceId, idempotency, ct) is { } earlier)
        {
            return earlier;
        }

        var operation = new Operation
        {
            WorkspaceId = actor.WorkspaceId,
            Id = await db.Reserve(actor.WorkspaceId, 1, ct),
            Action = actionKey,
            Parameters = parameters,
            Selection = selection is null ? null : Json.Write(selection),
            Status = way is null or SelectionWays.File || read is null ? OperationStatus.Draft : OperationStatus.Previewing,
            AccountId = actor.AccountId,
            TokenId = actor.TokenId,
            Source = requester.Source,
            Address = requester.Address,
            CreatedAt = clock.Now(),
        };
        if (read is not null)
        {
            await action.CheckParameters(await db.ContextOf(operation, clock, 0, 0, ct), read, ct);
        }

        await CheckRights(db, actor, action, selection, ct);
        await Insert(db, operation, idempotency, clock.Now(), ct);
        await transaction.CommitAsync(ct);
        signal.Raise();
        return operation;
    }

    /// <summary>Gives an operation its file (again) and starts the preview.</summary>
    /// <exception cref="ConflictException">It does not wait for a file.</exception>
    public async Task PutFile(Requester requester, long id, string name, byte[] content, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(requester);
        var workspaceId = requester.Actor.WorkspaceId;
        await using var db = databases.Open(workspaceId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.TakeTurn(workspaceId, ct);
        var operation = await db.Operations.AsNoTracking().SingleAsync(o => o.WorkspaceId == workspaceId && o.Id == id, ct);
        if (operation.Selection is null || Json.Read<Selection>(operation.Selection).File != true)
        {
            throw new ConflictException($"Operation {id} takes no file; create one with the selection {{\"file\": true}}.");
        }

        await Restart(db, requester, operation, operation.Parameters, operation.Selection, true, ct);
        await db.OperationFiles.Where(f => f.WorkspaceId == workspaceId && f.OperationId == id).ExecuteDeleteAsync(ct);
        await FileContents.Insert(
            db,
            new OperationFile
            {
                WorkspaceId = workspaceId,
                OperationId = id,
                Name = name.Length > 255 ? name[..255] : name,
                Content = content,
            },
            ct
        );
        await Audit.Write(db, requester, operation, "operation.file-put", new { bytes = content.Length }, clock.Now(), ct);
        await transaction.CommitAsync(ct);
        signal.Raise();
    }

    /// <summary>Gives a draft or a previewed operation its selection or other parameters, and previews it (again).</summary>
    public async Task Change(Requester requester, long id, string? parameters, Selection? selection, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(requester);
        var workspaceId = requester.Actor.WorkspaceId;
        await using var db = databases.Open(workspaceId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.TakeTurn(workspaceId, ct);
        var operation = await db.Operations.AsNoTracking().SingleAsync(o => o.WorkspaceId == workspaceId && o.Id == id, ct);
        var action = catalog.Get(operation.Action);
        selection?.Check(action);
        await CheckRights(db, requester.Actor, action, selection, ct);
        var changed = parameters ?? operation.Parameters;
        if (changed != Operation.NoParametersYet)
        {
            await action.CheckParameters(await db.ContextOf(operation, clock, 0, 0, ct), action.ReadParameters(changed), ct);
        }

        await Restart(db, requester, operation, changed, selection is null ? operation.Selection : Json.Write(selection), false, ct);
        await transaction.CommitAsync(ct);
        signal.Raise();
    }

    /// <summary>Confirms a preview: from here on it runs by itself.</summary>
    /// <exception cref="ConflictException">Not previewed, nothing to do, or the number is wrong or missing.</exception>
    public async Task Confirm(Requester requester, long id, long? expectedChanges, Idempotency? idempotency, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(requester);
        var actor = requester.Actor;
        await using var db = databases.Open(actor.WorkspaceId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.TakeTurn(actor.WorkspaceId, ct);
        if (await Repeated(db, actor.WorkspaceId, idempotency, ct) is not null)
        {
            return;
        }

        var operation = await db.Operations.AsNoTracking().SingleAsync(o => o.WorkspaceId == actor.WorkspaceId && o.Id == id, ct);
        if (
            operation.ConfirmedAt is not null
            && operation.Status is OperationStatus.Queued or OperationStatus.Running or OperationStatus.Completed
        )
        {
            // The same confirm twice (a double click) is one operation.
            return;
        }

        // It was judged, and will run, with the rights of whoever began it: nobody borrows rights above their own.
        if ((await db.ActorOf(operation, clock, ct)).Rank > actor.Rank)
        {
            throw new ConflictException($"Operation {id} was previewed with rights above yours; give it its users again.");
        }

        await CheckCount(db, operation, catalog.Get(operation.Action), expectedChanges, ct);
        var now = clock.Now();
        var moved = await db
            .Operations.Where(o => o.WorkspaceId == actor.WorkspaceId && o.Id == id && o.Status == OperationStatus.Previewed)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(o => o.Status, OperationStatus.Queued)
                        .SetProperty(o => o.Cursor, 0)
                        .SetProperty(o => o.ConfirmedAt, now)
                        .SetProperty(o => o.ConfirmedByAccountId, actor.AccountId),
                ct
            );
        if (moved == 0)
        {
            throw new ConflictException($"Operation {id} is {Word(operation.Status)}; only a previewed one can be confirmed.");
        }

        await Remember(db, operation, idempotency, clock.Now(), ct);
        await Audit.Write(db, requester, operation, "operation.confirmed", new { users = operation.WillChange }, now, ct);
        await transaction.CommitAsync(ct);
        signal.Raise();
    }

    /// <summary>How many users a person must type to confirm; null when no number is asked for.</summary>
    public Task<long?> CountToType(MusterDb db, Operation operation, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return OperationRules.CountToType(db, operation, catalog.Get(operation.Action), ct);
    }

    /// <summary>Why an operation cannot be undone, as a sentence; null when it can.</summary>
    public Task<string?> WhyNotUndo(MusterDb db, Operation operation, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return OperationRules.WhyNotUndo(db, operation, catalog.Get(operation.Action), ct);
    }

    /// <summary>Stops for good; what was done stays and can be undone.</summary>
    public Task Cancel(Requester requester, long id, CancellationToken ct) =>
        Move(requester, id, OperationStatus.Cancelled, "operation.cancelled", ct);

    /// <summary>Stops between chunks until resumed.</summary>
    public Task Pause(Requester requester, long id, CancellationToken ct) =>
        Move(requester, id, OperationStatus.Paused, "operation.paused", ct);

    /// <summary>Goes on where it stopped.</summary>
    public Task Resume(Requester requester, long id, CancellationToken ct) =>
        Move(requester, id, OperationStatus.Queued, "operation.resumed", ct);

    /// <summary>Begins the undo of an operation: itself an operation, with preview, progress and summary.</summary>
    /// <exception cref="ConflictException">It cannot be undone (now).</exception>
    public async Task<Operation> Undo(Requester requester, long id, Idempotency? idempotency, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(requester);
        var actor = requester.Actor;
        await using var db = databases.Open(actor.WorkspaceId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.TakeTurn(actor.WorkspaceId, ct);
        if (await Repeated(db, actor.WorkspaceId, idempotency, ct) is { } earlier)
        {
            return earlier;
        }

        var original = await db.Operations.AsNoTracking().SingleAsync(o => o.WorkspaceId == actor.WorkspaceId && o.Id == id, ct);
        await CheckRights(db, actor, catalog.Get(original.Action), null, ct);
        if (await WhyNotUndo(db, original, ct) is { } why)
        {
            throw new ConflictException(why);
        }

        var undo = new Operation
        {
            WorkspaceId = actor.WorkspaceId,
            Id = await db.Reserve(actor.WorkspaceId, 1, ct),
            Action = original.Action,
            Parameters = original.Parameters,
            Selection = Json.Write(new Selection { Operation = new(id, Outcome: Outcome.Changed) }),
            Status = OperationStatus.Previewing,
            UndoOf = id,
            FirstNewId = original.FirstNewId,
            AccountId = actor.AccountId,
            TokenId = actor.TokenId,
            Source = requester.Source,
            Address = requester.Address,
            CreatedAt = clock.Now(),
        };
        await Insert(db, undo, idempotency, clock.Now(), ct);
        await transaction.CommitAsync(ct);
        signal.Raise();
        return undo;
    }

    private async Task Move(Requester requester, long id, OperationStatus to, string what, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(requester);
        var workspaceId = requester.Actor.WorkspaceId;
        await using var db = databases.Open(workspaceId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.TakeTurn(workspaceId, ct);
        var operation = await db.Operations.AsNoTracking().SingleAsync(o => o.WorkspaceId == workspaceId && o.Id == id, ct);
        if (
            to == OperationStatus.Queued
            && await db.Operations.AnyAsync(
                o => o.WorkspaceId == workspaceId && o.UndoOf == id && o.Status != OperationStatus.Cancelled,
                ct
            )
        )
        {
            throw new ConflictException($"Operation {id} is being undone, so it cannot go on.");
        }

        var before = to == OperationStatus.Queued ? [OperationStatus.Paused, OperationStatus.Failed] : OperationTransitions.Before(to);
        var now = clock.Now();
        var ended = to == OperationStatus.Cancelled ? now : (DateTime?)null;
        var moved = await db
            .Operations.Where(o =>
                o.WorkspaceId == workspaceId
                && o.Id == id
                && before.Contains(o.Status)
                && (to != OperationStatus.Queued || o.ConfirmedAt != null)
            )
            .ExecuteUpdateAsync(
                set => set.SetProperty(o => o.Status, to).SetProperty(o => o.FinishedAt, ended).SetProperty(o => o.Error, (string?)null),
                ct
            );
        if (moved == 0)
        {
            throw new ConflictException($"Operation {id} is {Word(operation.Status)} and cannot become {Word(to)}.");
        }

        await Audit.Write(db, requester, operation, what, null, now, ct);
        await transaction.CommitAsync(ct);
        signal.Raise();
    }
}
