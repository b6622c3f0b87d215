using System.Net;
using Microsoft.EntityFrameworkCore;
using Muster.Learning;
using Xunit;

namespace Muster.Tests;

public sealed class MyCoursesTests(PostgresServer postgres)
{
    private const string Ann = "ann@example.com";

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_learner_starts_and_completes_a_course(DatabaseKind kind)
    {
        await using var site = await TestSite.Start(kind, postgres);
        await using var db = site.Open();
        var profile = await site.AddPerson(Ann);
        var course = await JoiningRulesTests.AddCourse(db, "First aid");
        await JoiningRulesTests.Enrol(db, site, profile, course, EnrolmentStatus.NotStarted);
        using var visitor = await site.SignedIn(Ann);
        async Task<Enrolment> Stored() => await db.Enrolments.AsNoTracking().SingleAsync();

        var early = await visitor.Send("/w/1/my-courses", "attempt", ("complete", $"{course}.1"));
        Assert.Equal((HttpStatusCode.Redirect, EnrolmentStatus.NotStarted), (early.Status, (await Stored()).Status));

        await visitor.Send("/w/1/my-courses", "attempt", ("start", $"{course}.1"));
        Assert.Equal((EnrolmentStatus.InProgress, site.Now), ((await Stored()).Status, (await Stored()).StartedAt));
        Assert.Contains("Started: First aid.", (await visitor.Get("/w/1/my-courses")).Text, StringComparison.Ordinal);

        await visitor.Send("/w/1/my-courses", "attempt", ("complete", $"{course}.1"));
        Assert.Equal((EnrolmentStatus.Completed, site.Now), ((await Stored()).Status, (await Stored()).CompletedAt));
        Assert.Equal(
            ["enrolment.started", "enrolment.completed"],
            await db.Audit.OrderBy(entry => entry.Id).Select(entry => entry.Event).ToListAsync()
        );
    }

    [Fact]
    public async Task Status_follows_the_dates_and_only_what_is_possible_is_offered()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await using var db = site.Open();
        var profile = await site.AddPerson(Ann);
        async Task Add(string title, EnrolmentStatus status, DateOnly? expiresOn = null, DateOnly? startsOn = null) =>
            await JoiningRulesTests.Enrol(db, site, profile, await JoiningRulesTests.AddCourse(db, title), status, expiresOn, startsOn);
        await Add("Ready", EnrolmentStatus.NotStarted, new(2030, 5, 15));
        await Add("Later", EnrolmentStatus.NotStarted, startsOn: new(2030, 5, 16));
        await Add("Ran out", EnrolmentStatus.InProgress, new(2030, 5, 14));
        await Add("Marked", EnrolmentStatus.AwaitingFeedback);
        await Add("Under way", EnrolmentStatus.InProgress);
        await Add("Done", EnrolmentStatus.Completed);
        using var visitor = await site.SignedIn(Ann);

        var page = (await visitor.Get("/w/1/my-courses")).Page;
        var rows = page.QuerySelectorAll("tbody tr")
            .ToDictionary(
                row => row.QuerySelector(".lead")!.TextContent.Trim(),
                row => (row.QuerySelector(".pill")!.TextContent, row.QuerySelector("button")?.GetAttribute("name"))
            );

        Assert.Equal(("Not started", "start"), rows["Ready"]);
        Assert.Equal(("Deferred", null), rows["Later"]);
        Assert.Equal(("Expired", null), rows["Ran out"]);
        Assert.Equal(("Awaiting feedback", null), rows["Marked"]);
        Assert.Equal(("In progress", "complete"), rows["Under way"]);
        Assert.Equal(("Completed", null), rows["Done"]);
    }

    [Fact]
    public async Task Nobody_starts_what_is_not_theirs_or_not_open()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await using var db = site.Open();
        var mine = await site.AddPerson(Ann);
        var theirs = await site.AddPerson("bo@example.com");
        var course = await JoiningRulesTests.AddCourse(db, "First aid");
        var late = await JoiningRulesTests.AddCourse(db, "Ran out");
        await JoiningRulesTests.Enrol(db, site, theirs, course, EnrolmentStatus.NotStarted);
        await JoiningRulesTests.Enrol(db, site, mine, late, EnrolmentStatus.NotStarted, new(2030, 5, 14));
        using var visitor = await site.SignedIn(Ann);

        foreach (var key in new[] { $"{course}.1", $"{late}.1", "nonsense", "1.2.3" })
        {
            var answer = await visitor.Send("/w/1/my-courses", "attempt", ("start", key));
            Assert.Equal(HttpStatusCode.Redirect, answer.Status);
        }

        Assert.Equal(2, await db.Enrolments.CountAsync(e => e.Status == EnrolmentStatus.NotStarted));
        Assert.Equal(0, await db.Audit.CountAsync());
    }

    [Fact]
    public async Task People_put_their_own_name_right()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await using var db = site.Open();
        await site.AddPerson(Ann);
        using var visitor = await site.SignedIn(Ann);

        var refused = await visitor.Send("/w/1/my-profile", "rename", ("first-name", "Ann\u0007"), ("last-name", ""));
        var saved = await visitor.Send("/w/1/my-profile", "rename", ("first-name", "Änn"), ("last-name", "Ng"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal(HttpStatusCode.Redirect, saved.Status);
        var profile = await db.Profiles.AsNoTracking().SingleAsync();
        Assert.Equal(
            ("Änn", "Ng", "ng, ann", "ann ng ann@example.com"),
            (profile.FirstName, profile.LastName, profile.SortName, profile.SearchText)
        );
        Assert.Contains(
            "Änn Ng",
            (await visitor.Get("/w/1/my-profile")).Page.QuerySelector("header")!.TextContent,
            StringComparison.Ordinal
        );
    }
}
