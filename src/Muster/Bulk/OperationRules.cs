using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Data;
using Muster.People;
using static Muster.Bulk.IdempotentRequests;

namespace Muster.Bulk;

/// <summary>How an operation begins, and when it may be begun anew, confirmed or undone.</summary>
internal static class OperationRules
{
    /// <summary>How many users a person must type to confirm; null when no number is asked for.</summary>
    public static async Task<long?> CountToType(MusterDb db, Operation operation, BulkAction action, CancellationToken ct)
    {
        if (!TakesAway(operation, action))
        {
            return null;
        }

        var workspace = await db.Workspaces.SingleAsync(w => w.Id == operation.WorkspaceId, ct);
        // From so many users on the share is the larger of the two and no longer asked: nobody counts a million for it.
        var enough = ((workspace.ThresholdUsers * 100L) / workspace.ThresholdPercent) + 1;
        var users = await db
            .Profiles.Where(p =>
                p.WorkspaceId == operation.WorkspaceId && p.Status != ProfileStatus.Archived && p.Status != ProfileStatus.Cancelled
            )
            .Take((int)enough)
            .LongCountAsync(ct);
        var threshold = Math.Max(workspace.ThresholdMinimum, Math.Min(workspace.ThresholdUsers, users * workspace.ThresholdPercent / 100));
        return operation.WillChange > threshold ? operation.WillChange : null;
    }

    /// <summary>Whether a previewed operation takes something away.</summary>
    public static bool TakesAway(Operation operation, BulkAction action) =>
        operation.UndoOf is null
            ? action.TakesAway(action.ReadParameters(operation.Parameters), operation.Day!.Value)
            : action.IsUndoDestructive;

    /// <summary>Why an operation cannot be undone, as a sentence; null when it can.</summary>
    public static async Task<string?> WhyNotUndo(MusterDb db, Operation operation, BulkAction action, CancellationToken ct)
    {
        return operation switch
        {
            { UndoOf: not null } => "This is an undo; an undo cannot be undone.",
            _ when !action.IsReversible => $"{action.Title} cannot be undone.",
            { Status: not (OperationStatus.Completed or OperationStatus.Cancelled or OperationStatus.Failed) } =>
                $"Operation {operation.Id} is {Word(operation.Status)}; it can be undone when it has ended.",
            { Changed: 0 } => "It changed nobody, so there is nothing to undo.",
            _ when !await db.OperationUsers.AnyAsync(u => u.WorkspaceId == operation.WorkspaceId && u.OperationId == operation.Id, ct) =>
                "Its items are no longer kept, so it can no longer be undone.",
            _ when await db.Operations.AnyAsync(
                    o => o.WorkspaceId == operation.WorkspaceId && o.UndoOf == operation.Id && o.Status != OperationStatus.Cancelled,
                    ct
                ) => "Its undo has already begun.",
            _ => null,
        };
    }

    /// <summary>Refuses to confirm what is not previewed, changes nobody, or needs a number that was not given or is wrong.</summary>
    public static async Task CheckCount(MusterDb db, Operation operation, BulkAction action, long? expectedChanges, CancellationToken ct)
    {
        if (operation.Status != OperationStatus.Previewed)
        {
            throw new ConflictException($"Operation {operation.Id} is {Word(operation.Status)}; only a previewed one can be confirmed.");
        }

        if (operation.WillChange == 0)
        {
            throw new ConflictException("Nobody would be changed, so there is nothing to confirm.");
        }

        if (expectedChanges is null && await CountToType(db, operation, action, ct) is { } needed)
        {
            throw new ConflictException($"This takes something away from {needed} users: confirm with expectedChanges set to that number.");
        }

        if (expectedChanges is { } expected && expected != operation.WillChange)
        {
            throw new ConflictException(
                $"{expected} changes were expected, but {operation.WillChange} users will change. Look at the preview again."
            );
        }
    }

    /// <summary>Whether the workspace asks for a second administrator's approval of this action from so many users on.</summary>
    public static async Task<bool> NeedsApproval(MusterDb db, Operation operation, CancellationToken ct)
    {
        var rules = await db.Workspaces.Where(w => w.Id == operation.WorkspaceId).Select(w => w.ApprovalFrom).SingleAsync(ct);
        return Json.Read<Dictionary<string, int>>(rules).TryGetValue(operation.Action, out var from) && operation.WillChange >= from;
    }

    /// <summary>Why somebody cannot approve an operation, as a sentence; null when they can.</summary>
    public static async Task<string?> WhyNotApprove(MusterDb db, Operation operation, Actor actor, TimeProvider clock, CancellationToken ct)
    {
        if (operation.Status != OperationStatus.AwaitingApproval)
        {
            return $"Operation {operation.Id} is {Word(operation.Status)}; it does not wait for an approval.";
        }

        if (!actor.IsAdmin || actor.AccountId is null)
        {
            return "An approval is given by an administrator who is signed in.";
        }

        if (actor.AccountId == await MakerOf(db, operation, ct) || actor.AccountId == await ConfirmerOf(db, operation, ct))
        {
            return "You asked for this yourself; another administrator must approve it.";
        }

        return (await db.ActorOf(operation, clock, ct)).Rank > actor.Rank ? "It was previewed with rights above yours." : null;
    }

    /// <summary>The account of whoever began an operation, by themselves or through a token they made; null for the command line.</summary>
    public static Task<long?> MakerOf(MusterDb db, Operation operation, CancellationToken ct) =>
        AccountBehind(db, operation.WorkspaceId, operation.AccountId, operation.TokenId, ct);

    /// <summary>The account of whoever confirmed it, in the same way.</summary>
    public static Task<long?> ConfirmerOf(MusterDb db, Operation operation, CancellationToken ct) =>
        AccountBehind(db, operation.WorkspaceId, operation.ConfirmedByAccountId, operation.ConfirmedByTokenId, ct);

    /// <summary>The actor's account, or that of whoever made the actor's token.</summary>
    public static Task<long?> AccountBehind(MusterDb db, Actor actor, CancellationToken ct) =>
        AccountBehind(db, actor.WorkspaceId, actor.AccountId, actor.TokenId, ct);

    private static async Task<long?> AccountBehind(MusterDb db, long workspaceId, long? account, long? token, CancellationToken ct) =>
        token is null
            ? account
            : await db
                .ApiTokens.Where(t => t.WorkspaceId == workspaceId && t.Id == token)
                .Select(t => t.CreatedByAccountId)
                .SingleAsync(ct);

    /// <summary>Refuses an action that the actor may not run, and the users of an operation that the workspace does not have or the actor may not see.</summary>
    /// <exception cref="UnauthorizedAccessException">Whoever asks must have been sent away before.</exception>
    public static async Task CheckRights(MusterDb db, Actor actor, BulkAction action, Selection? selection, CancellationToken ct)
    {
        if (!actor.MayRun(action))
        {
            throw new UnauthorizedAccessException($"{action.Title} is for Admins.");
        }

        if (
            selection?.Operation is { } slice
            && !await db.Operations.VisibleTo(actor).AnyAsync(o => o.WorkspaceId == actor.WorkspaceId && o.Id == slice.Id, ct)
        )
        {
            throw new ParametersException("selection.operation.id", $"There is no operation {slice.Id} in this workspace.");
        }
    }

    /// <summary>Writes a new operation, with its key and its line in the audit log.</summary>
    public static async Task Insert(MusterDb db, Operation operation, Idempotency? idempotency, DateTime now, CancellationToken ct)
    {
        db.Operations.Add(operation);
        await db.SaveChangesAsync(ct);
        db.Entry(operation).State = EntityState.Detached;
        if (!await db.WorkspaceLeases.AnyAsync(l => l.WorkspaceId == operation.WorkspaceId, ct))
        {
            db.WorkspaceLeases.Add(new WorkspaceLease { WorkspaceId = operation.WorkspaceId });
            await db.SaveChangesAsync(ct);
        }

        await Remember(db, operation, idempotency, now, ct);
        await Audit.Write(
            db,
            operation,
            operation.UndoOf is null ? "operation.created" : "operation.undo-created",
            new { action = operation.Action },
            now,
            ct
        );
    }

    /// <summary>
    /// Empties an unconfirmed operation and previews it anew, from now on in the name and with the rights of whoever asks for it; a draft whose file has not come stays a draft.
    /// </summary>
    public static async Task Restart(
        MusterDb db,
        Requester requester,
        Operation operation,
        string parameters,
        string? selection,
        bool withFile,
        CancellationToken ct
    )
    {
        var (workspaceId, id) = (operation.WorkspaceId, operation.Id);
        if (operation.UndoOf is { } original)
        {
            throw new ConflictException(
                $"Operation {id} takes back what operation {original} did; its users and parameters are that one's."
            );
        }

        if (
            operation.ConfirmedAt is not null
            || !(operation.Status == OperationStatus.Draft || OperationTransitions.Allows(operation.Status, OperationStatus.Previewing))
        )
        {
            throw new ConflictException($"Operation {id} is {Word(operation.Status)}; its users and parameters can no longer be changed.");
        }

        // Other users or another file: what was unticked and mended is no longer about them.
        var isTheSame = selection == operation.Selection && !withFile;
        await (isTheSame ? Staged.ClearPreview(db, workspaceId, id, ct) : Staged.Clear(db, workspaceId, id, ct));
        var waits =
            selection is null
            || parameters == Operation.NoParametersYet
            || (
                !withFile
                && Json.Read<Selection>(selection).File == true
                && !await db.OperationFiles.AnyAsync(f => f.WorkspaceId == workspaceId && f.OperationId == id, ct)
            );
        var moved = await db
            .Operations.Where(o => o.WorkspaceId == workspaceId && o.Id == id && o.Status == operation.Status)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(o => o.Status, waits ? OperationStatus.Draft : OperationStatus.Previewing)
                        .SetProperty(o => o.AccountId, requester.Actor.AccountId)
                        .SetProperty(o => o.TokenId, requester.Actor.TokenId)
                        .SetProperty(o => o.Source, requester.Source)
                        .SetProperty(o => o.Address, requester.Address)
                        .SetProperty(o => o.Parameters, parameters)
                        .SetProperty(o => o.Selection, selection)
                        .SetProperty(o => o.PreviewPhase, PreviewPhase.Selecting)
                        .SetProperty(o => o.Cursor, 0)
                        .SetProperty(o => o.LastOrdinal, 0)
                        .SetProperty(o => o.LastPosition, 0)
                        .SetProperty(o => o.Day, (DateOnly?)null)
                        .SetProperty(o => o.Judged, 0)
                        .SetProperty(o => o.Selected, 0)
                        .SetProperty(o => o.WillChange, 0)
                        .SetProperty(o => o.Skipped, 0)
                        .SetProperty(o => o.Problems, 0)
                        .SetProperty(o => o.ItemsWillChange, 0)
                        .SetProperty(o => o.ItemsSkipped, 0)
                        .SetProperty(o => o.ItemsProblems, 0)
                        .SetProperty(o => o.PreviewedAt, (DateTime?)null)
                        .SetProperty(o => o.PlaceId, 0)
                        .SetProperty(o => o.FirstNewId, 0)
                        .SetProperty(o => o.Warnings, (string?)null)
                        .SetProperty(o => o.Effects, (string?)null)
                        .SetProperty(o => o.LargestRun, (long?)null)
                        .SetProperty(o => o.Review, (string?)null)
                        .SetProperty(o => o.FinishedAt, (DateTime?)null)
                        .SetProperty(o => o.Error, (string?)null),
                ct
            );
        if (moved == 0)
        {
            throw new ConflictException($"Operation {id} changed at the same moment; look at it again.");
        }
    }

    /// <summary>A status as it stands in a sentence.</summary>
    public static string Word(OperationStatus status) =>
        status == OperationStatus.AwaitingApproval ? "waiting for approval" : status.ToString().ToLowerInvariant();
}
