using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.People;

namespace Muster.Bulk;

/// <summary>What was confirmed for a later time is previewed again then, for the same users; where too much differs, a person looks at it first.</summary>
internal static class Reviews
{
    /// <summary>More than this share of the selected users whose verdict differs waits for a person (spec §2, 5).</summary>
    private const int Percent = 5;

    /// <summary>The time of a scheduled operation has come: its users are judged again, as of today.</summary>
    /// <returns>False when somebody was faster.</returns>
    public static async Task<bool> Begin(MusterDb db, Operation operation, TimeProvider clock, CancellationToken ct)
    {
        operation.Day = null;
        operation.Day = (await db.ContextOf(operation, clock, 0, 0, ct)).Today;
        var now = clock.Now();
        var begun = await db
            .Operations.Where(o => o.WorkspaceId == operation.WorkspaceId && o.Id == operation.Id && o.Status == OperationStatus.Scheduled)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(o => o.Status, OperationStatus.Previewing)
                        .SetProperty(o => o.PreviewPhase, PreviewPhase.Judging)
                        .SetProperty(o => o.Day, operation.Day)
                        .SetProperty(o => o.Cursor, 0)
                        .SetProperty(o => o.Judged, 0)
                        .SetProperty(o => o.PreviewedAt, (DateTime?)null)
                        .SetProperty(o => o.ServedAt, now),
                ct
            );
        (operation.Status, operation.PreviewPhase, operation.Cursor) = (OperationStatus.Previewing, PreviewPhase.Judging, 0);
        return begun == 1;
    }

    /// <summary>Before a chunk is judged again: keeps what was foreseen for each user, and makes room for the new items.</summary>
    public static async Task Keep(OperationContext context, CancellationToken ct)
    {
        var items = ItemsOf(context).Where(i => i.Position > context.After && i.Position <= context.UpTo);
        await UsersOf(context)
            .Where(u => u.Position > context.After && u.Position <= context.UpTo)
            .ExecuteUpdateAsync(
                set => set.SetProperty(u => u.Foreseen, u => items.Where(i => i.Position == u.Position).Min(i => (Verdict?)i.Verdict)),
                ct
            );
        await items.ExecuteDeleteAsync(ct);
    }

    /// <summary>Why a person must look again, as a sentence; null when it can run.</summary>
    public static async Task<string?> Why(OperationContext context, PreviewCounts counts, CancellationToken ct)
    {
        var items = ItemsOf(context);
        var differ = await UsersOf(context)
            .LongCountAsync(u => u.Foreseen != items.Where(i => i.Position == u.Position).Min(i => (Verdict?)i.Verdict), ct);
        var all = counts.WillChange + counts.Skipped + counts.Problems;
        return differ * 100 > all * Percent
            ? $"Since this was confirmed, {differ} of its {all} users have come to stand differently. Look at the preview, and confirm it again."
            : null;
    }

    private static IQueryable<OperationUser> UsersOf(OperationContext context) =>
        context.Db.OperationUsers.Where(u => u.WorkspaceId == context.WorkspaceId && u.OperationId == context.OperationId);

    private static IQueryable<OperationItem> ItemsOf(OperationContext context) =>
        context.Db.OperationItems.Where(i => i.WorkspaceId == context.WorkspaceId && i.OperationId == context.OperationId);
}
