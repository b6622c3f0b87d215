using System.Net;
using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Learning;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>A rule run once on the people who are in its groups or units already.</summary>
public sealed class RuleRunsTests(PostgresServer postgres)
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Members_are_enrolled_who_neither_are_on_the_course_nor_completed_it(DatabaseKind kind)
    {
        await using var database = await TestDatabase.Create(kind, postgres);
        var given = new Given(database, Given.NewClock());
        var (first, second) = (given.Group("First"), given.Group("Second"));
        var (course, closed, other) = (given.Course("Safety"), given.Course("Closed", isOpen: false), given.Course("Other"));
        var rule = given.Rule([first, second], [course, closed]);
        Profile Member(Kind who, params Group[] groups)
        {
            var person = given.Person(who);
            Array.ForEach(groups, group => given.Member(person, group));
            return person;
        }

        var (fresh, both, expired) = (Member(Kind.Active, first), Member(Kind.Active, first, second), Member(Kind.Expired, second));
        var (withdrawn, runOut) = (Member(Kind.Active, first), Member(Kind.Active, first));
        given.Enrol(withdrawn, course, EnrolmentStatus.Withdrawn);
        given.Enrol(runOut, course, EnrolmentStatus.InProgress, expiresInDays: -1);
        given.Enrol(fresh, other, EnrolmentStatus.Completed);
        var (started, waiting, done) = (Member(Kind.Active, first), Member(Kind.Active, first), Member(Kind.Active, first));
        given.Enrol(started, course, EnrolmentStatus.InProgress);
        given.Enrol(waiting, course, EnrolmentStatus.AwaitingFeedback, expiresInDays: 0);
        given.Enrol(done, course, EnrolmentStatus.Completed);
        Member(Kind.Invited, first);
        Member(Kind.Archived, first);
        Member(Kind.Cancelled, first);
        given.Person(Kind.Active);
        await given.Save();

        var shown = await Preview(given, rule.Id);
        var ran = await Runs(given).Run(given.Admin, rule.Id, Ct);
        var again = await Runs(given).Run(given.Admin, rule.Id, Ct);

        CourseRun[] expected =
        [
            new(closed.Id, "Closed", false, 0, 0, 0, 0, 0),
            new(course.Id, "Safety", true, Enrolled: 5, HaveIt: 2, Completed: 1, NoSeat: 0, OnAcceptance: 1),
        ];
        Assert.Equal(expected, shown);
        Assert.Equal(expected, ran);
        Assert.Equal((0, 7), (again![1].Enrolled, again[1].HaveIt));
        await using var db = database.Open(given.Workspace);
        var made = await db.Enrolments.AsNoTracking().Where(e => e.RuleId == rule.Id).OrderBy(e => e.ProfileId).ToListAsync();
        Assert.Equal(
            [(fresh.Id, 1), (both.Id, 1), (expired.Id, 1), (withdrawn.Id, 2), (runOut.Id, 2)],
            made.Select(e => (e.ProfileId, e.Attempt))
        );
        Assert.All(
            made,
            e =>
                Assert.Equal(
                    (course.Id, EnrolmentStatus.NotStarted, given.Today, (long?)null),
                    (e.CourseId, e.Status, e.StartsOn, e.OperationId)
                )
        );
        var before = await db.Enrolments.SingleAsync(e => e.ProfileId == runOut.Id && e.Attempt == 1);
        Assert.Equal(EnrolmentStatus.Expired, before.Status);
        Assert.Equal(["rule.run", "rule.run"], await db.Audit.Select(entry => entry.Event).ToListAsync());
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_units_rule_reaches_the_units_below_and_seats_go_in_list_order(DatabaseKind kind)
    {
        await using var database = await TestDatabase.Create(kind, postgres);
        var given = new Given(database, Given.NewClock());
        var top = given.Unit("Sales");
        var below = given.Unit("North", given.Unit("Europe", top));
        var course = given.Course("Safety", seats: 3);
        var rule = given.UnitRule([top], [course]);
        given.Person(Kind.Active, "Zoe", "Zimmer", top);
        var first = given.Person(Kind.Active, "Ann", "Abel", below);
        var second = given.Person(Kind.Active, "Bo", "Baker", top);
        given.Person(Kind.Active, "Cy", "Able", given.Unit("Service"));
        given.Enrol(given.Person(Kind.Active), course, EnrolmentStatus.InProgress);
        await given.Save();

        var run = Assert.Single((await Runs(given).Run(given.Admin, rule.Id, Ct))!);

        Assert.Equal((2, 1), (run.Enrolled, run.NoSeat));
        await using var db = database.Open(given.Workspace);
        var enrolled = await db.Enrolments.Where(e => e.RuleId == rule.Id).Select(e => e.ProfileId).ToListAsync();
        Assert.Equal(new[] { first.Id, second.Id }.Order(), enrolled.Order());
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Run_many_times_at_once_it_enrols_everybody_once_and_gives_no_seat_twice(DatabaseKind kind)
    {
        await using var database = await TestDatabase.Create(kind, postgres);
        var given = new Given(database, Given.NewClock());
        var (crew, night) = (given.Group("Crew"), given.Group("Night"));
        var (free, limited) = (given.Course("Free"), given.Course("Limited", seats: 10));
        var (rule, other) = (given.Rule([crew], [free, limited]), given.Rule([crew, night], [limited, free]));
        foreach (var person in given.People(30))
        {
            given.Member(person, crew);
            given.Member(person, night);
        }

        await given.Save();

        var runs = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(i => Task.Run(() => Runs(given).Run(given.Admin, i % 2 == 0 ? rule.Id : other.Id, Ct)))
        );

        Assert.Equal(40, runs.Sum(run => run!.Sum(course => course.Enrolled)));
        await using var db = database.Open(given.Workspace);
        Assert.Equal(
            (30, 10),
            (await db.Enrolments.CountAsync(e => e.CourseId == free.Id), await db.Enrolments.CountAsync(e => e.CourseId == limited.Id))
        );
    }

    [Fact]
    public async Task A_rule_that_is_off_or_elsewhere_runs_on_nobody()
    {
        await using var database = await TestDatabase.Create(DatabaseKind.Sqlite, postgres);
        var given = new Given(database, Given.NewClock());
        var group = given.Group("Crew");
        given.Member(given.Person(Kind.Active), group);
        var off = given.Rule([group], [given.Course("Safety")], isActive: false);
        await given.Save();
        var elsewhere = new Given(database, given.Clock, workspace: 2);
        await elsewhere.Save();

        await Assert.ThrowsAsync<ConflictException>(() => Runs(given).Run(given.Admin, off.Id, Ct));
        Assert.Null(await Runs(given).Run(elsewhere.Admin, off.Id, Ct));
        await using var db = database.Open(given.Workspace);
        Assert.Equal((0, 0), (await db.Enrolments.CountAsync(), await db.Audit.CountAsync()));
    }

    [Fact]
    public async Task The_page_shows_the_numbers_and_says_when_they_have_moved()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        var tenant = await Tenant.Settle(site, "Lighthouse", workspace: 12, after: 5_000_000);
        using var admin = await site.SignedIn(tenant.Email("admin"));
        var rule = tenant.Rows("rules")[0]["id"];
        await using var db = site.Open(tenant.Id);
        await db.Enrolments.ExecuteDeleteAsync();
        var page = $"/w/{tenant.Id}/rules/{rule}/run";
        var shown = await admin.Get(page);
        var members = await db.Memberships.CountAsync(m => m.GroupId == tenant.Group.Id);
        Assert.Contains($"Make {members} enrolments", shown.Text, StringComparison.Ordinal);
        await db.Memberships.Where(m => m.ProfileId == tenant.Near.Id).ExecuteDeleteAsync();

        var sent = await admin.SendFrom(shown, page, "run");

        Assert.Equal(HttpStatusCode.Redirect, sent.Status);
        Assert.Equal(members - 1, await db.Enrolments.CountAsync());
        Assert.Contains("people or seats have moved since", (await admin.Get(sent.Location!)).Text, StringComparison.Ordinal);
    }

    private static RuleRuns Runs(Given given) => new(given.Database.Databases, given.Clock);

    private static async Task<IReadOnlyList<CourseRun>?> Preview(Given given, long rule)
    {
        await using var db = given.Database.Open(given.Workspace);
        return await Runs(given).Preview(db, await db.Workspaces.SingleAsync(w => w.Id == given.Workspace), rule, Ct);
    }
}
