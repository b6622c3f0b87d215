using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;
using Muster.Learning;

namespace Muster.People;

/// <summary>What hangs on a unit.</summary>
/// <param name="UnitsBelow">Units directly below it.</param>
/// <param name="People">People in it, archived and cancelled ones included.</param>
/// <param name="Managers">People who manage it by name.</param>
/// <param name="Rules">Auto-enrolment rules that watch it by name.</param>
public sealed record UnitContents(long UnitsBelow, long People, long Managers, long Rules)
{
    /// <summary>Can be deleted without saying where its people and units go.</summary>
    public bool IsEmpty => UnitsBelow == 0 && People == 0;
}

/// <summary>
/// Deletes organisation units. With a target, people and the units below go there, managers manage it and rules watch it instead; without one the
/// unit must be empty, and managers and rules just lose it. No rule fires: the organisation changed, not the people.
/// </summary>
public sealed class UnitRemoval(Databases databases, TimeProvider clock)
{
    /// <summary>What hangs on a unit now.</summary>
    public static async Task<UnitContents> Contents(MusterDb db, long workspaceId, long id, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        return new(
            await db.Units.LongCountAsync(u => u.WorkspaceId == workspaceId && u.ParentId == id, ct),
            await db.Profiles.LongCountAsync(p => p.WorkspaceId == workspaceId && p.UnitId == id, ct),
            await db.ManagedUnits.LongCountAsync(m => m.WorkspaceId == workspaceId && m.UnitId == id, ct),
            await Watching(db, workspaceId, id).LongCountAsync(ct)
        );
    }

    /// <summary>Deletes a unit.</summary>
    /// <param name="requester">Who asks.</param>
    /// <param name="id">The unit.</param>
    /// <param name="targetId">Where its people and units go; null when it is empty.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>False when there is no such unit in the workspace.</returns>
    /// <exception cref="ParametersException">The target cannot take them.</exception>
    /// <exception cref="ConflictException">Not empty, and no target.</exception>
    public async Task<bool> Delete(Requester requester, long id, long? targetId, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(requester);
        var workspaceId = requester.Actor.WorkspaceId;
        await using var db = databases.Open(workspaceId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.TakeTurn(workspaceId, ct);
        await ProfileLocks.OfUnit(db, workspaceId, id, ct);
        if (await db.Units.SingleOrDefaultAsync(u => u.WorkspaceId == workspaceId && u.Id == id, ct) is not { } unit)
        {
            return false;
        }

        var contents = await Contents(db, workspaceId, id, ct);
        if (targetId is { } to)
        {
            await MoveContents(db, unit, await Target(db, unit, to, ct), ct);
        }
        else if (!contents.IsEmpty)
        {
            throw new ConflictException(
                $"“{unit.Name}” is not empty: {contents.People:N0} people, {contents.UnitsBelow:N0} units below. Choose the unit that takes them."
            );
        }

        await db.ManagedUnits.Where(m => m.WorkspaceId == workspaceId && m.UnitId == id).ExecuteDeleteAsync(ct);
        await Watching(db, workspaceId, id).ExecuteDeleteAsync(ct);
        await db.UnitAncestors.Where(a => a.WorkspaceId == workspaceId && a.UnitId == id).ExecuteDeleteAsync(ct);
        await db.Units.Where(u => u.WorkspaceId == workspaceId && u.Id == id).ExecuteDeleteAsync(ct);
        await Audit.Write(
            db,
            requester,
            "unit.deleted",
            new
            {
                unit = id,
                to = targetId,
                people = contents.People,
                units = contents.UnitsBelow,
            },
            clock.Now(),
            ct
        );
        await transaction.CommitAsync(ct);
        return true;
    }

    private static async Task<OrganisationUnit> Target(MusterDb db, OrganisationUnit unit, long targetId, CancellationToken ct)
    {
        var (workspaceId, id) = (unit.WorkspaceId, unit.Id);
        var target =
            await db.Units.SingleOrDefaultAsync(u => u.WorkspaceId == workspaceId && u.Id == targetId, ct)
            ?? throw new ParametersException("target", "There is no such unit in this workspace; choose one from the list.");
        if (await db.UnitAncestors.AnyAsync(a => a.WorkspaceId == workspaceId && a.AncestorId == id && a.UnitId == targetId, ct))
        {
            throw new ParametersException(
                "target",
                "The unit that takes people and units must lie outside the one that is deleted; choose another."
            );
        }

        var tiers = await UnitPaths.Tiers(db, workspaceId, unit, ct) - 1;
        if (target.Tier + tiers > OrganisationUnit.MaxTiers)
        {
            throw new ParametersException(
                "target",
                $"Under “{target.Name}” the units below would be deeper than {OrganisationUnit.MaxTiers} tiers; choose a unit further up."
            );
        }

        return target;
    }

    private static async Task MoveContents(MusterDb db, OrganisationUnit unit, OrganisationUnit target, CancellationToken ct)
    {
        var (workspaceId, id, to) = (unit.WorkspaceId, unit.Id, target.Id);
        var below = await db.Units.Where(u => u.WorkspaceId == workspaceId && u.ParentId == id).OrderBy(u => u.PathKey).ToListAsync(ct);
        var paths = below.Select(u => Names.Fold(UnitPaths.Of(target, u.Name))).ToList();
        var taken = await db
            .Units.Where(u => u.WorkspaceId == workspaceId && paths.Contains(u.PathKey))
            .Select(u => u.Name)
            .ToListAsync(ct);
        if (taken.Count > 0)
        {
            throw new ParametersException(
                "target",
                $"“{target.Name}” has a unit of the name “{taken[0]}” already, and so has this one; rename or move one of the two first."
            );
        }

        foreach (var child in below)
        {
            await UnitPaths.Move(db, workspaceId, child, target, ct);
        }

        await db
            .Profiles.Where(p => p.WorkspaceId == workspaceId && p.UnitId == id)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.UnitId, to), ct);
        // Whoever manages or watches both keeps the one row there is.
        await db
            .ManagedUnits.Where(m => m.WorkspaceId == workspaceId && m.UnitId == id)
            .Where(m => !db.ManagedUnits.Any(o => o.WorkspaceId == workspaceId && o.ProfileId == m.ProfileId && o.UnitId == to))
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.UnitId, to), ct);
        await Watching(db, workspaceId, id)
            .Where(t => !db.RuleTargets.Any(o => o.WorkspaceId == workspaceId && o.RuleId == t.RuleId && o.TargetId == to))
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.TargetId, to), ct);
    }

    private static IQueryable<RuleTarget> Watching(MusterDb db, long workspaceId, long unitId) =>
        db.RuleTargets.Where(t =>
            t.WorkspaceId == workspaceId
            && t.TargetId == unitId
            && db.Rules.Any(r => r.WorkspaceId == workspaceId && r.Id == t.RuleId && r.TargetKind == RuleTargetKind.Units)
        );
}
