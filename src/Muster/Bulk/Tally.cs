using Microsoft.EntityFrameworkCore;

namespace Muster.Bulk;

/// <summary>What a preview found: users by verdict, and items.</summary>
internal sealed record PreviewCounts(
    long WillChange,
    long Problems,
    long Skipped,
    long ItemsWillChange,
    long ItemsProblems,
    long ItemsSkipped
);

/// <summary>
/// Counts. Headlines count users: changed if any of a user's items changed, else failed, problem, skipped; items are counted beside them.
/// A chunk never splits a user, so a chunk's counts simply add up.
/// </summary>
internal static class Tally
{
    /// <summary>Counts the whole preview, in one pass over its items.</summary>
    public static async Task<PreviewCounts> OfPreview(OperationContext context, CancellationToken ct)
    {
        var (workspaceId, operationId) = (context.WorkspaceId, context.OperationId);
        var counts = await context
            .Db.OperationItems.Where(i => i.WorkspaceId == workspaceId && i.OperationId == operationId)
            .GroupBy(i => i.Position)
            .Select(user => new
            {
                WillChange = user.LongCount(i => i.Verdict == Verdict.WillChange),
                Problems = user.LongCount(i => i.Verdict == Verdict.Problem),
                Skipped = user.LongCount(i => i.Verdict == Verdict.Skipped),
            })
            .GroupBy(_ => 1)
            .Select(all => new PreviewCounts(
                all.LongCount(user => user.WillChange > 0),
                all.LongCount(user => user.WillChange == 0 && user.Problems > 0),
                all.LongCount(user => user.WillChange == 0 && user.Problems == 0),
                all.Sum(user => user.WillChange),
                all.Sum(user => user.Problems),
                all.Sum(user => user.Skipped)
            ))
            .SingleOrDefaultAsync(ct);
        return counts ?? new(0, 0, 0, 0, 0, 0);
    }

    /// <summary>Adds one chunk's outcomes to the operation's counts.</summary>
    /// <param name="context">The chunk.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task AddChunk(OperationContext context, CancellationToken ct)
    {
        var planned = context.Db.OperationItems.Where(i =>
            i.WorkspaceId == context.WorkspaceId
            && i.OperationId == context.OperationId
            && i.Position > context.After
            && i.Position <= context.UpTo
            && i.Verdict == Verdict.WillChange
        );
        var counts = await planned
            .GroupBy(i => i.Position)
            .Select(user => new
            {
                Changed = user.LongCount(i => i.Outcome == Outcome.Changed),
                Failed = user.LongCount(i => i.Outcome == Outcome.Failed),
                Left = user.LongCount(i => i.Outcome == Outcome.Skipped),
                Explained = user.LongCount(i => i.OutcomeReason != null),
            })
            .GroupBy(_ => 1)
            .Select(all => new
            {
                UsersChanged = all.LongCount(user => user.Changed > 0),
                UsersFailed = all.LongCount(user => user.Changed == 0 && user.Failed > 0),
                UsersLeft = all.LongCount(user => user.Changed == 0 && user.Failed == 0),
                ItemsChanged = all.Sum(user => user.Changed),
                ItemsFailed = all.Sum(user => user.Failed),
                ItemsLeft = all.Sum(user => user.Left),
                ItemsExplained = all.Sum(user => user.Explained),
            })
            .SingleOrDefaultAsync(ct);
        if (counts is null)
        {
            return;
        }

        await context
            .Db.Operations.Where(o => o.WorkspaceId == context.WorkspaceId && o.Id == context.OperationId)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(o => o.Changed, o => o.Changed + counts.UsersChanged)
                        .SetProperty(o => o.Failed, o => o.Failed + counts.UsersFailed)
                        .SetProperty(o => o.LeftAlone, o => o.LeftAlone + counts.UsersLeft)
                        .SetProperty(o => o.ItemsChanged, o => o.ItemsChanged + counts.ItemsChanged)
                        .SetProperty(o => o.ItemsFailed, o => o.ItemsFailed + counts.ItemsFailed)
                        .SetProperty(o => o.ItemsLeftAlone, o => o.ItemsLeftAlone + counts.ItemsLeft)
                        .SetProperty(o => o.ItemsExplained, o => o.ItemsExplained + counts.ItemsExplained),
                ct
            );
    }
}
