using System.Net;
using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>
/// What each role gets of every address of the running program: the lists here say it independently of the program, and whatever is not in them is
/// for Admins.
/// </summary>
public sealed class IsolationOfRolesTests(PostgresServer postgres)
{
    /// <summary>Everybody's own.</summary>
    private static readonly string[] ForLearners = ["/my-courses", "/my-profile"];

    /// <summary>Home, the people of their units, the course list to read, and the operations they began themselves: none here.</summary>
    private static readonly string[] ForManagers = [.. ForLearners, "", "/users", "/users/{id:long}", "/courses", "/operations"];

    /// <summary>What Managers may start, from a course.</summary>
    private static readonly string[] ActionsForManagers = ["enrol-to-course", "withdraw-from-course"];

    [Theory]
    [InlineData("learner")]
    [InlineData("manager")]
    public async Task A_page_or_form_above_ones_role_is_refused_and_one_of_another_workspace_is_not_there(string who)
    {
        await using var tenants = await TwoTenants.Start(DatabaseKind.Sqlite, postgres);
        var (own, foreign) = (tenants.Own, tenants.Foreign);
        var caller = await TwoTenants.SignedIn(own, who);
        var form = await TwoTenants.AnyForm(caller, own);
        string[] open = who == "learner" ? ForLearners : ForManagers;
        var (refused, elsewhere, granted) = (new List<Reply>(), new List<Reply>(), new List<Reply>());
        var (before, theirs) = (await own.Dump(), await foreign.Dump());

        foreach (var address in Pages(tenants))
        {
            foreach (var path in address.Paths(foreign, foreign))
            {
                elsewhere.Add(await tenants.Ask(address, path, foreign, form, caller));
            }

            foreach (var path in address.Paths(own, own))
            {
                var reply = await tenants.Ask(address, path, own, form, caller);
                var list =
                    who == "manager" && address.Route.StartsWith("/operations/{id:long}", StringComparison.Ordinal) ? elsewhere
                    : open.Contains(address.Route) || (who == "manager" && IsOfTheirs(path)) ? granted
                    : refused;
                list.Add(reply);
            }
        }

        // Only the page itself knows which action it is for, and a form that it does not draw is out of date before that.
        TwoTenants.None(
            refused.Where(reply =>
                who == "manager" && reply.Asked.Contains($" /w/{own.Id}/bulk/", StringComparison.Ordinal)
                    ? reply.Status is not (HttpStatusCode.Forbidden or HttpStatusCode.BadRequest)
                    : reply.Status != HttpStatusCode.Forbidden || reply.Shows(own.Word)
            )
        );
        tenants.AssertNothing(elsewhere);
        // A post that is no form of the page is out of date; a person of no managed unit is not there.
        TwoTenants.None(
            granted.Where(reply =>
                reply.Status != HttpStatusCode.OK
                && !(reply.Status == HttpStatusCode.BadRequest && reply.Asked.StartsWith("POST", StringComparison.Ordinal))
                && !(
                    reply.Status == HttpStatusCode.NotFound
                    && reply.Asked.EndsWith($"/users/{own.Rows("users")[1].Id}", StringComparison.Ordinal)
                )
            )
        );
        Assert.Contains(granted, reply => reply.Status == HttpStatusCode.OK);
        Assert.Equal("", Dump.Difference(before, await own.Dump()));
        Assert.Equal("", Dump.Difference(theirs, await foreign.Dump()));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{who}: {granted.Count} granted, {refused.Count} refused, {elsewhere.Count} elsewhere"
        );
    }

    private static bool IsOfTheirs(string path) =>
        ActionsForManagers.Any(key =>
            path.EndsWith($"/bulk/{key}", StringComparison.Ordinal) || path.EndsWith($"/bulk/{key}/template.xlsx", StringComparison.Ordinal)
        );

    [Theory]
    [InlineData("nobody")]
    [InlineData("token")]
    public async Task Without_a_sign_in_every_page_and_form_leads_to_the_sign_in_page(string who)
    {
        await using var tenants = await TwoTenants.Start(DatabaseKind.Sqlite, postgres);
        // A token is no way into pages.
        var caller = who == "token" ? tenants.Program : new(tenants.Site.Visitor().Client);
        var replies = new List<Reply>();

        foreach (var address in Pages(tenants))
        {
            foreach (var path in address.Paths(tenants.Own, tenants.Own))
            {
                replies.Add(await tenants.Ask(address, path, tenants.Own, null, caller));
            }
        }

        TwoTenants.None(
            replies.Where(reply =>
                reply.Status != HttpStatusCode.Redirect
                || reply.Location?.Contains("/sign-in?return=", StringComparison.Ordinal) != true
                || reply.Shows(tenants.Own.Word)
            )
        );
    }

    [Theory]
    [InlineData("nobody", HttpStatusCode.Unauthorized)]
    [InlineData("cookie", HttpStatusCode.Unauthorized)]
    [InlineData("revoked", HttpStatusCode.Unauthorized)]
    [InlineData("expired", HttpStatusCode.Unauthorized)]
    [InlineData("made-up", HttpStatusCode.Unauthorized)]
    [InlineData("learner", HttpStatusCode.Forbidden)]
    [InlineData("manager", HttpStatusCode.Forbidden)]
    [InlineData("of the other workspace", HttpStatusCode.NotFound)]
    public async Task The_interface_takes_nothing_but_an_admins_token_of_its_workspace(string with, HttpStatusCode expected)
    {
        await using var tenants = await TwoTenants.Start(DatabaseKind.Sqlite, postgres);
        var own = tenants.Own;
        var caller = await With(with, tenants);
        var before = await own.Dump();
        var replies = new List<Reply>();

        foreach (var address in Address.All(tenants.Site).Where(address => address is { IsInWorkspace: true, IsApi: true }))
        {
            foreach (var path in address.Paths(own, own))
            {
                replies.Add(await tenants.Ask(address, path, own, null, caller));
            }
        }

        TwoTenants.None(replies.Where(reply => reply.Status != expected || reply.Shows(own.Word)));
        Assert.Equal("", Dump.Difference(before, await own.Dump()));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("MANAGER-1")]
    public async Task A_manager_reads_of_nobody_and_nothing_outside_the_managed_units(DatabaseKind kind)
    {
        await using var tenants = await TwoTenants.Start(kind, postgres);
        var own = tenants.Own;
        var caller = await TwoTenants.SignedIn(own, "manager");
        // Of the six without a unit: an e-mail address holds the id, so it names exactly one person.
        var hidden = own.Others.Select(person => person.Email).Append(own.Email("admin")).ToList();
        var (near, far) = (own.Near.Id, own.Others[0].Id);
        string[] queries =
        [
            "",
            "?status=all",
            "?sort=desc&status=all",
            $"?status=all&search={own.Word}",
            $"?status=all&unit={own.Top.Id}",
            $"?status=all&unit={own.Unit.Id}",
            $"?status=all&group={own.Group.Id}",
            $"?status=all&after={far}",
            $"?status=all&before={far}",
            $"?status=all&after={near}",
            "?status=all&role=admin",
            "?for=archive-profiles",
            "?filtered=1",
        ];
        var replies = new List<Reply>();
        foreach (var query in queries)
        {
            replies.Add(await caller.Send("GET", $"/w/{own.Id}/users{query}"));
        }

        foreach (var path in new[] { "", "/courses", $"/users/{near}", "/my-courses", "/my-profile" })
        {
            replies.Add(await caller.Send("GET", $"/w/{own.Id}{path}"));
        }

        TwoTenants.None(replies.Where(reply => reply.Status != HttpStatusCode.OK || hidden.Exists(reply.Shows)));
        TwoTenants.None(replies.Where(reply => reply.Text.Contains("href=\"/w/11/operations/", StringComparison.Ordinal)));
        Assert.True(replies[0].Shows(own.Near.Email));
        // Somebody out of sight is no place in this reader's list, which would tell that they are there and between whom they stand.
        Assert.DoesNotContain("after=", replies[8].Text, StringComparison.Ordinal);
        // The filters offer the managed units and their people's groups; the rest of the tree is for Admins.
        Assert.True(replies[0].Shows(own.Unit.Name) && replies[0].Shows(own.Group.Name));
        // Only the path of a managed unit, where it is filtered by, names those above it.
        var others = replies.Take(queries.Length).Where((_, i) => !queries[i].EndsWith($"unit={own.Unit.Id}", StringComparison.Ordinal));
        TwoTenants.None(others.Where(reply => reply.Shows(own.Top.Name) || reply.Shows($"{own.Word} Choir")));
    }

    [Fact]
    public async Task A_stream_ends_within_five_seconds_of_its_readers_rights()
    {
        await using var tenants = await TwoTenants.Start(DatabaseKind.Sqlite, postgres);
        var own = tenants.Own;
        var path = new Uri($"/w/{own.Id}/operations/{own.Operations["paused"]}/events", UriKind.Relative);
        using var answer = await tenants.Browser.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[4096];
        Assert.NotEqual(0, await stream.ReadAsync(buffer));

        await using var db = tenants.Site.Open(own.Id);
        var admin = own.Email("admin");
        await db.Profiles.Where(p => p.EmailKey == admin).ExecuteUpdateAsync(set => set.SetProperty(p => p.Role, ProfileRole.Learner));
        var beats = 0;
        Task<int> next;
        do
        {
            next = stream.ReadAsync(buffer).AsTask();
            // The server looks at the clock half a second after it last wrote, by the test's clock.
            for (; !next.IsCompleted && beats < 10; beats++)
            {
                tenants.Site.Clock.Advance(TimeSpan.FromMilliseconds(500));
                await Task.WhenAny(next, Task.Delay(500));
            }
        } while (await next.WaitAsync(TimeSpan.FromSeconds(30)) > 0);

        Assert.InRange(beats, 1, 10);
    }

    private static IEnumerable<Address> Pages(TwoTenants tenants) =>
        Address.All(tenants.Site).Where(address => address is { IsInWorkspace: true, IsApi: false });

    private static async Task<Caller> With(string what, TwoTenants tenants)
    {
        var own = tenants.Own;
        switch (what)
        {
            case "cookie":
                return tenants.Browser;
            case "learner":
                return new(await own.Token(ProfileRole.Learner));
            case "manager":
                return new(await own.Token(ProfileRole.Manager));
            case "of the other workspace":
                return new(await tenants.Foreign.Token(ProfileRole.Admin));
            case "revoked":
                return new(await own.Token(ProfileRole.Admin, "Retired", revoked: true));
            case "expired":
                return new(await own.Token(ProfileRole.Admin, "Old", expiresAt: tenants.Site.Now.AddSeconds(-1)));
            case "made-up":
                var client = tenants.Site.Visitor().Client;
                client.DefaultRequestHeaders.Authorization = new("Bearer", $"mst_{own.Id}_{Secrets.Create()}");
                return new(client);
            default:
                return new(tenants.Site.Visitor().Client);
        }
    }
}
