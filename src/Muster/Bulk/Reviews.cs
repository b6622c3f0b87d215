using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.People;

namespace Muster.Bulk;

/// <summary>
/// What was confirmed for a later time is judged again then, as of that day. Where too much differs it is previewed anew and waits for a person; else it runs.
/// </summary>
internal static class Reviews
{
    /// <summary>More than this share of those who were to change, and more than so many users, send it back to a person (spec §7, Schedules).</summary>
    private const int Percent = 5;

    private const int Users = 10;

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

    /// <summary>Before a chunk is judged again: makes room for new items of those who would change. Whoever was skipped stays skipped.</summary>
    public static async Task MakeRoom(OperationContext context, CancellationToken ct)
    {
        var items = ItemsOf(context)
            .Where(i => i.Position > context.After && i.Position <= context.UpTo && i.Verdict == Verdict.WillChange);
        var foreseen = items.Select(i => i.Position);
        await UsersOf(context)
            .Where(u => u.Position > context.After && u.Position <= context.UpTo)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.WasToChange, u => foreseen.Contains(u.Position)), ct);
        await items.ExecuteDeleteAsync(ct);
    }

    /// <summary>Of what is judged again, that which was to change when it was confirmed.</summary>
    public static IQueryable<Judgement> Again(OperationContext context, IQueryable<Judgement> judged)
    {
        var (users, left) = (UsersOf(context).Where(u => u.WasToChange), ItemsOf(context));
        return judged.Where(j =>
            users.Any(u => u.Position == j.Position) && !left.Any(i => i.Position == j.Position && i.TargetId == j.TargetId)
        );
    }

    /// <summary>Why a person must look again, as a sentence; null when it can run, and those who came to stand differently stay untouched.</summary>
    public static async Task<string?> Why(OperationContext context, CancellationToken ct)
    {
        var items = ItemsOf(context).Where(i => i.Verdict == Verdict.WillChange);
        var foreseen = UsersOf(context).Where(u => u.WasToChange);
        var all = await foreseen.LongCountAsync(ct);
        var differ = await foreseen.LongCountAsync(u => !items.Any(i => i.Position == u.Position), ct);
        return differ > Users && differ * 100 > all * Percent
            ? $"Of the {all} users who were to change when this was confirmed, {differ} have come to stand differently. Look at the preview, and confirm it again."
            : null;
    }

    private static IQueryable<OperationUser> UsersOf(OperationContext context) =>
        context.Db.OperationUsers.Where(u => u.WorkspaceId == context.WorkspaceId && u.OperationId == context.OperationId);

    private static IQueryable<OperationItem> ItemsOf(OperationContext context) =>
        context.Db.OperationItems.Where(i => i.WorkspaceId == context.WorkspaceId && i.OperationId == context.OperationId);
}
