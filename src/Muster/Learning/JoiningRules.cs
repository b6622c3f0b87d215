using Microsoft.EntityFrameworkCore;
using Muster.Data;

namespace Muster.Learning;

/// <summary>A course that active rules give to one person, with the first of the rules that do.</summary>
/// <param name="CourseId">Open when this was read.</param>
/// <param name="RuleId">Goes onto the enrolment as its source.</param>
public sealed record GivenCourse(long CourseId, long RuleId);

/// <summary>A course that rules would enrol one person in, as it stands now.</summary>
/// <param name="CourseId">Open, and the person has no open attempt at it.</param>
/// <param name="Title">Its title.</param>
/// <param name="RuleId">The rule that asks for it.</param>
/// <param name="HasSeat">Without a seat there is no enrolment.</param>
public sealed record CourseAhead(long CourseId, string Title, long RuleId, bool HasSeat);

/// <summary>
/// What active rules do for one person who joins the workspace, by their groups and by their unit with the units above it: each open course once, a new attempt even
/// for those who completed it before; an open attempt is kept, and a course without a free seat takes nobody.
/// </summary>
public static class JoiningRules
{
    /// <summary>The courses of a person's groups and unit, in id order.</summary>
    public static async Task<IReadOnlyList<GivenCourse>> CoursesOf(MusterDb db, long workspaceId, long profileId, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        var groups = db.Memberships.Where(m => m.WorkspaceId == workspaceId && m.ProfileId == profileId).Select(m => m.GroupId);
        var units =
            from profile in db.Profiles
            join ancestor in db.UnitAncestors
                on new { profile.WorkspaceId, UnitId = profile.UnitId ?? 0 } equals new { ancestor.WorkspaceId, ancestor.UnitId }
            where profile.WorkspaceId == workspaceId && profile.Id == profileId
            select ancestor.AncestorId;
        return await CoursesOf(db, workspaceId, groups, units, ct);
    }

    /// <summary>The courses that joining groups and going from one unit to another lead to. A unit above both is not joined: the person was in it before.</summary>
    public static async Task<IReadOnlyList<GivenCourse>> CoursesOfMove(
        MusterDb db,
        long workspaceId,
        IReadOnlyCollection<long> joined,
        long? from,
        long? to,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(db);
        var (left, entered) = (from ?? 0, to ?? 0);
        var groups = db.Groups.Where(g => g.WorkspaceId == workspaceId && joined.Contains(g.Id)).Select(g => g.Id);
        var units = db
            .UnitAncestors.Where(a => a.WorkspaceId == workspaceId && a.UnitId == entered)
            .Where(a => !db.UnitAncestors.Any(o => o.WorkspaceId == workspaceId && o.UnitId == left && o.AncestorId == a.AncestorId))
            .Select(a => a.AncestorId);
        return await CoursesOf(db, workspaceId, groups, units, ct);
    }

    /// <summary>What <see cref="Enrol"/> would do: the courses at which the person has no open attempt, with title and whether a seat is free.</summary>
    public static async Task<IReadOnlyList<CourseAhead>> Outlook(
        MusterDb db,
        long workspaceId,
        long profileId,
        IReadOnlyList<GivenCourse> courses,
        DateOnly today,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(db);
        var ids = courses.Select(course => course.CourseId).ToList();
        var titles = await db
            .Courses.Where(c => c.WorkspaceId == workspaceId && ids.Contains(c.Id))
            .ToDictionaryAsync(c => c.Id, c => c.Title, ct);
        var open = await db
            .Enrolments.OpenOn(workspaceId, today)
            .Where(e => e.ProfileId == profileId && ids.Contains(e.CourseId))
            .Select(e => e.CourseId)
            .ToListAsync(ct);
        var ahead = new List<CourseAhead>();
        foreach (var course in courses.Where(course => !open.Contains(course.CourseId)))
        {
            var hasSeat = await Seats.Free(db, workspaceId, course.CourseId, today, ct) != 0;
            ahead.Add(new(course.CourseId, titles[course.CourseId], course.RuleId, hasSeat));
        }

        return ahead;
    }

    private static async Task<IReadOnlyList<GivenCourse>> CoursesOf(
        MusterDb db,
        long workspaceId,
        IQueryable<long> groups,
        IQueryable<long> units,
        CancellationToken ct
    )
    {
        var found = await (
            from rule in db.Rules
            join target in db.RuleTargets on new { rule.WorkspaceId, rule.Id } equals new { target.WorkspaceId, Id = target.RuleId }
            join given in db.RuleCourses on new { rule.WorkspaceId, rule.Id } equals new { given.WorkspaceId, Id = given.RuleId }
            join course in db.Courses on new { given.WorkspaceId, Id = given.CourseId } equals new { course.WorkspaceId, course.Id }
            where rule.WorkspaceId == workspaceId && rule.IsActive && course.IsOpen
            where rule.TargetKind == RuleTargetKind.Groups ? groups.Contains(target.TargetId) : units.Contains(target.TargetId)
            select new { given.CourseId, given.RuleId }
        )
            .Distinct()
            .ToListAsync(ct);
        return [.. found.GroupBy(f => f.CourseId).OrderBy(g => g.Key).Select(g => new GivenCourse(g.Key, g.Min(f => f.RuleId)))];
    }

    /// <summary>Enrols the person. The caller's transaction has locked these courses (<see cref="Seats.Lock(MusterDb, long, IReadOnlyList{long}, CancellationToken)"/>), then the profile.</summary>
    /// <returns>The courses they were enrolled in.</returns>
    public static async Task<IReadOnlyList<long>> Enrol(
        MusterDb db,
        long workspaceId,
        long profileId,
        IReadOnlyList<GivenCourse> courses,
        DateTime now,
        DateOnly today,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(courses);
        var enrolled = new List<long>();
        foreach (var (courseId, ruleId) in courses)
        {
            var attempts = await db
                .Enrolments.Where(e => e.WorkspaceId == workspaceId && e.ProfileId == profileId && e.CourseId == courseId)
                .OrderBy(e => e.Attempt)
                .ToListAsync(ct);
            if (attempts.Exists(e => IsOpen(e, today)) || await Seats.Free(db, workspaceId, courseId, today, ct) == 0)
            {
                continue;
            }

            // Attempts that ran out by date are stored as Expired before a new one is opened: only one may be open.
            attempts.FindAll(e => e.Status < EnrolmentStatus.Completed).ForEach(e => e.Status = EnrolmentStatus.Expired);
            await db.SaveChangesAsync(ct);
            db.Enrolments.Add(
                new Enrolment
                {
                    WorkspaceId = workspaceId,
                    ProfileId = profileId,
                    CourseId = courseId,
                    Attempt = (attempts.LastOrDefault()?.Attempt ?? 0) + 1,
                    Status = EnrolmentStatus.NotStarted,
                    StartsOn = today,
                    CreatedAt = now,
                    RuleId = ruleId,
                }
            );
            await db.SaveChangesAsync(ct);
            enrolled.Add(courseId);
        }

        return enrolled;
    }

    private static bool IsOpen(Enrolment attempt, DateOnly today) =>
        attempt.Status < EnrolmentStatus.Completed && (attempt.ExpiresOn is null || attempt.ExpiresOn >= today);
}
