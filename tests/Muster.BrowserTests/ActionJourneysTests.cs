using Microsoft.Playwright;
using Muster.People;
using Xunit;

namespace Muster.BrowserTests;

/// <summary>Each action of onboarding, organisation and user profile from the menu to the summary, and back again where there is a way back.</summary>
[Collection(nameof(Showroom))]
public sealed class ActionJourneysTests(Browser browser, Showroom showroom)
{
    [Fact]
    public async Task Invite_users_from_a_spreadsheet_with_one_wrong_row_mended_in_place()
    {
        await using var journey = await Begin("invite");
        var page = journey.Page;
        await journey.FromTheMenu("Invite users");
        await page.SetInputFilesAsync(
            "input[name=file]",
            new FilePayload
            {
                Name = "people.csv",
                MimeType = "text/csv",
                Buffer =
                    """
                    Email,First name,Last name,Organisation unit
                    guest1@journeys.example,Guest,One,
                    guest2@journeys.example,Guest,Two,Operatons
                    guest3@journeys.example,Guest,Three,Operations
                    """u8.ToArray(),
            }
        );
        await journey.Press("Upload and preview");
        await journey.Preview(
            "3 users selected: 2 will change, 0 skipped, 1 problem",
            "did you mean “Operations”?",
            "Rows with problems are left out"
        );

        await page.GetByRole(AriaRole.Link, new() { Name = "mend the others here" }).ClickAsync();
        await journey.See("Row 3.");
        Assert.True(
            await page.EvaluateAsync<bool>(
                "() => { const b = document.activeElement.getBoundingClientRect(); return document.activeElement.value === 'Operatons' && b.top > 0 && b.bottom < innerHeight; }"
            ),
            "The wrong cell is not ready to be typed in"
        );
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.TypeAsync("Operations");
        await page.Keyboard.PressAsync("Enter");
        await journey.Preview("3 users selected: 3 will change, 0 skipped, 0 problems", "Everybody in this operation");
        await journey.Confirm(
            "Invite users: 3 users?",
            "Send invitations",
            "3 users changed, 0 skipped, 0 problems, 0 failed",
            "Invitations sent by e-mail"
        );
        Assert.Contains("Invited", await journey.RowOf("guest2@journeys.example"), StringComparison.Ordinal);

        await page.GoBackAsync();
        await journey.See("Finished: 3 users changed");
        await journey.Undo("Invite users", 3);
        Assert.Contains("Cancelled", await journey.RowOf("guest2@journeys.example"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resend_invitations_cannot_be_taken_back_and_says_so()
    {
        await showroom.Newcomers("resend", 2, ProfileStatus.Invited);
        await using var journey = await Begin("resend");
        await journey.FromTheMenu("Resend invitations");
        await journey.ChooseUsers();
        await journey.TickFound("resend", 2);
        await journey.See("Only people with status Invited are shown");
        await journey.Next();
        await journey.Preview(
            "2 users selected: 2 will change, 0 skipped, 0 problems",
            "Sending e-mails cannot be undone",
            "E-mails to be sent"
        );
        await journey.Confirm(
            "Resend invitations: 2 users?",
            "Send invitations",
            "2 users changed, 0 skipped, 0 problems, 0 failed",
            "This cannot be undone",
            "Earlier links that stop working"
        );
        await journey.See("cannot be undone");
        Assert.Equal(0, await journey.Page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).CountAsync());
    }

    [Fact]
    public async Task Cancel_invitations_and_take_that_back()
    {
        var emails = await showroom.Newcomers("cancel", 3, ProfileStatus.Invited);
        await using var journey = await Begin("cancel");
        await journey.FromTheMenu("Cancel invitations");
        await journey.ChooseUsers();
        await journey.TickFound("cancel", 3);
        // What is ticked, and the way on, stay in sight however far the list goes.
        await journey.Page.Locator("#selection-bar button.primary").ClickAsync();
        await journey.Preview("3 users selected: 3 will change, 0 skipped, 0 problems", "Links that stop working", "Invited → Cancelled");
        await journey.Confirm(
            "Cancel invitations: 3 users?",
            "Update users",
            "3 users changed, 0 skipped, 0 problems, 0 failed",
            "You can undo this later"
        );
        await journey.Undo("Cancel invitations", 3);
        Assert.Contains("Invited", await journey.RowOf(emails[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_users_to_a_group_with_auto_enrolment_and_take_that_back()
    {
        var emails = await showroom.Newcomers("adding", 2);
        await using var journey = await Begin("add");
        await journey.FromTheMenu("Add users to group");
        await journey.ChooseUsers();
        await journey.TickFound("adding", 2);
        await journey.Next();
        await journey.Page.GetByLabel("Fire wardens").CheckAsync();
        await journey.Press("Preview");
        await journey.Preview(
            "2 users selected: 2 will change, 0 skipped, 0 problems",
            "even those who completed them before",
            "New enrolments in Fire safety",
            "Added to the group"
        );
        await journey.Confirm(
            "Add users to group: 2 users?",
            "Update users",
            "2 users changed, 0 skipped, 0 problems, 0 failed",
            "New enrolments in Fire safety"
        );
        await journey.Undo("Add users to group", 2);
        var person = await journey.PageOf(emails[0]);
        Assert.DoesNotContain("Fire wardens", person, StringComparison.Ordinal);
        Assert.DoesNotContain("Fire safety", person, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Remove_users_from_a_group_asks_for_the_group_first_and_is_taken_back()
    {
        await using var journey = await Begin("remove");
        var page = journey.Page;
        await journey.FromTheMenu("Remove users from group");
        await page.GetByLabel("Volunteers").CheckAsync();
        await journey.Press("Next: choose users");
        await journey.ChooseUsers();
        await journey.See("Only people with membership of Volunteers are shown");

        await journey.Next();
        await journey.See("Nobody is ticked yet");
        await journey.See("Only people with membership of Volunteers are shown");
        await page.CheckAsync("tbody tr:nth-child(1) [name=ids]");
        await page.CheckAsync("tbody tr:nth-child(2) [name=ids]");
        await journey.Next();
        await journey.Preview("2 users selected: 2 will change, 0 skipped, 0 problems", "Volunteers", "Taken out of the group");
        await journey.Confirm("Remove users from group: 2 users?", "Update users", "2 users changed, 0 skipped, 0 problems, 0 failed");
        await journey.Undo("Remove users from group", 2);
    }

    [Fact]
    public async Task Archive_profiles_but_for_one_left_out_and_take_that_back()
    {
        var emails = await showroom.Newcomers("leaver", 3);
        await using var journey = await Begin("archive");
        await journey.Page.GotoAsync(new Uri(showroom.Server.Url, "/w/1/users").ToString());
        await journey.TickFound("leaver", 3);
        await journey.FromTheMenu("Archive profiles");
        await journey.Preview("3 users selected: 3 will change, 0 skipped, 0 problems", "Active → Archived");
        await journey.Page.Locator("tbody tr").Filter(new() { HasText = emails[1] }).GetByRole(AriaRole.Button).ClickAsync();
        await journey.Preview("3 users selected: 2 will change, 1 skipped, 0 problems");
        await journey.Confirm(
            "Archive profiles: 2 users?",
            "Update users",
            "2 users changed, 1 skipped, 0 problems, 0 failed",
            "1 is left alone"
        );
        await journey.Undo("Archive profiles", 2);
        Assert.Contains("Active", await journey.RowOf(emails[0]), StringComparison.Ordinal);
        Assert.Contains("Archive profiles", await journey.PageOf(emails[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reactivate_profiles_and_take_that_back()
    {
        var emails = await showroom.Newcomers("returner", 2, ProfileStatus.Archived);
        await using var journey = await Begin("reactivate");
        await journey.FromTheMenu("Reactivate profiles");
        await journey.ChooseUsers();
        await journey.TickFound("returner", 2);
        await journey.Next();
        await journey.Preview("2 users selected: 2 will change, 0 skipped, 0 problems", "Archived → ");
        await journey.Confirm("Reactivate profiles: 2 users?", "Update users", "2 users changed, 0 skipped, 0 problems, 0 failed");
        await journey.Undo("Reactivate profiles", 2);
        Assert.Contains("Archived", await journey.RowOf(emails[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_all_users_is_one_click_and_the_file_is_there()
    {
        await using var journey = await Begin("export");
        var download = await journey.Page.RunAndWaitForDownloadAsync(() => journey.FromTheMenu("Export all users to CSV"));
        Assert.EndsWith(".csv", download.SuggestedFilename, StringComparison.Ordinal);
        await using var file = await download.CreateReadStreamAsync();
        using var reader = new StreamReader(file);
        Assert.StartsWith("First name,Last name,E-mail,Status", await reader.ReadLineAsync(), StringComparison.Ordinal);
    }

    private async Task<Journey> Begin(string name) => new(await showroom.Visit(browser, Reader.Admin), name);
}
