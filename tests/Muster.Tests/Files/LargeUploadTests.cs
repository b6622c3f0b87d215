using System.Globalization;
using System.Net;
using Xunit;

namespace Muster.Tests;

/// <summary>The real server, sent honest files as large as they may be: it previews them in little memory.</summary>
public sealed class LargeUploadTests(PostgresServer postgres, ITestOutputHelper output)
{
    public static TheoryData<string> AtTheLimits => [.. LargeUploads.AtTheLimits.Keys];

    /// <summary>More people on request, such as the million that a file may have: <c>MUSTER_UPLOAD_ROWS</c>.</summary>
    private static int Rows(int usual) =>
        Environment.GetEnvironmentVariable("MUSTER_UPLOAD_ROWS") is { Length: > 0 } rows
            ? int.Parse(rows, CultureInfo.InvariantCulture)
            : usual;

    [Theory]
    [InlineData("csv", 200_000)]
    [InlineData("xlsx", 100_000)]
    public async Task A_long_list_is_previewed_in_little_memory(string kind, int usual)
    {
        var rows = Rows(usual);
        var file = kind == "csv" ? LargeUploads.Csv(rows) : LargeUploads.Workbook(rows);
        await IsPreviewed($"people.{kind}", file, rows);
    }

    [Theory]
    [MemberData(nameof(AtTheLimits))]
    public async Task A_file_at_a_limit_is_previewed_in_little_memory(string what)
    {
        var (file, people) = LargeUploads.AtTheLimits[what];
        await IsPreviewed(file.Name, file.Content(), people);
    }

    private async Task IsPreviewed(string name, byte[] file, int people)
    {
        await using var api = await ApiServer.Start(DatabaseKind.Sqlite, postgres);
        UploadChecks.Expose(api);
        var id = await UploadChecks.Begin(api);
        Assert.Equal(HttpStatusCode.OK, (await api.PutFile(id, name, file)).Status);

        var operation = await api.Settled(id);

        output.WriteLine($"{file.Length >> 10} KiB, {people} people");
        Assert.Equal(
            ("previewed", people, people),
            (operation.Text("status"), operation.Number("counts", "selected"), operation.Number("counts", "willChange"))
        );
        await UploadChecks.IsWell(api, output);
    }
}

/// <summary>What the tests of uploads ask of a server.</summary>
internal static class UploadChecks
{
    /// <summary>The most that the server may ever have had resident, in bytes.</summary>
    private const long Memory = 700_000_000;

    /// <summary>Begins to invite the people of a file that is still to come.</summary>
    public static async Task<long> Begin(ApiServer api) =>
        (await api.Post("/operations", """{"action":"invite-users","selection":{"file":true}}""", HttpStatusCode.Created)).Number("id");

    /// <summary>Should one of the files get through after all, the kernel is to end this server and no other process.</summary>
    public static void Expose(ApiServer api) => File.WriteAllText($"/proc/{api.Process.ProcessId}/oom_score_adj", "1000");

    /// <summary>The server is up, and never had more memory than it may.</summary>
    public static async Task IsWell(ApiServer api, ITestOutputHelper output)
    {
        Assert.Equal(HttpStatusCode.OK, (await api.Client.GetAsync("/healthz")).StatusCode);
        var peak = api.Process.PeakMemory();
        output.WriteLine($"VmHWM {peak / 1_000_000} MB");
        Assert.InRange(peak, 1, Memory);
    }
}
