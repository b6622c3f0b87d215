using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.Learning;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>The attempts of a course as people see them: statuses follow the dates, whatever is stored.</summary>
public sealed class EnrolmentListTests(PostgresServer postgres)
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Pages_and_counts_agree_with_the_dates_for_every_status(DatabaseKind kind)
    {
        await using var database = await TestDatabase.Create(kind, postgres);
        var given = new Given(database, Given.NewClock());
        var course = await Everything(given);
        await using var db = database.Open(given.Workspace);
        var stored = await db.Enrolments.AsNoTracking().Where(e => e.CourseId == course.Id).ToListAsync();

        var counts = (await EnrolmentCounts.Read(db, given.Workspace, course.Id, given.Today, Ct))[course.Id];

        Assert.Equal(stored.Count, counts.All);
        Assert.Equal(
            await db.Enrolments.CountAsync(e =>
                e.CourseId == course.Id && e.Status < EnrolmentStatus.Completed && (e.ExpiresOn == null || e.ExpiresOn >= given.Today)
            ),
            counts.Open
        );
        foreach (var standing in Enum.GetValues<EnrolmentStanding>().Cast<EnrolmentStanding?>().Append(null))
        {
            var expected = stored.Where(e => standing is null || e.Standing(given.Today) == standing).Select(Key).Order().ToList();
            var listed = await Listed(given, course.Id, standing);
            Assert.NotEmpty(expected);
            Assert.Equal(expected, listed.Select(line => Key(line.Attempt)).Order());
            Assert.Equal(expected.Count, standing is { } one ? counts[one] : counts.All);
        }
    }

    [Fact]
    public async Task Looking_for_what_ran_out_reads_the_index_of_those_alone()
    {
        await using var database = await TestDatabase.Create(DatabaseKind.Sqlite, postgres);
        await using var db = database.Open(1);

        var plan = await Plan(db, RunOutAttempts.Of(db, 1, 2, new DateOnly(2026, 5, 4)).Select(e => 1));

        Assert.Contains("expires_on<?", plan[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Looking_for_the_open_attempts_of_people_reads_theirs_alone()
    {
        await using var database = await TestDatabase.Create(DatabaseKind.Sqlite, postgres);
        await using var db = database.Open(1);
        var open = db.Enrolments.OpenOn(1, new DateOnly(2026, 5, 4));

        var plan = await Plan(
            db,
            db.Profiles.Where(p => p.WorkspaceId == 1)
                .Select(p => new
                {
                    Count = open.Count(e => e.ProfileId == p.Id),
                    Which = open.Where(e => e.ProfileId == p.Id).Sum(e => (long?)e.CourseId),
                })
        );

        var reads = plan.Where(step => step.Contains("SEARCH e", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, reads.Count);
        Assert.All(reads, step => Assert.Contains("(workspace_id=? AND profile_id=?", step, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_courses_page_lists_filters_and_says_how_many_seats_are_left()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        var tenant = await Tenant.Settle(site, "Lighthouse", workspace: 12, after: 5_000_000);
        using var admin = await site.SignedIn(tenant.Email("admin"));
        var address = $"/w/{tenant.Id}/courses/{tenant.Course.Id}";

        var page = await admin.Get(address);
        var (started, none, nonsense) = (
            await admin.Get(address + "?status=inProgress"),
            await admin.Get(address + "?status=withdrawn"),
            await admin.Get(address + "?status=flying&after=x")
        );

        Assert.Matches(@"\d+ seats? used of 7, \d left", page.Text);
        Assert.Contains(
            started.Page.QuerySelectorAll("tbody tr"),
            row => row.TextContent.Contains(tenant.Near.Email, StringComparison.Ordinal)
        );
        Assert.All(started.Page.QuerySelectorAll("tbody .pill"), pill => Assert.Equal("In progress", pill.TextContent));
        Assert.Contains("No attempt at this course has this status.", none.Text, StringComparison.Ordinal);
        Assert.Equal(page.Page.QuerySelectorAll("tbody tr").Length, nonsense.Page.QuerySelectorAll("tbody tr").Length);
    }

    [Fact]
    public async Task The_interface_pages_through_a_course_and_lists_a_users_attempts()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        var tenant = await Tenant.Settle(site, "Lighthouse", workspace: 12, after: 5_000_000);
        using var program = await tenant.Token(ProfileRole.Admin);
        async Task<(HttpStatusCode Status, JsonElement Body)> Get(string path)
        {
            using var answer = await program.GetAsync($"/api/v1/workspaces/{tenant.Id}{path}");
            return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
        }

        var (course, users, after) = ($"/courses/{tenant.Course.Id}/enrolments?limit=1", new List<long>(), "");
        var (_, first) = await Get(course);
        do
        {
            var (_, page) = await Get(course + after);
            users.AddRange(page.GetProperty("enrolments").EnumerateArray().Select(e => e.GetProperty("user").GetProperty("id").GetInt64()));
            after = page.TryGetProperty("next", out var next) ? "&after=" + next.GetString() : null;
        } while (after is not null);

        await using var db = site.Open(tenant.Id);
        var stored = await db.Enrolments.Where(e => e.CourseId == tenant.Course.Id).Select(e => e.ProfileId).ToListAsync();
        Assert.Equal(stored.Order(), users.Order());
        Assert.Equal(stored.Count, first.GetProperty("counts").EnumerateObject().Sum(count => count.Value.GetInt64()));
        var (_, own) = await Get($"/users/{tenant.Near.Id}/enrolments");
        Assert.Equal("inProgress", own.GetProperty("enrolments").EnumerateArray().Last().GetProperty("status").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, (await Get(course + "&after=nonsense")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Get(course + "&status=flying")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Get("/courses/999/enrolments")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Get("/users/999/enrolments")).Status);
    }

    /// <summary>What SQLite, which has no statistics, would do for a query.</summary>
    private static async Task<List<string>> Plan<T>(MusterDb db, IQueryable<T> query)
    {
        // Without the lines that set parameters: a plan needs none.
        var lines = query.ToQueryString().Split('\n').Where(line => !line.StartsWith(".param", StringComparison.Ordinal));
        await db.Database.OpenConnectionAsync(Ct);
        await using var explain = db.Database.GetDbConnection().CreateCommand();
        explain.CommandText = "EXPLAIN QUERY PLAN " + string.Join('\n', lines);
        await using var plan = await explain.ExecuteReaderAsync(Ct);
        var steps = new List<string>();
        while (await plan.ReadAsync(Ct))
        {
            steps.Add(plan.GetString(3));
        }

        return steps;
    }

    /// <summary>Attempts stored in every status, that run out before, on and after today, or begin later.</summary>
    private static async Task<Course> Everything(Given given)
    {
        var course = given.Course("Safety");
        foreach (var status in Enum.GetValues<EnrolmentStatus>())
        {
            foreach (var expires in new int?[] { null, -1, 0, 1 })
            {
                given.Enrol(given.Person(Kind.Active), course, status, expires);
            }

            given.Enrol(given.Person(Kind.Active), course, status).StartsOn = given.Today.AddDays(1);
        }

        // Begins later and has run out already: a mistake of somebody's, and Expired.
        given.Enrol(given.Person(Kind.Active), course, EnrolmentStatus.NotStarted, -1).StartsOn = given.Today.AddDays(3);
        var often = given.Person(Kind.Active);
        given.Enrol(often, course, EnrolmentStatus.Completed);
        given.Enrol(often, course, EnrolmentStatus.Completed);
        given.Enrol(often, course, EnrolmentStatus.InProgress);
        await given.Save();
        return course;
    }

    /// <summary>Every page of two, one after the other.</summary>
    private static async Task<IReadOnlyList<EnrolmentLine>> Listed(Given given, long course, EnrolmentStanding? standing)
    {
        await using var db = given.Database.Open(given.Workspace);
        var all = new List<EnrolmentLine>();
        while (true)
        {
            var place = all.LastOrDefault()?.Place.ToString();
            var page = await EnrolmentList.OfCourse(
                db,
                given.Workspace,
                course,
                standing,
                EnrolmentPlace.TryParse(place, out var after) ? after : null,
                2,
                given.Today,
                Ct
            );
            if (page.Count == 0)
            {
                return all;
            }

            all.AddRange(page);
        }
    }

    private static string Key(Enrolment e) => $"{e.ProfileId}.{e.Attempt}";
}
