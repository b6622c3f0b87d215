using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Xunit;

namespace Muster.Tests;

/// <summary>Users over real HTTP, and who may ask for them, against the real server with the demonstration.</summary>
[Collection(nameof(DemoApi))]
public sealed class UsersApiTests(DemoApi shared)
{
    [Fact]
    public async Task Users_are_listed_found_and_exported()
    {
        var api = shared.Server;
        var names = new List<string>();
        string? after = null;
        do
        {
            var page = await api.Get($"/users?limit=120&after={after}");
            names.AddRange(page.GetProperty("users").EnumerateArray().Select(u => u.Text("email")));
            after = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        } while (after is not null);
        Assert.Equal(501, names.Count);
        Assert.Equal(501, names.Distinct().Count());
        var neill = (await api.Get("/users?search=o'neill&status=active,invited,archived,cancelled,expired")).GetProperty("users");
        Assert.NotEqual(0, neill.GetArrayLength());
        Assert.All(neill.EnumerateArray(), u => Assert.Equal("O'Neill", u.Text("lastName")));
        var managers = (await api.Get("/users?role=manager")).GetProperty("users").EnumerateArray();
        Assert.All(managers, u => Assert.Equal("manager", u.Text("role")));

        var none = await api.Get("/users?registeredFrom=2990-01-01&limit=1");
        Assert.Equal(0, none.GetProperty("users").GetArrayLength());
        foreach (
            var wrong in new[] { "registeredFrom=soon", "fieldIs=x", "field=1&fieldFrom=x", "expiresFrom=2026-02-01&expiresTo=2026-01-01" }
        )
        {
            var refused = await api.Client.GetAsync($"{api.Address}/users?{wrong}");
            Assert.Equal(System.Net.HttpStatusCode.BadRequest, refused.StatusCode);
        }

        var csv = await api.Client.GetStringAsync($"{api.Address}/users.csv");
        Assert.Equal(502, csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        var some = await api.Client.GetStringAsync($"{api.Address}/users.csv?status=archived");
        Assert.InRange(some.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length, 10, 100);
        var xlsx = await api.Client.GetAsync($"{api.Address}/users.xlsx");
        Assert.Equal("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Only_an_admins_token_gets_in_and_the_document_describes_every_action()
    {
        var api = shared.Server;
        using var nobody = new HttpClient { BaseAddress = api.Process.Url };
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync($"{api.Address}/users")).StatusCode);
        nobody.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "mst_1_wrong");
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync($"{api.Address}/users")).StatusCode);
        using var learner = await ApiServer.Authorized(api.Process, "Northwind Care", "learner");
        Assert.Equal(HttpStatusCode.Forbidden, (await learner.GetAsync($"{api.Address}/users")).StatusCode);

        using var document = JsonDocument.Parse(await api.Client.GetStringAsync("/openapi/v1.json"));
        Assert.StartsWith("3.1", document.RootElement.Text("openapi"), StringComparison.Ordinal);
        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas");
        Assert.True(schemas.GetProperty("AddUsersToGroupParameters").GetProperty("properties").TryGetProperty("groups", out _));
        var actions = await api.Get("/api/v1/actions");
        Assert.Contains("add-users-to-group", actions.EnumerateArray().Select(a => a.Text("key")));
        Assert.Equal("users.csv", actions.EnumerateArray().Single(a => a.Text("key") == "export-users").Text("download"));
    }
}
