using Microsoft.AspNetCore.Components;
using Microsoft.Playwright;
using Muster.Web;
using Xunit;

namespace Muster.BrowserTests;

/// <summary>
/// Every page in every state: no failure of WCAG 2.2 A or AA in light and dark, fits 1280 px, 320 px and 200 % zoom, shows where the focus is, and is
/// whole without script. With MUSTER_SCREENS=1 it keeps pictures in <c>artifacts/screens</c>.
/// </summary>
[Collection(nameof(Showroom))]
public sealed class EveryPageTests(Browser browser, Showroom showroom)
{
    private const int Desktop = 1440;
    private const int Laptop = 1280;

    /// <summary>What a desktop window of 1280 px has left at 200 % zoom.</summary>
    private const int Zoomed = 640;
    private const int Phone = 320;
    private const int MostStops = 24;
    private static readonly bool KeepsPictures = Environment.GetEnvironmentVariable("MUSTER_SCREENS") == "1";

    public static TheoryData<string> Everything => [.. Sights.All.Select(sight => sight.Name)];

    public static TheoryData<string> WithoutScript => [.. Sights.All.Where(sight => !sight.ByScript).Select(sight => sight.Name)];

    public static TheoryData<string> Routes => [.. Sights.All.Where(Sights.IsFirstOfRoute).Select(sight => sight.Name)];

    [Fact]
    public void No_page_of_the_product_is_forgotten()
    {
        var routes = typeof(Navigation)
            .Assembly.GetTypes()
            .SelectMany(type => type.GetCustomAttributes(typeof(RouteAttribute), inherit: false))
            .Select(route => ((RouteAttribute)route).Template)
            .Order(StringComparer.Ordinal);

        Assert.Equal(routes, Sights.All.Select(sight => sight.Route).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task A_page_is_accessible_and_fits(string name)
    {
        var sight = Sights.Named(name);
        await using var visit = await showroom.Visit(browser, sight.Reader, new() { Width = sight.Width ?? Desktop });
        var page = visit.Page;
        await Look(visit, sight);
        await visit.AssertAccessible($"{name}, light");
        await Keep(visit, $"{name}-light");

        // A scheme changes colours and nothing else.
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await visit.AssertAccessible($"{name}, dark", "color-contrast", "link-in-text-block");
        await Keep(visit, $"{name}-dark");
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });

        await page.SetViewportSizeAsync(sight.Width ?? Laptop, 720);
        await visit.AssertNoSidewaysScrolling();
        await page.SetViewportSizeAsync(sight.Width ?? Zoomed, 450);
        await visit.AssertNoSidewaysScrolling();
        await page.SetViewportSizeAsync(Phone, 640);
        await visit.AssertNoSidewaysScrolling();
        if (Sights.IsFirstOfRoute(sight))
        {
            await visit.AssertAccessible($"{name}, {Phone} px");
        }

        await Keep(visit, $"{name}-phone");
        visit.AssertQuiet("Failed to load resource: the server responded with a status of 4");
    }

    [Theory]
    [MemberData(nameof(WithoutScript))]
    public async Task A_page_is_whole_without_script(string name)
    {
        var sight = Sights.Named(name);
        await using var visit = await showroom.Visit(browser, sight.Reader, new() { Width = Phone, Script = false });
        await Look(visit, sight);
        await visit.AssertNoSidewaysScrolling();

        var dead = await visit.Page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('button, a, .script-only')]
              .filter((e) => e.getClientRects().length > 0)
              .filter((e) => e.matches('.script-only') || (e.matches('a') ? !e.hasAttribute('href') : !e.form && !e.popoverTargetElement))
              .map((e) => e.outerHTML.slice(0, 200))
            """
        );
        Assert.Empty(dead);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task The_focus_is_always_seen(string name)
    {
        var sight = Sights.Named(name);
        await using var visit = await showroom.Visit(browser, sight.Reader, new() { Width = 1000, Height = 700 });
        await Look(visit, sight);

        var hidden = new List<string>();
        for (var stop = 0; stop < 2 * MostStops; stop++)
        {
            // Forwards and back again: what scrolls in from above may end up under the bar at the top.
            await visit.Page.Keyboard.PressAsync(stop < MostStops ? "Tab" : "Shift+Tab");
            var look = await visit.Page.EvaluateAsync<string?>(
                """
                () => {
                  const e = document.activeElement;
                  if (!e || e === document.body) return null;
                  const outlined = (x) => x && getComputedStyle(x).outlineStyle !== 'none' && parseFloat(getComputedStyle(x).outlineWidth) >= 2;
                  const box = e.getBoundingClientRect();
                  const within = (at, end) => Math.max(1, Math.min(at, end - 2));
                  const hit = document.elementFromPoint(within(box.left + box.width / 2, innerWidth), within(box.top + box.height / 2, innerHeight));
                  const seen = hit && (e.contains(hit) || hit.contains(e) || hit.closest('label')?.contains(e));
                  const wrong = (outlined(e) || outlined(e.closest('.choice')) ? '' : 'no outline ') + (seen ? '' : 'covered ');
                  return wrong && wrong + e.outerHTML.slice(0, 160);
                }
                """
            );
            if (!string.IsNullOrEmpty(look))
            {
                hidden.Add(look);
            }
        }

        Assert.Empty(hidden);
    }

    /// <summary>Goes there, and to the state; fails when it is not the one that was meant.</summary>
    private async Task Look(Visit visit, Sight sight)
    {
        var address = showroom.Resolve(sight.Address);
        var answer = await visit.Page.GotoAsync(new Uri(visit.Server, address).ToString());
        Assert.True(answer?.Status == sight.Status, $"{address} answered {answer?.Status}");
        foreach (var click in sight.Clicks)
        {
            await visit.Page.ClickAsync(click);
        }

        await visit.Page.GetByText(sight.Says).Filter(new() { Visible = true }).First.WaitForAsync();
    }

    private static async Task Keep(Visit visit, string name)
    {
        if (KeepsPictures)
        {
            await visit.Picture(name, "screens");
        }
    }
}
