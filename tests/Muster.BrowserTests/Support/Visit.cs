using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Muster.BrowserTests;

/// <summary>
/// One person at one window. Collects what the browser complains about on the way: console errors, uncaught exceptions, breaches of the
/// content security policy, requests that failed or that the server could not answer.
/// </summary>
public sealed class Visit : IAsyncDisposable
{
    private static readonly string[] Wcag = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];
    private readonly ConcurrentQueue<string> complaints = new();
    private readonly bool script;

    private Visit(IBrowserContext context, IPage page, Uri server, bool script)
    {
        Context = context;
        Page = page;
        Server = server;
        this.script = script;
    }

    /// <summary>Cookies and storage of this visit.</summary>
    public IBrowserContext Context { get; }

    /// <summary>The window.</summary>
    public IPage Page { get; }

    /// <summary>Where relative addresses start.</summary>
    public Uri Server { get; }

    /// <summary>What the browser complained about so far.</summary>
    public IReadOnlyCollection<string> Complaints => complaints;

    internal static async Task<Visit> Open(IBrowserContext context, Uri server, bool script)
    {
        var visit = new Visit(context, await context.NewPageAsync(), server, script);
        await visit.Listen();
        return visit;
    }

    /// <summary>Goes to an address of the server and fails when it is not answered with 200.</summary>
    public async Task Go(string path)
    {
        var answer = await Page.GotoAsync(new Uri(Server, path).ToString());
        Assert.True(answer is { Ok: true }, $"{path} answered {answer?.Status}");
    }

    /// <summary>Waits until the address of a page matches.</summary>
    /// <remarks>
    /// Looks again and again: Playwright's own way looks once and then begins to listen, and an address that changes in between is never heard of; one that has changed
    /// before waits for an event that has passed (the latter seen on a slow machine, the former suspected there).
    /// </remarks>
    /// <param name="page">The page.</param>
    /// <param name="pattern">A regular expression for a part of the address.</param>
    public static async Task Arrive(IPage page, string pattern)
    {
        for (var clock = Stopwatch.StartNew(); !Regex.IsMatch(page.Url, pattern, RegexOptions.None, TimeSpan.FromSeconds(1)); )
        {
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1), $"{page.Url} is not {pattern}");
            await Task.Delay(50);
        }
    }

    /// <summary>Cookies and storage as text, for <see cref="VisitOptions.State"/>.</summary>
    public Task<string> State() => Context.StorageStateAsync();

    /// <summary>Leaves out complaints the test provoked; fails when there were none with this text.</summary>
    public void Expect(string part)
    {
        var all = complaints.ToList();
        complaints.Clear();
        foreach (var complaint in all.Where(complaint => !complaint.Contains(part, StringComparison.Ordinal)))
        {
            complaints.Enqueue(complaint);
        }

        Assert.True(all.Count > complaints.Count, $"The browser did not complain about \"{part}\"");
    }

    /// <summary>The browser has nothing to complain about: no errors, no refused resources or scripts.</summary>
    /// <param name="except">Part of complaints that belong to what was visited, such as the status of an error page.</param>
    public void AssertQuiet(string? except = null)
    {
        var all = complaints.Where(complaint => except is null || !complaint.Contains(except, StringComparison.Ordinal)).ToList();
        Assert.True(all.Count == 0, $"{Page.Url}: the browser complained:\n{string.Join('\n', all)}");
    }

    /// <summary>axe finds no failure of WCAG 2.0, 2.1 or 2.2, level A or AA, on the page as it stands.</summary>
    /// <param name="state">Said when it fails.</param>
    /// <param name="rules">Only these rules of axe; none: all of them.</param>
    public async Task AssertAccessible(string? state = null, params string[] rules)
    {
        Assert.True(script, "axe needs scripts");
        var result = await Page.RunAxe(
            new AxeRunOptions
            {
                RunOnly = rules.Length == 0 ? RunOnlyOptions.Tags(Wcag) : RunOnlyOptions.Rules(rules),
                // Of what passes one example each is told: every one of a long page takes longer than looking at it.
                ResultTypes = [ResultType.Violations],
            }
        );
        Assert.NotEmpty(result.Passes);
        Assert.True(result.Violations.Length == 0, $"{Page.Url} {state}\n{string.Join('\n', result.Violations.Select(Describe))}");
    }

    /// <summary>Nothing is cut off or needs sideways scrolling at this width (WCAG 1.4.10).</summary>
    public async Task AssertNoSidewaysScrolling()
    {
        const string wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
        var overflow = await Page.EvaluateAsync<int>(wider);
        // A page is looked at when it has come to rest: on a busy machine its style may come a moment after it.
        for (var looks = 0; overflow > 0 && looks < 20; looks++)
        {
            await Task.Delay(100);
            overflow = await Page.EvaluateAsync<int>(wider);
        }

        Assert.True(overflow <= 0, $"{Page.Url} is {overflow} px wider than the window");
    }

    /// <summary>Keeps a picture of the whole page as <c>artifacts/screenshots/NAME.png</c>, to be looked at.</summary>
    public Task Picture(string name, string folder = "screenshots") =>
        Page.ScreenshotAsync(
            new()
            {
                Path = Checkout.PathTo("artifacts", folder, $"{name}.png"),
                FullPage = true,
                Animations = ScreenshotAnimations.Disabled,
            }
        );

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await Context.CloseAsync();

    private static string Describe(AxeResultItem violation) =>
        $"  {violation.Impact}: {violation.Help} ({violation.Id})\n"
        + string.Join('\n', violation.Nodes.Select(node => $"    {node.Target}: {node.Html}\n      {string.Join("; ", Reasons(node))}"));

    private static IEnumerable<string> Reasons(AxeResultNode node) =>
        node.Any.Concat(node.All).Concat(node.None).Select(check => check.Message);

    private async Task Listen()
    {
        Context.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                complaints.Enqueue($"console {message.Type}: {message.Text} ({message.Location})");
            }
        };
        Context.WebError += (_, error) => complaints.Enqueue($"uncaught: {error.Error}");
        Context.RequestFailed += (_, request) =>
        {
            // A download, or a page left in the middle, aborts its request; that is no failure.
            if (request.Failure != "net::ERR_ABORTED")
            {
                complaints.Enqueue($"request failed: {request.Method} {request.Url} {request.Failure}");
            }
        };
        Context.Response += (_, response) =>
        {
            if (response.Status >= 500)
            {
                complaints.Enqueue($"{response.Status}: {response.Request.Method} {response.Url}");
            }
        };
        await Context.ExposeBindingAsync("reportPolicyBreach", (BindingSource _, string breach) => complaints.Enqueue($"policy: {breach}"));
        await Context.AddInitScriptAsync(
            """
            addEventListener('securitypolicyviolation', e =>
              globalThis.reportPolicyBreach(`${e.effectiveDirective} refused ${e.blockedURI || 'inline'} ${e.sample} (${e.sourceFile ?? ''}:${e.lineNumber})`));
            """
        );
    }
}
