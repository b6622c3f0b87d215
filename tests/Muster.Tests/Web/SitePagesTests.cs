using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Muster.Access;
using Muster.Bulk;
using Muster.Data;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>What Site Admins do about workspaces and about each other, and one account in several workspaces.</summary>
public sealed class SitePagesTests(PostgresServer postgres)
{
    private const string Boss = "boss@example.com";
    private const string Ann = "ann@example.com";
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_workspace_is_made_with_a_name_and_a_time_zone_and_renamed(DatabaseKind kind)
    {
        await using var site = await TestSite.Start(kind, postgres);
        await site.AddAccount(Boss, isSiteAdmin: true);
        using var boss = await site.SignedIn(Boss);
        const string page = "/site/workspaces/new";

        var made = await boss.Send(page, "save", ("name", " Lighthouse "), ("timeZone", "Europe/London"));
        Assert.Equal(HttpStatusCode.Redirect, made.Status);
        Assert.Equal("Lighthouse", (await boss.Get(made.Location!)).Heading);
        var id = long.Parse(made.Location!["/w/".Length..], CultureInfo.InvariantCulture);
        foreach (
            var (name, zone, says) in new[]
            {
                ("", "Etc/UTC", "Enter a name for the workspace."),
                ("LIGHTHOUSE", "Etc/UTC", "There is a workspace of this name already"),
                ("Another", "London", "Enter a time zone by its IANA name"),
                (new string('n', 101), "Etc/UTC", "at most 100 characters"),
            }
        )
        {
            var refused = await boss.Send(page, "save", ("name", name), ("timeZone", zone));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
            Assert.Contains(says, refused.Text, StringComparison.Ordinal);
        }

        var taken = await boss.Send($"/site/workspaces/{id}", "save", ("name", "Harbour Academy"));
        var renamed = await boss.Send($"/site/workspaces/{id}", "save", ("name", "Beacon"));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.Redirect), (taken.Status, renamed.Status));
        Assert.Equal(HttpStatusCode.NotFound, (await boss.Get("/site/workspaces/99")).Status);
        await using var db = site.Open(id);
        var stored = await db.Workspaces.SingleAsync(w => w.Id == id);
        Assert.Equal(("Beacon", "Europe/London", site.Now), (stored.Name, stored.TimeZone, stored.CreatedAt));
        Assert.Equal(["workspace.made", "workspace.renamed"], await db.Audit.OrderBy(a => a.Id).Select(a => a.Event).ToListAsync());
        Assert.Equal(2, await db.Workspaces.CountAsync());
    }

    [Fact]
    public async Task A_time_zone_is_kept_by_its_own_name_however_it_was_typed()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddAccount(Boss, isSiteAdmin: true);
        using var boss = await site.SignedIn(Boss);

        var small = await boss.Send("/site/workspaces/new", "save", ("name", "Small letters"), ("timeZone", "europe/london"));
        Assert.Equal(HttpStatusCode.Redirect, small.Status);
        // As the settings page knows it, which saves all there is.
        Assert.Equal(HttpStatusCode.Redirect, (await boss.Send(small.Location + "/settings", "save", SettingsOf("Small letters"))).Status);
    }

    [Fact]
    public async Task The_list_counts_people_and_courses_of_each_workspace()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddAccount(Boss, isSiteAdmin: true);
        var other = await site.AddWorkspace("Beacon");
        await site.AddProfile("a@example.com");
        await site.AddProfile("b@example.com", status: ProfileStatus.Invited);
        await site.AddProfile("c@example.com", status: ProfileStatus.Archived);
        await site.AddProfile("d@example.com", status: ProfileStatus.Cancelled);
        await site.AddProfile("e@example.com", workspaceId: other);
        await using var db = site.Open();
        await JoiningRulesTests.AddCourse(db, "First aid");

        var lines = await SiteWorkspaces.All(db, Ct);

        Assert.Equal(
            [("Beacon", 1, 0, 0), ("Harbour Academy", 2, 1, 1)],
            lines.Select(line => (line.Workspace.Name, line.Users, line.Archived, line.Courses))
        );
        using var boss = await site.SignedIn(Boss);
        Assert.Contains("Beacon", (await boss.Get("/site/workspaces")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_Site_Admins_find_the_pages_of_the_site()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddPerson(Ann, ProfileRole.Admin);
        await site.AddAccount(Boss, isSiteAdmin: true);
        using var nobody = site.Visitor();
        using var ann = await site.SignedIn(Ann);
        using var boss = await site.SignedIn(Boss);
        foreach (var page in new[] { "/site/workspaces", "/site/workspaces/new", "/site/workspaces/1", "/site/admins" })
        {
            Assert.Equal(HttpStatusCode.Redirect, (await nobody.Get(page)).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await ann.Get(page)).Status);
            Assert.Contains("href=\"/site/admins\"", (await boss.Get(page)).Text, StringComparison.Ordinal);
        }

        // Beside the workspace's own pages too, and for nobody else.
        Assert.Contains("href=\"/site/workspaces\"", (await boss.Get("/w/1/users")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("/site/", (await ann.Get("/w/1/users")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Site_Admins_are_added_by_the_address_of_their_account_and_removed_by_another()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        var boss = await site.AddAccount(Boss, isSiteAdmin: true);
        await site.AddPerson(Ann);
        using var first = await site.SignedIn(Boss);
        using var second = await site.SignedIn(Ann);
        const string page = "/site/admins";
        Task<Answer> Add(string email) => first.Send(page, "save", ("email", email));

        Assert.Contains("No account has this address", (await Add("nobody@example.com")).Text, StringComparison.Ordinal);
        Assert.Contains("Enter the e-mail address", (await Add("")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await Add(" ANN@example.com ")).Status);
        Assert.Contains("a Site Admin already", (await Add(Ann)).Text, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.OK, (await second.Get(page)).Status);
        await second.Send(page, "remove", ("account", $"{boss}"));
        Assert.Equal(HttpStatusCode.Forbidden, (await first.Get(page)).Status);
        await using var db = site.Open(IdBlock.Site);
        var ann = await db.Users.Where(a => a.IsSiteAdmin).Select(a => a.Id).SingleAsync();
        await second.Send(page, "remove", ("account", $"{ann}"));
        Assert.Contains("You cannot remove yourself", (await second.Get(page)).Text, StringComparison.Ordinal);
        Assert.Equal(["site-admin.added", "site-admin.removed"], await db.Audit.OrderBy(a => a.Id).Select(a => a.Event).ToListAsync());
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Two_who_remove_each_other_at_once_leave_one(DatabaseKind kind)
    {
        await using var site = await TestSite.Start(kind, postgres);
        long[] both = [await site.AddAccount(Boss, isSiteAdmin: true), await site.AddAccount(Ann, isSiteAdmin: true)];
        var edits = new SiteAdminEdits(site.Database.Databases, site.Services.GetRequiredService<ILookupNormalizer>(), site.Clock);
        async Task<bool> Remove(long by, long whom)
        {
            try
            {
                var actor = new Actor(IdBlock.Site, Rank.SiteAdmin, by, null, null);
                return await edits.Remove(new Requester(actor, OperationSource.Web, null), whom, Ct);
            }
            catch (ConflictException)
            {
                return false;
            }
        }

        var removed = await Task.WhenAll(Task.Run(() => Remove(both[0], both[1])), Task.Run(() => Remove(both[1], both[0])));

        Assert.Single(removed, done => done);
        await using var db = site.Open(IdBlock.Site);
        Assert.Equal(1, await db.Users.CountAsync(a => a.IsSiteAdmin));
    }

    [Fact]
    public async Task One_account_has_the_role_of_each_workspace_there_and_keeps_one_when_archived_in_the_other()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        var (beacon, cove) = (await site.AddWorkspace("Beacon"), await site.AddWorkspace("Cove"));
        var account = await site.AddAccount(Ann);
        await site.AddProfile(Ann, ProfileRole.Admin, accountId: account);
        await site.AddProfile(Ann, accountId: account, workspaceId: beacon);
        using var ann = await site.SignedIn(Ann);
        async Task<List<string>> Choices() =>
            [
                .. (await ann.Get("/?choose=1"))
                    .Page.QuerySelectorAll("tbody tr")
                    .Select(row => string.Join(' ', row.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))),
            ];

        Assert.Equal(["Beacon Learner", "Harbour Academy Admin"], await Choices());
        foreach (var page in new[] { "/w/1/users", "/w/1/my-profile", $"/w/{beacon}/my-courses", $"/w/{beacon}/my-profile", "/?choose=1" })
        {
            Assert.Contains("href=\"/?choose=1\"", (await ann.Get(page)).Text, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.OK, (await ann.Get("/w/1/users")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await ann.Get($"/w/{beacon}/users")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await ann.Get($"/w/{cove}/users")).Status);

        await using (var db = site.Open())
        {
            await db.Profiles.ExecuteUpdateAsync(set => set.SetProperty(p => p.Status, ProfileStatus.Archived));
        }

        Assert.Equal(["Beacon Learner"], await Choices());
        Assert.Equal(HttpStatusCode.NotFound, (await ann.Get("/w/1/users")).Status);
        Assert.Equal(HttpStatusCode.OK, (await ann.Get($"/w/{beacon}/my-courses")).Status);
    }

    private static (string, string)[] SettingsOf(string name) =>
        [
            ("name", name),
            ("timeZone", "Europe/London"),
            ("thresholdUsers", "500"),
            ("thresholdPercent", "20"),
            ("thresholdMinimum", "20"),
            ("invitationDays", "30"),
            ("resendMinutes", "10"),
            ("retentionDays", "400"),
        ];
}
