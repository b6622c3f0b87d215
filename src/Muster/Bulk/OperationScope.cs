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
}
