using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Microsoft.Playwright;
using Xunit;

namespace Muster.BrowserTests;

/// <summary>
/// The main job as a person does it, on real input: invite a thousand people from a spreadsheet, follow one invitation, put people in
/// groups, archive a leaver, export everybody. Chromium, LibreOffice and a mail server are real.
/// </summary>
public sealed class MainJobTests(Browser browser, RunningMuster muster) : IClassFixture<RunningMuster>
{
    private const float Patience = 180_000;
    private readonly string folder = Reaper.NewFolder("main-job");
    private long workspace;

    [Fact]
    public async Task Invite_from_a_spreadsheet_add_to_groups_archive_and_export()
    {
        workspace = Ask<long>("SELECT id FROM workspaces WHERE name = 'Northwind Care'");
        await using var admin = await browser.Visit(muster.Server.Url);
        admin.Context.SetDefaultTimeout(60_000);
        await SignIn(admin);

        var sheet = await Invite(admin);
        var learner = await FollowTheLink(sheet);
        await AddToGroups(admin);
        await Archive(admin, learner, sheet);
        await Export(admin);

        admin.AssertQuiet();
    }

    private async Task SignIn(Visit admin)
    {
        var password = Regex.Match(muster.Server.Output, @"password: (\S+)").Groups[1].Value;
        await admin.Go("/sign-in");
        await admin.AssertAccessible("sign-in");
        await admin.Page.FillAsync("[name=email]", "admin@example.org");
        await admin.Page.FillAsync("[name=password]", password);
        await admin.Page.ClickAsync("button.primary");
        await Visit.Arrive(admin.Page, "/$");
        await admin.Go($"/w/{workspace}/users");
    }

    private async Task<InvitationSheet> Invite(Visit admin)
    {
        var page = admin.Page;
        await Choose(page, "Invite users");
        await admin.AssertAccessible("upload");
        var template = await Download(
            page,
            () => page.GetByRole(AriaRole.Link, new() { Name = "Download template" }).ClickAsync(),
            "template.xlsx"
        );
        var header = (await LibreOffice.Read(template)).Where(cell => cell.Visible && cell.Row == 1).ToList();
        var columns = header.ToDictionary(
            cell => cell.Value.Trim().TrimEnd('*').Trim(),
            cell => cell.Column,
            StringComparer.OrdinalIgnoreCase
        );
        var sheet = new InvitationSheet(
            columns,
            n => Ask<string>($"SELECT email FROM profiles WHERE workspace_id = {workspace} AND status = 1 AND role = 0 LIMIT 1 OFFSET {n}"),
            n => Ask<string>($"SELECT email FROM profiles WHERE workspace_id = {workspace} AND status = 0 LIMIT 1 OFFSET {n}")
        ).Fill(2);
        var filled = Path.Combine(folder, "people.xlsx");
        await LibreOffice.Fill(template, filled, sheet.Cells);

        await page.SetInputFilesAsync("input[name=file]", filled);
        await page.GetByRole(AriaRole.Button, new() { Name = "Upload and preview" }).ClickAsync();
        var news = page.Locator("#main").GetByText("1,000 users selected");
        await news.WaitForAsync(new() { Timeout = Patience });
        Assert.Contains(
            $"{InvitationSheet.Good} will change, {sheet.Skipped} skipped, {40 - sheet.Skipped} problems",
            await news.InnerTextAsync(),
            StringComparison.Ordinal
        );
        await admin.Picture("journey-1-preview");
        await admin.AssertAccessible("preview");
        await EveryWrongCellIsNamed(page, sheet);

        await page.GetByRole(AriaRole.Link, new() { Name = "Continue" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Send invitations" }).WaitForAsync();
        await admin.Picture("journey-2-confirm");
        await admin.AssertAccessible("confirm");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send invitations" }).ClickAsync();
        await Summary(admin, "journey-3-invited", InvitationSheet.Good);
        var mails = await muster.Mail.WaitFor(InvitationSheet.Good, TimeSpan.FromMinutes(5));
        Assert.Equal(InvitationSheet.Good, mails.Count);
        Assert.Equal(InvitationSheet.Good, mails.Select(mail => mail.Recipient.ToLowerInvariant()).Distinct().Count());
        return sheet;
    }

    private async Task EveryWrongCellIsNamed(IPage page, InvitationSheet sheet)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Problems" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Show everybody" }).WaitForAsync();
        var text = await page.InnerTextAsync("section.items");
        while (await page.Locator("section.items a[rel=next], section.items .pager a:has-text('Next')").CountAsync() > 0)
        {
            var before = page.Url;
            await page.Locator("section.items a[rel=next], section.items .pager a:has-text('Next')").First.ClickAsync();
            await page.WaitForFunctionAsync("before => location.href !== before", before);
            text += await page.InnerTextAsync("section.items");
        }

        Assert.All(sheet.Wrong, wrong => Assert.Matches($@"(?i)\b{Regex.Escape(wrong.Key)}\b[^\n]*{Regex.Escape(wrong.Value)}", text));
        await page.GetByRole(AriaRole.Link, new() { Name = "Show everybody" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Show everybody" }).WaitForAsync(new() { State = WaitForSelectorState.Hidden });
    }

    /// <summary>The new person accepts, and finds the courses of the group's auto-enrolment.</summary>
    private async Task<Visit> FollowTheLink(InvitationSheet sheet)
    {
        var mail = (await muster.Mail.Messages()).Single(m => m.Recipient.Equals(sheet.Followed, StringComparison.OrdinalIgnoreCase));
        var link = Regex.Match(mail.Text, @"https?://\S+/invitation/\S+").Value;
        var learner = await browser.Visit(muster.Server.Url);
        learner.Context.SetDefaultTimeout(60_000);
        await learner.Go(new Uri(link).PathAndQuery);
        await learner.AssertAccessible("invitation");
        await learner.Picture("journey-4-invitation");
        await learner.Page.FillAsync("[name=password]", "a long pass phrase 1");
        await learner.Page.FillAsync("[name=again]", "a long pass phrase 1");
        await learner.Page.GetByRole(AriaRole.Button, new() { Name = "Accept invitation" }).ClickAsync();
        await Visit.Arrive(learner.Page, "/w/");
        await learner.Go($"/w/{workspace}/my-courses");
        var courses = await learner.Page.InnerTextAsync("main");
        Assert.Contains("Fire safety", courses, StringComparison.Ordinal);
        Assert.Contains("Lone working", courses, StringComparison.Ordinal);
        await learner.AssertAccessible("my courses");
        await learner.Picture("journey-5-my-courses");

        await using var again = await browser.Visit(muster.Server.Url);
        await again.Page.GotoAsync(link);
        Assert.Contains("can no longer be used", await again.Page.InnerTextAsync("main"), StringComparison.Ordinal);
        return learner;
    }

    /// <summary>Everybody who matches minus three, into two groups: what the preview counted is what the database holds afterwards.</summary>
    private async Task AddToGroups(Visit admin)
    {
        var page = admin.Page;
        await admin.Go($"/w/{workspace}/users?status=active");
        await page.CheckAsync("tbody tr:nth-child(1) input[name=ids]");
        await page.Locator("[data-select-all]").ClickAsync();
        foreach (var row in new[] { 2, 3, 4 })
        {
            await page.UncheckAsync($"tbody tr:nth-child({row}) input[name=ids]");
        }

        await admin.Picture("journey-6-selected");
        await admin.AssertAccessible("selected");
        var matching = Ask<long>(
            $"SELECT count(*) FROM profiles WHERE workspace_id = {workspace} AND status = 1 AND (expires_on IS NULL OR expires_on >= date('now'))"
        );
        await Pick(page, "Add users to group");
        await page.GetByLabel(new Regex("^Fire wardens")).CheckAsync();
        await page.GetByLabel(new Regex("^First aiders")).CheckAsync();
        await admin.AssertAccessible("parameters");
        await page.Locator("main form button.primary").ClickAsync();
        var news = page.Locator("#main")
            .GetByText(new Regex($"^{(matching - 3).ToString("N0", CultureInfo.GetCultureInfo("en-GB"))} users selected"));
        await news.WaitForAsync(new() { Timeout = Patience });
        await admin.Picture("journey-7-add-preview");
        await admin.AssertAccessible("preview with effects");
        Assert.Contains("even those who completed", await page.InnerTextAsync("main"), StringComparison.OrdinalIgnoreCase);

        var promised = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var line in await page.Locator("section.card ul.reasons li").AllInnerTextsAsync())
        {
            var found = Regex.Match(line, @"New enrolments in (?<course>.+?)\s+(?<count>[\d,]+)\s*$", RegexOptions.Singleline);
            if (found.Success)
            {
                promised[found.Groups["course"].Value.Trim()] = long.Parse(
                    found.Groups["count"].Value.Replace(",", "", StringComparison.Ordinal),
                    CultureInfo.InvariantCulture
                );
            }
        }

        Assert.NotEmpty(promised);
        var willChange = Ask<long>("SELECT will_change FROM operations ORDER BY id DESC LIMIT 1");
        var operation = Ask<long>("SELECT id FROM operations ORDER BY id DESC LIMIT 1");
        await page.GetByRole(AriaRole.Link, new() { Name = "Continue" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Update users" }).ClickAsync();
        await Summary(admin, "journey-8-added", willChange);
        Assert.All(
            promised,
            course =>
                Assert.Equal(
                    course.Value,
                    Ask<long>(
                        $"SELECT count(*) FROM enrolments e JOIN courses c ON c.workspace_id = e.workspace_id AND c.id = e.course_id WHERE e.operation_id = {operation} AND c.title = '{course.Key}'"
                    )
                )
        );
    }

    /// <summary>The person accepted above is archived; their next request is refused.</summary>
    private async Task Archive(Visit admin, Visit learner, InvitationSheet sheet)
    {
        var page = admin.Page;
        await admin.Go($"/w/{workspace}/users?search={Uri.EscapeDataString(sheet.Followed)}");
        await page.CheckAsync("tbody tr:nth-child(1) input[name=ids]");
        await Pick(page, "Archive profiles");
        await page.Locator("#main").GetByText("1 user selected").WaitForAsync(new() { Timeout = Patience });
        await page.GetByRole(AriaRole.Link, new() { Name = "Continue" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Update users" }).ClickAsync();
        await Summary(admin, "journey-9-archived", 1);
        var answer = await learner.Page.GotoAsync(new Uri(learner.Server, $"/w/{workspace}/my-courses").ToString());
        Assert.Equal(404, answer!.Status);
        await learner.DisposeAsync();
    }

    /// <summary>Everybody, as LibreOffice shows the file: all columns, every name intact, nothing that runs.</summary>
    private async Task Export(Visit admin)
    {
        var page = admin.Page;
        await admin.Go($"/w/{workspace}/users");
        var file = await Download(page, () => Pick(page, "Export all users to CSV"), "users.csv");
        var cells = await LibreOffice.Read(file);
        var header = cells.Where(cell => cell.Row == 1).OrderBy(cell => cell.Column).Select(cell => cell.Value).ToList();
        Assert.Equal(
            [
                "First name",
                "Last name",
                "E-mail",
                "Status",
                "Roles",
                "Organisation unit",
                "Groups",
                "Invited",
                "Registered",
                "Last active",
                "Expiry date",
            ],
            header.Take(11)
        );
        Assert.Equal("Id", header[^1]);
        Assert.DoesNotContain(cells, cell => cell.Kind == "formula");
        Assert.Contains(cells, cell => cell.Column == 1 && cell.Value == "'=1+1");
        Assert.Contains(cells, cell => cell.Column == 1 && cell.Value == "Ünïcode");
        Assert.Contains(cells, cell => cell.Column == 2 && cell.Value == "O\"Neill, Ann");
        Assert.Equal(Ask<long>($"SELECT count(*) FROM profiles WHERE workspace_id = {workspace}"), cells.Max(cell => cell.Row) - 1);
    }

    /// <summary>From the users list: the arrow of the split button, then the action.</summary>
    private static async Task Pick(IPage page, string action)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Choose a bulk action" }).ClickAsync();
        await page.Locator("#bulk-menu").GetByRole(AriaRole.Menuitem, new() { Name = action }).ClickAsync();
    }

    /// <summary>From the chooser page: every action with a sentence, Next.</summary>
    private static async Task Choose(IPage page, string action)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Bulk actions", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Bulk actions" }).WaitForAsync();
        await page.GetByLabel(action).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
    }

    private static async Task Summary(Visit visit, string picture, long changed)
    {
        await visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Summary" }).WaitForAsync(new() { Timeout = Patience });
        Assert.Contains(
            changed.ToString("N0", CultureInfo.GetCultureInfo("en-GB")),
            await visit.Page.Locator("section:has(#summary) [data-announce]").InnerTextAsync(),
            StringComparison.Ordinal
        );
        await visit.Picture(picture);
        await visit.AssertAccessible(picture);
    }

    private async Task<string> Download(IPage page, Func<Task> click, string name)
    {
        var download = await page.RunAndWaitForDownloadAsync(click);
        var path = Path.Combine(folder, name);
        await download.SaveAsAsync(path);
        return path;
    }

    private T Ask<T>(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={muster.Database};Mode=ReadOnly");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (T)command.ExecuteScalar()!;
    }
}
