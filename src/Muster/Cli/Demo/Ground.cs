using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.Learning;
using Muster.People;

namespace Muster.Cli;

/// <summary>What a rule asks for when somebody belongs to one of its targets.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RuleWish(long RuleId, long CourseId);

/// <summary>What invented people are put into, read from the database, so that a workspace can also be grown.</summary>
internal sealed class Ground
{
    public required long WorkspaceId { get; init; }

    public required DateTime Now { get; init; }

    public required DateOnly Today { get; init; }

    public required IReadOnlyList<long> Units { get; init; }

    public required IReadOnlyList<long> Groups { get; init; }

    public required IReadOnlyList<Course> Courses { get; init; }

    public required IReadOnlyDictionary<long, Course> CourseById { get; init; }

    /// <summary>Seats still free, by course; courses without a limit are not in it.</summary>
    public required Dictionary<long, int> SeatsLeft { get; init; }

    public required ILookup<long, RuleWish> WishesOfGroup { get; init; }

    /// <summary>By unit, the units below a rule's target included.</summary>
    public required ILookup<long, RuleWish> WishesOfUnit { get; init; }

    public required IReadOnlyList<CustomField> Fields { get; init; }

    public static async Task<Ground> Read(MusterDb db, long workspaceId, TimeProvider clock, CancellationToken ct)
    {
        var workspace = await db.Workspaces.AsNoTracking().SingleAsync(w => w.Id == workspaceId, ct);
        var today = clock.Today(workspace.TimeZone);
        var courses = await db.Courses.AsNoTracking().Where(c => c.WorkspaceId == workspaceId).OrderBy(c => c.Id).ToListAsync(ct);
        var wishes = await Wishes(db, workspaceId, ct);
        return new Ground
        {
            WorkspaceId = workspaceId,
            Now = clock.Now(),
            Today = today,
            Units = await db.Units.Where(u => u.WorkspaceId == workspaceId).OrderBy(u => u.PathKey).Select(u => u.Id).ToListAsync(ct),
            Groups = await db.Groups.Where(g => g.WorkspaceId == workspaceId).OrderBy(g => g.NameKey).Select(g => g.Id).ToListAsync(ct),
            Courses = courses,
            CourseById = courses.ToDictionary(c => c.Id),
            SeatsLeft = await SeatsLeftOf(db, workspaceId, courses, today, ct),
            WishesOfGroup = wishes
                .Where(w => w.Kind == RuleTargetKind.Groups)
                .ToLookup(w => w.TargetId, w => new RuleWish(w.RuleId, w.CourseId)),
            WishesOfUnit = await OfUnits(db, workspaceId, wishes, ct),
            Fields = await db.Fields.AsNoTracking().Where(f => f.WorkspaceId == workspaceId).OrderBy(f => f.Position).ToListAsync(ct),
        };
    }

    private static async Task<Dictionary<long, int>> SeatsLeftOf(
        MusterDb db,
        long workspaceId,
        List<Course> courses,
        DateOnly today,
        CancellationToken ct
    )
    {
        var taken = await db
            .Enrolments.OpenOn(workspaceId, today)
            .GroupBy(e => e.CourseId)
            .Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        return courses.Where(c => c.Seats is not null).ToDictionary(c => c.Id, c => c.Seats!.Value - taken.GetValueOrDefault(c.Id));
    }

    private static Task<List<Wish>> Wishes(MusterDb db, long workspaceId, CancellationToken ct) =>
        (
            from rule in db.Rules
            where rule.WorkspaceId == workspaceId && rule.IsActive
            join target in db.RuleTargets on new { rule.WorkspaceId, rule.Id } equals new { target.WorkspaceId, Id = target.RuleId }
            join course in db.RuleCourses on new { rule.WorkspaceId, rule.Id } equals new { course.WorkspaceId, Id = course.RuleId }
            orderby rule.Id, target.TargetId, course.CourseId
            select new Wish(rule.TargetKind, target.TargetId, rule.Id, course.CourseId)
        ).ToListAsync(ct);

    private static async Task<ILookup<long, RuleWish>> OfUnits(MusterDb db, long workspaceId, List<Wish> wishes, CancellationToken ct)
    {
        var below = (await db.UnitAncestors.Where(a => a.WorkspaceId == workspaceId).ToListAsync(ct)).ToLookup(
            a => a.AncestorId,
            a => a.UnitId
        );
        return wishes
            .Where(w => w.Kind == RuleTargetKind.Units)
            .SelectMany(w => below[w.TargetId], (w, unit) => (unit, Wish: new RuleWish(w.RuleId, w.CourseId)))
            .ToLookup(pair => pair.unit, pair => pair.Wish);
    }

    private sealed record Wish(RuleTargetKind Kind, long TargetId, long RuleId, long CourseId);
}
