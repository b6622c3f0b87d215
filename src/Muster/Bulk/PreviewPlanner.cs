using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.People;

namespace Muster.Bulk;

/// <summary>
/// Makes a preview in fenced chunks: first the users are frozen with their ordinals (<see cref="SelectionFreezer"/>), then each is judged into items,
/// last come the rules about the selection as a whole, the counts and the effects. Confirming writes no items: what was previewed is the plan.
/// </summary>
public sealed class PreviewPlanner(
    Databases databases,
    ActionCatalog catalog,
    SelectionFreezer freezer,
    TimeProvider clock,
    BulkOptions options
)
{
    /// <summary>One step of a preview.</summary>
    /// <param name="operation">The operation as last read.</param>
    /// <param name="epoch">The workspace lease's epoch.</param>
    /// <param name="size">How many users.</param>
    /// <param name="ct">Stops between statements.</param>
    public async Task<Step> Run(Operation operation, long epoch, int size, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(operation);
        await using var db = databases.Open(operation.WorkspaceId);
        // What is wrong with a file is heard below, behind the fence: an operation that is somebody else's by now does not fail by our hand.
        var reading =
            operation.PreviewPhase == PreviewPhase.Selecting
                ? freezer.ReadAhead(db, operation, size, ct)
                : Task.FromResult<RowBatch?>(null);
        await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (!await WorkspaceLeases.Hold(db, operation.WorkspaceId, epoch, clock.Now(), options.Lease, ct))
        {
            return Step.Fenced;
        }

        // Writing the row locks it: a person who cancels now waits for this chunk, or this chunk finds it cancelled.
        var now = clock.Now();
        var mine = await db
            .Operations.Where(o =>
                o.WorkspaceId == operation.WorkspaceId
                && o.Id == operation.Id
                && o.Status == OperationStatus.Previewing
                && o.PreviewPhase == operation.PreviewPhase
                && o.Cursor == operation.Cursor
            )
            .ExecuteUpdateAsync(set => set.SetProperty(o => o.ServedAt, now), ct);
        if (mine == 0)
        {
            return Step.Stopped;
        }

        var step =
            operation.PreviewPhase == PreviewPhase.Selecting
                ? await freezer.Run(db, operation, await reading, size, ct)
                : await Judge(db, operation, size, ct);
        await transaction.CommitAsync(ct);
        return step;
    }

    private async Task<Step> Judge(MusterDb db, Operation operation, int size, CancellationToken ct)
    {
        var upTo = Math.Min(operation.Cursor + size, operation.LastOrdinal);
        var context = await db.ContextOf(operation, clock, operation.Cursor, upTo, ct);
        var action = catalog.Get(operation.Action);
        var parameters = action.ReadParameters(operation.Parameters);
        if (upTo > operation.Cursor)
        {
            await freezer.Match(context, operation, ct);
            var judged = operation.UndoOf is null ? action.Judge(context, parameters) : action.JudgeRevert(context, parameters);
            var operationId = operation.Id;
            var workspaceId = operation.WorkspaceId;
            await judged.InsertInto(
                db.OperationItems,
                j => new OperationItem
                {
                    WorkspaceId = workspaceId,
                    OperationId = operationId,
                    Ordinal = j.Ordinal,
                    TargetId = j.TargetId,
                    ProfileId = j.ProfileId,
                    Verdict = j.Verdict,
                    Reason = j.Reason,
                    Outcome =
                        j.Verdict == Verdict.WillChange ? Outcome.Pending
                        : j.Verdict == Verdict.Skipped ? Outcome.Skipped
                        : Outcome.Problem,
                    Before = j.Before,
                    After = j.After,
                },
                ct
            );
            await InsertProblems(context, ct);
            await db
                .Operations.Where(o => o.WorkspaceId == workspaceId && o.Id == operationId)
                .ExecuteUpdateAsync(set => set.SetProperty(o => o.Cursor, upTo), ct);
            operation.Cursor = upTo;
        }

        if (upTo < operation.LastOrdinal)
        {
            return Step.More;
        }

        await Finish(context with { After = 0, UpTo = long.MaxValue }, operation, action, parameters, ct);
        return Step.Done;
    }

    /// <summary>Users whom nothing could be judged of: bad rows, unknown addresses, profiles that are not there.</summary>
    private static async Task InsertProblems(OperationContext context, CancellationToken ct)
    {
        var notFound = CommonReasons.NotFound.Code;
        var (db, workspaceId, operationId, after, upTo) = (
            context.Db,
            context.WorkspaceId,
            context.OperationId,
            context.After,
            context.UpTo
        );
        await db
            .OperationUsers.Where(u =>
                u.WorkspaceId == workspaceId && u.OperationId == operationId && u.Ordinal > after && u.Ordinal <= upTo
            )
            .Where(u => !db.OperationItems.Any(i => i.WorkspaceId == workspaceId && i.OperationId == operationId && i.Ordinal == u.Ordinal))
            .InsertInto(
                db.OperationItems,
                u => new OperationItem
                {
                    WorkspaceId = u.WorkspaceId,
                    OperationId = u.OperationId,
                    Ordinal = u.Ordinal,
                    TargetId = 0,
                    ProfileId = u.ProfileId,
                    Verdict = Verdict.Problem,
                    Reason = u.Problem ?? notFound,
                    Outcome = Outcome.Problem,
                },
                ct
            );
    }

    private async Task Finish(OperationContext context, Operation operation, BulkAction action, object parameters, CancellationToken ct)
    {
        await context.Db.Analyse("operation_items", ct);
        var preview = Preview.Nothing;
        if (operation.UndoOf is null)
        {
            await action.JudgeTogether(context, parameters, new ItemScope(context, running: false), ct);
            preview = await action.Effects(context, parameters, ct);
        }

        await Tally.CountPreview(context, ct);
        var now = clock.Now();
        var effects = Json.Write(preview.Effects);
        var warnings = Json.Write(Json.Read<List<string>>(operation.Warnings ?? "[]").Concat(preview.Warnings));
        await context
            .Db.Operations.Where(o => o.WorkspaceId == operation.WorkspaceId && o.Id == operation.Id)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(o => o.Status, OperationStatus.Previewed)
                        .SetProperty(o => o.PreviewedAt, now)
                        .SetProperty(o => o.Effects, effects)
                        .SetProperty(o => o.Warnings, warnings),
                ct
            );
    }
}
