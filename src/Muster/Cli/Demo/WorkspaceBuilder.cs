using Muster.Data;
using Muster.Learning;
using Muster.People;

namespace Muster.Cli;

/// <summary>Makes a workspace with its units, groups, courses, rules and fields, in the caller's transaction.</summary>
internal static class WorkspaceBuilder
{
    /// <summary>Makes what the plan says; from then on the unit of work shows this workspace.</summary>
    public static async Task<long> Create(MusterDb db, long id, WorkspacePlan plan, DateTime createdAt, CancellationToken ct)
    {
        db.WorkspaceId = id;
        db.Workspaces.Add(
            new Workspace
            {
                Id = id,
                Name = plan.Name,
                TimeZone = plan.TimeZone,
                CreatedAt = createdAt,
            }
        );
        await db.SaveChangesAsync(ct);
        var count = plan.Units.Length + plan.Groups.Length + plan.Courses.Length + plan.Rules.Length + plan.Fields.Length;
        var ids = new Queue<long>(Sequence(await db.Reserve(id, count, ct), count));
        var units = AddUnits(db, id, plan.Units, ids);
        await db.SaveChangesAsync(ct);
        var groups = plan.Groups.ToDictionary(name => name, _ => ids.Dequeue());
        db.Groups.AddRange(
            groups.Select(g => new Group
            {
                WorkspaceId = id,
                Id = g.Value,
                Name = g.Key,
                NameKey = Names.Fold(g.Key),
            })
        );
        var courses = plan.Courses.ToDictionary(course => course.Title, _ => ids.Dequeue());
        db.Courses.AddRange(
            plan.Courses.Select(c => new Course
            {
                WorkspaceId = id,
                Id = courses[c.Title],
                Title = c.Title,
                ExternalReference = c.Reference,
                IsOpen = c.IsOpen,
                Seats = c.Seats,
            })
        );
        AddFields(db, id, plan.Fields, ids);
        await db.SaveChangesAsync(ct);
        foreach (var rule in plan.Rules)
        {
            AddRule(db, id, ids.Dequeue(), rule, rule.Kind == RuleTargetKind.Groups ? groups : units, courses);
        }

        await db.SaveChangesAsync(ct);
        db.ChangeTracker.Clear();
        return id;
    }

    private static Dictionary<string, long> AddUnits(MusterDb db, long workspaceId, string[] paths, Queue<long> ids)
    {
        var byPath = new Dictionary<string, OrganisationUnit>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            var cut = path.LastIndexOf(OrganisationUnit.Separator, StringComparison.Ordinal);
            var parent = cut < 0 ? null : byPath[path[..cut]];
            var unit = new OrganisationUnit
            {
                WorkspaceId = workspaceId,
                Id = ids.Dequeue(),
                ParentId = parent?.Id,
                Name = cut < 0 ? path : path[(cut + OrganisationUnit.Separator.Length)..],
                Path = path,
                PathKey = Names.Fold(path),
                Tier = (parent?.Tier ?? 0) + 1,
            };
            byPath.Add(path, unit);
            db.Units.Add(unit);
            for (OrganisationUnit? above = unit; above is not null; above = AboveOf(above, byPath))
            {
                db.UnitAncestors.Add(
                    new UnitAncestor
                    {
                        WorkspaceId = workspaceId,
                        AncestorId = above.Id,
                        UnitId = unit.Id,
                    }
                );
            }
        }

        return byPath.ToDictionary(pair => pair.Key, pair => pair.Value.Id);
    }

    private static OrganisationUnit? AboveOf(OrganisationUnit unit, Dictionary<string, OrganisationUnit> byPath)
    {
        var cut = unit.Path.LastIndexOf(OrganisationUnit.Separator, StringComparison.Ordinal);
        return cut < 0 ? null : byPath[unit.Path[..cut]];
    }

    private static void AddFields(MusterDb db, long workspaceId, FieldPlan[] fields, Queue<long> ids)
    {
        foreach (var (position, field) in fields.Index())
        {
            db.Fields.Add(
                new CustomField
                {
                    WorkspaceId = workspaceId,
                    Id = ids.Dequeue(),
                    Name = field.Name,
                    NameKey = Names.Fold(field.Name),
                    Kind = field.Kind,
                    Position = position + 1,
                    Choices = field.Choices is null ? null : string.Join('\n', field.Choices),
                }
            );
        }
    }

    private static void AddRule(
        MusterDb db,
        long workspaceId,
        long id,
        RulePlan rule,
        Dictionary<string, long> targets,
        Dictionary<string, long> courses
    )
    {
        db.Rules.Add(
            new AutoEnrolmentRule
            {
                WorkspaceId = workspaceId,
                Id = id,
                Name = rule.Name,
                Description = rule.Description,
                TargetKind = rule.Kind,
            }
        );
        db.RuleTargets.AddRange(
            rule.Targets.Select(name => new RuleTarget
            {
                WorkspaceId = workspaceId,
                RuleId = id,
                TargetId = targets[name],
            })
        );
        db.RuleCourses.AddRange(
            rule.Courses.Select(title => new RuleCourse
            {
                WorkspaceId = workspaceId,
                RuleId = id,
                CourseId = courses[title],
            })
        );
    }

    private static IEnumerable<long> Sequence(long first, int count)
    {
        for (var i = 0; i < count; i++)
        {
            yield return first + i;
        }
    }
}
