using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.Mail;
using Muster.People;

namespace Muster.Bulk;

/// <summary>How a step of work on an operation ended.</summary>
public enum Step
{
    /// <summary>Committed; there is more to do.</summary>
    More,

    /// <summary>Committed; this operation is done for now.</summary>
    Done,

    /// <summary>Nothing was changed: a person paused or cancelled it, or its status changed.</summary>
    Stopped,

    /// <summary>Nothing was changed: another runner has taken over.</summary>
    Fenced,
}

/// <summary>
/// Runs one chunk of a confirmed operation in one transaction: fence, lock, judge again, apply, outcomes, cursor, audit.
/// Whatever kills the process, the chunk happened as a whole or not at all.
/// </summary>
public sealed class ChunkExecutor(
    Databases databases,
    ActionCatalog catalog,
    OutboxSecrets secrets,
    TimeProvider clock,
    BulkOptions options
)
{
    /// <summary>Applies the next users after the cursor.</summary>
    /// <param name="operation">The operation as last read; its cursor says where to begin.</param>
    /// <param name="epoch">The workspace lease's epoch.</param>
    /// <param name="size">How many users.</param>
    /// <param name="ct">Stops between statements; the transaction is rolled back.</param>
    public async Task<Step> Run(Operation operation, long epoch, int size, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(operation);
        await using var db = databases.Open(operation.WorkspaceId);
        var upTo = await db.PositionAfter(operation, size, ct);
        secrets.Ready();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await Begin(db, operation, epoch, upTo, ct) is { } ended)
        {
            return ended;
        }

        var context = (await db.ContextOf(operation, clock, operation.Cursor, upTo, ct)) with { IsRunning = true };
        var action = catalog.Get(operation.Action);
        if (!context.Actor.MayRun(action))
        {
            await Fail(db, operation, CommonReasons.NotAllowed.Sentence, ct);
            await transaction.CommitAsync(ct);
            return Step.Done;
        }

        var parameters = action.ReadParameters(operation.Parameters);
        await Lock(context, action, parameters, ct);
        var scope = new ItemScope(context, running: true);
        await OperationScope.LeaveOthersAlone(context, scope, ct);
        await LeaveChangedAlone(context, scope, operation, action, parameters, ct);
        if (operation.AllOrNothing)
        {
            await LeaveAllAloneUnlessAll(context, operation, ct);
        }

        await (operation.UndoOf is null ? action.Apply(context, parameters, ct) : action.Revert(context, parameters, ct));
        var changed = await context.Items.ExecuteUpdateAsync(set => set.SetProperty(i => i.Outcome, Outcome.Changed), ct);
        await Tally.AddChunk(context, ct);
        var done = await Finish(db, operation, upTo, ct);
        await Audit.Write(
            db,
            operation,
            "operation.chunk",
            new
            {
                from = operation.Cursor + 1,
                to = upTo,
                items = changed,
            },
            clock.Now(),
            ct
        );
        await transaction.CommitAsync(ct);
        operation.Cursor = upTo;
        return done ? Step.Done : Step.More;
    }

    /// <summary>Records the one user after the cursor as failed, after their chunk failed on its own.</summary>
    public async Task<Step> FailUser(Operation operation, long epoch, string message, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(operation);
        await using var db = databases.Open(operation.WorkspaceId);
        var upTo = await db.PositionAfter(operation, 1, ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await Begin(db, operation, epoch, upTo, ct) is { } ended)
        {
            return ended;
        }

        var context = await db.ContextOf(operation, clock, operation.Cursor, upTo, ct);
        var text = message.Length > 500 ? message[..500] : message;
        await context.Items.ExecuteUpdateAsync(
            set => set.SetProperty(i => i.Outcome, Outcome.Failed).SetProperty(i => i.OutcomeReason, text),
            ct
        );
        await Tally.AddChunk(context, ct);
        var done = await Finish(db, operation, upTo, ct);
        await Audit.Write(db, operation, "operation.user-failed", new { position = upTo }, clock.Now(), ct);
        await transaction.CommitAsync(ct);
        operation.Cursor = upTo;
        return done ? Step.Done : Step.More;
    }

    private async Task<Step?> Begin(MusterDb db, Operation operation, long epoch, long upTo, CancellationToken ct)
    {
        var now = clock.Now();
        if (!await WorkspaceLeases.Hold(db, operation.WorkspaceId, epoch, now, options.Lease, ct))
        {
            return Step.Fenced;
        }

        var moved = await db
            .Operations.Where(o =>
                o.WorkspaceId == operation.WorkspaceId
                && o.Id == operation.Id
                && o.Status == OperationStatus.Running
                && o.Cursor == operation.Cursor
            )
            .ExecuteUpdateAsync(set => set.SetProperty(o => o.Cursor, upTo).SetProperty(o => o.ServedAt, now), ct);
        return moved == 1 ? null : Step.Stopped;
    }

    /// <summary>PostgreSQL: the chunk's profiles in id order, so that what was judged is what is written. SQLite has one writer, and we are it.</summary>
    /// <remarks>One look-up each, by LATERAL: left to choose, the planner read the index of a million profiles for every chunk.</remarks>
    private static async Task Lock(OperationContext context, BulkAction action, object parameters, CancellationToken ct)
    {
        if (context.Db.IsSqlite)
        {
            return;
        }

        await action.Lock(context, parameters, ct);
        await context.Db.Database.ExecuteSqlAsync(
            $"""
            SELECT count(*) FROM (
                SELECT DISTINCT profile_id FROM operation_items
                WHERE workspace_id = {context.WorkspaceId} AND operation_id = {context.OperationId} AND position > {context.After} AND position <= {context.UpTo} AND verdict = 0 AND outcome = 0
                ORDER BY profile_id) AS item,
                LATERAL (SELECT 1 FROM profiles WHERE workspace_id = {context.WorkspaceId} AND id = item.profile_id FOR NO KEY UPDATE) AS locked
            """,
            ct
        );
    }

    /// <summary>All or nothing runs as one chunk: when one of those who should change cannot, nobody is changed.</summary>
    private static async Task LeaveAllAloneUnlessAll(OperationContext context, Operation operation, CancellationToken ct)
    {
        if (await context.Items.LongCountAsync(ct) != operation.ItemsWillChange)
        {
            await context.Items.ExecuteUpdateAsync(
                set => set.SetProperty(i => i.Outcome, Outcome.Skipped).SetProperty(i => i.OutcomeReason, CommonReasons.AllOrNothing.Code),
                ct
            );
        }
    }

    /// <summary>Judges the chunk again; whoever would not get exactly what the preview said is left alone and says so.</summary>
    private static async Task LeaveChangedAlone(
        OperationContext context,
        ItemScope scope,
        Operation operation,
        BulkAction action,
        object parameters,
        CancellationToken ct
    )
    {
        var judged = operation.UndoOf is null ? await action.Judge(context, parameters, ct) : action.JudgeRevert(context, parameters);
        // Nearly always nobody has changed, and counting those who agree costs a fraction of looking for the ones who do not. A sum, not a count of rows:
        // by a condition PostgreSQL joined, and worked out the state of everybody in the workspace for each chunk.
        var pending = await context.Items.LongCountAsync(ct);
        var agreeing = await judged.SumAsync(j => j.Verdict == Verdict.WillChange && j.Before == j.Planned ? 1L : 0L, ct);
        if (agreeing != pending)
        {
            judged = judged.Where(j => j.Verdict == Verdict.WillChange);
            await context
                .Items.Where(item =>
                    !judged.Any(j =>
                        j.Position == item.Position
                        && j.TargetId == item.TargetId
                        && j.ProfileId == item.ProfileId
                        && j.Before == item.Before
                    )
                )
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(i => i.Outcome, Outcome.Skipped).SetProperty(i => i.OutcomeReason, CommonReasons.ChangedSince.Code),
                    ct
                );
        }

        await (
            operation.UndoOf is null
                ? action.JudgeTogether(context, parameters, scope, ct)
                : action.JudgeRevertTogether(context, parameters, scope, ct)
        );
    }

    private async Task<bool> Finish(MusterDb db, Operation operation, long upTo, CancellationToken ct)
    {
        if (upTo < operation.LastPosition)
        {
            return false;
        }

        var now = clock.Now();
        await db
            .Operations.Where(o => o.WorkspaceId == operation.WorkspaceId && o.Id == operation.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(o => o.Status, OperationStatus.Completed).SetProperty(o => o.FinishedAt, now), ct);
        return true;
    }

    private async Task Fail(MusterDb db, Operation operation, string error, CancellationToken ct)
    {
        var now = clock.Now();
        await db
            .Operations.Where(o => o.WorkspaceId == operation.WorkspaceId && o.Id == operation.Id)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(o => o.Cursor, operation.Cursor)
                        .SetProperty(o => o.Status, OperationStatus.Failed)
                        .SetProperty(o => o.Error, error)
                        .SetProperty(o => o.FinishedAt, now),
                ct
            );
    }
}
