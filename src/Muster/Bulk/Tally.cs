using Microsoft.EntityFrameworkCore;

namespace Muster.Bulk;

/// <summary>
/// Counts. Headlines count users: changed if any of a user's items changed, else failed, problem, skipped; items are counted beside them.
/// A chunk never splits a user, so a chunk's counts simply add up.
/// </summary>
internal static class Tally
{
    /// <summary>Counts the whole preview.</summary>
    public static async Task CountPreview(OperationContext context, CancellationToken ct)
    {
        var all = context.Db.OperationItems.Where(i => i.WorkspaceId == context.WorkspaceId && i.OperationId == context.OperationId);
        var items = await all.GroupBy(i => i.Verdict).Select(g => new { Verdict = g.Key, Count = g.LongCount() }).ToListAsync(ct);
        // Will change, then problem, then skipped: the smallest of these numbers is the user's verdict.
        var users = await all.GroupBy(i => i.Position)
            .Select(g =>
                g.Min(i =>
                    i.Verdict == Verdict.WillChange ? 0
                    : i.Verdict == Verdict.Problem ? 1
                    : 2
                )
            )
            .GroupBy(v => v)
            .Select(g => new { Verdict = g.Key, Count = g.LongCount() })
            .ToListAsync(ct);
        long Items(Verdict verdict) => items.SingleOrDefault(i => i.Verdict == verdict)?.Count ?? 0;
        long Users(int verdict) => users.SingleOrDefault(u => u.Verdict == verdict)?.Count ?? 0;
        await context
            .Db.Operations.Where(o => o.WorkspaceId == context.WorkspaceId && o.Id == context.OperationId)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(o => o.WillChange, Users(0))
                        .SetProperty(o => o.Problems, Users(1))
                        .SetProperty(o => o.Skipped, Users(2))
                        .SetProperty(o => o.ItemsWillChange, Items(Verdict.WillChange))
                        .SetProperty(o => o.ItemsProblems, Items(Verdict.Problem))
                        .SetProperty(o => o.ItemsSkipped, Items(Verdict.Skipped)),
                ct
            );
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
                        .SetProperty(o => o.ItemsLeftAlone, o => o.ItemsLeftAlone + counts.ItemsLeft),
                ct
            );
    }
}
