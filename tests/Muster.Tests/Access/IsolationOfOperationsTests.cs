using System.Net;
using System.Text;
using System.Text.Json;
using Muster.Bulk;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>Operations whose selection, parameters, filters, files or keys name what is another workspace's: it stays as it is, and nothing of it is shown.</summary>
public sealed class IsolationOfOperationsTests(PostgresServer postgres)
{
    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Users_of_another_workspace_are_not_found_however_they_are_named(DatabaseKind kind)
    {
        await using var tenants = await TwoTenants.Start(kind, postgres);
        var (own, foreign) = (tenants.Own, tenants.Foreign);
        var before = await foreign.Dump();
        var (ours, theirs) = (own.Others[0], foreign.Others[0]);

        foreach (
            var (selection, selected, willChange) in new[]
            {
                ($$"""{"users":[{{theirs.Id}},{{foreign.Near.Id}}]}""", 2, 0),
                ($$"""{"users":[{{theirs.Id}},{{ours.Id}}]}""", 2, 1),
                ($$"""{"emails":["{{theirs.Email}}","{{own.Others[2].Email}}"]}""", 2, 1),
                ($$"""{"filter":{"unit":{{foreign.Top.Id}} } }""", 0, 0),
                ($$"""{"filter":{"unit":{{foreign.Top.Id}},"unitsBelow":false } }""", 0, 0),
                ($$"""{"filter":{"group":{{foreign.Group.Id}} } }""", 0, 0),
                ($$"""{"filter":{"search":"{{foreign.LastName}}"} }""", 0, 0),
                ($$"""{"filter":{"group":{{own.Group.Id}} },"except":[{{foreign.Near.Id}}] }""", 2, 2),
            }
        )
        {
            var id = await Begin(tenants.Program, own, $$"""{"action":"archive-profiles","selection":{{selection}} }""");
            await AssertShown(tenants, id, selected, willChange, theirs);
            if (willChange > 0)
            {
                await tenants.Program.Send("POST", $"{Root(own)}/{id}/confirm");
                Assert.Equal(OperationStatus.Completed, (await own.Settled(id)).Status);
                await AssertShown(tenants, id, selected, willChange, theirs);
            }
        }

        await tenants.AssertApart(before);
        Assert.Equal("archived", (await Json(tenants.Program, $"/api/v1/workspaces/{own.Id}/users/{ours.Id}")).Text("status"));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Operations_and_groups_of_another_workspace_cannot_be_named_on_creating_or_changing(DatabaseKind kind)
    {
        await using var tenants = await TwoTenants.Start(kind, postgres);
        var (own, foreign) = (tenants.Own, tenants.Foreign);
        var before = await foreign.Dump();
        var (previewed, waiting) = (own.Operations["previewed"], own.Operations["parameters"]);
        var (slice, groups) = (
            $$"""{"operation":{"id":{{foreign.Operations["completed"]}},"outcome":"changed"} }""",
            $$"""{"groups":[{{own.Group.Id}},{{foreign.Group.Id}}]}"""
        );

        foreach (
            var (method, path, body, field) in new[]
            {
                ("POST", "", $$"""{"action":"archive-profiles","selection":{{slice}} }""", "selection.operation.id"),
                ("PATCH", $"/{previewed}", $$"""{"selection":{{slice}} }""", "selection.operation.id"),
                (
                    "POST",
                    "",
                    $$"""{"action":"add-users-to-group","parameters":{{groups}},"selection":{"users":[{{own.Near.Id}}]} }""",
                    "groups"
                ),
                ("PATCH", $"/{waiting}", $$"""{"parameters":{{groups}} }""", "groups"),
            }
        )
        {
            var reply = await tenants.Program.Json(method, Root(own) + path, body);
            Assert.True(reply.Status == HttpStatusCode.BadRequest, $"{reply} {body}\n{reply.Text}");
            Assert.True(JsonOf(reply).GetProperty("errors").TryGetProperty(field, out _), reply.Text);
            tenants.AssertSilent([reply]);
        }

        // The pages say the same in their way: no operation is begun, and the form comes back.
        var summary = await tenants.Browser.Send("GET", $"/w/{own.Id}/operations/{own.Operations["completed"]}");
        var reuse = summary.Forms.Single(form => form.Id == "reuse");
        var begun = await tenants.Browser.Form(
            reuse,
            reuse.GetAttribute("action")!,
            ("operation", $"{foreign.Operations["completed"]}"),
            ("outcome", ""),
            ("key", "archive-profiles")
        );
        Assert.Equal($"/w/{own.Id}/bulk/archive-profiles", begun.Location);
        var draft = await tenants.Browser.Send("GET", $"/w/{own.Id}/operations/{waiting}");
        var form = draft.Forms.Single(f => f.QuerySelector("[value=parameters]") is not null);
        var saved = await tenants.Browser.Form(form, form.GetAttribute("action")!, ("groups", $"{foreign.Group.Id}"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, saved.Status);
        tenants.AssertSilent([begun, saved]);
        Assert.Equal(OperationStatus.Previewed, (await own.Settled(previewed)).Status);
        await tenants.AssertApart(before);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_file_of_another_workspaces_people_and_names_finds_and_betrays_nothing(DatabaseKind kind)
    {
        await using var tenants = await TwoTenants.Start(kind, postgres);
        var (own, foreign) = (tenants.Own, tenants.Foreign);
        var before = await foreign.Dump();

        // People by their addresses.
        var archive = await Begin(tenants.Program, own, """{"action":"archive-profiles","selection":{"file":true}}""");
        await Put(tenants, archive, $"Email\n{foreign.Others[0].Email}\n{own.Others[1].Email}\n");
        await AssertShown(tenants, archive, 2, 1, foreign.Others[0]);

        // Names nearly right, which within the workspace would be answered with the right one.
        var invite = await Begin(tenants.Program, own, """{"action":"invite-users","selection":{"file":true}}""");
        var (unit, group) = (foreign.Top.Name.Replace("Sales", "Salez", StringComparison.Ordinal), $"{foreign.Word} Crev");
        await Put(
            tenants,
            invite,
            $"""
            Email,First name,Last name,Organisation unit,Groups,{foreign.Word} badge
            a@example.org,A,A,{unit},,blue
            b@example.org,B,B,,{group},blue
            {foreign.Near.Email},D,D,,,blue

            """
        );
        var preview = await AssertShown(tenants, invite, 3, 1, foreign.Near);
        TwoTenants.None(preview.Where(reply => reply.Shows(foreign.Top.Name) || reply.Shows(foreign.Group.Name)));

        // And exactly right.
        var exact = await Begin(tenants.Program, own, """{"action":"invite-users","selection":{"file":true}}""");
        await Put(
            tenants,
            exact,
            $"""
            Email,First name,Last name,Role,Organisation unit,Groups,Manages
            a@example.org,A,A,,{foreign.Unit.Path},,
            b@example.org,B,B,,,{foreign.Group.Name},
            c@example.org,C,C,Manager,,,{foreign.Top.Path}

            """
        );
        await AssertShown(tenants, exact, 3, 0, foreign.Near);

        // Whoever is a user there is a newcomer here: what they are there is neither used nor changed.
        await tenants.Program.Send("POST", $"{Root(own)}/{invite}/confirm");
        Assert.Equal(OperationStatus.Completed, (await own.Settled(invite)).Status);
        Assert.Equal(
            ["D"],
            (await Json(tenants.Program, $"/api/v1/workspaces/{own.Id}/users?search={foreign.Near.Email}"))
                .GetProperty("users")
                .EnumerateArray()
                .Select(user => user.Text("lastName"))
        );
        await tenants.AssertApart(before);
    }

    [Fact]
    public async Task Rules_and_units_cannot_be_tied_to_another_workspaces_rows()
    {
        await using var tenants = await TwoTenants.Start(DatabaseKind.Sqlite, postgres);
        var (own, foreign) = (tenants.Own, tenants.Foreign);
        var (before, ours) = (await foreign.Dump(), await own.Dump());
        var root = $"/api/v1/workspaces/{own.Id}";
        string Rule(string kind, long target, long course) =>
            $$"""{"name":"Tied","isActive":true,"targetKind":"{{kind}}","targets":[{{target}}],"courses":[{{course}}]}""";
        var replies = new List<Reply>
        {
            await tenants.Program.Json("POST", $"{root}/rules", Rule("groups", foreign.Group.Id, own.Course.Id)),
            await tenants.Program.Json("POST", $"{root}/rules", Rule("units", foreign.Top.Id, own.Course.Id)),
            await tenants.Program.Json("POST", $"{root}/rules", Rule("groups", own.Group.Id, foreign.Course.Id)),
            await tenants.Program.Json("PUT", $"{root}/rules/{own.Rows("rules")[0].Id}", Rule("groups", foreign.Group.Id, own.Course.Id)),
            await tenants.Program.Json("POST", $"{root}/units", $$"""{"name":"Tied","parent":{{foreign.Top.Id}} }"""),
        };

        TwoTenants.None(replies.Where(reply => reply.Status != HttpStatusCode.BadRequest));
        tenants.AssertSilent(replies);
        await tenants.AssertApart(before);
        Assert.Equal("", Dump.Difference(ours, await own.Dump()));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task One_idempotency_key_in_two_workspaces_or_by_two_people_is_two_operations(DatabaseKind kind)
    {
        await using var tenants = await TwoTenants.Start(kind, postgres);
        var (own, foreign) = (tenants.Own, tenants.Foreign);
        const string body = """{"action":"archive-profiles","selection":{"filter":{"search":"nobody at all"}}}""";
        var key = ("Idempotency-Key", "the same");
        Caller[] callers =
        [
            tenants.Program,
            new(await own.Token(ProfileRole.Admin, "Second robot")),
            new(await foreign.Token(ProfileRole.Admin)),
        ];

        var made = new List<string?>();
        foreach (var (caller, tenant) in callers.Zip([own, own, foreign]).Concat(callers.Zip([own, own, foreign])))
        {
            var reply = await caller.Json("POST", Root(tenant), body, key);
            Assert.Equal(HttpStatusCode.Created, reply.Status);
            made.Add(reply.Location);
        }

        Assert.Equal(3, made.Distinct().Count());
        Assert.Equal(made[..3], made[3..]);
        Assert.Equal(HttpStatusCode.NotFound, (await callers[2].Json("POST", Root(own), body, key)).Status);

        // Confirming under a key that led somewhere in another workspace is no repetition of that.
        var waiting = own.Operations["previewed"];
        var confirm = await tenants.Program.Send(
            "POST",
            $"{Root(own)}/{waiting}/confirm",
            null,
            ("Idempotency-Key", $"{foreign.Word} key")
        );
        Assert.Equal(HttpStatusCode.OK, confirm.Status);
        Assert.Equal(OperationStatus.Completed, (await own.Settled(waiting)).Status);

        // Forms: the key stands in the page, so somebody else can send the very same form.
        var colleague = await TwoTenants.SignedIn(own, "colleague");
        var (mine, hers) = (await Begun(tenants.Browser, own), await Begun(colleague, own));
        Assert.Equal(mine, await Begun(tenants.Browser, own));
        Assert.NotEqual(mine, hers);
        var abroad = await Begun(await TwoTenants.SignedIn(foreign, "admin"), foreign);
        Assert.StartsWith($"/w/{foreign.Id}/operations/", abroad, StringComparison.Ordinal);
    }

    /// <summary>Posts the form of the users list under one and the same key; the answer is where it leads.</summary>
    private static async Task<string> Begun(Caller caller, Tenant tenant)
    {
        var users = await caller.Send("GET", $"/w/{tenant.Id}/users");
        var form = users.Forms.Single(f => f.Id == "bulk");
        var reply = await caller.Form(
            form,
            form.GetAttribute("action")!,
            ("idempotencyKey", "one key"),
            ("key", "archive-profiles"),
            ("only", $"{tenant.Near.Id}")
        );
        Assert.Equal(HttpStatusCode.Redirect, reply.Status);
        return reply.Location!;
    }

    /// <summary>The counts are these, and neither the interface nor pages nor files show the name of somebody elsewhere.</summary>
    private static async Task<IReadOnlyList<Reply>> AssertShown(TwoTenants tenants, long id, long selected, long willChange, Profile hidden)
    {
        var own = tenants.Own;
        var operation = await own.Settled(id);
        Assert.Equal((id, selected, willChange), (id, operation.Selected, operation.WillChange));
        var replies = new List<Reply>();
        foreach (var path in new[] { "", "/items", "/results.csv", "/results.xlsx", "/problems.xlsx" })
        {
            replies.Add(await tenants.Program.Send("GET", $"{Root(own)}/{id}{path}"));
            replies.Add(await tenants.Browser.Send("GET", $"/w/{own.Id}/operations/{id}{(path == "/items" ? "/progress" : path)}"));
        }

        replies.Add(await tenants.Browser.Send("GET", $"/w/{own.Id}/operations"));
        // What was asked for is repeated, an address or an id; who that is elsewhere is not.
        TwoTenants.None(
            replies.Where(reply =>
                reply.Status != HttpStatusCode.OK
                || (reply.Shows(hidden.LastName) && operation.Selection?.Contains(hidden.LastName, StringComparison.Ordinal) != true)
            )
        );
        return replies;
    }

    private static async Task<long> Begin(Caller caller, Tenant tenant, string body)
    {
        var reply = await caller.Json("POST", Root(tenant), body);
        Assert.True(reply.Status == HttpStatusCode.Created, reply.Text);
        return JsonOf(reply).Number("id");
    }

    private static async Task Put(TwoTenants tenants, long id, string csv)
    {
        var reply = await tenants.Program.Send("PUT", $"{Root(tenants.Own)}/{id}/file", new StringContent(csv, Encoding.UTF8, "text/csv"));
        Assert.True(reply.Status == HttpStatusCode.OK, reply.Text);
    }

    private static async Task<JsonElement> Json(Caller caller, string path) => JsonOf(await caller.Send("GET", path));

    private static JsonElement JsonOf(Reply reply)
    {
        using var document = JsonDocument.Parse(reply.Text);
        return document.RootElement.Clone();
    }

    private static string Root(Tenant tenant) => $"/api/v1/workspaces/{tenant.Id}/operations";
}
