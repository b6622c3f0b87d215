using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Html.Dom;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>A running site with two workspaces, and ways into the first: an Admin's browser and an Admin's token.</summary>
internal sealed class TwoTenants : IAsyncDisposable
{
    /// <summary>All ids of <see cref="Foreign"/> lie above, all of <see cref="Own"/> below; those of accounts beyond the double.</summary>
    private const long Above = 5_000_000;

    private TwoTenants(TestSite site, Tenant own, Tenant foreign) => (Site, Own, Foreign) = (site, own, foreign);

    public TestSite Site { get; }

    /// <summary>The workspace that the callers belong to.</summary>
    public Tenant Own { get; }

    /// <summary>The one they must neither see nor change.</summary>
    public Tenant Foreign { get; }

    /// <summary>An Admin's browser.</summary>
    public Caller Browser { get; private set; } = null!;

    /// <summary>A program with an Admin's token.</summary>
    public Caller Program { get; private set; } = null!;

    public static async Task<TwoTenants> Start(DatabaseKind kind, PostgresServer postgres)
    {
        // Every address is asked many times in a minute here; how often one may is another test's matter.
        var site = await TestSite.Start(
            kind,
            postgres,
            ("Muster:Api:RequestsPerMinute", "1000000"),
            ("Muster:Access:TriesPerMinute", "10000")
        );
        var own = await Tenant.Settle(site, "Harbour", workspace: 11, after: 0);
        var foreign = await Tenant.Settle(site, "Lighthouse", workspace: 12, after: Above);
        return new(site, own, foreign) { Browser = await SignedIn(own, "admin"), Program = new(await own.Token(ProfileRole.Admin)) };
    }

    public static async Task<Caller> SignedIn(Tenant tenant, string who) => new((await tenant.Site.SignedIn(tenant.Email(who))).Client);

    /// <summary>Asks an address with a body that is right for it.</summary>
    /// <param name="address">What is asked.</param>
    /// <param name="path">The address, filled in.</param>
    /// <param name="named">Whose ids a body names.</param>
    /// <param name="form">A form of the caller's own, for its antiforgery token.</param>
    /// <param name="caller">Who asks; by default the Admin of <see cref="Own"/>.</param>
    public async Task<Reply> Ask(Address address, string path, Tenant named, IHtmlFormElement? form, Caller? caller = null)
    {
        caller ??= address.IsApi ? Program : Browser;
        if (address.Method == "GET")
        {
            return await caller.Send("GET", path);
        }

        if (!address.IsApi)
        {
            return form is null
                ? await caller.Send("POST", path, new FormUrlEncodedContent([]))
                : await caller.Form(form, path, ("_handler", "save"), ("key", "archive-profiles"), ("ids", $"{named.Near.Id}"));
        }

        return await caller.Send(address.Method, path, Bodies.Of(address, named));
    }

    /// <summary>Any form of a page that the caller may open.</summary>
    public static async Task<IHtmlFormElement> AnyForm(Caller caller, Tenant tenant) =>
        (await caller.Send("GET", $"/w/{tenant.Id}/my-profile")).Forms[^1];

    /// <summary>Says of every answer that it is "not there" and shows nothing of the other workspace.</summary>
    public void AssertNothing(IReadOnlyCollection<Reply> replies)
    {
        Assert.NotEmpty(replies);
        None(replies.Where(reply => reply.Status != HttpStatusCode.NotFound));
        AssertSilent(replies);
    }

    /// <summary>Says of every answer that it shows nothing of the other workspace.</summary>
    public void AssertSilent(IEnumerable<Reply> replies) => None(replies.Where(reply => reply.Shows(Foreign.Word)));

    /// <summary>Says that the other workspace is as it was, and that no row of the callers' workspace has taken up an id of it.</summary>
    public async Task AssertApart(Dump before)
    {
        Assert.Equal("", Dump.Difference(before, await Foreign.Dump()));
        var taken = (await Own.Dump()).Lines.Where(line =>
            Regex
                .Matches(line, @"\b(\w*_)?id=(\d+)")
                .Any(id => long.Parse(id.Groups[2].ValueSpan, CultureInfo.InvariantCulture) is > Above and < 2 * Above)
        );
        Assert.Empty(taken);
    }

    /// <summary>Says that there are none, and names them all if there are.</summary>
    public static void None(IEnumerable<Reply> wrong)
    {
        var lines = wrong.Select(reply => reply.ToString()).ToList();
        Assert.True(lines.Count == 0, string.Join('\n', lines));
    }

    public async ValueTask DisposeAsync()
    {
        Browser.Client.Dispose();
        Program.Client.Dispose();
        await Site.DisposeAsync();
    }
}
