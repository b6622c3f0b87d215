using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Muster.Access;
using Muster.People;
using Xunit;

namespace Muster.Tests;

public sealed class WorkspaceGateTests(PostgresServer postgres)
{
    private const string Ann = "ann@example.com";

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Another_workspace_and_one_that_does_not_exist_look_alike(DatabaseKind kind)
    {
        await using var site = await TestSite.Start(kind, postgres);
        var other = await site.AddWorkspace("Lighthouse");
        await site.AddPerson(Ann, ProfileRole.Admin);
        using var visitor = await site.SignedIn(Ann);

        var foreign = await visitor.Get($"/w/{other}/my-courses");
        var missing = await visitor.Get("/w/999/my-courses");

        Assert.Equal(HttpStatusCode.NotFound, foreign.Status);
        Assert.Equal(HttpStatusCode.NotFound, missing.Status);
        Assert.Equal("There is nothing here", foreign.Heading);
        Assert.Equal(foreign.Page.Body!.TextContent, missing.Page.Body!.TextContent);
        Assert.DoesNotContain("Lighthouse", foreign.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signed_out_every_workspace_answers_with_the_sign_in_page()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        using var visitor = site.Visitor();

        var there = await visitor.Get("/w/1/my-courses");
        var missing = await visitor.Get("/w/999/my-courses");

        Assert.Equal((HttpStatusCode.Redirect, "/sign-in?return=%2Fw%2F1%2Fmy-courses"), (there.Status, there.Location));
        Assert.Equal((HttpStatusCode.Redirect, "/sign-in?return=%2Fw%2F999%2Fmy-courses"), (missing.Status, missing.Location));
    }

    [Theory]
    [InlineData(ProfileStatus.Archived, null)]
    [InlineData(ProfileStatus.Active, "2030-05-14")]
    public async Task Whoever_is_archived_or_expires_is_refused_from_the_next_request_on(ProfileStatus status, string? expiresOn)
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        var profile = await site.AddPerson(Ann);
        using var visitor = await site.SignedIn(Ann);
        Assert.Equal(HttpStatusCode.OK, (await visitor.Get("/w/1/my-courses")).Status);

        await using var db = site.Open();
        var day = expiresOn is null ? (DateOnly?)null : DateOnly.Parse(expiresOn, System.Globalization.CultureInfo.InvariantCulture);
        await db
            .Profiles.Where(p => p.Id == profile)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.Status, status).SetProperty(p => p.ExpiresOn, day));

        Assert.Equal(HttpStatusCode.NotFound, (await visitor.Get("/w/1/my-courses")).Status);
        Assert.Contains("You are in no workspace", (await visitor.Get("/")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_day_of_access_counts_in_the_workspaces_zone()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        var profile = await site.AddPerson(Ann);
        using var visitor = await site.SignedIn(Ann);
        await using var db = site.Open();
        await db
            .Profiles.Where(p => p.Id == profile)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.ExpiresOn, new DateOnly(2030, 5, 15)));

        // 10:00 UTC: the 15th in Honolulu still, in Kiritimati the 16th already.
        await db.Workspaces.ExecuteUpdateAsync(set => set.SetProperty(w => w.TimeZone, "Pacific/Honolulu"));
        Assert.Equal(HttpStatusCode.OK, (await visitor.Get("/w/1/my-courses")).Status);
        await db.Workspaces.ExecuteUpdateAsync(set => set.SetProperty(w => w.TimeZone, "Pacific/Kiritimati"));
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.Get("/w/1/my-courses")).Status);
    }

    [Fact]
    public async Task A_site_admin_enters_every_workspace_and_sees_all_of_them()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddWorkspace("Lighthouse");
        await site.AddAccount(Ann, isSiteAdmin: true);
        using var visitor = await site.SignedIn(Ann);

        var start = await visitor.Get("/");

        Assert.Contains("Harbour Academy", start.Text, StringComparison.Ordinal);
        Assert.Contains("Lighthouse", start.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await visitor.Get("/w/2/my-profile")).Status);
    }

    [Fact]
    public async Task Somebody_in_two_workspaces_chooses_and_sees_only_those()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        var second = await site.AddWorkspace("Lighthouse");
        await site.AddWorkspace("Foreign");
        var account = await site.AddAccount(Ann);
        await site.AddProfile(Ann, accountId: account);
        await site.AddProfile(Ann, accountId: account, workspaceId: second);
        using var visitor = await site.SignedIn(Ann);

        var start = await visitor.Get("/");
        var links = start.Page.QuerySelectorAll("td a").Select(a => a.GetAttribute("href"));

        Assert.Equal(["/w/1/my-courses", "/w/2/my-courses"], links);
        Assert.Equal("/w/2/my-courses", (await visitor.Get("/?to=2")).Location);
    }

    [Theory]
    [InlineData(ProfileRole.Learner)]
    [InlineData(ProfileRole.Manager)]
    public async Task A_page_above_ones_role_is_refused_in_words_with_a_way_back(ProfileRole role)
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddPerson(Ann, role);
        using var visitor = await site.SignedIn(Ann);
        var pages = Pages(site).ToList();
        Assert.NotEmpty(pages);

        foreach (var (path, least) in pages)
        {
            var answer = await visitor.Get(path);
            if (least > Actor.RankOf(role))
            {
                Assert.Equal((path, HttpStatusCode.Forbidden), (path, answer.Status));
                Assert.Equal("This page is for administrators", answer.Heading);
                Assert.Equal("/", answer.Page.QuerySelector("main a.button")?.GetAttribute("href"));
            }
            else
            {
                Assert.NotEqual((path, HttpStatusCode.Forbidden), (path, answer.Status));
            }
        }
    }

    [Fact]
    public async Task Every_address_asks_for_somebody_or_says_that_it_does_not()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);

        var silent = Endpoints(site)
            .Where(endpoint =>
                endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null && endpoint.Metadata.GetMetadata<IAuthorizeData>() is null
            )
            // Files of an unpublished build; they are files, not pages.
            .Where(endpoint => endpoint.RoutePattern.RawText != "{**path:file}")
            .Select(endpoint => endpoint.RoutePattern.RawText);

        Assert.Empty(silent);
    }

    [Fact]
    public async Task Every_address_of_a_workspace_says_which_role_it_is_for()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        string[] known = [Policies.WorkspaceMember, Policies.WorkspaceManager, Policies.WorkspaceAdmin, Policies.SiteAdmin];

        var silent = Endpoints(site)
            .Where(endpoint => endpoint.RoutePattern.Parameters.Any(p => p.Name is "ws" or "Ws" or "workspace" or "Workspace"))
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
            .Where(endpoint => !endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(data => known.Contains(data.Policy)))
            .Select(endpoint => endpoint.RoutePattern.RawText);

        Assert.Empty(silent);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Being_here_is_noted_at_most_every_five_minutes(DatabaseKind kind)
    {
        await using var site = await TestSite.Start(kind, postgres);
        var profile = await site.AddPerson(Ann);
        using var visitor = await site.SignedIn(Ann);
        await using var db = site.Open();
        async Task<DateTime?> LastActive() => await db.Profiles.Where(p => p.Id == profile).Select(p => p.LastActiveAt).SingleAsync();

        var first = site.Now;
        await visitor.Get("/w/1/my-courses");
        await Until(site, async () => await LastActive() == first);

        site.Clock.Advance(TimeSpan.FromMinutes(4));
        await visitor.Get("/w/1/my-courses");
        site.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(first, await LastActive());

        site.Clock.Advance(TimeSpan.FromMinutes(2));
        var second = site.Now;
        await visitor.Get("/w/1/my-courses");
        await Until(site, async () => await LastActive() == second);
    }

    private static async Task Until(TestSite site, Func<Task<bool>> holds)
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            site.Clock.Advance(TimeSpan.FromMilliseconds(1));
            if (await holds())
            {
                return;
            }

            site.Clock.Advance(TimeSpan.FromMilliseconds(999));
            await Task.Delay(10);
        }

        Assert.Fail("It did not come true");
    }

    private static IEnumerable<RouteEndpoint> Endpoints(TestSite site) =>
        site.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    /// <summary>The pages of a workspace that need nothing else in their address, with the rank they ask for.</summary>
    private static IEnumerable<(string Path, Rank Least)> Pages(TestSite site) =>
        from endpoint in Endpoints(site)
        let path = endpoint.RoutePattern.RawText ?? ""
        where path.StartsWith("/w/", StringComparison.Ordinal) && endpoint.RoutePattern.Parameters.Count == 1
        where endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") is not false
        select (
            $"/w/1{path[(path.IndexOf('}', StringComparison.Ordinal) + 1)..]}",
            endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Max(data => RankOf(data.Policy))
        );

    private static Rank RankOf(string? policy) =>
        policy switch
        {
            Policies.WorkspaceManager => Rank.Manager,
            Policies.WorkspaceAdmin => Rank.Admin,
            Policies.SiteAdmin => Rank.SiteAdmin,
            _ => Rank.Learner,
        };
}
