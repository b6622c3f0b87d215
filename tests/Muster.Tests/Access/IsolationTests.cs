using System.Net;
using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Xunit;

namespace Muster.Tests;

/// <summary>
/// Two workspaces on one site: no page, call or form of the one sees or changes the other. The addresses are those of the running program, so that
/// a new one is tried by itself, or fails here until somebody says what its parts mean.
/// </summary>
public sealed class IsolationTests(PostgresServer postgres)
{
    /// <summary>What lies outside every workspace and shows none: looked at by hand, one by one.</summary>
    private static readonly string[] Outside =
    [
        "GET /", // The reader's own workspaces.
        "POST /",
        "GET /site/admins", // Site Admins only, these and the next.
        "POST /site/admins",
        "GET /site/workspaces",
        "POST /site/workspaces",
        "GET /site/workspaces/new",
        "POST /site/workspaces/new",
        "GET /site/workspaces/{id:long}",
        "POST /site/workspaces/{id:long}",
        "GET /sign-in",
        "POST /sign-in",
        "POST /sign-out",
        "GET /invitation/{Ws:long}/{Token}", // The token is the right.
        "POST /invitation/{Ws:long}/{Token}",
        "POST /theme",
        "GET /error",
        "POST /error",
        "GET /not-found",
        "POST /not-found",
        "GET /refused/{Code:int}",
        "POST /refused/{Code:int}",
        "GET /healthz",
        "GET /readyz",
        "GET /openapi/{documentName}.json",
        "GET /_framework/opaque-redirect", // The framework's own; it goes on to an address that we protected.
        "GET /api/v1/actions", // The same everywhere, and in the handbook.
    ];

    /// <summary>Answers in which even their own Admin reads no name.</summary>
    private static readonly string[] Nameless = ["GET /operations/{id:long}/events", "GET /operations/{id:long}/progress"];

    [Fact]
    public async Task Every_address_is_of_a_workspace_or_known_to_be_of_none()
    {
        await using var tenants = await TwoTenants.Start(DatabaseKind.Sqlite, postgres);

        Assert.Equal(
            Outside.Order(StringComparer.Ordinal),
            Address
                .All(tenants.Site)
                .Where(address => !address.IsInWorkspace && address.Route != "/{**path:file}")
                .Select(address => $"{address.Method} {address.Route}")
                .Distinct()
                .Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Nothing_of_another_workspace_is_there_under_its_address_or_ones_own(DatabaseKind kind)
    {
        await using var tenants = await TwoTenants.Start(kind, postgres);
        var (own, foreign) = (tenants.Own, tenants.Foreign);
        var addresses = Address.All(tenants.Site).Where(address => address.IsInWorkspace).ToList();
        var before = await foreign.Dump();
        var form = await TwoTenants.AnyForm(tenants.Browser, own);
        var refused = new List<Reply>();

        foreach (var address in addresses)
        {
            // Their address with their ids and with ours; our address with their ids.
            var paths = address
                .Paths(foreign, foreign)
                .Concat(address.Paths(foreign, own))
                .Concat(address.Kind is null ? [] : address.Paths(own, foreign));
            foreach (var path in paths.Distinct(StringComparer.Ordinal))
            {
                refused.Add(await tenants.Ask(address, path, foreign, form));
            }
        }

        tenants.AssertNothing(refused);
        await tenants.AssertApart(before);
        TestContext.Current.TestOutputHelper?.WriteLine($"{addresses.Count} endpoints, {refused.Count} requests refused on {kind}");
    }

    [Fact]
    public async Task Ones_own_rows_are_there_at_the_same_addresses()
    {
        await using var tenants = await TwoTenants.Start(DatabaseKind.Sqlite, postgres);
        var own = tenants.Own;
        var addresses = Address.All(tenants.Site).Where(address => address.IsInWorkspace).ToList();
        var before = await tenants.Foreign.Dump();
        var form = await TwoTenants.AnyForm(tenants.Browser, own);
        var (answers, silent) = (new List<Reply>(), new List<string>());

        // Reading first, because what is written changes what there is to read; deleting last, for the same reason.
        foreach (var address in addresses.OrderBy(address => (address.Method != "GET", address.Method == "DELETE")))
        {
            var replies = new List<Reply>();
            foreach (var path in address.Paths(own, own))
            {
                replies.Add(await tenants.Ask(address, path, own, form));
            }

            answers.AddRange(replies);
            if (address.Method == "GET" && !replies.Exists(reply => reply.Shows(own.Word)))
            {
                silent.Add($"{address.Method} {address.Route}");
            }
        }

        // So the 404 of the test above is about whose they are: a page without the form says 400, a state that does not fit 409.
        TwoTenants.None(
            answers.Where(reply =>
                reply.Status
                    is not (
                        HttpStatusCode.OK
                        or HttpStatusCode.Created
                        or HttpStatusCode.NoContent
                        or HttpStatusCode.Redirect
                        or HttpStatusCode.Conflict
                        or HttpStatusCode.UnprocessableEntity
                    )
                && !(reply.Status == HttpStatusCode.BadRequest && reply.Asked.StartsWith("POST /w/", StringComparison.Ordinal))
            )
        );
        Assert.Equal(Nameless.Order(StringComparer.Ordinal), silent.Distinct().Order(StringComparer.Ordinal));
        tenants.AssertSilent(answers);
        await tenants.AssertApart(before);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task No_form_of_ones_own_pages_works_at_another_workspaces_address_or_on_its_rows(DatabaseKind kind)
    {
        // On both, because a page that waits for its database renders in other steps than one that does not.
        await using var tenants = await TwoTenants.Start(kind, postgres);
        var (own, foreign) = (tenants.Own, tenants.Foreign);
        var before = await foreign.Dump();
        var refused = new List<Reply>();
        var handlers = new HashSet<string>(StringComparer.Ordinal);

        foreach (var page in Address.All(tenants.Site).Where(a => a is { IsInWorkspace: true, IsApi: false, Method: "GET" }))
        {
            var (ours, theirs) = (page.Paths(own, own), page.Paths(own, foreign));
            foreach (
                var (path, twin) in ours.Zip(theirs).SelectMany(pair => Steps(page).Select(step => (pair.First + step, pair.Second + step)))
            )
            {
                var opened = await tenants.Browser.Send("GET", path);
                foreach (
                    var form in opened.Forms.Where(form => form.GetAttribute("action")?.StartsWith("/w/", StringComparison.Ordinal) == true)
                )
                {
                    var action = form.GetAttribute("action")!;
                    handlers.Add($"{form.QuerySelector("[name=_handler]")?.GetAttribute("value")} {page.Route}");
                    refused.Add(
                        await tenants.Browser.Form(form, action.Replace($"/w/{own.Id}", $"/w/{foreign.Id}", StringComparison.Ordinal))
                    );
                    var (place, other) = (path.Split('?')[0], twin.Split('?')[0]);
                    if (place != other && action.StartsWith(place, StringComparison.Ordinal))
                    {
                        refused.Add(await tenants.Browser.Form(form, other + action[place.Length..]));
                    }
                }
            }
        }

        // The forms that an operation's page has in its many states were all met.
        Assert.Superset(
            new HashSet<string>(["parameters", "file", "again", "confirm"]),
            handlers.Where(h => h.EndsWith(" /operations/{id:long}", StringComparison.Ordinal)).Select(h => h.Split(' ')[0]).ToHashSet()
        );
        tenants.AssertNothing(refused);
        await tenants.AssertApart(before);
        TestContext.Current.TestOutputHelper?.WriteLine($"{handlers.Count} forms, {refused.Count} posts refused");
    }

    [Fact]
    public async Task An_invitations_token_opens_its_own_workspace_only()
    {
        await using var tenants = await TwoTenants.Start(DatabaseKind.Sqlite, postgres);
        var (own, foreign) = (tenants.Own, tenants.Foreign);
        var invited = foreign.Rows("users")[1].Id;
        var token = Secrets.CreateFor(invited);
        await using (var db = tenants.Site.Open(foreign.Id))
        {
            var hash = Secrets.Hash(token);
            await db.Invitations.Where(i => i.ProfileId == invited).ExecuteUpdateAsync(set => set.SetProperty(i => i.TokenHash, hash));
        }

        var caller = new Caller(tenants.Site.Visitor().Client);
        var (here, there) = (
            await caller.Send("GET", $"/invitation/{own.Id}/{token}"),
            await caller.Send("GET", $"/invitation/{foreign.Id}/{token}")
        );

        Assert.Equal((HttpStatusCode.Gone, HttpStatusCode.OK), (here.Status, there.Status));
        tenants.AssertSilent([here]);
        Assert.True(there.Shows(foreign.Word));
    }

    /// <summary>The confirm dialog and the way back to the parameters are steps of an operation's page.</summary>
    private static string[] Steps(Address page) => page.Route == "/operations/{id:long}" ? ["", "?confirm", "?step=parameters"] : [""];
}
