using Muster.Data;
using Muster.People;

namespace Muster.Access;

/// <summary>Whom an actor may see and act on: Admins everybody, Managers the people of their units and of all units below, others nobody.</summary>
public static class Scope
{
    /// <summary>Only the people in the actor's scope.</summary>
    public static IQueryable<Profile> VisibleTo(this IQueryable<Profile> profiles, MusterDb db, Actor actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (actor.IsAdmin)
        {
            return profiles;
        }

        var units = ManagedUnits(db, actor);
        return profiles.Where(p => units.Contains(p.UnitId));
    }

    /// <summary>Ids of a Manager's units and of all units below; of none for others. Meaningless for Admins, who have no such limit.</summary>
    public static IQueryable<long?> ManagedUnits(MusterDb db, Actor actor)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(actor);
        var (workspaceId, own) = (actor.WorkspaceId, actor.Rank == Rank.Manager ? actor.ProfileId ?? 0 : 0);
        return db
            .ManagedUnits.Where(managed => managed.WorkspaceId == workspaceId && managed.ProfileId == own)
            .SelectMany(
                managed => db.UnitAncestors.Where(a => a.WorkspaceId == workspaceId && a.AncestorId == managed.UnitId),
                (_, ancestor) => (long?)ancestor.UnitId
            );
    }
}
