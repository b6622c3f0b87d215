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
        var mine = db.Operations.AsNoTracking().Where(o => o.WorkspaceId == workspaceId && o.Id == id);
        if (
            await mine.AnyAsync(
                o => o.Status == OperationStatus.Previewing || o.Status == OperationStatus.Queued || o.Status == OperationStatus.Running,
                ct
            )
        )
        {
            await WorkspaceLeases.StandInLine(db, workspaceId, ct);
        }

        var operation = await mine.SingleAsync(ct);
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

        // What failed while a scheduled operation was previewed again goes on with that.
        var goesOn = to == OperationStatus.Queued && operation is { Status: OperationStatus.Failed, PreviewedAt: null };
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
                set =>
                    set.SetProperty(o => o.Status, goesOn ? OperationStatus.Previewing : to)
                        .SetProperty(o => o.FinishedAt, ended)
                        .SetProperty(o => o.Error, (string?)null),
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
