using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;

namespace Muster.People;

/// <summary>Makes, renames and moves organisation units, and keeps paths, tiers and ancestors true. Moving a unit moves its people with it and fires no rules.</summary>
public sealed class UnitEdits(Databases databases, TimeProvider clock)
{
    /// <summary>Adds a unit below another, or at the top.</summary>
    /// <exception cref="ParametersException">Name or place cannot be used; says what would be right.</exception>
    public async Task<long> Add(Requester requester, string? name, long? parentId, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(requester);
        var workspaceId = requester.Actor.WorkspaceId;
        var checkedName = NameRules.Check("name", name, "organisation unit");
        await using var db = databases.Open(workspaceId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.TakeTurn(workspaceId, ct);
        var parent = await Parent(db, workspaceId, parentId, ct);
        if (parent is { Tier: >= OrganisationUnit.MaxTiers })
        {
            throw new ParametersException("parent", $"Units are at most {OrganisationUnit.MaxTiers} tiers deep; choose a unit further up.");
        }

        var path = UnitPaths.Of(parent, checkedName);
        await CheckFree(db, workspaceId, path, null, "name", ct);
        var unit = new OrganisationUnit
        {
            WorkspaceId = workspaceId,
            Id = await db.Reserve(workspaceId, 1, ct),
            ParentId = parentId,
            Name = checkedName,
            Path = path,
            PathKey = Names.Fold(path),
            Tier = (parent?.Tier ?? 0) + 1,
        };
        db.Units.Add(unit);
        await db.SaveChangesAsync(ct);
        await UnitPaths.Hang(db, workspaceId, [unit.Id], parentId, ct);
        await Audit.Write(db, requester, "unit.saved", new { unit = unit.Id }, clock.Now(), ct);
        await transaction.CommitAsync(ct);
        return unit.Id;
    }

    /// <summary>Renames a unit; the paths of the units below follow.</summary>
    /// <returns>False when there is no such unit in the workspace.</returns>
    /// <exception cref="ParametersException">The name cannot be used.</exception>
    public async Task<bool> Rename(Requester requester, long id, string? name, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(requester);
        var workspaceId = requester.Actor.WorkspaceId;
        var checkedName = NameRules.Check("name", name, "organisation unit");
        await using var db = databases.Open(workspaceId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.TakeTurn(workspaceId, ct);
        if (await Find(db, workspaceId, id, ct) is not { } unit)
        {
            return false;
        }

        var parent = await Parent(db, workspaceId, unit.ParentId, ct);
        await CheckFree(db, workspaceId, UnitPaths.Of(parent, checkedName), id, "name", ct);
        unit.Name = checkedName;
        await db.SaveChangesAsync(ct);
        await UnitPaths.Rewrite(db, workspaceId, unit, parent, ct);
        await Audit.Write(db, requester, "unit.saved", new { unit = id }, clock.Now(), ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>Moves a unit with everything below it under another one, or to the top.</summary>
    /// <returns>False when there is no such unit in the workspace.</returns>
    /// <exception cref="ParametersException">The place is inside the unit itself, too deep, or has a unit of this name.</exception>
    public async Task<bool> Move(Requester requester, long id, long? parentId, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(requester);
        var workspaceId = requester.Actor.WorkspaceId;
        await using var db = databases.Open(workspaceId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.TakeTurn(workspaceId, ct);
        if (await Find(db, workspaceId, id, ct) is not { } unit)
        {
            return false;
        }

        var parent = await Parent(db, workspaceId, parentId, ct);
        await CheckPlace(db, workspaceId, unit, parent, ct);
        var from = unit.ParentId;
        await UnitPaths.Move(db, workspaceId, unit, parent, ct);
        await Audit.Write(
            db,
            requester,
            "unit.moved",
            new
            {
                unit = id,
                from,
                to = parentId,
            },
            clock.Now(),
            ct
        );
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>The units that a unit may be moved below, in tree order: not below itself, and not so deep that the lowest unit under it would be beyond the last tier.</summary>
    public static async Task<IReadOnlyList<OrganisationUnit>> Places(MusterDb db, OrganisationUnit unit, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(unit);
        var (workspaceId, id) = (unit.WorkspaceId, unit.Id);
        var deepest = OrganisationUnit.MaxTiers - await UnitPaths.Tiers(db, workspaceId, unit, ct);
        return await db
            .Units.AsNoTracking()
            .Where(u => u.WorkspaceId == workspaceId && u.Tier <= deepest)
            .Where(u => !db.UnitAncestors.Any(a => a.WorkspaceId == workspaceId && a.AncestorId == id && a.UnitId == u.Id))
            .OrderBy(u => u.PathKey)
            .ToListAsync(ct);
    }

    private static async Task CheckPlace(
        MusterDb db,
        long workspaceId,
        OrganisationUnit unit,
        OrganisationUnit? parent,
        CancellationToken ct
    )
    {
        if (
            parent is not null
            && await db.UnitAncestors.AnyAsync(a => a.WorkspaceId == workspaceId && a.AncestorId == unit.Id && a.UnitId == parent.Id, ct)
        )
        {
            throw new ParametersException("parent", "A unit cannot be moved into itself or below itself; choose a unit outside of it.");
        }

        var tiers = await UnitPaths.Tiers(db, workspaceId, unit, ct);
        if ((parent?.Tier ?? 0) + tiers > OrganisationUnit.MaxTiers)
        {
            throw new ParametersException(
                "parent",
                $"With the units below it this unit has {tiers} tiers; under “{parent!.Name}” the tree would be deeper than {OrganisationUnit.MaxTiers}. Choose a unit further up."
            );
        }

        await CheckFree(db, workspaceId, UnitPaths.Of(parent, unit.Name), unit.Id, "parent", ct);
    }

    private static Task<OrganisationUnit?> Find(MusterDb db, long workspaceId, long id, CancellationToken ct) =>
        db.Units.SingleOrDefaultAsync(u => u.WorkspaceId == workspaceId && u.Id == id, ct);

    private static async Task<OrganisationUnit?> Parent(MusterDb db, long workspaceId, long? id, CancellationToken ct) =>
        id is null
            ? null
            : await Find(db, workspaceId, id.Value, ct)
                ?? throw new ParametersException("parent", "There is no such unit in this workspace; choose one from the list.");

    private static async Task CheckFree(MusterDb db, long workspaceId, string path, long? except, string field, CancellationToken ct)
    {
        var key = Names.Fold(path);
        if (await db.Units.AnyAsync(u => u.WorkspaceId == workspaceId && u.PathKey == key && u.Id != except, ct))
        {
            throw new ParametersException(
                field,
                field == "name"
                    ? "There is a unit of this name at this place already; choose another name."
                    : "There is a unit of this name at that place already; choose another place, or rename one of the two first."
            );
        }
    }
}
