using Microsoft.Playwright;
using Xunit;

namespace Muster.BrowserTests;

/// <summary>A page that watches work fetches itself again when the work is over, and never costs its reader anything by that.</summary>
[Collection(nameof(Showroom))]
public sealed class ProgressTests(Browser browser, Showroom showroom)
{
    private const string Watching = "/w/2/operations/{queued}";
    private const string Heard = "heard of it";

    [Fact]
    public async Task Where_somebody_is_going_is_not_given_up_when_the_work_ends()
    {
        await using var visit = await showroom.Visit(browser, Reader.Admin);
        var end = await Watched(visit);
        var (asked, arrives) = (new TaskCompletionSource(), new TaskCompletionSource());
        await visit.Page.RouteAsync(
            "**/w/2/users",
            async route =>
            {
                asked.SetResult();
                await arrives.Task;
                await route.ContinueAsync();
            }
        );
        await visit.Go(showroom.Resolve(Watching));

        await visit.Page.ClickAsync("#side a[href$='/users']");
        await asked.Task;
        end.SetResult();
        await visit.Page.Locator($"[data-live=done]:text-is('{Heard}')").WaitForAsync();
        arrives.SetResult();

        await visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Users", Exact = true }).First.WaitForAsync();
        visit.AssertQuiet();
    }

    [Theory]
    [InlineData("#pause-button")]
    [InlineData("#side a[href$='/users']")]
    [InlineData("header.topbar button[aria-haspopup]")]
    public async Task What_is_still_there_keeps_the_focus(string control)
    {
        await using var visit = await showroom.Visit(browser, Reader.Admin);
        var end = await Watched(visit);
        await visit.Go(showroom.Resolve(Watching));
        await visit.Page.Locator(control).First.FocusAsync();
        var before = await visit.Page.EvaluateAsync<string>("document.activeElement.textContent");
        await visit.Page.EvaluateAsync("document.querySelector('#main').dataset.old = 'true'");

        end.SetResult();

        await visit.Page.Locator("#main:not([data-old])").WaitForAsync();
        Assert.Equal(before, await visit.Page.EvaluateAsync<string>("document.activeElement.textContent"));
        Assert.True(await visit.Page.EvaluateAsync<bool>("control => document.activeElement.matches(control)", control));
        visit.AssertQuiet();
    }

    /// <summary>The page hears, once the task that is returned is done, that the work has a new status; before and after that, nothing new.</summary>
    private static async Task<TaskCompletionSource> Watched(Visit visit)
    {
        var (end, told) = (new TaskCompletionSource(), 0);
        string News() =>
            end.Task.IsCompleted && Interlocked.Exchange(ref told, 1) == 0
                ? $$$"""{"status":"Running","total":1,"done":0,"text":{"done":"{{{Heard}}}"}}"""
                : """{"status":"Queued","total":1,"done":0}""";
        await visit.Page.RouteAsync(
            "**/events",
            async route =>
            {
                await end.Task;
                await route.FulfillAsync(new() { ContentType = "text/event-stream", Body = $"data: {News()}\n\n" });
            }
        );
        // Whoever hears nothing for four seconds asks.
        await visit.Page.RouteAsync("**/progress", route => route.FulfillAsync(new() { ContentType = "application/json", Body = News() }));
        return end;
    }
}
