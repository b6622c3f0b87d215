using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace Muster.BrowserTests;

/// <summary>The steps of a bulk operation as a person takes them: menu, users, preview, confirm, summary, undo.</summary>
/// <param name="visit">Of somebody who is signed in.</param>
/// <param name="name">Of the pictures in <c>artifacts/journeys</c>, which MUSTER_SCREENS=1 keeps.</param>
public sealed class Journey(Visit visit, string name) : IAsyncDisposable
{
    private static readonly bool KeepsPictures = Environment.GetEnvironmentVariable("MUSTER_SCREENS") == "1";
    private int pictures;

    /// <summary>The window.</summary>
    public IPage Page => visit.Page;

    /// <summary>Users list, arrow of the split button, action; the list may have been searched before.</summary>
    public async Task FromTheMenu(string action)
    {
        if (!Page.Url.Contains("/users", StringComparison.Ordinal))
        {
            await visit.Go("/w/1/users");
        }

        await Page.ClickAsync("#bulk-menu-button");
        await Page.Locator("#bulk-menu").GetByRole(AriaRole.Menuitem, new() { Name = action }).ClickAsync();
    }

    /// <summary>Catalogue, Courses, the course's menu; the course arrives ticked.</summary>
    public async Task FromTheCourse(string course, string item)
    {
        await visit.Go("/w/1");
        await Page.ClickAsync("#side a[href$='/courses']");
        await Page.Locator("tbody tr").Filter(new() { HasText = course }).Locator("button.icon-button").ClickAsync();
        await Page.GetByRole(AriaRole.Menuitem, new() { Name = item }).ClickAsync();
        await See("Select");
        Assert.True(await Page.GetByLabel(new Regex($"^{course}")).IsCheckedAsync(), $"{course} is not ticked");
        await Press("Next: choose users");
        await See($"Chosen: {course}. Now say which users.");
    }

    /// <summary>The first of the ways to say which users: the list.</summary>
    public async Task ChooseUsers()
    {
        await Page.GetByRole(AriaRole.Link, new() { Name = "Choose users" }).ClickAsync();
        await Page.GetByRole(AriaRole.Heading, new() { Name = "Choose users", Exact = true }).WaitForAsync();
    }

    /// <summary>On the users list, or the one to choose from: searches, and ticks everybody who is found.</summary>
    public async Task TickFound(string word, int people)
    {
        await Page.FillAsync("[name=search]", word);
        await Page.WaitForFunctionAsync(
            "([word, n]) => { const rows = [...document.querySelectorAll('tbody tr')]; return rows.length === n && rows.every(r => r.textContent.includes(word)); }",
            new object[] { word, people }
        );
        await Page.CheckAsync("#tick-page");
        Assert.Equal($"{people} selected", await Page.InnerTextAsync("[data-selected-words]"));
    }

    /// <summary>Leaves the list for the next step.</summary>
    public Task Next() => Page.Locator(".page-actions button.primary").ClickAsync();

    /// <summary>Presses a button of the page.</summary>
    public Task Press(string button) => Page.GetByRole(AriaRole.Button, new() { Name = button }).First.ClickAsync();

    /// <summary>Waits for words on the page.</summary>
    public Task See(string words) => Page.Locator("#main").GetByText(words).Filter(new() { Visible = true }).First.WaitForAsync();

    /// <summary>The preview with these counts, and what it says about the people or their effects.</summary>
    public async Task Preview(string counts, params string[] says)
    {
        await See(counts);
        await See("nothing has been changed yet");
        await Says("main", says);
        await Look("preview");
    }

    /// <summary>Continue, the dialog with its words, its button, and the summary.</summary>
    public async Task Confirm(string title, string button, string finished, params string[] says)
    {
        await Page.ClickAsync("#continue");
        await Page.Locator("dialog:modal").GetByText(title).First.WaitForAsync();
        await Says("dialog", says);
        await Look("confirm");
        await Page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
        await See($"Finished: {finished}");
        await Look("summary");
    }

    /// <summary>Undo from the summary, with its own preview and confirmation.</summary>
    public async Task Undo(string action, int people)
    {
        var users = people == 1 ? "1 user" : $"{people} users";
        await Press("Undo");
        await Preview($"{users} selected: {people} will change, 0 skipped, 0 problems");
        await Confirm($"Undo “{action}”: {users}?", "Undo now", $"{users} changed, 0 skipped, 0 problems, 0 failed");
        await See("Undo of");
    }

    /// <summary>What the users list says about somebody, whatever their status.</summary>
    public async Task<string> RowOf(string email)
    {
        await visit.Go($"/w/1/users?status=all&search={Uri.EscapeDataString(email)}");
        return await Page.Locator("tbody tr").InnerTextAsync();
    }

    /// <summary>What somebody's own page says.</summary>
    public async Task<string> PageOf(string email)
    {
        await RowOf(email);
        await Page.Locator("tbody tr .person a").ClickAsync();
        await See("Operations on this user");
        return await Page.InnerTextAsync("main");
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        visit.AssertQuiet();
        await visit.DisposeAsync();
    }

    private async Task Look(string step)
    {
        if (KeepsPictures)
        {
            await visit.Picture($"{name}-{++pictures}-{step}", "journeys");
        }
    }

    private async Task Says(string where, string[] words)
    {
        if (words.Length > 0)
        {
            var text = await Page.InnerTextAsync(where);
            Assert.All(words, word => Assert.Contains(word, text, StringComparison.Ordinal));
        }
    }
}
