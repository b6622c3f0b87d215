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
        var users = await all.GroupBy(i => i.Ordinal)
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
    /// <param name="operation">The operation.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task AddChunk(OperationContext context, Operation operation, CancellationToken ct)
    {
        var planned = context.Db.OperationItems.Where(i =>
            i.WorkspaceId == context.WorkspaceId
            && i.OperationId == context.OperationId
            && i.Ordinal > context.After
            && i.Ordinal <= context.UpTo
            && i.Verdict == Verdict.WillChange
        );
        var items = await planned.GroupBy(i => i.Outcome).Select(g => new { Outcome = g.Key, Count = g.LongCount() }).ToListAsync(ct);
        long Items(Outcome outcome) => items.SingleOrDefault(i => i.Outcome == outcome)?.Count ?? 0;
        var (usersChanged, usersFailed, usersLeft) = (Items(Outcome.Changed), Items(Outcome.Failed), Items(Outcome.Skipped));
        if (operation.ItemsWillChange != operation.WillChange)
        {
            var users = await planned
                .GroupBy(i => i.Ordinal)
                .Select(g =>
                    g.Min(i =>
                        i.Outcome == Outcome.Changed ? 0
                        : i.Outcome == Outcome.Failed ? 1
                        : 2
                    )
                )
                .GroupBy(v => v)
                .Select(g => new { Outcome = g.Key, Count = g.LongCount() })
                .ToListAsync(ct);
            long Users(int outcome) => users.SingleOrDefault(u => u.Outcome == outcome)?.Count ?? 0;
            (usersChanged, usersFailed, usersLeft) = (Users(0), Users(1), Users(2));
        }

        var (itemsChanged, itemsFailed, itemsLeft) = (Items(Outcome.Changed), Items(Outcome.Failed), Items(Outcome.Skipped));
        await context
            .Db.Operations.Where(o => o.WorkspaceId == context.WorkspaceId && o.Id == context.OperationId)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(o => o.Changed, o => o.Changed + usersChanged)
                        .SetProperty(o => o.Failed, o => o.Failed + usersFailed)
                        .SetProperty(o => o.LeftAlone, o => o.LeftAlone + usersLeft)
                        .SetProperty(o => o.ItemsChanged, o => o.ItemsChanged + itemsChanged)
                        .SetProperty(o => o.ItemsFailed, o => o.ItemsFailed + itemsFailed)
                        .SetProperty(o => o.ItemsLeftAlone, o => o.ItemsLeftAlone + itemsLeft),
                ct
            );
    }
}
