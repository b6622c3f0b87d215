using System.Net;
using System.Net.Http.Headers;
using Microsoft.EntityFrameworkCore;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>Settings, custom fields and API tokens as pages, and what the REST interface makes of the same.</summary>
public sealed class SettingsPagesTests(PostgresServer postgres)
{
    private const string Boss = "boss@example.com";

    private static readonly (string, string)[] Right =
    [
        ("name", "New name"),
        ("timeZone", "Europe/Oslo"),
        ("thresholdUsers", "100"),
        ("thresholdPercent", "10"),
        ("thresholdMinimum", "5"),
        ("invitationDays", "14"),
        ("resendMinutes", "0"),
        ("retentionDays", "30"),
    ];

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Settings_within_their_bounds_are_saved_and_audited(DatabaseKind kind)
    {
        await using var site = await TestSite.Start(kind, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        using var visitor = await site.SignedIn(Boss);

        Assert.Equal(HttpStatusCode.Redirect, (await visitor.Send("/w/1/settings", "save", Right)).Status);

        await using var db = site.Open();
        var saved = WorkspaceDetails.Of(await db.Workspaces.SingleAsync(w => w.Id == 1));
        Assert.Equal(new("New name", "Europe/Oslo", 100, 10, 5, 14, 0, 30, null), saved with { ApprovalFrom = null });
        Assert.Equal(1, await db.Audit.CountAsync(a => a.Event == "workspace.saved"));
    }

    [Theory]
    [InlineData("name", "")]
    [InlineData("timeZone", "Mars/Olympus")]
    [InlineData("timeZone", "../etc/passwd")]
    [InlineData("thresholdUsers", "0")]
    [InlineData("thresholdPercent", "101")]
    [InlineData("thresholdMinimum", "101")]
    [InlineData("invitationDays", "many")]
    [InlineData("resendMinutes", "-1")]
    [InlineData("retentionDays", "99999999999")]
    public async Task A_setting_out_of_its_bounds_is_told_them_and_changes_nothing(string field, string value)
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        using var visitor = await site.SignedIn(Boss);

        var wrong = await visitor.Send("/w/1/settings", "save", [.. Right.Where(r => r.Item1 != field), (field, value)]);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.Status);
        Assert.Equal([$"{field}-error"], wrong.Page.QuerySelectorAll(".field-error").Select(error => error.Id));
        await using var db = site.Open();
        Assert.Equal("Harbour Academy", (await db.Workspaces.SingleAsync(w => w.Id == 1)).Name);
    }

    [Fact]
    public async Task A_token_is_shown_once_works_and_stops_when_it_is_revoked()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        using var visitor = await site.SignedIn(Boss);
        const string page = "/w/1/settings/tokens";

        var past = await visitor.Send(page, "create", ("name", "Import"), ("role", "Admin"), ("expiresAt", "2030-05-14"));
        var made = await visitor.Send(page, "create", ("name", "Import"), ("role", "Admin"), ("expiresAt", "2030-05-15"));

        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.OK), (past.Status, made.Status));
        var unknown = await visitor.Send(page, "create", ("name", "Import"), ("role", "99"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, unknown.Status);
        Assert.NotNull(unknown.Page.QuerySelector("#role-error"));
        var text = made.Page.QuerySelector(".alert code")!.TextContent;
        Assert.DoesNotContain(text, (await visitor.Get(page)).Text, StringComparison.Ordinal);
        using var program = site.Visitor();
        program.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", text);
        Assert.Equal(HttpStatusCode.OK, (await program.Get("/api/v1/workspaces/1/settings")).Status);
        await using var db = site.Open();
        var id = await db.ApiTokens.Select(t => t.Id).SingleAsync();
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.Send(page, "revoke", ("id", $"{id}"))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await program.Get("/api/v1/workspaces/1/settings")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.SendFrom(made, page, "revoke", ("id", $"{id}"))).Status);
    }

    [Fact]
    public async Task A_field_is_made_and_deleted_with_the_number_of_values_that_go()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        var ann = await site.AddPerson("ann@example.com");
        using var visitor = await site.SignedIn(Boss);
        await visitor.Send(
            "/w/1/settings/fields/new",
            "save",
            ("name", "Colour"),
            ("kind", "Choice"),
            ("choices", "Red\r\nBlue"),
            ("place", "1")
        );
        await using var db = site.Open();
        var field = await db.Fields.AsNoTracking().SingleAsync();
        Assert.Equal((FieldKind.Choice, "Red\nBlue"), (field.Kind, field.Choices));
        var page = $"/w/1/settings/fields/{field.Id}";
        db.FieldValues.Add(
            new()
            {
                WorkspaceId = 1,
                ProfileId = ann,
                FieldId = field.Id,
                Text = "Red",
            }
        );
        await db.SaveChangesAsync();
        await visitor.Send(page, "save", ("name", "Colour"), ("choices", "Blue"), ("place", "1"));
        Assert.Contains("Red: 1 person", (await visitor.Get(page)).Text, StringComparison.Ordinal);
        Assert.Contains("Red (no longer a choice)", (await visitor.Get($"/w/1/users/{ann}/edit")).Text, StringComparison.Ordinal);

        Assert.Contains("1 person has a value", (await visitor.Get(page + "?delete")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.Send(page + "?delete", "delete")).Status);
        Assert.Equal((0, 0), (await db.Fields.CountAsync(), await db.FieldValues.CountAsync()));
    }
}
