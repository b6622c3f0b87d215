using System.Net;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Muster.Tests;

/// <summary>The same request under the same key is one operation, and has one answer, however often and however simultaneously it is sent.</summary>
public sealed class RepeatedRequestTests(PostgresServer postgres)
{
    private const string Archive = """{"action":"archive-profiles","selection":{"filter":{"role":"learner","status":["active"]}}}""";

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_hundred_at_once_are_one_operation_and_a_hundred_equal_answers(DatabaseKind kind)
    {
        await using var api = await ApiServer.Start(kind, postgres);

        var (created, answer) = await AtOnce(api, "/operations", Archive);
        var id = created.Number("id");
        var preview = await api.Settled(id);
        var confirm = $$"""{"expectedChanges":{{preview.Number("expectedChanges")}}}""";
        var (_, confirmed) = await AtOnce(api, $"/operations/{id}/confirm", confirm);
        var done = await api.Settled(id);
        var (undo, _) = await AtOnce(api, $"/operations/{id}/undo", null);

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal(HttpStatusCode.OK, confirmed.Status);
        Assert.Equal(preview.Number("counts", "willChange"), done.Number("counts", "changed"));
        var all = (await api.Get("/operations")).GetProperty("operations").EnumerateArray().Select(o => o.Number("id"));
        Assert.Equal([undo.Number("id"), id], all);

        // Long over, the answer is still the first one, as whoever sends again has to learn what came of their request.
        Assert.Equal(confirmed, await Send(api, $"/operations/{id}/confirm", confirm));
        Assert.Equal(answer, await Send(api, "/operations", Archive));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Send(api, "/operations", Archive.Replace("learner", "manager"))).Status);
    }

    private static async Task<(JsonElement Body, Answer Answer)> AtOnce(ApiServer api, string path, string? body)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => Send(api, path, body))));
        var answer = Assert.Single(answers.Distinct());
        return (JsonElement.Parse(answer.Body), answer);
    }

    private static async Task<Answer> Send(ApiServer api, string path, string? body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, api.Address + path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.Add("Idempotency-Key", $"the same for {path}");
        using var answer = await api.Client.SendAsync(request);
        return new(
            answer.StatusCode,
            $"{answer.Headers.Location}",
            $"{answer.Content.Headers.ContentType}",
            await answer.Content.ReadAsStringAsync()
        );
    }

    private sealed record Answer(HttpStatusCode Status, string Location, string ContentType, string Body);
}
