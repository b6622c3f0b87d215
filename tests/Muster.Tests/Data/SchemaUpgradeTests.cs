using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Muster.Data;
using Npgsql;
using Xunit;

namespace Muster.Tests;

public sealed class SchemaUpgradeTests(PostgresServer postgres)
{
    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Nodes_that_start_together_on_an_empty_database_take_turns(DatabaseKind kind)
    {
        var options = await Empty(kind);
        var (inside, most, runs) = (0, 0, 0);

        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(_ =>
                    Task.Run(() =>
                        Upgrade(options)
                            .OnStart(
                                async (db, ct) =>
                                {
                                    most = Math.Max(most, Interlocked.Increment(ref inside));
                                    Assert.True(await Schema.IsCurrent(db, ct));
                                    await Task.Delay(50, ct);
                                    Interlocked.Decrement(ref inside);
                                    Interlocked.Increment(ref runs);
                                },
                                CancellationToken.None
                            )
                    )
                )
        );

        Assert.All(results, Assert.True);
        Assert.Equal((1, 4), (most, runs));
    }

    [Fact]
    public async Task A_server_with_data_of_an_earlier_version_waits_for_the_command()
    {
        var options = await Empty(DatabaseKind.Postgres);
        await Upgrade(options).Now(CancellationToken.None);
        await using var db = TestDatabase.NewContext(options);
        // As an earlier version left it: something applied, and not what this version has.
        await db.Database.ExecuteSqlAsync($"UPDATE \"__EFMigrationsHistory\" SET \"MigrationId\" = '20000101000000_Earlier'");
        var ran = false;

        var started = await Upgrade(options)
            .OnStart(
                (_, _) =>
                {
                    ran = true;
                    return Task.CompletedTask;
                },
                CancellationToken.None
            );

        Assert.False(started);
        Assert.False(ran);
    }

    [Fact]
    public async Task An_upgrade_that_was_killed_does_not_keep_the_next_one_waiting()
    {
        var options = await Empty(DatabaseKind.Sqlite);
        await Upgrade(options).Now(CancellationToken.None);
        await using var db = TestDatabase.NewContext(options);
        await db.Database.ExecuteSqlAsync(
            $"CREATE TABLE IF NOT EXISTS \"__EFMigrationsLock\" (\"Id\" INTEGER PRIMARY KEY, \"Timestamp\" TEXT NOT NULL)"
        );
        await db.Database.ExecuteSqlAsync($"INSERT INTO \"__EFMigrationsLock\" VALUES (1, '2030-01-01 00:00:00')");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));

        Assert.True(await Upgrade(options).OnStart((_, _) => Task.CompletedTask, patience.Token));
    }

    [Fact]
    public async Task The_lock_is_given_back_when_what_follows_fails()
    {
        var options = await Empty(DatabaseKind.Postgres);
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Upgrade(options).OnStart((_, _) => throw new InvalidOperationException("No demonstration"), CancellationToken.None)
        );
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));

        Assert.True(await Upgrade(options).OnStart((_, _) => Task.CompletedTask, patience.Token));
    }

    [Fact]
    public async Task A_server_that_is_not_there_yet_is_waited_for()
    {
        var real = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabase());
        var (host, port) = (real.Host!, real.Port);
        var later = Ports.Free();
        (real.Host, real.Port) = ("127.0.0.1", later);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));

        var starting = Upgrade(DatabaseOptions.Parse($"postgres:{real}")).OnStart((_, _) => Task.CompletedTask, patience.Token);
        await Task.Delay(TimeSpan.FromSeconds(1.5), patience.Token);
        Assert.False(starting.IsCompleted, $"{starting.Exception}");
        using var gate = new TcpListener(IPAddress.Loopback, later);
        gate.Start();
        var passing = Pass(gate, host, port, patience.Token);

        Assert.True(await starting);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => passing);
    }

    /// <summary>Hands every connection on to the server.</summary>
    private static async Task Pass(TcpListener gate, string host, int port, CancellationToken ct)
    {
        while (true)
        {
            var inner = await gate.AcceptTcpClientAsync(ct);
            var outer = new TcpClient();
            await outer.ConnectAsync(host, port, ct);
            _ = inner.GetStream().CopyToAsync(outer.GetStream(), ct);
            _ = outer.GetStream().CopyToAsync(inner.GetStream(), ct);
        }
    }

    private static SchemaUpgrade Upgrade(DatabaseOptions options)
    {
        return new(new(() => TestDatabase.NewContext(options)), options, NullLogger<SchemaUpgrade>.Instance);
    }

    private async Task<DatabaseOptions> Empty(DatabaseKind kind) =>
        kind == DatabaseKind.Postgres
            ? DatabaseOptions.Parse($"postgres:{await postgres.CreateDatabase()}")
            : DatabaseOptions.Parse($"sqlite:{Path.Combine(Reaper.NewFolder("upgrade"), "muster.db")}");
}
