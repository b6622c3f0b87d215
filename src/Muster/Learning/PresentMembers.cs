using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.People;

namespace Muster.Learning;

/// <summary>Who is in a rule's groups now, or in its organisation units and the units below them.</summary>
/// <param name="WorkspaceId">The rule's workspace.</param>
/// <param name="RuleId">The rule.</param>
/// <param name="Kind">What the rule watches.</param>
/// <param name="Targets">Ids of that kind.</param>
internal sealed record PresentMembers(long WorkspaceId, long RuleId, RuleTargetKind Kind, IReadOnlyList<long> Targets)
{
    /// <summary>The members of this status, each once.</summary>
    public IQueryable<Profile> Of(MusterDb db, ProfileStatus status)
    {
        var (workspaceId, targets) = (WorkspaceId, Targets);
        var people = db.Profiles.Where(p => p.WorkspaceId == workspaceId && p.Status == status);
        if (Kind == RuleTargetKind.Groups)
        {
            var members = db.Memberships.Where(m => m.WorkspaceId == workspaceId && targets.Contains(m.GroupId)).Select(m => m.ProfileId);
            return people.Where(p => members.Contains(p.Id));
        }

        var units = db
            .UnitAncestors.Where(a => a.WorkspaceId == workspaceId && targets.Contains(a.AncestorId))
            .Select(a => (long?)a.UnitId);
        return people.Where(p => units.Contains(p.UnitId));
    }

    /// <summary>PostgreSQL: locks the Active ones in id order, after the courses, so that nobody is archived or enrolled in between. SQLite has one writer, and we are it.</summary>
    public Task Lock(MusterDb db, CancellationToken ct)
    {
        if (db.IsSqlite)
        {
            return Task.CompletedTask;
        }

        var targets = Targets.ToArray();
        return Kind == RuleTargetKind.Groups
            ? db.Database.ExecuteSqlAsync(
                $"""
                SELECT count(*) FROM (
                    SELECT 1 FROM profiles WHERE workspace_id = {WorkspaceId} AND status = 1 AND id IN (
                        SELECT profile_id FROM memberships WHERE workspace_id = {WorkspaceId} AND group_id = ANY ({targets}))
                    ORDER BY id FOR NO KEY UPDATE) AS locked
                """,
                ct
            )
            : db.Database.ExecuteSqlAsync(
                $"""
                SELECT count(*) FROM (
                    SELECT 1 FROM profiles WHERE workspace_id = {WorkspaceId} AND status = 1 AND unit_id IN (
                        SELECT unit_id FROM unit_ancestors WHERE workspace_id = {WorkspaceId} AND ancestor_id = ANY ({targets}))
                    ORDER BY id FOR NO KEY UPDATE) AS locked
                """,
                ct
            );
    }
}
