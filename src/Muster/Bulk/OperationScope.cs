using Muster.Access;

namespace Muster.Bulk;

/// <summary>Who may run which action, and see which operation.</summary>
public static class OperationScope
{
    /// <summary>Admins run every action, Managers those that are open to them, on the people of their units.</summary>
    public static bool MayRun(this Actor actor, BulkAction action)
    {
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(action);
        return actor.IsAdmin || (action.IsOpenToManagers && actor.Rank == Rank.Manager);
    }

    /// <summary>Admins see every operation, Managers those that they began themselves.</summary>
    public static IQueryable<Operation> VisibleTo(this IQueryable<Operation> operations, Actor actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (actor.IsAdmin)
        {
            return operations;
        }

        var account = actor.Rank == Rank.Manager ? actor.AccountId ?? 0 : 0;
        return operations.Where(o => o.AccountId == account);
    }

    /// <summary>Skips whoever will change and is not among the people a Manager manages now; for Admins nobody.</summary>
    internal static async Task LeaveOthersAlone(OperationContext context, ItemScope scope, CancellationToken ct)
    {
        if (context.Actor.IsAdmin)
        {
            return;
        }

        var (db, workspaceId) = (context.Db, context.WorkspaceId);
        var theirs = db.Profiles.Where(p => p.WorkspaceId == workspaceId).VisibleTo(db, context.Actor).Select(p => p.Id);
        await scope.Skip(scope.Items.Where(item => !theirs.Contains(item.ProfileId)), CommonReasons.NotAllowed, ct);
    }
}
