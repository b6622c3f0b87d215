using Xunit;

namespace Muster.Tests;

public sealed class MusterProcessTests
{
    [Fact]
    public async Task The_server_starts_is_measured_killed_and_started_again()
    {
        await using var server = await MusterProcess.Start(OnSqlite());
        using var client = new HttpClient { BaseAddress = server.Url };
        var first = server.ProcessId;

        Assert.True((await client.GetAsync(new Uri("healthz", UriKind.Relative))).IsSuccessStatusCode);
        Assert.InRange(server.PeakMemory(), 10L << 20, 1L << 30);

        await server.Kill9();
        Assert.False(server.IsRunning);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("healthz", UriKind.Relative)));

        await server.Restart();
        Assert.NotEqual(first, server.ProcessId);
        Assert.True((await client.GetAsync(new Uri("healthz", UriKind.Relative))).IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_halted_server_answers_only_after_it_goes_on()
    {
        await using var server = await MusterProcess.Start(OnSqlite());
        using var client = new HttpClient { BaseAddress = server.Url };

        server.Pause();
        var answer = client.GetAsync(new Uri("healthz", UriKind.Relative));
        await Task.Delay(TimeSpan.FromMilliseconds(300));
        Assert.False(answer.IsCompleted);
        server.Continue();

        Assert.True((await answer).IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_server_asked_to_stop_ends_in_an_orderly_way()
    {
        await using var server = await MusterProcess.Start(OnSqlite());

        Assert.Equal(0, await server.Stop(TimeSpan.FromSeconds(30)));
    }

    private static MusterOptions OnSqlite() =>
        new()
        {
            Database = $"sqlite:{Path.Combine(Reaper.NewFolder("database", inMemory: true), "muster.db")}",
            Environment = new Dictionary<string, string?> { ["Muster__Demo"] = "false" },
        };
}
