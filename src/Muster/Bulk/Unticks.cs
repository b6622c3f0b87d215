using Microsoft.EntityFrameworkCore;

namespace Muster.Bulk;

/// <summary>Puts what a person unticked on the items of a preview. Their states stay, so that ticking again is taking the reason away.</summary>
internal static class Unticks
{
    /// <summary>Whether the operation's unticked users are told by their rows, or by their profiles.</summary>
    public static bool AreByRow(Operation operation) =>
        operation.UndoOf is null && Json.Read<Selection>(operation.Selection!) is { File: true } or { Emails: not null };

    /// <summary>Skips the unticked among those of a chunk who would change, before the rules about the selection as a whole see them.</summary>
    public static async Task Apply(OperationContext context, Operation operation, CancellationToken ct)
    {
        var (db, workspaceId, id) = (context.Db, context.WorkspaceId, context.OperationId);
        var unticked = db.UntickedUsers.Where(u => u.WorkspaceId == workspaceId && u.OperationId == id);
        if (await unticked.AnyAsync(ct))
        {
            await Skip(
                AreByRow(operation)
                    ? context.Items.Where(i => unticked.Any(u => u.Who == i.Ordinal))
                    : context.Items.Where(i => unticked.Any(u => u.Who == i.ProfileId)),
                ct
            );
        }
    }

    /// <summary>Skips those of the items that would change.</summary>
    public static Task Skip(IQueryable<OperationItem> items, CancellationToken ct) =>
        items
            .Where(i => i.Verdict == Verdict.WillChange)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(i => i.Verdict, Verdict.Skipped)
                        .SetProperty(i => i.Reason, CommonReasons.Unticked.Code)
                        .SetProperty(i => i.Outcome, Outcome.Skipped),
                ct
            );

    /// <summary>Lets those of the items change again that were unticked.</summary>
    public static Task PutBack(IQueryable<OperationItem> items, CancellationToken ct) =>
        items
            .Where(i => i.Reason == CommonReasons.Unticked.Code)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(i => i.Verdict, Verdict.WillChange)
                        .SetProperty(i => i.Reason, (string?)null)
                        .SetProperty(i => i.Outcome, Outcome.Pending),
                ct
            );
}
