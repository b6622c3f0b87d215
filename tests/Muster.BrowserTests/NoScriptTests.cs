using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Muster.People;
using Xunit;

namespace Muster.BrowserTests;

/// <summary>The work of an administrator with scripts switched off: plain forms, and progress by the page that loads itself anew.</summary>
[Collection(nameof(Showroom))]
public sealed class NoScriptTests(Browser browser, Showroom showroom)
{
    private const string Users = "/w/1/users?status=active&sort=desc";

    [Fact]
    public async Task Two_people_are_archived_from_list_to_summary_and_brought_back()
    {
        await using var visit = await showroom.Visit(browser, Reader.Admin, new() { Script = false });
        visit.Context.SetDefaultTimeout(60_000);
        var page = visit.Page;
        await visit.Go(Users);
        List<long> people = [await Tick(page, 2), await Tick(page, 4)];
        await page.ClickAsync("#bulk-menu-button");
        await page.ClickAsync("#bulk-menu button:has-text('Archive profiles')");
        await page.GetByText("2 users selected: 2 will change").WaitForAsync();
        await page.ClickAsync("#continue");

        // Another node has the workspace for a while, so that there is progress to be looked at.
        await showroom.Hold(1);
        await page.ClickAsync("dialog button:has-text('Update users')");
        await page.GetByText("Waiting for its turn").WaitForAsync();
        Assert.Contains("0 of 2 users", await page.InnerTextAsync("main"), StringComparison.Ordinal);
        await showroom.LetGo(1);
        await page.GetByText("Finished: 2 users changed").WaitForAsync();
        Assert.Equal([ProfileStatus.Archived, ProfileStatus.Archived], await Statuses(people));

        await page.ClickAsync("button[form=undo]");
        await page.GetByText("nothing has been changed yet").WaitForAsync();
        await page.ClickAsync("#continue");
        await page.ClickAsync("dialog button:has-text('Undo now')");
        await page.GetByText("Finished: 2 users changed").WaitForAsync();
        Assert.Equal([ProfileStatus.Active, ProfileStatus.Active], await Statuses(people));
    }

    [Fact]
    public async Task The_forms_of_the_pages_work()
    {
        await using var visit = await showroom.Visit(browser, Reader.Admin, new() { Script = false });
        var page = visit.Page;
        await Save(visit, "/w/1/groups/new", "name", "Bicycle riders", "Group saved.");
        await Save(visit, "/w/1/units/new", "name", "Bicycle workshop", "Organisation unit saved.");
        await Save(visit, "/w/1/courses/new", "title", "Riding in traffic", "Course saved.");
        await Save(visit, showroom.Resolve("/w/1/rules/{rule}"), "name", "Induction of everybody", "Auto-enrolment saved.");

        await visit.Go("/w/1/users");
        await page.FillAsync("[name=search]", "abdullahi");
        await page.SelectOptionAsync("[name=status]", "active");
        await page.ClickAsync(".filters > button");
        await page.GetByText("users match these filters").WaitForAsync();

        // The chooser takes this page's ticks along.
        await Tick(page, 1);
        await page.ClickAsync("button[form=bulk]:has-text('Bulk actions')");
        await page.GetByText("Archive profiles").First.ClickAsync();
        await page.ClickAsync("main form button.primary");
        await page.GetByText("1 user selected").WaitForAsync();

        await visit.Go("/w/1/bulk/archive-profiles");
        await page.FillAsync("[name=emails]", "learner@readers.example\nnobody-knows@readers.example");
        await page.ClickAsync("section:has(#from-paste) button");
        await page.GetByText("2 users selected: 1 will change, 0 skipped, 1 problem.").WaitForAsync();

        await page.ClickAsync("#theme-menu-button");
        await page.ClickAsync("button[name=theme][value=dark]");
        Assert.Equal("dark", await page.GetAttributeAsync("html", "data-theme"));
    }

    private static async Task Save(Visit visit, string address, string field, string value, string answer)
    {
        await visit.Go(address);
        await visit.Page.FillAsync($"[name={field}]", value);
        await visit.Page.ClickAsync("main form button.primary");
        await visit.Page.GetByText(answer).WaitForAsync();
        Assert.Contains(value, await visit.Page.InnerTextAsync("main"), StringComparison.Ordinal);
    }

    private static async Task<long> Tick(IPage page, int row)
    {
        var box = page.Locator($"tbody tr:nth-child({row}) [name=ids]");
        await box.CheckAsync();
        return long.Parse(await box.InputValueAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<List<ProfileStatus>> Statuses(List<long> people)
    {
        await using var db = showroom.Open(1);
        return await db.Profiles.Where(p => p.WorkspaceId == 1 && people.Contains(p.Id)).Select(p => p.Status).ToListAsync();
    }
}
