using Microsoft.Playwright;
using Xunit;

namespace Muster.BrowserTests;

/// <summary>A bulk operation from signing in to taking it back by somebody who has no mouse.</summary>
[Collection(nameof(Showroom))]
public sealed class KeyboardTests(Browser browser, Showroom showroom)
{
    private const string InDialog = "document.activeElement.closest('dialog:modal') !== null";

    /// <summary>Rows of a page of the users list, with a tick and a link each, and what stands around them.</summary>
    private const int MostStops = 180;

    [Fact]
    public async Task A_bulk_operation_from_signing_in_to_undo_needs_only_the_keyboard()
    {
        await using var visit = await showroom.Visit(browser, Reader.SignedOut);
        visit.Context.SetDefaultTimeout(60_000);
        var (page, keys) = (visit.Page, visit.Page.Keyboard);
        var (email, password) = showroom.Credentials(Reader.Admin);
        await visit.Go("/sign-in");
        await keys.TypeAsync(email);
        await keys.PressAsync("Tab");
        await keys.TypeAsync(password);
        await keys.PressAsync("Enter");
        await Visit.Arrive(page, "/$");
        await Press(page, "a:has-text('Northwind Care')");
        await Visit.Arrive(page, "/w/1$");
        await Press(page, "#side a[href$='/users']");
        await Heading(page, "Users");

        await ChooseFromTheMenu(page);
        await TickPeopleOnTwoPages(page);
        await Tab(page, "[name=groups]");
        await keys.PressAsync("Space");
        await Press(page, "main form button.primary");
        await page.GetByText("4 users selected").First.WaitForAsync();
        await TryTheDialog(page);
        await Press(page, "dialog button.primary");
        await Heading(page, "Summary");

        await Press(page, "[form=undo]");
        await page.GetByText("nothing has been changed yet").WaitForAsync();
        await Press(page, "#continue");
        await Press(page, "dialog button:has-text('Undo now')");
        await page.GetByText("Undo of").WaitForAsync();
        visit.AssertQuiet();
    }

    [Fact]
    public async Task Wrong_rows_are_mended_and_people_left_out_with_only_the_keyboard()
    {
        await using var visit = await showroom.Visit(browser, Reader.Admin);
        visit.Context.SetDefaultTimeout(60_000);
        var (page, keys) = (visit.Page, visit.Page.Keyboard);
        await visit.Go("/w/1/users?search=abdullahi&status=active");
        var emails = await page.Locator("td.mail").AllInnerTextsAsync();
        await visit.Go("/w/1/bulk/archive-profiles");
        await Tab(page, "#emails");
        await keys.TypeAsync($"no address,nobody@example.org,{emails[0]}");
        await keys.PressAsync("Tab");
        await keys.PressAsync("Enter");
        await page.Locator("#main").GetByText("1 will change, 0 skipped, 2 problems").First.WaitForAsync();
        await Press(page, "a.stat-bad");
        await Visit.Arrive(page, "verdict=problem$");

        await Press(page, "a:has-text('Mend')");
        foreach (var (row, email) in new[] { (1, emails[1]), (2, emails[2]) })
        {
            await page.Locator("#main").GetByText($"Row {row}.").First.WaitForAsync();
            Assert.Equal("cell-0", await page.EvaluateAsync<string>("document.activeElement.id"));
            await keys.PressAsync("Control+a");
            await keys.TypeAsync(email);
            await keys.PressAsync("Enter");
        }

        await page.Locator("#main").GetByText("3 will change, 0 skipped, 0 problems").First.WaitForAsync();
        await Press(page, "a.stat-good");
        await Visit.Arrive(page, "verdict=willChange$");
        await Press(page, "#tick-2");
        await page.Locator("#main").GetByText("2 will change, 1 skipped").First.WaitForAsync();
        await Press(page, ".stats a >> nth=0");
        await Press(page, "button:has-text('Put back')");
        await page.Locator("#main").GetByText("3 will change, 0 skipped").First.WaitForAsync();
        Assert.Equal("tick-2", await page.EvaluateAsync<string>("document.activeElement.id"));
        visit.AssertQuiet();
    }

    /// <summary>Arrows, Home, End, Escape and the first letters, as in any menu.</summary>
    private static async Task ChooseFromTheMenu(IPage page)
    {
        var keys = page.Keyboard;
        await Press(page, "#bulk-menu-button");
        await Focused(page, "Enrol to course");
        await keys.PressAsync("ArrowDown");
        await Focused(page, "Withdraw from course");
        await keys.PressAsync("End");
        await Focused(page, "Export all users to CSV");
        await keys.PressAsync("Escape");
        Assert.Equal("bulk-menu-button", await page.EvaluateAsync<string>("document.activeElement.id"));
        Assert.False(await page.Locator("#bulk-menu").IsVisibleAsync());
        await keys.PressAsync("ArrowDown");
        await keys.PressAsync("a");
        await Focused(page, "Add users to group");
        await keys.PressAsync("Enter");
        await Heading(page, "Add users to group");
    }

    private static async Task TickPeopleOnTwoPages(IPage page)
    {
        await Press(page, "a:has-text('Choose users')");
        await Heading(page, "Choose users");
        await Tick(page, 1);
        await Tick(page, 2);
        await Press(page, "a[rel=next]");
        await Visit.Arrive(page, "after=");
        await Tick(page, 1);
        await Tick(page, 3);
        Assert.Equal("4 selected", await page.Locator("[data-selected-words]").First.InnerTextAsync());
        await Press(page, ".page-actions button.primary", "Shift+Tab");
        await page.GetByText("Everybody is added to each group you tick").WaitForAsync();
    }

    /// <summary>It takes the focus and keeps it; Escape gives it back to the button.</summary>
    private static async Task TryTheDialog(IPage page)
    {
        await Press(page, "#continue");
        await page.Locator("dialog:modal").WaitForAsync();
        Assert.True(await page.EvaluateAsync<bool>(InDialog), "The dialog did not take the focus");
        for (var stop = 0; stop < 8; stop++)
        {
            await page.Keyboard.PressAsync(stop < 4 ? "Tab" : "Shift+Tab");
            // The page's own end, from where the next stop is the browser's address bar, is the body.
            Assert.True(
                await page.EvaluateAsync<bool>($"document.activeElement === document.body || {InDialog}"),
                "The focus left the dialog"
            );
        }

        await page.Keyboard.PressAsync("Escape");
        await page.Locator("dialog").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        Assert.Equal("continue", await page.EvaluateAsync<string>("document.activeElement.id"));
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("dialog:modal").WaitForAsync();
    }

    private static async Task Tick(IPage page, int row)
    {
        var box = $"tbody tr:nth-child({row}) [name=ids]";
        await Tab(page, box);
        await page.Keyboard.PressAsync("Space");
        Assert.True(await page.IsCheckedAsync(box));
    }

    private static Task Heading(IPage page, string words) =>
        page.GetByRole(AriaRole.Heading, new() { Name = words, Exact = true }).First.WaitForAsync();

    /// <summary>Waits, because a menu takes the focus only after it was painted.</summary>
    private static Task Focused(IPage page, string words) =>
        page.WaitForFunctionAsync("words => document.activeElement.textContent.trim() === words", words);

    private static async Task Press(IPage page, string control, string key = "Tab")
    {
        await Tab(page, control, key);
        await page.Keyboard.PressAsync("Enter");
    }

    /// <summary>Goes on from control to control until this one has the focus, visibly.</summary>
    private static async Task Tab(IPage page, string control, string key = "Tab")
    {
        var target = page.Locator(control).Filter(new() { Visible = true }).First;
        await target.WaitForAsync();
        for (var stop = 0; stop < MostStops; stop++)
        {
            await page.Keyboard.PressAsync(key);
            if (await target.EvaluateAsync<bool>("e => e === document.activeElement"))
            {
                Assert.NotEqual("none", await target.EvaluateAsync<string>("e => getComputedStyle(e).outlineStyle"));
                return;
            }
        }

        Assert.Fail($"{control} on {page.Url} is not reached with {key}");
    }
}
