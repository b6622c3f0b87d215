using System.Net;
using System.Text.Json;
using Xunit;

namespace Muster.Tests;

/// <summary>Operations over real HTTP, from the selection to the undo, against the real server with the demonstration.</summary>
[Collection(nameof(DemoApi))]
public sealed class OperationsApiTests(PostgresServer postgres, DemoApi shared)
{
    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task An_operation_goes_from_selection_to_undo(DatabaseKind kind)
    {
        await using var api = await ApiServer.Start(kind, postgres);
        const string archive = """{"action":"archive-profiles","selection":{"filter":{"role":"learner","status":["active","archived"]}}}""";
        var created = await api.Post("/operations", archive, HttpStatusCode.Created);
        var id = created.Number("id");
        var preview = await api.Settled(id);
        Assert.Equal("previewed", preview.Text("status"));
        Assert.False(preview.GetProperty("needsReview").GetBoolean());
        var (selected, willChange) = (preview.Number("counts", "selected"), preview.Number("counts", "willChange"));
        Assert.True(willChange > 300);
        Assert.Equal(selected, willChange + preview.Number("counts", "skipped") + preview.Number("counts", "problems"));
        var reason = Assert.Single(preview.GetProperty("reasons").EnumerateArray());
        Assert.Equal(
            ("already-archived", "Already archived.", "skipped"),
            (reason.Text("code"), reason.Text("sentence"), reason.Text("verdict"))
        );
        Assert.Equal(preview.Number("counts", "skipped"), reason.Number("users"));
        Assert.NotEmpty(preview.GetProperty("effects").EnumerateArray());

        // Above the threshold the number must be said, and be right.
        Assert.Equal(willChange, preview.Number("expectedChanges"));
        await api.Post($"/operations/{id}/confirm", null, HttpStatusCode.Conflict);
        await api.Post($"/operations/{id}/confirm", $$"""{"expectedChanges":{{willChange - 1}}}""", HttpStatusCode.Conflict);
        var confirm = $$"""{"expectedChanges":{{willChange}}}""";
        await api.Post($"/operations/{id}/confirm", confirm, key: "confirm");
        await api.Post($"/operations/{id}/confirm", confirm, key: "confirm");
        var done = await api.Settled(id);
        Assert.Equal(("completed", willChange), (done.Text("status"), done.Number("counts", "changed")));
        var counts = done.GetProperty("counts");
        Assert.Equal(selected, new[] { "changed", "skipped", "problems", "failed", "pending" }.Sum(name => counts.Number(name)));
        Assert.Equal((willChange, willChange), (done.Number("progress", "done"), done.Number("progress", "total")));

        // Every item once, page by page, and the same in the file.
        var seen = new HashSet<long>();
        string? after = null;
        do
        {
            var page = await api.Get($"/operations/{id}/items?limit=150&outcome=changed&after={after}");
            Assert.All(page.GetProperty("items").EnumerateArray(), item => Assert.True(seen.Add(item.Number("user", "id"))));
            after = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        } while (after is not null);
        Assert.Equal(willChange, seen.Count);
        var csv = await api.Client.GetStringAsync($"{api.Address}/operations/{id}/results.csv");
        Assert.Equal(selected + 1, csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        var someone = await api.Get($"/users/{seen.First()}");
        Assert.Equal("archived", someone.Text("status"));

        var undo = await api.Post($"/operations/{id}/undo", null, HttpStatusCode.Created);
        await api.Post($"/operations/{id}/undo", null, HttpStatusCode.Conflict);
        var undoId = undo.Number("id");
        var undoPreview = await api.Settled(undoId);
        Assert.Equal((id, willChange), (undoPreview.Number("undoOf"), undoPreview.Number("counts", "willChange")));
        await api.Post($"/operations/{undoId}/confirm", null);
        Assert.Equal("completed", (await api.Settled(undoId)).Text("status"));
        Assert.Equal("active", (await api.Get($"/users/{seen.First()}")).Text("status"));
        Assert.Equal(undoId, (await api.Get($"/operations/{id}")).Number("undoneBy"));
        Assert.Equal([undoId, id], (await api.Get("/operations")).GetProperty("operations").EnumerateArray().Select(o => o.Number("id")));
        await api.Post($"/operations/{id}/retry", null, HttpStatusCode.Conflict);
        await api.Post($"/operations/{id}/pause", null, HttpStatusCode.Conflict);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task What_belongs_to_another_workspace_is_not_there(DatabaseKind kind)
    {
        await using var api = await ApiServer.Start(kind, postgres);
        using var harbour = await ApiServer.Authorized(api.Process, "Harbour College", "admin");
        var made = await api.Post(
            "/operations",
            """{"action":"archive-profiles","selection":{"filter":{"search":"rhys"}}}""",
            HttpStatusCode.Created
        );
        var id = made.Number("id");
        await api.Settled(id);
        var user = (await api.Get("/users?limit=1")).GetProperty("users")[0].Number("id");

        // A token of another workspace does not get in; inside its own, foreign ids are unknown.
        foreach (var path in new[] { "users", $"users/{user}", "users.csv", "operations", $"operations/{id}", $"operations/{id}/items" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await harbour.GetAsync($"/api/v1/workspaces/1/{path}")).StatusCode);
        }

        foreach (
            var path in new[]
            {
                $"operations/{id}",
                $"operations/{id}/items",
                $"operations/{id}/results.csv",
                $"operations/{id}/problems.xlsx",
            }
        )
        {
            Assert.Equal(HttpStatusCode.NotFound, (await harbour.GetAsync($"/api/v1/workspaces/2/{path}")).StatusCode);
        }

        foreach (var step in new[] { "confirm", "cancel", "pause", "resume", "undo", "retry" })
        {
            var answer = await harbour.PostAsync($"/api/v1/workspaces/2/operations/{id}/{step}", null);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        var theirs = await harbour.GetFromJson("/api/v1/workspaces/2/users?limit=500");
        Assert.Equal(64, theirs.GetProperty("users").GetArrayLength());
        Assert.Equal("previewed", (await api.Get($"/operations/{id}")).Text("status"));

        // Their users selected here are nobody.
        var foreign = theirs.GetProperty("users").EnumerateArray().Max(u => u.Number("id")) + 5_000_000;
        var slice = await api.Post(
            "/operations",
            $$"""{"action":"archive-profiles","selection":{"users":[{{foreign}}] } }""",
            HttpStatusCode.Created
        );
        Assert.Equal(1, (await api.Settled(slice.Number("id"))).Number("counts", "problems"));
        await api.Post(
            "/operations",
            """{"action":"archive-profiles","selection":{"operation":{"id":999999}}}""",
            HttpStatusCode.BadRequest
        );
    }

    [Fact]
    public async Task Wrong_requests_say_what_is_wrong_and_change_nothing()
    {
        var api = shared.Server;
        var before = (await api.Get("/operations")).GetProperty("operations").GetArrayLength();
        async Task Wrong(string body, string field, HttpStatusCode status = HttpStatusCode.BadRequest)
        {
            var problem = await api.Post("/operations", body, status);
            Assert.True(problem.GetProperty("errors").TryGetProperty(field, out var sentences), problem.GetRawText());
            Assert.All(sentences.EnumerateArray(), s => Assert.DoesNotContain("System.", s.GetString()!, StringComparison.Ordinal));
        }

        await Wrong("""{"action":"archive-profiles","selektion":{"filter":{}}}""", "selektion");
        await Wrong("""{"action":"archive-profiles","selection":{"filter":{"status":["gone"]}}}""", "selection.filter.status[0]");
        await Wrong("""{"selection":{"filter":{}}}""", "action");
        await Wrong("""{"action":"make-coffee","selection":{"filter":{}}}""", "action");
        await Wrong("""{"action":"archive-profiles","selection":{"filter":{},"users":[1]}}""", "selection");
        await Wrong("""{"action":"archive-profiles","parameters":{"x":1},"selection":{"filter":{}}}""", "x");
        await Wrong("""{"action":"add-users-to-group","parameters":{"groups":[]},"selection":{"filter":{}}}""", "groups");
        await Wrong("""{"action":"add-users-to-group","parameters":{"groups":[99999]},"selection":{"filter":{}}}""", "groups");
        await Wrong("""{"action":""", "action");
        await Wrong("null", "body");
        var export = await api.Post("/operations", """{"action":"export-users"}""", HttpStatusCode.UnprocessableEntity);
        Assert.Contains($"{api.Address}/users.csv", export.Text("detail"), StringComparison.Ordinal);
        using var form = new FormUrlEncodedContent([]);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await api.Client.PostAsync($"{api.Address}/operations", form)).StatusCode);
        foreach (
            var query in new[]
            {
                "users?status=gone",
                "users?limit=501",
                "users?after=!",
                "users?unit=x",
                "users?unitsBelow=perhaps",
                "operations?before=x",
            }
        )
        {
            await api.Get($"/{query}", HttpStatusCode.BadRequest);
        }

        await api.Get("/operations/424242", HttpStatusCode.NotFound);
        await api.Get("/users/424242", HttpStatusCode.NotFound);
        await api.Get("/nothing", HttpStatusCode.NotFound);
        Assert.Equal(before, (await api.Get("/operations")).GetProperty("operations").GetArrayLength());
    }

    [Fact]
    public async Task The_same_key_is_the_same_operation_and_never_another_request()
    {
        var api = shared.Server;
        const string body = """{"action":"archive-profiles","selection":{"filter":{"search":"rhys"}}}""";
        var first = await api.Post("/operations", body, HttpStatusCode.Created, "k1");
        var again = await api.Post("/operations", body, HttpStatusCode.Created, "k1");
        var other = await api.Post("/operations", body, HttpStatusCode.Created, "k2");
        Assert.Equal(first.Number("id"), again.Number("id"));
        Assert.NotEqual(first.Number("id"), other.Number("id"));
        await api.Post("/operations", body.Replace("rhys", "kim", StringComparison.Ordinal), HttpStatusCode.UnprocessableEntity, "k1");
    }
}

internal static class HttpReading
{
    public static async Task<JsonElement> GetFromJson(this HttpClient client, string path)
    {
        using var document = JsonDocument.Parse(await client.GetStringAsync(path));
        return document.RootElement.Clone();
    }
}
