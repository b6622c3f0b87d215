using System.Globalization;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;
using Muster.People;

namespace Muster.Learning;

/// <summary>
/// What active rules do when people join a group: a new attempt at each target course, even for those who completed it before.
/// An open attempt is kept, a closed course takes nobody, and without a seat the membership happens and the enrolment does not.
/// The number of statements depends on the courses and rules, never on the users.
/// </summary>
public static class AutoEnrolment
{
    /// <summary>What the state of somebody who has joined a group begins with.</summary>
    public const string Member = "{\"member\":true";

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

    /// <summary>Puts beside each person and group the courses that joining leads to.</summary>
    public static async Task<IQueryable<Joiner>> Joiners(
        OperationContext context,
        IQueryable<Subject> subjects,
        IReadOnlyList<long> groups,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(context);
        var (db, workspaceId, today) = (context.Db, context.WorkspaceId, context.Today);
        var attempts = db.Enrolments.OpenOn(workspaceId, today);
        // One expression with a term for each course: a query wrapped around a query for each took minutes to translate for a hundred.
        var courses = new List<Expression<Func<Subject, string>>>();
        foreach (var way in await Ways(context, groups, ct))
        {
            var (courseId, leading, text) = (way.CourseId, way.Groups, string.Create(CultureInfo.InvariantCulture, $" {way.CourseId}"));
            courses.Add(subject =>
                leading.Contains(subject.TargetId) && !attempts.Any(e => e.ProfileId == subject.ProfileId && e.CourseId == courseId)
                    ? text
                    : ""
            );
        }

        var led = subjects.Select(Texts.Joined(courses, (Subject subject, string text) => new { Subject = subject, Courses = text }));
        return from x in led
            join p in db.Profiles on new { x.Subject.WorkspaceId, Id = x.Subject.ProfileId } equals new { p.WorkspaceId, p.Id }
            select new Joiner
            {
                Position = x.Subject.Position,
                Ordinal = x.Subject.Ordinal,
                Planned = x.Subject.Planned,
                ProfileId = p.Id,
                GroupId = x.Subject.TargetId,
                Status = p.Status,
                Courses = x.Courses,
            };
    }

    /// <summary>In the preview: says on their items who joins without a seat, in list order, course by course.</summary>
    public static async Task SayWhoFindsNoSeat(OperationContext context, IReadOnlyList<long> groups, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        foreach (var way in await Ways(context, groups, ct))
        {
            if (await Seats.Free(context, way.CourseId, ct) is not { } places)
            {
                continue;
            }

            var member = NoSeatIn(way);
            if (await FirstBeyond(Joining(context, way, ProfileStatus.Active), places, ct) is not { } beyond)
            {
                continue;
            }

            // On each of a person's items that lead to the course: the run may leave the first of them alone.
            await Wanting(context, way, ProfileStatus.Active)
                .Where(item => item.Ordinal >= beyond)
                .ExecuteUpdateAsync(set => set.SetProperty(i => i.After, i => i.After!.Replace(Member, Member + "," + member)), ct);
        }
    }

    /// <summary>Enrols the Active people of a chunk's items, whose targets are the groups they have just joined.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="groups">The groups joined.</param>
    /// <param name="noSeatAnyMore">For whom the preview had a seat that is gone.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task Enrol(OperationContext chunk, IReadOnlyList<long> groups, Reason noSeatAnyMore, CancellationToken ct)
    {
        foreach (var way in await Ways(chunk, groups, ct))
        {
            await RunOutAttempts.Close(chunk, way.CourseId, chunk.ProfileIds, ct);
            // Whom the preview told that there is no seat gets none now either, even if the course has no limit any more.
            var member = NoSeatIn(way);
            var joining = Joining(chunk, way, ProfileStatus.Active).Where(item => !item.After!.Contains(member));
            if (await Seats.Free(chunk, way.CourseId, ct) is { } places)
            {
                var waiting = Joining(chunk.Waiting, way, ProfileStatus.Active).Where(item => !item.After!.Contains(member));
                if (await FirstBeyond(waiting, places, ct) is { } beyond)
                {
                    await joining
                        .Where(item => item.Ordinal >= beyond)
                        .ExecuteUpdateAsync(set => set.SetProperty(i => i.OutcomeReason, noSeatAnyMore.Code), ct);
                    joining = joining.Where(item => item.Ordinal < beyond);
                }
            }

            foreach (var rule in way.RuleOfGroup.GroupBy(pair => pair.Value, pair => pair.Key))
            {
                List<long> watched = [.. rule];
                await EnrolIn(chunk, way.CourseId, rule.Key, joining.Where(item => watched.Contains(item.TargetId)), ct);
            }
        }
    }

    /// <summary>How many enrolments each course will get now and on acceptance, and how many find no seat.</summary>
    public static async Task<IReadOnlyList<Effect>> Effects(OperationContext context, IReadOnlyList<long> groups, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        var effects = new List<Effect>();
        foreach (var way in await Ways(context, groups, ct))
        {
            var (id, title) = (way.CourseId, way.Title);
            var wanted = await Joining(context, way, ProfileStatus.Active).LongCountAsync(ct);
            var places = await Seats.Free(context, id, ct) ?? long.MaxValue;
            var later = await Joining(context, way, ProfileStatus.Invited).LongCountAsync(ct);
            effects.Add(new("enrolments", $"New enrolments in {title}", Math.Min(wanted, places), id, title));
            if (later > 0)
            {
                effects.Add(new("enrolments-on-acceptance", $"Enrolments in {title} on acceptance", later, id, title));
            }

            if (wanted > places)
            {
                effects.Add(new("no-seat", $"Without a seat in {title}: added to the group, not enrolled", wanted - places, id, title));
            }
        }

        return effects;
    }

    /// <summary>Each course the groups lead to, with the groups that do; a handful of rows, so that the statements over people name them.</summary>
    private static async Task<IReadOnlyList<Way>> Ways(OperationContext context, IReadOnlyList<long> groups, CancellationToken ct)
    {
        var found = await (
            from gc in CoursesOf(context.Db, context.WorkspaceId)
            join course in context.Db.Courses on new { context.WorkspaceId, Id = gc.CourseId } equals new { course.WorkspaceId, course.Id }
            where groups.Contains(gc.GroupId)
            select new
            {
                gc.GroupId,
                gc.CourseId,
                gc.RuleId,
                course.Title,
            }
        ).ToListAsync(ct);
        return
        [
            .. found
                .GroupBy(f => (f.CourseId, f.Title))
                .OrderBy(g => g.Key.CourseId)
                .Select(g => new Way(
                    g.Key.CourseId,
                    g.Key.Title,
                    g.GroupBy(f => f.GroupId).ToDictionary(group => group.Key, group => group.Min(f => f.RuleId))
                )),
        ];
    }

    /// <summary>For each person who joins a group leading to the course and holds no open attempt at it, the first of their items that does.</summary>
    private static IQueryable<OperationItem> Joining(OperationContext context, Way way, ProfileStatus status)
    {
        var (joining, groups) = (Wanting(context, way, status), way.Groups);
        return groups.Count == 1
            ? joining
            : joining.Where(item =>
                !context.Items.Any(other =>
                    other.Position == item.Position && other.TargetId < item.TargetId && groups.Contains(other.TargetId)
                )
            );
    }

    /// <summary>All items of people who join a group leading to the course and hold no open attempt at it.</summary>
    private static IQueryable<OperationItem> Wanting(OperationContext context, Way way, ProfileStatus status)
    {
        var (db, workspaceId, today, courseId, groups) = (context.Db, context.WorkspaceId, context.Today, way.CourseId, way.Groups);
        var attempts = db.Enrolments.OpenOn(workspaceId, today);
        return from item in context.Items
            where groups.Contains(item.TargetId)
            where db.Profiles.Any(p => p.WorkspaceId == workspaceId && p.Id == item.ProfileId && p.Status == status)
            where !attempts.Any(e => e.ProfileId == item.ProfileId && e.CourseId == courseId)
            select item;
    }

    /// <summary>A member of an item's state: this person finds no seat at this course.</summary>
    private static string NoSeatIn(Way way) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{StateWords.NoSeat}{way.CourseId}\":\" {way.CourseId}\"");

    /// <summary>The ordinal of the first for whom so many places are too few; null when they are enough.</summary>
    private static Task<long?> FirstBeyond(IQueryable<OperationItem> joining, long places, CancellationToken ct) =>
        joining
            .OrderBy(item => item.Ordinal)
            .Skip((int)Math.Min(places, int.MaxValue))
            .Select(item => (long?)item.Ordinal)
            .FirstOrDefaultAsync(ct);

    private static Task<int> EnrolIn(
        OperationContext chunk,
        long courseId,
        long ruleId,
        IQueryable<OperationItem> joining,
        CancellationToken ct
    )
    {
        var (db, workspaceId, operationId, now, today) = (chunk.Db, chunk.WorkspaceId, chunk.OperationId, chunk.Now, chunk.Today);
        return joining
            .OrderBy(item => item.ProfileId)
            .Select(item => new
            {
                item.ProfileId,
                Last = db
                    .Enrolments.Where(e => e.WorkspaceId == workspaceId && e.ProfileId == item.ProfileId && e.CourseId == courseId)
                    .Max(e => (int?)e.Attempt),
            })
            .InsertInto(
                db.Enrolments,
                person => new Enrolment
                {
                    WorkspaceId = workspaceId,
                    ProfileId = person.ProfileId,
                    CourseId = courseId,
                    Attempt = (person.Last ?? 0) + 1,
                    Status = EnrolmentStatus.NotStarted,
                    StartsOn = today,
                    CreatedAt = now,
                    OperationId = operationId,
                    RuleId = ruleId,
                },
                ct
            );
    }

    private sealed record Way(long CourseId, string Title, IReadOnlyDictionary<long, long> RuleOfGroup)
    {
        public IReadOnlyList<long> Groups { get; } = [.. RuleOfGroup.Keys];
    }
}
