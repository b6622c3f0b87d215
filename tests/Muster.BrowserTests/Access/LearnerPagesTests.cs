using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Muster.Access;
using Muster.Data;
using Muster.People;
using Xunit;

namespace Muster.BrowserTests;

/// <summary>What people see who administer nothing: from the e-mailed link to a completed course, and the pages that say no.</summary>
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
        await page.WaitForURLAsync("**/my-courses");
        await page.GetByRole(AriaRole.Button, new() { Name = $"Start {title}" }).ClickAsync();
        await page.GetByText($"Started: {title}.").First.WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = $"Mark as completed {title}" }).ClickAsync();
        await page.GetByText($"Completed: {title}.").First.WaitForAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Account of Bo Ström" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Sign out" }).ClickAsync();
        await page.WaitForURLAsync("**/sign-in");
        visit.AssertQuiet();
    }

    [Theory]
    [InlineData(false, 1280)]
    [InlineData(true, 1280)]
    [InlineData(false, 320)]
    public async Task Every_page_is_accessible_and_fits(bool dark, int width)
    {
        var name = $"learner{(dark ? "-dark" : "")}-{width}";
        var (link, _) = await Invite($"{name}@example.com");
        await using var visit = await browser.Visit(muster.Server.Url, new() { Dark = dark, Width = width });
        var page = visit.Page;

        await visit.Go("/sign-in");
        await Check(visit, $"{name}-sign-in");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByText("2 things need your attention").WaitForAsync();
        await Check(visit, $"{name}-sign-in-wrong");

        await visit.Go(link);
        await Check(visit, $"{name}-invitation");
        await page.GotoAsync(new Uri(muster.Server.Url, "/invitation/1/unknown").ToString());
        await Check(visit, $"{name}-invitation-gone");

        await visit.Go(link);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByLabel("Password again").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Accept invitation" }).ClickAsync();
        await page.WaitForURLAsync("**/my-courses");
        await Check(visit, $"{name}-courses");
        var home = new Uri(page.Url).AbsolutePath[..^"/my-courses".Length];
        await visit.Go(home + "/my-profile");
        await Check(visit, $"{name}-profile");
        await visit.Go("/?choose=1");
        await Check(visit, $"{name}-workspaces");

        await page.GotoAsync(new Uri(muster.Server.Url, home + "/users").ToString());
        await page.GetByText("This page is for administrators").WaitForAsync();
        await Check(visit, $"{name}-refused");
        await page.GotoAsync(new Uri(muster.Server.Url, "/w/999/users").ToString());
        await page.GetByText("There is nothing here").WaitForAsync();
        await Check(visit, $"{name}-nothing");
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
        await page.WaitForURLAsync("**/my-courses");
        await page.ClickAsync("button[name=start] >> nth=0");

        Assert.Contains($"Started: {title}.", await page.InnerTextAsync("main"), StringComparison.Ordinal);
    }

    private static async Task Check(Visit visit, string name)
    {
        await visit.AssertAccessible(name);
        await visit.AssertNoSidewaysScrolling();
        await visit.Picture(name);
    }

    /// <summary>An invited person with a course that waits for them.</summary>
    private async Task<(string Link, string Title)> Invite(string email)
    {
        var ct = TestContext.Current.CancellationToken;
        SetBased.Initialise();
        var options = new DbContextOptionsBuilder<SqliteMusterDb>();
        DataRegistration.Configure(options, DatabaseOptions.Parse($"sqlite:{muster.Database}"));
        await using var db = new SqliteMusterDb(options.Options);
        var workspace = await db.Workspaces.Select(w => w.Id).FirstAsync(ct);
        db.WorkspaceId = workspace;
        var profile = await db.Reserve(workspace, 1, ct);
        var course = await db.Reserve(workspace, 1, ct);
        var (token, now) = (Secrets.Create(), TimeProvider.System.Now());
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
