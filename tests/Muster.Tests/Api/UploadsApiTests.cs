using System.Net;
using System.Text;
using Xunit;

namespace Muster.Tests;

/// <summary>Files over real HTTP, against the real server with the demonstration.</summary>
[Collection(nameof(DemoApi))]
public sealed class UploadsApiTests(DemoApi shared)
{
    [Fact]
    public async Task A_file_is_put_previewed_and_its_bad_rows_come_back()
    {
        var api = shared.Server;
        var groups = """{"action":"add-users-to-group","parameters":{"groups":[%]},"selection":{"file":true}}""";
        var user = (await api.Get("/users?status=active&limit=1")).GetProperty("users")[0];
        var group = (await api.Get("/users?limit=20"))
            .GetProperty("users")
            .EnumerateArray()
            .SelectMany(u => u.GetProperty("groups").EnumerateArray())
            .First();
        var created = await api.Post(
            "/operations",
            groups.Replace("%", $"{group.Number("id")}", StringComparison.Ordinal),
            HttpStatusCode.Created
        );
        var id = created.Number("id");
        Assert.Equal("draft", created.Text("status"));

        await Put(api, id, "this is no list\n1;2\n");
        var failed = await api.Settled(id);
        Assert.Equal("failed", failed.Text("status"));
        Assert.Contains("header", failed.Text("error"), StringComparison.OrdinalIgnoreCase);

        await Put(api, id, $"Email;Note\n{user.Text("email").ToUpperInvariant()};x\n\nnot-an-address;y\nnobody@example.org;z\n");
        var preview = await api.Settled(id);
        Assert.Equal((3, 2), (preview.Number("counts", "selected"), preview.Number("counts", "problems")));
        var items = (await api.Get($"/operations/{id}/items?verdict=problem")).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal([4, 5], items.Select(item => item.Number("row", "number")));
        Assert.Equal("A4", items[0].GetProperty("row").GetProperty("problems")[0].Text("cell"));
        Assert.Equal(["not-an-address", "y"], items[0].GetProperty("row").GetProperty("cells").EnumerateArray().Select(c => c.GetString()));
        var mend = await api.Client.GetByteArrayAsync($"{api.Address}/operations/{id}/problems.xlsx");
        Assert.Equal("PK"u8.ToArray(), mend[..2]);

        using var empty = new ByteArrayContent([]);
        Assert.Equal(HttpStatusCode.BadRequest, (await api.Client.PutAsync($"{api.Address}/operations/{id}/file", empty)).StatusCode);
        using var huge = new ByteArrayContent(new byte[(50 << 20) + 1]);
        Assert.Equal(
            HttpStatusCode.RequestEntityTooLarge,
            (await api.Client.PutAsync($"{api.Address}/operations/{id}/file", huge)).StatusCode
        );
        Assert.Equal("previewed", (await api.Get($"/operations/{id}")).Text("status"));
    }

    private static async Task Put(ApiServer api, long id, string csv)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(csv));
        using var answer = await api.Client.PutAsync($"{api.Address}/operations/{id}/file?name=people.csv", content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
