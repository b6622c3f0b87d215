using System.Net;
using System.Text.Json;
using Muster.Learning;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>What the REST interface changes by hand: users, units, fields, settings, tokens.</summary>
public sealed class EditsApiTests(PostgresServer postgres)
{
    private const string Root = "/api/v1/workspaces/1";

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ACCOUNT-4")]
    public async Task A_user_changes_in_what_is_sent_only_and_a_preview_changes_nothing(DatabaseKind kind)
    {
        await using var site = await TestSite.Start(kind, postgres);
        var ann = await site.AddPerson("ann@example.com");
        await using var db = site.Open();
        var group = await JoiningRulesTests.AddGroup(db, "Crew");
        var course = await JoiningRulesTests.AddCourse(db, "Safety");
        await JoiningRulesTests.AddRule(db, RuleTargetKind.Groups, [group], [course]);
        var program = await Program(site);
        var badge = await Ask(program, "POST", "/fields", """{"name":"Badge","kind":"number"}""", HttpStatusCode.Created);
        var change = $$"""{"fields":{"badge":7.5},"groups":[{{group}}],"expiresOn":"2031-01-01"}""";

        var preview = await Ask(program, "PATCH", $"/users/{ann}?preview=true", change);
        Assert.False(preview.GetProperty("saved").GetBoolean());
        Assert.Equal(course, preview.GetProperty("courses")[0].Number("courseId"));
        Assert.Empty(preview.GetProperty("user").GetProperty("groups").EnumerateArray());

        var user = (await Ask(program, "PATCH", $"/users/{ann}", change)).GetProperty("user");
        Assert.Equal(group, user.GetProperty("groups")[0].Number("id"));
        Assert.Equal(7.5m, user.GetProperty("fields").GetProperty("Badge").GetDecimal());
        var cleared = (await Ask(program, "PATCH", $"/users/{ann}", """{"expiresOn":null,"role":"manager"}""")).GetProperty("user");
        Assert.False(cleared.TryGetProperty("expiresOn", out _));
        Assert.Equal(("manager", 1), (cleared.Text("role"), cleared.GetProperty("groups").GetArrayLength()));
        var wrong = await Ask(program, "PATCH", $"/users/{ann}", """{"fields":{"badge":"seven"}}""", HttpStatusCode.BadRequest);
        Assert.True(wrong.GetProperty("errors").TryGetProperty($"field-{badge.Number("id")}", out _));
        await Ask(program, "PATCH", $"/users/{ann}", """{"email":"other@example.com"}""", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Units_fields_settings_and_tokens_are_changed_and_refused_in_words()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        var program = await Program(site);
        var top = (await Ask(program, "POST", "/units", """{"name":"Top"}""", HttpStatusCode.Created)).Number("id");
        var low = (await Ask(program, "POST", "/units", """{"name":"Low"}""", HttpStatusCode.Created)).Number("id");

        var moved = await Ask(program, "POST", $"/units/{low}/move", $$"""{"parent":{{top}}}""");
        Assert.Equal("Top / Low", moved.Text("path"));
        await Ask(program, "POST", $"/units/{top}/move", $$"""{"parent":{{low}}}""", HttpStatusCode.BadRequest);
        await Ask(program, "DELETE", $"/units/{top}", null, HttpStatusCode.Conflict);
        await Ask(program, "DELETE", $"/units/{low}", null, HttpStatusCode.NoContent);
        await Ask(program, "DELETE", $"/units/{low}", null, HttpStatusCode.NotFound);

        var settings = await Ask(program, "PATCH", "/settings", """{"invitationDays":7}""");
        Assert.Equal((7, "Harbour Academy"), (settings.Number("invitationDays"), settings.Text("name")));
        await Ask(program, "PATCH", "/settings", """{"timeZone":"Nowhere"}""", HttpStatusCode.BadRequest);

        var field = (await Ask(program, "POST", "/fields", """{"name":"Badge"}""", HttpStatusCode.Created)).Number("id");
        await Ask(program, "PUT", $"/fields/{field}", """{"name":"Badge","kind":"date"}""", HttpStatusCode.BadRequest);
        await Ask(program, "DELETE", $"/fields/{field}?values=3", null, HttpStatusCode.Conflict);
        await Ask(program, "DELETE", $"/fields/{field}", null, HttpStatusCode.NoContent);

        await Ask(program, "POST", "/tokens", """{"name":" "}""", HttpStatusCode.BadRequest);
        var token = await Ask(program, "POST", "/tokens", """{"name":"Second","role":"learner"}""", HttpStatusCode.Created);
        Assert.StartsWith("mst_1_", token.Text("token"), StringComparison.Ordinal);
        await Ask(program, "DELETE", $"/tokens/{token.Number("id")}", null, HttpStatusCode.NoContent);
        await Ask(program, "DELETE", $"/tokens/{token.Number("id")}", null, HttpStatusCode.NotFound);

        var audit = await Ask(program, "GET", "/audit?limit=2", null);
        Assert.Equal(
            ["token.revoked", "token.created"],
            audit.GetProperty("entries").EnumerateArray().Select(entry => entry.Text("event"))
        );
        Assert.Equal("Test", audit.GetProperty("entries")[0].GetProperty("token").Text("name"));
        var older = await Ask(program, "GET", $"/audit?before={audit.Number("next")}&event=unit.moved", null);
        Assert.Single(older.GetProperty("entries").EnumerateArray());
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task What_no_text_can_hold_is_refused_before_the_database_sees_it(DatabaseKind kind)
    {
        await using var site = await TestSite.Start(kind, postgres);
        var ann = await site.AddPerson("ann@example.com");
        var program = await Program(site);
        await Ask(program, "POST", "/fields", """{"name":"Badge"}""", HttpStatusCode.Created);
        const string archive = """{"action":"archive-profiles","selection":{"emails":["ann@example.com"]}}""";
        var operation = (await Ask(program, "POST", "/operations", archive, HttpStatusCode.Created)).Number("id");

        foreach (
            var (method, path, json) in new[]
            {
                ("GET", "/audit?event=a%00b", (string?)null),
                ("GET", $"/operations/{operation}/items?reason=a%00b", null),
                ("POST", "/groups", """{"name":"a\u0000b"}"""),
                ("POST", "/units", """{"name":"a\u0000b"}"""),
                ("POST", "/courses", """{"title":"a\u0000b","isOpen":true}"""),
                ("POST", "/courses", """{"title":"Safety","externalReference":"a\u0000b","isOpen":true}"""),
                ("POST", "/courses", $$"""{"title":"Safety","externalReference":"{{new string('x', 201)}}","isOpen":true}"""),
                (
                    "POST",
                    "/rules",
                    """{"name":"Rule","description":"a\u0000b","isActive":true,"targetKind":"groups","targets":[1],"courses":[1]}"""
                ),
                ("PATCH", $"/users/{ann}", """{"fields":{"badge":"\ud800"}}"""),
                ("POST", "/operations", """{"action":"archive-profiles","selection":{"emails":[null]}}"""),
                (
                    "POST",
                    "/operations",
                    """{"action":"archive-profiles","selection":{"operation":{"id":OPERATION,"reason":"a\u0000b"}}}""".Replace(
                        "OPERATION",
                        $"{operation}",
                        StringComparison.Ordinal
                    )
                ),
            }
        )
        {
            await Ask(program, method, path, json, HttpStatusCode.BadRequest);
        }
    }

    private static async Task<Caller> Program(TestSite site)
    {
        var tokens = (Muster.Access.ApiTokens)site.Services.GetService(typeof(Muster.Access.ApiTokens))!;
        var made = await tokens.Create(Muster.Access.Actors.CommandLine(1), "Test", ProfileRole.Admin, null, null, CancellationToken.None);
        var client = site.Visitor().Client;
        client.DefaultRequestHeaders.Authorization = new("Bearer", made.Text);
        return new(client);
    }

    private static async Task<JsonElement> Ask(
        Caller program,
        string method,
        string path,
        string? json,
        HttpStatusCode expected = HttpStatusCode.OK
    )
    {
        var reply = json is null ? await program.Send(method, Root + path) : await program.Json(method, Root + path, json);
        Assert.True(reply.Status == expected, $"{reply}\n{reply.Text}");
        return reply.Text.Length == 0 ? default : JsonDocument.Parse(reply.Text).RootElement.Clone();
    }
}
