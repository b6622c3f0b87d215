using Microsoft.EntityFrameworkCore;
using Muster.Data;

namespace Muster.People;

/// <summary>Keeps what is derived from the tree of units: paths, tiers, and the rows of who is above whom. The caller's transaction has taken the workspace's turn.</summary>
internal static class UnitPaths
{
    /// <summary>The path of a unit of this name below another.</summary>
    public static string Of(OrganisationUnit? parent, string name) =>
        parent is null ? name : parent.Path + OrganisationUnit.Separator + name;

    /// <summary>How many tiers a unit takes with those below it; 1 when there are none.</summary>
    public static async Task<int> Tiers(MusterDb db, long workspaceId, OrganisationUnit unit, CancellationToken ct) =>
        1 - unit.Tier + await Below(db, workspaceId, unit.Id).MaxAsync(u => u.Tier, ct);

    /// <summary>Writes the paths and tiers of a unit and all below it anew.</summary>
    public static async Task Rewrite(MusterDb db, long workspaceId, OrganisationUnit unit, OrganisationUnit? parent, CancellationToken ct)
    {
        var (path, tiers) = (Of(parent, unit.Name), (parent?.Tier ?? 0) + 1 - unit.Tier);
        // A path is folded name by name, so the end of the folded one stays what it was. Databases count characters where .NET counts halves of some.
        var (key, old, oldKey) = (Names.Fold(path), unit.Path.EnumerateRunes().Count(), unit.PathKey.EnumerateRunes().Count());
#pragma warning disable CA1845 // Runs on the database, which knows no spans.
        await Below(db, workspaceId, unit.Id)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(u => u.Path, u => path + u.Path.Substring(old))
                        .SetProperty(u => u.PathKey, u => key + u.PathKey.Substring(oldKey))
                        .SetProperty(u => u.Tier, u => u.Tier + tiers),
                ct
            );
#pragma warning restore CA1845
    }

    /// <summary>Hangs a unit with all below it under another one, or to the top.</summary>
    public static async Task Move(MusterDb db, long workspaceId, OrganisationUnit unit, OrganisationUnit? parent, CancellationToken ct)
    {
        var (id, parentId) = (unit.Id, parent?.Id);
        await Rewrite(db, workspaceId, unit, parent, ct);
        await db
            .Units.Where(u => u.WorkspaceId == workspaceId && u.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.ParentId, parentId), ct);
        var moved = await Below(db, workspaceId, id).Select(u => u.Id).ToListAsync(ct);
        await db
            .UnitAncestors.Where(a => a.WorkspaceId == workspaceId && moved.Contains(a.UnitId) && !moved.Contains(a.AncestorId))
            .ExecuteDeleteAsync(ct);
        var above = await Above(db, workspaceId, parentId, ct);
        db.UnitAncestors.AddRange(moved.SelectMany(below => above.Select(ancestor => Row(workspaceId, ancestor, below))));
        await db.SaveChangesAsync(ct);
    }

    /// <summary>Writes for new units that they are below themselves, a parent and all above it.</summary>
    public static async Task Hang(MusterDb db, long workspaceId, IReadOnlyList<long> units, long? parentId, CancellationToken ct)
    {
        var above = await Above(db, workspaceId, parentId, ct);
        db.UnitAncestors.AddRange(units.SelectMany(unit => above.Append(unit).Select(ancestor => Row(workspaceId, ancestor, unit))));
        await db.SaveChangesAsync(ct);
    }

    private static Task<List<long>> Above(MusterDb db, long workspaceId, long? unitId, CancellationToken ct) =>
        db.UnitAncestors.Where(a => a.WorkspaceId == workspaceId && a.UnitId == unitId).Select(a => a.AncestorId).ToListAsync(ct);

    private static IQueryable<OrganisationUnit> Below(MusterDb db, long workspaceId, long id) =>
        db.Units.Where(u =>
            u.WorkspaceId == workspaceId
            && db.UnitAncestors.Any(a => a.WorkspaceId == workspaceId && a.AncestorId == id && a.UnitId == u.Id)
        );

    private static UnitAncestor Row(long workspaceId, long ancestorId, long unitId) =>
        new()
        {
            WorkspaceId = workspaceId,
            AncestorId = ancestorId,
            UnitId = unitId,
        };
}
