using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;
using Muster.People;

namespace Muster.Learning;

/// <summary>An open course that an active rule gives to the members of a group.</summary>
public sealed class GroupCourse
{
    public required long GroupId { get; init; }
    public required long CourseId { get; init; }
    public required long RuleId { get; init; }
}

/// <summary>
/// What active rules do when people join a group: a new attempt at each target course, even for those who completed it before.
/// An open attempt is kept, a closed course takes nobody, and without a seat the membership happens and the enrolment does not.
/// The number of statements depends on the courses, never on the users.
/// </summary>
public static class AutoEnrolment
{
    /// <summary>The open courses of active group rules in a workspace.</summary>
    public static IQueryable<GroupCourse> CoursesOf(MusterDb db, long workspaceId)
    {
        ArgumentNullException.ThrowIfNull(db);
        return from rule in db.Rules
            join target in db.RuleTargets on new { rule.WorkspaceId, rule.Id } equals new { target.WorkspaceId, Id = target.RuleId }
            join rc in db.RuleCourses on new { rule.WorkspaceId, rule.Id } equals new { rc.WorkspaceId, Id = rc.RuleId }
            join course in db.Courses on new { rc.WorkspaceId, Id = rc.CourseId } equals new { course.WorkspaceId, course.Id }
            where rule.WorkspaceId == workspaceId && rule.IsActive && rule.TargetKind == RuleTargetKind.Groups && course.IsOpen
            select new GroupCourse
            {
                GroupId = target.TargetId,
                CourseId = course.Id,
                RuleId = rule.Id,
            };
    }

    /// <summary>The courses that joining any of these groups leads to, in id order.</summary>
    public static Task<List<long>> CourseIds(OperationContext context, IReadOnlyList<long> groups, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        return CoursesOf(context.Db, context.WorkspaceId)
            .Where(gc => groups.Contains(gc.GroupId))
            .Select(gc => gc.CourseId)
            .Distinct()
            .OrderBy(id => id)
            .ToListAsync(ct);
    }

    /// <summary>Enrols the Active people of a chunk's items, whose targets are the groups they have just joined.</summary>
    public static async Task Enrol(OperationContext chunk, IReadOnlyList<long> groups, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        foreach (var course in await CourseIds(chunk, groups, ct))
        {
            await CloseExpired(chunk, course, ct);
            var places = await Seats.Free(chunk, course, ct);
            if (places != 0)
            {
                await EnrolIn(chunk, course, places, ct);
            }
        }
    }

    /// <summary>How many enrolments each course will get now and on acceptance, and how many find no seat.</summary>
    public static async Task<IReadOnlyList<Effect>> Effects(OperationContext context, IReadOnlyList<long> groups, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        var effects = new List<Effect>();
        foreach (var id in await CourseIds(context, groups, ct))
        {
            var course = await context.Db.Courses.AsNoTracking().SingleAsync(c => c.WorkspaceId == context.WorkspaceId && c.Id == id, ct);
            var wanted = await Joining(context, id, ProfileStatus.Active).LongCountAsync(ct);
            var places = await Seats.Free(context, id, ct) ?? long.MaxValue;
            var later = await Joining(context, id, ProfileStatus.Invited).LongCountAsync(ct);
            effects.Add(new("enrolments", $"New enrolments in {course.Title}", Math.Min(wanted, places), id, course.Title));
            if (later > 0)
            {
                effects.Add(new("enrolments-on-acceptance", $"Enrolments in {course.Title} on acceptance", later, id, course.Title));
            }

            if (wanted > places)
            {
                effects.Add(
                    new("no-seat", $"Without a seat in {course.Title}: added to the group, not enrolled", wanted - places, id, course.Title)
                );
            }
        }

        return effects;
    }

    /// <summary>People of the items that join a group leading to the course and hold no open attempt at it, each once, with their first ordinal.</summary>
    private static IQueryable<Joiner> Joining(OperationContext context, long courseId, ProfileStatus status)
    {
        var (db, workspaceId, today) = (context.Db, context.WorkspaceId, context.Today);
        var groups = CoursesOf(db, workspaceId).Where(gc => gc.CourseId == courseId).Select(gc => gc.GroupId);
        return from item in context.Items
            where groups.Contains(item.TargetId)
            where db.Profiles.Any(p => p.WorkspaceId == workspaceId && p.Id == item.ProfileId && p.Status == status)
            where
                !db.Enrolments.Any(e =>
                    e.WorkspaceId == workspaceId
                    && e.ProfileId == item.ProfileId
                    && e.CourseId == courseId
                    && e.Status < EnrolmentStatus.Completed
                    && (e.ExpiresOn == null || e.ExpiresOn >= today)
                )
            group item by item.ProfileId into person
            select new Joiner { ProfileId = person.Key, Ordinal = person.Min(i => i.Ordinal) };
    }

    private static async Task EnrolIn(OperationContext chunk, long courseId, long? places, CancellationToken ct)
    {
        var (db, workspaceId, operationId, now, today) = (chunk.Db, chunk.WorkspaceId, chunk.OperationId, chunk.Now, chunk.Today);
        var rule = await CoursesOf(db, workspaceId).Where(gc => gc.CourseId == courseId).MinAsync(gc => gc.RuleId, ct);
        var joining = Joining(chunk, courseId, ProfileStatus.Active);
        if (places is { } free)
        {
            joining = joining.OrderBy(j => j.Ordinal).Take((int)Math.Min(free, int.MaxValue));
        }

        await joining
            .Select(j => new
            {
                j.ProfileId,
                Last = db
                    .Enrolments.Where(e => e.WorkspaceId == workspaceId && e.ProfileId == j.ProfileId && e.CourseId == courseId)
                    .Max(e => (int?)e.Attempt),
            })
            .InsertInto(
                db.Enrolments,
                j => new Enrolment
                {
                    WorkspaceId = workspaceId,
                    ProfileId = j.ProfileId,
                    CourseId = courseId,
                    Attempt = (j.Last ?? 0) + 1,
                    Status = EnrolmentStatus.NotStarted,
                    StartsOn = today,
                    CreatedAt = now,
                    OperationId = operationId,
                    RuleId = rule,
                },
                ct
            );
    }

    /// <summary>Attempts that ran out by date are stored as Expired before a new one is opened: only one may be open.</summary>
    private static Task CloseExpired(OperationContext chunk, long courseId, CancellationToken ct)
    {
        var (db, workspaceId, today, people) = (chunk.Db, chunk.WorkspaceId, chunk.Today, chunk.ProfileIds);
        return db
            .Enrolments.Where(e =>
                e.WorkspaceId == workspaceId
                && e.CourseId == courseId
                && e.Status < EnrolmentStatus.Completed
                && e.ExpiresOn < today
                && people.Contains(e.ProfileId)
            )
            .ExecuteUpdateAsync(set => set.SetProperty(e => e.Status, EnrolmentStatus.Expired), ct);
    }

    private sealed class Joiner
    {
        public required long ProfileId { get; init; }
        public required long Ordinal { get; init; }
    }
}
