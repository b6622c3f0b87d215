using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;
using Muster.People;

namespace Muster.Learning;

/// <summary>What a person can say of an auto-enrolment rule.</summary>
/// <param name="Name">Required, at most 100 characters.</param>
/// <param name="Description">At most 1,000 characters.</param>
/// <param name="IsActive">Whether it enrols people who join from now on.</param>
/// <param name="TargetKind">Units (with all below) or groups.</param>
/// <param name="Targets">Ids of that kind, one or more.</param>
/// <param name="Courses">Course ids, one or more.</param>
public sealed record RuleDetails(
    string? Name,
    string? Description,
    bool IsActive,
    RuleTargetKind TargetKind,
    IReadOnlyList<long> Targets,
    IReadOnlyList<long> Courses
);

/// <summary>Makes and changes auto-enrolment rules. Saving enrols nobody: a rule acts on people who join later.</summary>
public sealed class RuleEdits(Databases databases, TimeProvider clock)
{
    private const int LongestDescription = 1000;

    /// <summary>Saves a rule; without an id a new one.</summary>
    /// <returns>Its id; null when there is no such rule in the workspace.</returns>
    /// <exception cref="ParametersException">Names each wrong field.</exception>
    public async Task<long?> Save(Requester requester, long? id, RuleDetails details, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(requester);
        ArgumentNullException.ThrowIfNull(details);
        var workspaceId = requester.Actor.WorkspaceId;
        var name = NameRules.Check("name", details.Name, "rule");
        var description = (details.Description ?? "").Trim();
        if (description.Length > LongestDescription)
        {
            throw new ParametersException("description", "A description has at most 1,000 characters.");
        }

        if (description.Contains('\0', StringComparison.Ordinal))
        {
            throw new ParametersException("description", "This holds a character that is no text.");
        }

        await using var db = databases.Open(workspaceId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.TakeTurn(workspaceId, ct);
        await CheckTargets(db, workspaceId, details, ct);
        var rule = id is null
            ? db
                .Rules.Add(
                    new AutoEnrolmentRule
                    {
                        WorkspaceId = workspaceId,
                        Id = await db.Reserve(workspaceId, 1, ct),
                        Name = name,
                    }
                )
                .Entity
            : await db.Rules.SingleOrDefaultAsync(r => r.WorkspaceId == workspaceId && r.Id == id, ct);
        if (rule is null)
        {
            return null;
        }

        (rule.Name, rule.Description) = (name, description.Length == 0 ? null : description);
        (rule.IsActive, rule.TargetKind) = (details.IsActive, details.TargetKind);
        await db.SaveChangesAsync(ct);
        await db.RuleTargets.Where(t => t.WorkspaceId == workspaceId && t.RuleId == rule.Id).ExecuteDeleteAsync(ct);
        await db.RuleCourses.Where(c => c.WorkspaceId == workspaceId && c.RuleId == rule.Id).ExecuteDeleteAsync(ct);
        db.RuleTargets.AddRange(
            details
                .Targets.Distinct()
                .Select(target => new RuleTarget
                {
                    WorkspaceId = workspaceId,
                    RuleId = rule.Id,
                    TargetId = target,
                })
        );
        db.RuleCourses.AddRange(
            details
                .Courses.Distinct()
                .Select(course => new RuleCourse
                {
                    WorkspaceId = workspaceId,
                    RuleId = rule.Id,
                    CourseId = course,
                })
        );
        await db.SaveChangesAsync(ct);
        await Audit.Write(db, requester, "rule.saved", new { rule = rule.Id, active = rule.IsActive }, clock.Now(), ct);
        await transaction.CommitAsync(ct);
        return rule.Id;
    }

    private static async Task CheckTargets(MusterDb db, long workspaceId, RuleDetails details, CancellationToken ct)
    {
        var targets = details.Targets.Distinct().ToList();
        var courses = details.Courses.Distinct().ToList();
        var knownTargets =
            details.TargetKind == RuleTargetKind.Groups
                ? await db.Groups.CountAsync(g => g.WorkspaceId == workspaceId && targets.Contains(g.Id), ct)
                : await db.Units.CountAsync(u => u.WorkspaceId == workspaceId && targets.Contains(u.Id), ct);
        if (targets.Count == 0 || knownTargets != targets.Count)
        {
            throw new ParametersException(
                details.TargetKind == RuleTargetKind.Groups ? "groups" : "units",
                details.TargetKind == RuleTargetKind.Groups
                    ? "Choose at least one group of this workspace."
                    : "Choose at least one organisation unit of this workspace."
            );
        }

        if (
            courses.Count == 0
            || await db.Courses.CountAsync(c => c.WorkspaceId == workspaceId && courses.Contains(c.Id), ct) != courses.Count
        )
        {
            throw new ParametersException("courses", "Choose at least one course of this workspace.");
        }
    }
}
