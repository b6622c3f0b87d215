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

        if (operation is { PreviewPhase: PreviewPhase.Selecting, LastOrdinal: 0 })
        {
            operation.InListOrder = await IsOrderOfMatter(db, operation, ct);
        }

        var step =
            operation.PreviewPhase == PreviewPhase.Selecting
                ? await freezer.Run(db, operation, epoch, size, ct)
                : await Judge(db, operation, size, ct);
        await transaction.CommitAsync(ct);
        return step;
    }

    private async Task<bool> IsOrderOfMatter(MusterDb db, Operation operation, CancellationToken ct)
    {
        if (operation.UndoOf is not null)
        {
            return false;
        }

        var action = catalog.Get(operation.Action);
        var context = await db.ContextOf(operation, clock, 0, 0, ct);
        return await action.FollowsList(context, action.ReadParameters(operation.Parameters), ct);
    }

    private async Task<Step> Judge(MusterDb db, Operation operation, int size, CancellationToken ct)
    {
        var upTo = await db.PositionAfter(operation, size, ct);
        var context = await db.ContextOf(operation, clock, operation.Cursor, upTo, ct);
        var action = catalog.Get(operation.Action);
        var parameters = action.ReadParameters(operation.Parameters);
        if (upTo > operation.Cursor)
        {
            await freezer.Match(context, operation, ct);
            var judged = operation.UndoOf is null ? await action.Judge(context, parameters, ct) : action.JudgeRevert(context, parameters);
            var operationId = operation.Id;
            var workspaceId = operation.WorkspaceId;
            var ordinals = db.OperationUsers.Where(u => u.WorkspaceId == workspaceId && u.OperationId == operationId);
            await (from j in judged join user in ordinals on j.Position equals user.Position select new { j, user.Ordinal }).InsertInto(
                db.OperationItems,
                x => new OperationItem
                {
                    WorkspaceId = workspaceId,
                    OperationId = operationId,
                    Position = x.j.Position,
                    Ordinal = x.Ordinal,
                    TargetId = x.j.TargetId,
                    ProfileId = x.j.ProfileId,
                    Verdict = x.j.Verdict,
                    Reason = x.j.Reason,
                    Outcome =
                        x.j.Verdict == Verdict.WillChange ? Outcome.Pending
                        : x.j.Verdict == Verdict.Skipped ? Outcome.Skipped
                        : Outcome.Problem,
                    Before = x.j.Before,
                    After = x.j.After,
                },
                ct
            );
            await InsertProblems(context, ct);
            var users = await ordinals.LongCountAsync(u => u.Position > context.After && u.Position <= upTo, ct);
            await db
                .Operations.Where(o => o.WorkspaceId == workspaceId && o.Id == operationId)
                .ExecuteUpdateAsync(set => set.SetProperty(o => o.Cursor, upTo).SetProperty(o => o.Judged, o => o.Judged + users), ct);
            operation.Cursor = upTo;
        }

        if (upTo < operation.LastPosition)
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
                u.WorkspaceId == workspaceId && u.OperationId == operationId && u.Position > after && u.Position <= upTo
            )
            .Where(u =>
                !db.OperationItems.Any(i => i.WorkspaceId == workspaceId && i.OperationId == operationId && i.Position == u.Position)
            )
            .InsertInto(
                db.OperationItems,
                u => new OperationItem
                {
                    WorkspaceId = u.WorkspaceId,
                    OperationId = u.OperationId,
                    Position = u.Position,
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
