using System.Net;
using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.People;
using Xunit;

namespace Muster.Tests;

public sealed class AcceptanceTests(PostgresServer postgres)
{
    private const string Bo = "bo@example.com";
    private const string Gone = "This invitation can no longer be used";

    private static readonly (string, string)[] Filled =
    [
        ("first-name", "Bo"),
        ("last-name", "Ström"),
        ("password", "a long enough password"),
        ("again", "a long enough password"),
    ];

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ACCOUNT-1")]
    public async Task An_invitation_makes_an_account_and_access_once(DatabaseKind kind)
    {
        await using var site = await TestSite.Start(kind, postgres);
        var (profileId, link) = await Invite(site, Bo);
        using var visitor = site.Visitor();
        using var second = site.Visitor();
        var opened = await second.Get(link);

        var accepted = await visitor.Send(link, "accept", Filled);
        var courses = await visitor.Get("/w/1/my-courses");
        var again = await second.SendFrom(opened, link, "accept", Filled);

        Assert.Equal((HttpStatusCode.Redirect, "/?to=1"), (accepted.Status, accepted.Location));
        Assert.Equal("My courses", courses.Heading);
        Assert.Contains("Welcome to Harbour Academy", courses.Text, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Redirect, link), (again.Status, again.Location));
        Assert.Equal(Gone, (await second.Get(link)).Heading);
        await using var db = site.Open();
        var profile = await db.Profiles.SingleAsync(p => p.Id == profileId);
        var invitation = await db.Invitations.SingleAsync();
        var account = await db.Users.SingleAsync();
        Assert.Equal((ProfileStatus.Active, account.Id), (profile.Status, profile.AccountId));
        Assert.Equal(
            ("Bo", "Ström", "strom, bo", "bo strom bo@example.com"),
            (profile.FirstName, profile.LastName, profile.SortName, profile.SearchText)
        );
        Assert.Equal((site.Now, site.Now), (profile.RegisteredAt, invitation.AcceptedAt));
        Assert.Null(profile.OperationId);
        var audit = await db.Audit.SingleAsync(entry => entry.Event == "invitation.accepted");
        Assert.Equal((account.Id, profileId), (audit.AccountId, audit.ProfileId));
        using var later = site.Visitor();
        Assert.Equal("/", (await later.SignIn(Bo, "a long enough password")).Location);
    }

    [Fact]
    public async Task The_page_keeps_its_address_to_itself()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        var (_, link) = await Invite(site, Bo);
        using var visitor = site.Visitor();

        var page = await visitor.Get(link);

        Assert.Equal("no-referrer", Assert.Single(page.Headers.GetValues("Referrer-Policy")));
        Assert.Contains("no-store", page.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Equal("Join Harbour Academy", page.Heading);
        Assert.Contains(Bo, page.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("expired", "It was valid until 2030-05-15 10:00.")]
    [InlineData("cancelled", "It was cancelled.")]
    [InlineData("archived", "It was cancelled.")]
    [InlineData("resent", "A newer e-mail has replaced it, or the link is incomplete.")]
    [InlineData("another workspace", "A newer e-mail has replaced it, or the link is incomplete.")]
    public async Task What_can_no_longer_be_used_says_so_and_changes_nothing(string why, string sentence)
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        var other = await site.AddWorkspace("Lighthouse");
        var (profileId, link) = await Invite(site, Bo);
        using var visitor = site.Visitor();
        var opened = await visitor.Get(link);
        await using var db = site.Open();
        var now = site.Now;
        var invitations = db.Invitations.Where(i => i.ProfileId == profileId);
        await (
            why switch
            {
                "expired" => invitations.ExecuteUpdateAsync(set => set.SetProperty(i => i.ExpiresAt, now)),
                "cancelled" => invitations.ExecuteUpdateAsync(set => set.SetProperty(i => i.CancelledAt, now)),
                "archived" => db.Profiles.ExecuteUpdateAsync(set => set.SetProperty(p => p.Status, ProfileStatus.Archived)),
                "resent" => invitations.ExecuteUpdateAsync(set => set.SetProperty(i => i.TokenHash, Secrets.Hash("newer"))),
                _ => Task.FromResult(0),
            }
        );
        if (why == "another workspace")
        {
            link = link.Replace("/1/", $"/{other}/", StringComparison.Ordinal);
        }

        var page = await visitor.Get(link);
        var sent = why == "another workspace" ? page : await visitor.SendFrom(opened, link, "accept", Filled);

        Assert.Equal((HttpStatusCode.Gone, Gone), (page.Status, page.Heading));
        Assert.Equal(why == "another workspace" ? HttpStatusCode.Gone : HttpStatusCode.Redirect, sent.Status);
        Assert.Contains(sentence, page.Page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(0, await db.Users.CountAsync());
        Assert.NotEqual(ProfileStatus.Active, (await db.Profiles.SingleAsync()).Status);
    }

    [Fact]
    public async Task An_unknown_token_and_a_replaced_one_get_the_same_page()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        var (bo, link) = await Invite(site, Bo);
        await using var db = site.Open();
        await db.Invitations.ExecuteUpdateAsync(set => set.SetProperty(i => i.TokenHash, Secrets.Hash("newer")));
        using var visitor = site.Visitor();

        var replaced = await visitor.Get(link);
        var (other, othersLink) = await Invite(site, "cy@example.org");
        foreach (
            var token in new[]
            {
                Secrets.Create(),
                Secrets.CreateFor(bo),
                // Somebody else's, said to be Bo's; and texts that are no token at all.
                Token(othersLink).Replace($"{other:x}.", $"{bo:x}.", StringComparison.Ordinal),
                Token(othersLink)[$"{other:x}.".Length..],
                $"{other:x}.",
                "ffffffffffffffffff.x",
            }
        )
        {
            var unknown = await visitor.Get("/invitation/1/" + token);

            Assert.Equal(replaced.Page.Body!.TextContent, unknown.Page.Body!.TextContent);
            Assert.Equal(replaced.Status, unknown.Status);
        }
    }

    [Fact]
    public async Task Wrong_input_is_named_and_the_invitation_stays_open()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        var (_, link) = await Invite(site, Bo);
        using var visitor = site.Visitor();

        var answer = await visitor.Send(
            link,
            "accept",
            ("first-name", " "),
            ("last-name", new string('x', 101)),
            ("password", "short"),
            ("again", "other")
        );
        var errors = answer.Page.QuerySelectorAll(".error-summary a").Select(a => a.GetAttribute("href"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Equal(["#first-name", "#last-name", "#password", "#again"], errors);
        Assert.DoesNotContain("short", answer.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.Send(link, "accept", Filled)).Status);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ACCOUNT-2")]
    public async Task An_address_with_an_account_must_sign_in_and_the_link_never_sets_its_password(DatabaseKind kind)
    {
        await using var site = await TestSite.Start(kind, postgres);
        await site.AddWorkspace("Lighthouse");
        var account = await site.AddAccount(Bo);
        await site.AddProfile(Bo, accountId: account, workspaceId: 2);
        var (profileId, link) = await Invite(site, Bo);
        using var visitor = site.Visitor();

        var asked = await visitor.Get(link);
        var signIn = asked.Page.QuerySelector("main a.button")!.GetAttribute("href")!;
        var back = await visitor.SignIn(Bo, TestSite.Password, signIn["/sign-in".Length..]);
        var joined = await visitor.Send(back.Location!, "join");

        Assert.Empty(asked.Page.QuerySelectorAll("main input[type=password]"));
        Assert.Equal(link, back.Location);
        Assert.Equal((HttpStatusCode.Redirect, "/?to=1"), (joined.Status, joined.Location));
        await using var db = site.Open();
        Assert.Equal(account, (await db.Profiles.SingleAsync(p => p.Id == profileId)).AccountId);
        Assert.Equal(1, await db.Users.CountAsync());
        using var later = site.Visitor();
        Assert.Equal(HttpStatusCode.Redirect, (await later.SignIn(Bo, TestSite.Password)).Status);
    }

    [Fact]
    public async Task A_form_opened_before_the_address_had_an_account_changes_nothing()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        var (profileId, link) = await Invite(site, Bo);
        using var visitor = site.Visitor();
        var opened = await visitor.Get(link);
        await site.AddAccount(Bo);

        var answer = await visitor.SendFrom(opened, link, "accept", Filled);

        Assert.Equal((HttpStatusCode.Redirect, link), (answer.Status, answer.Location));
        await using var db = site.Open();
        Assert.Equal(ProfileStatus.Invited, (await db.Profiles.SingleAsync(p => p.Id == profileId)).Status);
        using var later = site.Visitor();
        Assert.Equal(HttpStatusCode.Redirect, (await later.SignIn(Bo, TestSite.Password)).Status);
    }

    [Fact]
    public async Task Somebody_else_who_is_signed_in_cannot_accept()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddAccount(Bo);
        var eve = await site.AddAccount("eve@example.com");
        var (profileId, link) = await Invite(site, Bo);
        using var visitor = await site.SignedIn("eve@example.com");

        var page = await visitor.Get(link);
        await using var accepting = new Accepting(site);
        var result = await accepting.Acceptance.AcceptAs(1, Token(link), eve, null, CancellationToken.None);

        Assert.Contains("you are signed in with another one", page.Text, StringComparison.Ordinal);
        Assert.Null(result.Account);
        await using var db = site.Open();
        Assert.Equal(ProfileStatus.Invited, (await db.Profiles.SingleAsync(p => p.Id == profileId)).Status);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ACCOUNT-1")]
    public async Task Accepted_many_times_at_once_it_is_accepted_once(DatabaseKind kind)
    {
        await using var site = await TestSite.Start(kind, postgres);
        var (_, link) = await Invite(site, Bo);

        var results = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => Accepting.Once(site, Token(link)))));

        Assert.Single(results, result => result.Account is not null);
        await using var db = site.Open();
        Assert.Equal(1, await db.Users.CountAsync());
        Assert.Equal(1, await db.Audit.CountAsync(entry => entry.Event == "invitation.accepted"));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ACCOUNT-2")]
    public async Task Two_workspaces_accepted_at_once_make_one_account(DatabaseKind kind)
    {
        await using var site = await TestSite.Start(kind, postgres);
        await site.AddWorkspace("Lighthouse");
        var (_, first) = await Invite(site, Bo);
        var (_, second) = await Invite(site, Bo, workspaceId: 2);

        var results = await Task.WhenAll(
            Task.Run(() => Accepting.Once(site, Token(first))),
            Task.Run(() => Accepting.Once(site, Token(second), workspaceId: 2))
        );

        await using var db = site.Open();
        Assert.Equal(1, await db.Users.CountAsync());
        var accepted = Assert.Single(results, result => result.Account is not null);
        Assert.All(
            results.Where(result => result != accepted),
            result => Assert.Contains("Sign in", result.Problem, StringComparison.Ordinal)
        );
    }

    internal static string Token(string link) => link[(link.LastIndexOf('/') + 1)..];

    /// <summary>An invited profile and its link.</summary>
    internal static async Task<(long ProfileId, string Link)> Invite(TestSite site, string email, long workspaceId = 1, long? unitId = null)
    {
        var profileId = await site.AddProfile(email, status: ProfileStatus.Invited, workspaceId: workspaceId, unitId: unitId);
        var token = Secrets.CreateFor(profileId);
        await using var db = site.Open(workspaceId);
        db.Invitations.Add(
            new()
            {
                WorkspaceId = workspaceId,
                ProfileId = profileId,
                TokenHash = Secrets.Hash(token),
                SentCount = 1,
                LastSentAt = site.Now,
                ExpiresAt = site.Now.AddDays(30),
            }
        );
        await db.SaveChangesAsync();
        return (profileId, $"/invitation/{workspaceId}/{token}");
    }
}
