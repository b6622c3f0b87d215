using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;

namespace Muster.People;

/// <summary>Makes and renames organisation units, and keeps paths and ancestors true.</summary>
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
        var parent = parentId is null
            ? null
            : await db.Units.SingleOrDefaultAsync(u => u.WorkspaceId == workspaceId && u.Id == parentId, ct);
        if (parentId is not null && parent is null)
        {
            throw new ParametersException("parent", "There is no such unit in this workspace; choose one from the list.");
        }

        if (parent is { Tier: >= OrganisationUnit.MaxTiers })
        {
            throw new ParametersException("parent", $"Units are at most {OrganisationUnit.MaxTiers} tiers deep; choose a unit further up.");
        }

        var path = PathOf(parent, checkedName);
        await CheckFree(db, workspaceId, path, null, ct);
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
        var above = await db
            .UnitAncestors.Where(a => a.WorkspaceId == workspaceId && a.UnitId == parentId)
            .Select(a => a.AncestorId)
            .ToListAsync(ct);
        db.UnitAncestors.AddRange(
            above
                .Append(unit.Id)
                .Select(ancestor => new UnitAncestor
                {
                    WorkspaceId = workspaceId,
                    AncestorId = ancestor,
                    UnitId = unit.Id,
                })
        );
        await db.SaveChangesAsync(ct);
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
        var below = await db
            .Units.Where(u =>
                u.WorkspaceId == workspaceId
                && db.UnitAncestors.Any(a => a.WorkspaceId == workspaceId && a.AncestorId == id && a.UnitId == u.Id)
            )
            .OrderBy(u => u.Tier)
            .ToListAsync(ct);
        if (below.Count == 0)
        {
            return false;
        }

        var parent = below[0].ParentId is { } up ? await db.Units.SingleAsync(u => u.WorkspaceId == workspaceId && u.Id == up, ct) : null;
        await CheckFree(db, workspaceId, PathOf(parent, checkedName), id, ct);
        below[0].Name = checkedName;
        var byId = below.ToDictionary(u => u.Id);
        foreach (var unit in below)
        {
            unit.Path = PathOf(unit.Id == id ? parent : byId[unit.ParentId!.Value], unit.Name);
            unit.PathKey = Names.Fold(unit.Path);
        }

        await db.SaveChangesAsync(ct);
        await Audit.Write(db, requester, "unit.saved", new { unit = id }, clock.Now(), ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    private static string PathOf(OrganisationUnit? parent, string name) =>
        parent is null ? name : parent.Path + OrganisationUnit.Separator + name;

    private static async Task CheckFree(MusterDb db, long workspaceId, string path, long? except, CancellationToken ct)
    {
        var key = Names.Fold(path);
        if (await db.Units.AnyAsync(u => u.WorkspaceId == workspaceId && u.PathKey == key && u.Id != except, ct))
        {
            throw new ParametersException("name", "There is a unit of this name at this place already; choose another name.");
        }
    }
}
