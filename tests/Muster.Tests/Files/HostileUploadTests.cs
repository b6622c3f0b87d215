using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Muster.Tests;

/// <summary>
/// The real server, sent what it must refuse, as a person's script and as a browser send it. Each answer says what is wrong, nobody in the database
/// is different afterwards, and the server goes on in little memory.
/// </summary>
public sealed class HostileUploadTests(HostileUploadTests.Shared shared, ITestOutputHelper output)
    : IClassFixture<HostileUploadTests.Shared>
{
    public static TheoryData<string> Hostile => [.. HostileUploads.All.Keys];

    public static TheoryData<string> Readable => [.. HostileUploads.Readable.Keys];

    private ApiServer Api => shared.Server;

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task A_script_is_told_what_is_wrong_and_nothing_changes(string what)
    {
        var file = HostileUploads.All[what];
        var before = await Domain();
        var id = await Begin();
        Assert.Equal(HttpStatusCode.OK, (await Api.PutFile(id, file.Name, file.Content())).Status);

        var operation = await Api.Settled(id);

        output.WriteLine($"{operation.Text("status")}: {operation.GetProperty("error")}");
        Assert.Equal("failed", operation.Text("status"));
        Assert.All(file.Words, word => Assert.Contains(word, operation.Text("error"), StringComparison.Ordinal));
        Assert.Equal(0, operation.Number("counts", "willChange"));
        await Api.Post($"/operations/{id}/confirm", null, HttpStatusCode.Conflict);
        Assert.Equal("", Dump.Difference(before, await Domain()));

        // And the operation takes the list that was meant.
        await Api.PutFile(id, "people.csv", LargeUploads.Csv(3));
        var good = await Api.Settled(id);
        Assert.Equal(("previewed", 3), (good.Text("status"), good.Number("counts", "willChange")));
        await IsWell();
    }

    [Theory]
    [MemberData(nameof(Readable))]
    public async Task A_list_is_read_whatever_its_name_and_its_statements_about_itself(string what)
    {
        var (file, people) = HostileUploads.Readable[what];
        var id = await Begin();
        Assert.Equal(HttpStatusCode.OK, (await Api.PutFile(id, file.Name, file.Content())).Status);

        var operation = await Api.Settled(id);

        Assert.Equal(
            ("previewed", people, people),
            (operation.Text("status"), operation.Number("counts", "selected"), operation.Number("counts", "willChange"))
        );
        await IsWell();
    }

    [Fact]
    public async Task An_external_entity_is_not_fetched()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var id = await Begin();
        await Api.PutFile(id, "people.xlsx", HostileUploads.EntityFrom(listener));

        Assert.Equal("failed", (await Api.Settled(id)).Text("status"));
        Assert.False(listener.Pending());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_upload_over_the_limit_is_refused_whether_or_not_it_says_its_size(bool saysSize)
    {
        var before = await Domain();
        var id = await Begin();

        var (status, text) = await Api.PutFile(id, "people.csv", new byte[(50 << 20) + 1], saysSize);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.Contains("larger than 50 MiB; split it", text, StringComparison.Ordinal);
        Assert.Equal("draft", (await Api.Get($"/operations/{id}")).Text("status"));
        Assert.Equal("", Dump.Difference(before, await Domain()));
        await IsWell();
    }

    [Theory]
    [InlineData("a zip bomb of cells")]
    [InlineData("an external entity")]
    [InlineData("a workbook with a password")]
    [InlineData("a quotation mark that never closes far down")]
    [InlineData("a picture")]
    public async Task A_person_is_told_on_the_page_and_nothing_changes(string what)
    {
        var file = HostileUploads.All[what];
        using var visitor = await shared.SignedIn();
        var before = await Domain();

        var sent = await visitor.Upload("/w/1/bulk/invite-users", "upload", file.Name, file.Content());

        Assert.Equal(HttpStatusCode.Redirect, sent.Status);
        await Api.Settled(long.Parse(sent.Location!.Split('/')[^1], CultureInfo.InvariantCulture));
        var page = (await visitor.Get(sent.Location)).Page;
        var alert = Assert.Single(page.QuerySelectorAll("main [role=alert]"));
        Assert.All(file.Words, word => Assert.Contains(word, alert.TextContent, StringComparison.Ordinal));
        Assert.Equal("", Dump.Difference(before, await Domain()));
        await IsWell();
    }

    [Theory]
    [InlineData(51, HttpStatusCode.UnprocessableEntity, "the limit is 50 MiB")]
    [InlineData(70, HttpStatusCode.RequestEntityTooLarge, "too large")]
    public async Task A_person_who_sends_too_much_is_told_so(int mebibytes, HttpStatusCode status, string words)
    {
        using var visitor = await shared.SignedIn();
        var before = await Domain();

        var sent = await visitor.Upload("/w/1/bulk/invite-users", "upload", "people.csv", new byte[mebibytes << 20]);

        Assert.Equal(status, sent.Status);
        Assert.Contains(words, sent.Page.QuerySelector("main")!.TextContent, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("", Dump.Difference(before, await Domain()));
        await IsWell();
    }

    private Task<long> Begin() => UploadChecks.Begin(Api);

    /// <summary>Everything but when the test itself was last here.</summary>
    private async Task<Dump> Domain() =>
        (await Dump.OfTheDomainOf(Api.Database)).Without(["api_tokens.last_used_at", "profiles.last_active_at"]);

    private Task IsWell() => UploadChecks.IsWell(Api, output);

    /// <summary>One server for all files, so that what one leaves behind adds to the next.</summary>
    public sealed class Shared(PostgresServer postgres) : IAsyncLifetime
    {
        private string password = "";

        public ApiServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Server = await ApiServer.Start(DatabaseKind.Sqlite, postgres);
            UploadChecks.Expose(Server);
            var reset = await Server.Process.Run("admin", "reset", "--email", "admin@example.org");
            Assert.True(reset.ExitCode == 0, reset.Error);
            password = reset.Output.Trim();
        }

        /// <summary>A browser in which the demonstration's administrator has signed in.</summary>
        public async Task<Visitor> SignedIn()
        {
            var visitor = new Visitor(
                new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new() }) { BaseAddress = Server.Process.Url }
            );
            Assert.Equal(HttpStatusCode.Redirect, (await visitor.SignIn("admin@example.org", password)).Status);
            return visitor;
        }

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
