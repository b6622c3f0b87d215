using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Muster.Access;
using Muster.Data;
using Muster.People;
using Xunit;

namespace Muster.BrowserTests;

/// <summary>What people see who administer nothing: from the e-mailed link to a completed course.</summary>
public sealed class LearnerPagesTests(Browser browser, RunningMuster muster) : IClassFixture<RunningMuster>
{
    private const string Password = "a long enough password";

    [Fact]
    public async Task Somebody_accepts_an_invitation_and_completes_a_course()
    {
        var (link, title) = await Invite("bo.one@example.com");
        await using var visit = await browser.Visit(muster.Server.Url);
        var page = visit.Page;

        await visit.Go(link);
        await page.GetByLabel("First name").FillAsync("Bo");
        await page.GetByLabel("Last name").FillAsync("Ström");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByLabel("Password again").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Accept invitation" }).ClickAsync();
        await Visit.Arrive(page, "/my-courses$");
        await page.GetByRole(AriaRole.Button, new() { Name = $"Start {title}" }).ClickAsync();
        await page.GetByText($"Started: {title}.").First.WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = $"Mark as completed {title}" }).ClickAsync();
        await page.GetByText($"Completed: {title}.").First.WaitForAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Account of Bo Ström" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Sign out" }).ClickAsync();
        await Visit.Arrive(page, "/sign-in$");
        visit.AssertQuiet();
    }

    [Fact]
    public async Task All_of_it_works_without_script()
    {
        var (link, title) = await Invite("bo.two@example.com");
        await using var visit = await browser.Visit(muster.Server.Url, new() { Script = false });
        var page = visit.Page;

        await visit.Go(link);
        await page.Locator("[name=password]").FillAsync(Password);
        await page.Locator("[name=again]").FillAsync(Password);
        await page.ClickAsync("main button.primary");
        await Visit.Arrive(page, "/my-courses$");
        await page.ClickAsync("button[name=start] >> nth=0");

        Assert.Contains($"Started: {title}.", await page.InnerTextAsync("main"), StringComparison.Ordinal);
    }

    /// <summary>An invited person with a course that waits for them.</summary>
    private async Task<(string Link, string Title)> Invite(string email)
    {
        var ct = TestContext.Current.CancellationToken;
        var options = new DbContextOptionsBuilder<SqliteMusterDb>();
        DataRegistration.Configure(options, DatabaseOptions.Parse($"sqlite:{muster.Database}"));
        await using var db = new SqliteMusterDb(options.Options);
        var workspace = await db.Workspaces.Select(w => w.Id).FirstAsync(ct);
        db.WorkspaceId = workspace;
        var profile = await db.Reserve(workspace, 1, ct);
        var course = await db.Reserve(workspace, 1, ct);
        var (token, now) = (Secrets.CreateFor(profile), TimeProvider.System.Now());
        var title = $"Fire safety for {email.Split('@')[0]}";
        db.Courses.Add(
            new()
            {
                WorkspaceId = workspace,
                Id = course,
                Title = title,
            }
        );
        db.Profiles.Add(
            new()
            {
                WorkspaceId = workspace,
                Id = profile,
                Email = email,
                EmailKey = email,
                FirstName = "Bo",
                LastName = "Strom",
                SortName = Names.SortKey("Bo", "Strom"),
                SearchText = Names.SearchText("Bo", "Strom", email),
                Status = ProfileStatus.Invited,
                InvitedAt = now,
            }
        );
        await db.SaveChangesAsync(ct);
        db.Enrolments.Add(
            new()
            {
                WorkspaceId = workspace,
                ProfileId = profile,
                CourseId = course,
                Attempt = 1,
                StartsOn = DateOnly.FromDateTime(now.AddDays(-1)),
                CreatedAt = now,
            }
        );
        db.Invitations.Add(
            new()
            {
                WorkspaceId = workspace,
                ProfileId = profile,
                TokenHash = Secrets.Hash(token),
                SentCount = 1,
                LastSentAt = now,
                ExpiresAt = now.AddDays(30),
            }
        );
        await db.SaveChangesAsync(ct);
        return ($"/invitation/{workspace}/{token}", title);
    }
}
