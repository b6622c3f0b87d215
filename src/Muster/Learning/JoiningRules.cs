using Microsoft.EntityFrameworkCore;
using Muster.Data;

namespace Muster.Learning;

/// <summary>A course that active rules give to one person, with the first of the rules that do.</summary>
/// <param name="CourseId">Open when this was read.</param>
/// <param name="RuleId">Goes onto the enrolment as its source.</param>
public sealed record GivenCourse(long CourseId, long RuleId);

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
