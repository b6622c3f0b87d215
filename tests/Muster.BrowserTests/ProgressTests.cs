using Microsoft.Playwright;
using Xunit;

namespace Muster.BrowserTests;

/// <summary>A page that watches work fetches itself again when the work is over, and never costs its reader anything by that.</summary>
[Collection(nameof(Showroom))]
public sealed class ProgressTests(Browser browser, Showroom showroom)
{
    private const string Watching = "/w/2/operations/{queued}";

    [Fact]
    public async Task Where_somebody_is_going_is_not_given_up_when_the_work_ends()
    {
        await using var visit = await showroom.Visit(browser, Reader.Admin);
        var end = await Stream(visit);
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
        await end("Running");
        arrives.SetResult();

        await visit.Page.WaitForURLAsync("**/w/2/users");
        await visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Users", Exact = true }).First.WaitForAsync();
        visit.AssertQuiet();
    }

    [Fact]
    public async Task A_button_that_is_still_there_keeps_the_focus()
    {
        await using var visit = await showroom.Visit(browser, Reader.Admin);
        var end = await Stream(visit);
        await visit.Go(showroom.Resolve(Watching));
        await visit.Page.FocusAsync("#pause-button");
        await visit.Page.EvaluateAsync("document.querySelector('#main').dataset.old = 'true'");

        await end("Running");

        await visit.Page.Locator("#main:not([data-old])").WaitForAsync();
        Assert.Equal("pause-button", await visit.Page.EvaluateAsync<string>("document.activeElement.id"));
        visit.AssertQuiet();
    }

    /// <summary>The stream of progress says nothing until the task that is returned lets it say one status.</summary>
    private static async Task<Func<string, Task>> Stream(Visit visit)
    {
        var (status, said) = (new TaskCompletionSource<string>(), new TaskCompletionSource());
        await visit.Page.RouteAsync(
            "**/events",
            async route =>
            {
                await route.FulfillAsync(
                    new()
                    {
                        ContentType = "text/event-stream",
                        Body = $$"""data: {"status":"{{await status.Task}}","total":1,"done":0}""" + "\n\n",
                    }
                );
                said.TrySetResult();
            }
        );
        return async word =>
        {
            status.SetResult(word);
            await said.Task;
            // The message is on its way to the page's script; nothing tells when it was heard.
            await Task.Delay(500);
        };
    }
}
