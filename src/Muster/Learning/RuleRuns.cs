using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;
using Muster.People;

namespace Muster.Learning;

/// <summary>What running a rule on the people who are in its groups or units now does at one of its courses. All numbers count people.</summary>
/// <param name="CourseId">The course.</param>
/// <param name="Title">Its title.</param>
/// <param name="IsOpen">False when it takes nobody.</param>
/// <param name="Enrolled">Who gets a new attempt.</param>
/// <param name="HaveIt">Who keeps the open attempt they have.</param>
/// <param name="Completed">Who completed the course and is left alone.</param>
/// <param name="NoSeat">For whom no seat is left: the last in list order.</param>
/// <param name="OnAcceptance">Invited people, whom the rule reaches when they accept.</param>
public sealed record CourseRun(
    long CourseId,
    string Title,
    bool IsOpen,
    long Enrolled,
    long HaveIt,
    long Completed,
    long NoSeat,
    long OnAcceptance
);

/// <summary>
/// Runs a rule once on its present members: each Active one gets an attempt at each open course, unless they hold an open attempt or completed it. Seats go in list order.
/// The number of statements depends on the courses, never on the people.
/// </summary>
public sealed class RuleRuns(Databases databases, TimeProvider clock)
{
    /// <summary>What a run would do now, course by course in the order of their titles; nothing is written.</summary>
    /// <returns>Null when there is no such rule in the workspace.</returns>
    public async Task<IReadOnlyList<CourseRun>?> Preview(MusterDb db, Workspace workspace, long ruleId, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        if (await Find(db, workspace.Id, ruleId, ct) is not var (_, members))
        {
            return null;
        }

        var runs = new List<CourseRun>();
        var today = clock.Today(workspace.TimeZone);
        foreach (var course in await Courses(db, members, ct))
        {
            runs.Add(await Count(db, members, course, today, ct));
        }

        return runs;
    }

    /// <summary>Runs it, in one transaction, and says what it did, which may differ from the preview when people or seats moved since.</summary>
    /// <returns>Null when there is no such rule in the workspace.</returns>
    /// <exception cref="ConflictException">The rule is off.</exception>
    public async Task<IReadOnlyList<CourseRun>?> Run(Requester requester, long ruleId, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(requester);
        var workspaceId = requester.Actor.WorkspaceId;
        await using var db = databases.Open(workspaceId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.TakeTurn(workspaceId, ct);
        await WorkspaceLeases.StandBetweenChunks(db, workspaceId, ct);
        if (await Find(db, workspaceId, ruleId, ct) is not var (isActive, members))
        {
            return null;
        }

        if (!isActive)
        {
            throw new ConflictException("This auto-enrolment is off and enrols nobody. Make it active, then run it.");
        }

        var zone = await db.Workspaces.Where(w => w.Id == workspaceId).Select(w => w.TimeZone).SingleAsync(ct);
        var (now, today) = (clock.Now(), clock.Today(zone));
        var courses = await Courses(db, members, ct);
        await Seats.Lock(db, workspaceId, [.. courses.Select(course => course.Id).Order()], ct);
        await members.Lock(db, ct);
        var done = new Dictionary<long, (long Enrolled, long NoSeat)>();
        foreach (var course in courses.Where(course => course.IsOpen))
        {
            await RunOutAttempts.Close(db, workspaceId, course.Id, members.Of(db, ProfileStatus.Active).Select(p => p.Id), today, ct);
            var free = await Seats.Free(db, workspaceId, course.Id, today, ct);
            var enrolled = await Enrol(db, members, course.Id, free ?? long.MaxValue, now, today, ct);
            // Whoever is still wanted found no seat.
            done[course.Id] = (
                enrolled,
                enrolled < free || free is null ? 0 : await Wanted(db, members, course.Id, today).LongCountAsync(ct)
            );
        }

        await Audit.Write(
            db,
            requester,
            "rule.run",
            new { rule = ruleId, enrolled = done.ToDictionary(course => $"{course.Key}", course => course.Value.Enrolled) },
            now,
            ct
        );
        await transaction.CommitAsync(ct);
        return await Tell(db, members, courses, done, today, ct);
    }

    /// <summary>The numbers beside what was done are read after the commit, so that nobody waits for them.</summary>
    private static async Task<IReadOnlyList<CourseRun>> Tell(
        MusterDb db,
        PresentMembers members,
        List<Course> courses,
        Dictionary<long, (long Enrolled, long NoSeat)> done,
        DateOnly today,
        CancellationToken ct
    )
    {
        var runs = new List<CourseRun>();
        foreach (var course in courses)
        {
            var (now, (enrolled, noSeat)) = (await Count(db, members, course, today, ct), done.GetValueOrDefault(course.Id));
            runs.Add(now with { Enrolled = enrolled, NoSeat = noSeat, HaveIt = Math.Max(0, now.HaveIt - enrolled) });
        }

        return runs;
    }

    private static async Task<(bool IsActive, PresentMembers Members)?> Find(
        MusterDb db,
        long workspaceId,
        long ruleId,
        CancellationToken ct
    )
    {
        var rule = await db.Rules.AsNoTracking().SingleOrDefaultAsync(r => r.WorkspaceId == workspaceId && r.Id == ruleId, ct);
        if (rule is null)
        {
            return null;
        }

        var targets = await db
            .RuleTargets.Where(t => t.WorkspaceId == workspaceId && t.RuleId == ruleId)
            .Select(t => t.TargetId)
            .ToListAsync(ct);
        return (rule.IsActive, new(workspaceId, ruleId, rule.TargetKind, targets));
    }

    private static Task<List<Course>> Courses(MusterDb db, PresentMembers members, CancellationToken ct)
    {
        var given = db.RuleCourses.Where(c => c.WorkspaceId == members.WorkspaceId && c.RuleId == members.RuleId).Select(c => c.CourseId);
        return db
            .Courses.AsNoTracking()
            .Where(c => c.WorkspaceId == members.WorkspaceId && given.Contains(c.Id))
            .OrderBy(c => c.Title)
            .ThenBy(c => c.Id)
            .ToListAsync(ct);
    }

    private static async Task<CourseRun> Count(MusterDb db, PresentMembers members, Course course, DateOnly today, CancellationToken ct)
    {
        var (workspaceId, courseId) = (members.WorkspaceId, course.Id);
        if (!course.IsOpen)
        {
            return new(courseId, course.Title, false, 0, 0, 0, 0, 0);
        }

        var attempts = db.Enrolments.OpenOn(workspaceId, today);
        var active = members.Of(db, ProfileStatus.Active);
        var all = await active.LongCountAsync(ct);
        var haveIt = await active.LongCountAsync(p => attempts.Any(e => e.ProfileId == p.Id && e.CourseId == courseId), ct);
        var wanted = await Wanted(db, members, courseId, today).LongCountAsync(ct);
        var free = await Seats.Free(db, workspaceId, courseId, today, ct) ?? long.MaxValue;
        var invited = await members.Of(db, ProfileStatus.Invited).LongCountAsync(ct);
        return new(
            courseId,
            course.Title,
            true,
            Math.Min(wanted, free),
            haveIt,
            all - haveIt - wanted,
            Math.Max(0, wanted - free),
            invited
        );
    }

    /// <summary>The Active members who neither hold an open attempt nor completed the course.</summary>
    private static IQueryable<Profile> Wanted(MusterDb db, PresentMembers members, long courseId, DateOnly today)
    {
        var workspaceId = members.WorkspaceId;
        var attempts = db.Enrolments.OpenOn(workspaceId, today);
        return members
            .Of(db, ProfileStatus.Active)
            .Where(p =>
                !attempts.Any(e => e.ProfileId == p.Id && e.CourseId == courseId)
                // Asked apart: for both at once SQLite would read all attempts at the course, for each person.
                && !db.Enrolments.Any(e =>
                    e.WorkspaceId == workspaceId && e.ProfileId == p.Id && e.CourseId == courseId && e.Status == EnrolmentStatus.Completed
                )
            );
    }

    private static Task<int> Enrol(
        MusterDb db,
        PresentMembers members,
        long courseId,
        long places,
        DateTime now,
        DateOnly today,
        CancellationToken ct
    )
    {
        var (workspaceId, ruleId) = (members.WorkspaceId, members.RuleId);
        return Wanted(db, members, courseId, today)
            .OrderBy(p => p.SortName)
            .ThenBy(p => p.Id)
            .Take((int)Math.Min(places, int.MaxValue))
            .Select(p => new
            {
                p.Id,
                Last = db
                    .Enrolments.Where(e => e.WorkspaceId == workspaceId && e.ProfileId == p.Id && e.CourseId == courseId)
                    .Max(e => (int?)e.Attempt),
            })
            .InsertInto(
                db.Enrolments,
                person => new Enrolment
                {
                    WorkspaceId = workspaceId,
                    ProfileId = person.Id,
                    CourseId = courseId,
                    Attempt = (person.Last ?? 0) + 1,
                    Status = EnrolmentStatus.NotStarted,
                    StartsOn = today,
                    CreatedAt = now,
                    RuleId = ruleId,
                },
                ct
            );
    }
}
