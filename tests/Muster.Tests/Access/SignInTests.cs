using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Muster.Access;
using Xunit;

namespace Muster.Tests;

public sealed class SignInTests(PostgresServer postgres)
{
    private const string Ann = "ann@example.com";

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_person_signs_in_in_any_case_and_lands_in_their_only_workspace(DatabaseKind kind)
    {
        await using var site = await TestSite.Start(kind, postgres);
        await site.AddPerson(Ann);
        using var visitor = site.Visitor();

        var signedIn = await visitor.SignIn(" Ann@EXAMPLE.com ", TestSite.Password);
        var start = await visitor.Get("/");

        Assert.Equal((HttpStatusCode.Redirect, "/"), (signedIn.Status, signedIn.Location));
        var cookie = Assert.Single(signedIn.Headers.GetValues("Set-Cookie"), c => c.StartsWith("muster=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("/w/1/my-courses", start.Location);
        Assert.Equal("My courses", (await visitor.Get("/w/1/my-courses")).Heading);
    }

    [Fact]
    public async Task A_wrong_password_an_unknown_address_and_a_locked_account_get_the_same_answer()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres, ("Muster:Access:LockoutAfter", "3"));
        await site.AddPerson(Ann);
        using var visitor = site.Visitor();

        var unknown = await visitor.SignIn("nobody@example.com", TestSite.Password);
        var wrong = await visitor.SignIn(Ann, "wrong");
        await visitor.SignIn(Ann, "wrong");
        await visitor.SignIn(Ann, "wrong");
        var locked = await visitor.SignIn(Ann, TestSite.Password);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.Status);
        Assert.Equal(wrong.Status, unknown.Status);
        Assert.Equal(wrong.Status, locked.Status);
        Assert.Equal(Errors(wrong), Errors(unknown));
        Assert.Equal(Errors(wrong), Errors(locked));
        Assert.NotEmpty(Errors(wrong));
    }

    [Fact]
    public async Task Empty_fields_are_named()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        using var visitor = site.Visitor();

        var answer = await visitor.SignIn("", "");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Equal(2, answer.Page.QuerySelectorAll(".field-error").Length);
    }

    [Fact]
    public async Task Many_tries_from_one_address_are_slowed_down_in_plain_words()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres, ("Muster:Access:TriesPerMinute", "2"));
        await site.AddPerson(Ann);
        using var visitor = site.Visitor();

        await visitor.SignIn("one@example.com", "wrong");
        await visitor.SignIn("two@example.com", "wrong");
        var third = await visitor.SignIn(Ann, TestSite.Password);
        var look = await visitor.Get("/sign-in");

        Assert.Equal(HttpStatusCode.TooManyRequests, third.Status);
        Assert.Equal("Too many tries", third.Heading);
        Assert.Equal(HttpStatusCode.OK, look.Status);
    }

    [Theory]
    [InlineData("//evil.example/x")]
    [InlineData("/\\evil.example")]
    [InlineData("https://evil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("javascript:alert(1)")]
    public async Task Signing_in_leads_to_no_other_site(string address)
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddPerson(Ann);
        using var visitor = site.Visitor();

        var answer = await visitor.SignIn(Ann, TestSite.Password, $"?return={Uri.EscapeDataString(address)}");

        Assert.Equal((HttpStatusCode.Redirect, "/"), (answer.Status, answer.Location));
    }

    [Fact]
    public async Task A_page_asked_for_before_signing_in_opens_after_it()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddPerson(Ann);
        using var visitor = site.Visitor();

        var refused = await visitor.Get("/w/1/my-profile?x=1");
        var answer = await visitor.SignIn(Ann, TestSite.Password, refused.Location!["/sign-in".Length..]);

        Assert.Equal("/sign-in?return=%2Fw%2F1%2Fmy-profile%3Fx%3D1", refused.Location);
        Assert.Equal("/w/1/my-profile?x=1", answer.Location);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_and_needs_the_pages_own_form()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddPerson(Ann);
        using var visitor = await site.SignedIn(Ann);
        var page = await visitor.Get("/w/1/my-courses");
        var token = page.Page.QuerySelector("#sign-out-form input")!.GetAttribute("value")!;

        using var forged = await visitor.Client.PostAsync(new Uri("/sign-out", UriKind.Relative), new FormUrlEncodedContent([]));
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await visitor.Get("/w/1/my-courses")).Status);

        using var own = await visitor.Client.PostAsync(
            new Uri("/sign-out", UriKind.Relative),
            new FormUrlEncodedContent([new("__RequestVerificationToken", token)])
        );
        Assert.Equal(HttpStatusCode.Redirect, own.StatusCode);
        Assert.StartsWith("/sign-in", (await visitor.Get("/w/1/my-courses")).Location, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changing_the_password_ends_other_sessions_within_a_minute_and_keeps_this_one()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddPerson(Ann);
        using var here = await site.SignedIn(Ann);
        using var elsewhere = await site.SignedIn(Ann);

        var wrong = await here.Send(
            "/w/1/my-profile",
            "password",
            ("present", "wrong"),
            ("new", "a new long password"),
            ("again", "a new long password")
        );
        var changed = await here.Send(
            "/w/1/my-profile",
            "password",
            ("present", TestSite.Password),
            ("new", "a new long password"),
            ("again", "a new long password")
        );
        site.Clock.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.Status);
        Assert.Equal(HttpStatusCode.Redirect, changed.Status);
        Assert.StartsWith("/sign-in", (await elsewhere.Get("/w/1/my-courses")).Location, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await here.Get("/w/1/my-courses")).Status);
        using var again = site.Visitor();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await again.SignIn(Ann, TestSite.Password)).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await again.SignIn(Ann, "a new long password")).Status);
    }

    [Fact]
    public async Task A_session_without_requests_ends()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres, ("Muster:Access:SessionHours", "1"));
        await site.AddPerson(Ann);
        using var visitor = await site.SignedIn(Ann);

        site.Clock.Advance(TimeSpan.FromMinutes(61));

        Assert.StartsWith("/sign-in", (await visitor.Get("/w/1/my-courses")).Location, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cookie_outlives_the_process_because_its_keys_are_in_the_database()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddPerson(Ann);
        using var visitor = await site.SignedIn(Ann);
        await using var db = site.Open(0);

        Assert.NotEmpty(db.DataProtectionKeys);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("aaaaaaaaaaaaaaaa")]
    public async Task A_short_or_monotonous_password_is_refused(string password)
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await using var scope = site.Services.CreateAsyncScope();
        var accounts = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();

        var results = await Task.WhenAll(accounts.PasswordValidators.Select(v => v.ValidateAsync(accounts, new Account(), password)));

        Assert.Contains(results, result => !result.Succeeded);
    }

    private static List<string> Errors(Answer answer) =>
        [.. answer.Page.QuerySelectorAll(".field-error").Select(error => error.TextContent.Trim())];
}
