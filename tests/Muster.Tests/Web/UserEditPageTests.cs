using System.Net;
using Microsoft.EntityFrameworkCore;
using Muster.Learning;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>The page on which one user is changed, as a browser without script goes it.</summary>
public sealed class UserEditPageTests(PostgresServer postgres)
{
    private const string Boss = "boss@example.com";

    [Fact]
    public async Task A_change_that_enrols_is_shown_first_and_done_once_it_is_saved_again()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        var boss = await site.AddPerson(Boss, ProfileRole.Admin);
        var ann = await site.AddPerson("ann@example.com");
        await using var db = site.Open();
        var group = await JoiningRulesTests.AddGroup(db, "Crew");
        var course = await JoiningRulesTests.AddCourse(db, "Safety at sea");
        await JoiningRulesTests.AddRule(db, RuleTargetKind.Groups, [group], [course]);
        using var visitor = await site.SignedIn(Boss);
        var address = $"/w/1/users/{ann}/edit";
        (string, string)[] typed = [("firstName", "Ann"), ("lastName", "Other"), ("role", "Learner"), ("groups", $"{group}")];

        var shown = await visitor.Send(address, "save", typed);

        Assert.Equal(HttpStatusCode.OK, shown.Status);
        Assert.Contains("Will be enrolled in Safety at sea", shown.Text, StringComparison.Ordinal);
        Assert.Equal(0, await db.Enrolments.CountAsync());
        Assert.NotEqual("Other", (await db.Profiles.AsNoTracking().SingleAsync(p => p.Id == ann)).LastName);

        var saved = await visitor.SendFrom(shown, address, "save", typed);

        Assert.Equal((HttpStatusCode.Redirect, $"/w/1/users/{ann}"), (saved.Status, saved.Location));
        Assert.Equal(1, await db.Enrolments.CountAsync());
        // An old form, saved again, is told what it would have overwritten.
        var late = await visitor.SendFrom(shown, address, "save", typed);
        Assert.Equal(HttpStatusCode.Conflict, late.Status);
        Assert.Contains("Somebody else has changed", late.Text, StringComparison.Ordinal);
        // One's own role is no field.
        Assert.Null((await visitor.Get($"/w/1/users/{boss}/edit")).Page.QuerySelector("[name=role]"));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}}")]
    [InlineData("""{"groups":null}""")]
    [InlineData("""{"fields":null}""")]
    public async Task A_form_that_does_not_come_back_whole_saves_nothing(string was)
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        var ann = await site.AddPerson("ann@example.com");
        using var visitor = await site.SignedIn(Boss);

        var address = $"/w/1/users/{ann}/edit";
        var page = await visitor.Get(address);
        var document = page.Page;
        document.QuerySelector("input[name=was]")!.SetAttribute("value", was);
        var torn = page with { Text = document.DocumentElement.OuterHtml };

        var sent = await visitor.SendFrom(torn, address, "save", ("firstName", "Ann"), ("lastName", "Other"), ("role", "Learner"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, sent.Status);
        Assert.Contains("did not come back whole", sent.Text, StringComparison.Ordinal);
        await using var db = site.Open();
        Assert.Equal("Lee", (await db.Profiles.SingleAsync(p => p.Id == ann)).LastName);
    }

    [Fact]
    public async Task What_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        var ann = await site.AddPerson("ann@example.com");
        using var visitor = await site.SignedIn(Boss);

        var wrong = await visitor.Send($"/w/1/users/{ann}/edit", "save", ("firstName", ""), ("lastName", "Typed"), ("expiresOn", "soon"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.Status);
        Assert.NotNull(wrong.Page.QuerySelector("#expiresOn-error"));
        Assert.Equal("Typed", wrong.Page.QuerySelector("#lastName")!.GetAttribute("value"));
    }
}
