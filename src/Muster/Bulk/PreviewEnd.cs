using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.People;

namespace Muster.Bulk;

/// <summary>What follows when a preview is made: nearly always it waits for a person; what was scheduled or is repeated goes on by itself.</summary>
internal static class PreviewEnd
{
    /// <summary>Writes counts and effects, and where the operation stands now; in the caller's transaction.</summary>
    public static async Task Write(
        MusterDb db,
        Operation operation,
        PreviewCounts counts,
        Preview preview,
        string? review,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (operation.ConfirmedAt is not null && review is not null)
        {
            await BeginAnew(db, operation, review, ct);
            return;
        }

        var now = clock.Now();
        operation.WillChange = counts.WillChange;
        var effects = Json.Write(preview.Effects);
        var warnings = Json.Write(preview.Warnings);
        review ??= WhyTooMany(operation);
        // Only the first time: once a person has looked, it is theirs to confirm.
        var confirmsItself = operation is { ConfirmedAt: null, LargestRun: not null, PreviewedAt: null } && review is null;
        var next =
            review is not null || (operation.ConfirmedAt is null && !confirmsItself) ? OperationStatus.Previewed
            : counts.WillChange == 0 ? OperationStatus.Completed
            : confirmsItself && await OperationRules.NeedsApproval(db, operation, ct) ? OperationStatus.AwaitingApproval
            : OperationStatus.Queued;
        var (goesOn, confirmedAt) = (next != OperationStatus.Previewed, operation.ConfirmedAt ?? now);
        await db
            .Operations.Where(o => o.WorkspaceId == operation.WorkspaceId && o.Id == operation.Id)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(o => o.Status, next)
                        .SetProperty(o => o.Cursor, o => goesOn ? 0 : o.Cursor)
                        .SetProperty(o => o.ConfirmedAt, goesOn ? confirmedAt : null)
                        .SetProperty(o => o.ConfirmedByAccountId, o => confirmsItself ? o.AccountId : o.ConfirmedByAccountId)
                        .SetProperty(o => o.ConfirmedByTokenId, o => confirmsItself ? o.TokenId : o.ConfirmedByTokenId)
                        .SetProperty(o => o.FinishedAt, next == OperationStatus.Completed ? now : null)
                        .SetProperty(o => o.Review, o => goesOn ? null : review ?? o.Review)
                        .SetProperty(o => o.PreviewedAt, now)
                        .SetProperty(o => o.WillChange, counts.WillChange)
                        .SetProperty(o => o.Problems, counts.Problems)
                        .SetProperty(o => o.Skipped, counts.Skipped)
                        .SetProperty(o => o.ItemsWillChange, counts.ItemsWillChange)
                        .SetProperty(o => o.ItemsProblems, counts.ItemsProblems)
                        .SetProperty(o => o.ItemsSkipped, counts.ItemsSkipped)
                        .SetProperty(o => o.Effects, effects)
                        .SetProperty(o => o.Warnings, warnings),
                ct
            );
        if (next == OperationStatus.AwaitingApproval)
        {
            await ApprovalRequests.Tell(db, operation, await OperationRules.MakerOf(db, operation, ct), clock, ct);
        }

        if (confirmsItself)
        {
            await Audit.Write(db, operation, "operation.confirmed", new { users = counts.WillChange }, now, ct);
        }
    }

    /// <summary>Too much has come to stand differently: previewed from the beginning, for a person to look at.</summary>
    private static async Task BeginAnew(MusterDb db, Operation operation, string review, CancellationToken ct)
    {
        var (workspaceId, id) = (operation.WorkspaceId, operation.Id);
        await db.OperationItems.Where(i => i.WorkspaceId == workspaceId && i.OperationId == id).ExecuteDeleteAsync(ct);
        await db
            .Operations.Where(o => o.WorkspaceId == workspaceId && o.Id == id)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(o => o.PreviewPhase, PreviewPhase.Judging)
                        .SetProperty(o => o.Cursor, 0)
                        .SetProperty(o => o.Judged, 0)
                        .SetProperty(o => o.ConfirmedAt, (DateTime?)null)
                        .SetProperty(o => o.RunAt, (DateTime?)null)
                        .SetProperty(o => o.ApprovedAt, (DateTime?)null)
                        .SetProperty(o => o.ApprovedByAccountId, (long?)null)
                        .SetProperty(o => o.Review, review),
                ct
            );
    }

    private static string? WhyTooMany(Operation operation) =>
        operation.ConfirmedAt is null && operation.WillChange > operation.LargestRun
            ? $"It would change {operation.WillChange} users, and its schedule runs by itself up to {operation.LargestRun}. Look at the preview, and confirm it."
            : null;
}
