using Microsoft.Playwright;
using Xunit;

namespace Muster.BrowserTests;

/// <summary>Enrol and Withdraw from the users list and from a course's menu, with each way to say which users, and by a Manager.</summary>
[Collection(nameof(Showroom))]
public sealed class CourseJourneysTests(Browser browser, Showroom showroom)
{
    private const string Course = "Cyber security basics";

    [Fact]
    public async Task Enrol_ticked_users_from_a_later_day_and_take_that_back()
    {
        var emails = await showroom.Newcomers("starter", 2);
        await using var journey = await Begin("enrol", Reader.Admin);
        await journey.Page.GotoAsync(new Uri(showroom.Server.Url, "/w/1/users").ToString());
        await journey.TickFound("starter", 2);
        await journey.FromTheMenu("Enrol to course");
        await journey.Page.GetByLabel(Course).CheckAsync();
        var day = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(7).ToString("yyyy-MM-dd", null);
        await journey.Page.GetByLabel("First day").FillAsync(day);
        await journey.Press("Preview");
        await journey.Preview("2 users selected: 2 will change, 0 skipped, 0 problems", $"starts on {day}", "Deferred");
        await journey.Confirm(
            "Enrol to course: 2 users?",
            "Start enrolment",
            "2 users changed, 0 skipped, 0 problems, 0 failed",
            $"New enrolments in {Course}"
        );
        await journey.Undo("Enrol to course", 2);
        Assert.DoesNotContain(Course, await journey.PageOf(emails[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enrol_from_the_course_with_a_spreadsheet_that_began_as_the_template()
    {
        var emails = await showroom.Newcomers("uploaded", 2);
        await using var journey = await Begin("enrol-file", Reader.Admin);
        var page = journey.Page;
        await journey.FromTheCourse(Course, "Enrol users");
        var template = await page.RunAndWaitForDownloadAsync(() =>
            page.GetByRole(AriaRole.Link, new() { Name = "Download template" }).ClickAsync()
        );
        Assert.EndsWith(".xlsx", template.SuggestedFilename, StringComparison.Ordinal);
        await page.SetInputFilesAsync(
            "input[name=file]",
            new FilePayload
            {
                Name = "people.csv",
                MimeType = "text/csv",
                Buffer = System.Text.Encoding.UTF8.GetBytes($"Email\n{emails[0]}\n{emails[1]}\nnobody@journeys.example\n"),
            }
        );
        await journey.Press("Upload and preview");
        await journey.Preview("3 users selected: 2 will change, 0 skipped, 1 problem", "nobody@journeys.example");
        await journey.Confirm("Enrol to course: 2 users?", "Start enrolment", "2 users changed, 0 skipped, 1 problem, 0 failed");
        await journey.Undo("Enrol to course", 2);
    }

    [Fact]
    public async Task Enrol_pasted_addresses_withdraw_them_from_the_course_and_take_that_back()
    {
        var emails = await showroom.Newcomers("pasted", 2);
        await using var journey = await Begin("withdraw", Reader.Admin);
        await journey.FromTheCourse(Course, "Enrol users");
        await journey.Page.GetByRole(AriaRole.Textbox, new() { Name = "E-mail addresses" }).FillAsync(string.Join('\n', emails));
        await journey.Press("Use these addresses");
        await journey.Preview("2 users selected: 2 will change, 0 skipped, 0 problems");
        await journey.Confirm("Enrol to course: 2 users?", "Start enrolment", "2 users changed, 0 skipped, 0 problems, 0 failed");

        await journey.FromTheCourse(Course, "Withdraw users");
        await journey.ChooseUsers();
        await journey.TickFound("pasted", 2);
        await journey.See($"Only people with an open attempt at {Course} are shown");
        await journey.Next();
        await journey.Preview("2 users selected: 2 will change, 0 skipped, 0 problems", "Not started → Withdrawn");
        await journey.Confirm(
            "Withdraw from course: 2 users?",
            "Start withdrawal",
            "2 users changed, 0 skipped, 0 problems, 0 failed",
            $"Open enrolments ended in {Course}"
        );
        await journey.Undo("Withdraw from course", 2);
        Assert.Contains("Not started", await journey.PageOf(emails[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_few_seats_are_said_before_anybody_is_enrolled()
    {
        var emails = await showroom.Newcomers("seated", 5);
        await using var journey = await Begin("seats", Reader.Admin);
        var page = journey.Page;
        await page.GotoAsync(new Uri(showroom.Server.Url, "/w/1/courses/new").ToString());
        await page.FillAsync("[name=title]", "Three chairs");
        await page.FillAsync("[name=seats]", "3");
        await journey.Press("Save course");
        await journey.See("Course saved.");
        await journey.FromTheCourse("Three chairs", "Enrol users");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "E-mail addresses" }).FillAsync(string.Join('\n', emails));
        await journey.Press("Use these addresses");
        await journey.Preview("5 users selected: 3 will change, 2 skipped, 0 problems", "seat");
        await journey.Confirm(
            "Enrol to course: 3 users?",
            "Start enrolment",
            "3 users changed, 2 skipped, 0 problems, 0 failed",
            "2 are left alone"
        );
        await journey.Undo("Enrol to course", 3);
    }

    [Fact]
    public async Task A_manager_enrols_people_of_their_unit_from_the_course_and_takes_that_back()
    {
        await using var journey = await Begin("manager", Reader.Manager);
        var page = journey.Page;
        await page.GotoAsync(new Uri(showroom.Server.Url, "/w/1/users").ToString());
        await journey.See("Last active");
        Assert.Equal(0, await page.GetByText("Bulk actions").CountAsync());

        await journey.FromTheCourse(Course, "Enrol users");
        await journey.ChooseUsers();
        await journey.See("tick whom “Enrol to course” is for");
        var units = (await page.Locator("tbody td:nth-of-type(4)").AllInnerTextsAsync()).Distinct().ToList();
        Assert.Equal(["Alder House"], units);
        await page.GetByText("Robin Manager").First.WaitForAsync();
        await page.Locator("tbody tr").Filter(new() { HasText = "manager@readers.example" }).Locator("[name=ids]").CheckAsync();
        await journey.Next();
        await journey.Preview("1 user selected: 1 will change, 0 skipped, 0 problems", Course);
        await journey.Confirm("Enrol to course: 1 user?", "Start enrolment", "1 user changed, 0 skipped, 0 problems, 0 failed");
        await journey.Undo("Enrol to course", 1);
    }

    private async Task<Journey> Begin(string name, Reader reader) => new(await showroom.Visit(browser, reader), name);
}
