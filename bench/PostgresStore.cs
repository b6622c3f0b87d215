using System.Diagnostics;
using System.Globalization;
using Muster.Tests;
using Npgsql;

namespace Muster.Bench;

/// <summary>A PostgreSQL server of the run's own that flushes to disk as in production.</summary>
public sealed class PostgresStore : Store
{
    private static readonly string[] Settings =
    [
        "listen_addresses=127.0.0.1",
        "fsync=on",
        "shared_buffers=1GB",
        "max_wal_size=8GB",
        "maintenance_work_mem=256MB",
    ];

    private readonly string folder = Reaper.NewFolder("bench-postgres");
    private readonly int port = Ports.Free();
    private Process? server;
    private string version = "";

    private PostgresStore() { }

    public override string Name => "PostgreSQL";

    public override string Version => $"{version}, {string.Join(", ", Settings[1..])}";

    /// <summary>Of the server, the backends that have ended, and those that have not; read again when one ended meanwhile, which would be missed.</summary>
    public override double ProcessorSeconds
    {
        get
        {
            while (true)
            {
                var ended = OfServer();
                var ticks = ended + OfBackends();
                if (OfServer() == ended)
                {
                    return ticks / 100.0;
                }
            }
        }
    }

    private long OfServer() => Stat(server!.Id) is { } own ? own[13..17].Sum(long.Parse) : 0;

    private long OfBackends()
    {
        var ticks = 0L;
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
        {
            if (Stat(int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture)) is { } stat && stat[3] == $"{server!.Id}")
            {
                ticks += stat[13..15].Sum(long.Parse);
            }
        }

        return ticks;
    }

    private static string[]? Stat(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            // The name, in parentheses, may hold spaces.
            return ["", .. text[text.LastIndexOf(')')..].Split(' ')];
        }
        catch (IOException)
        {
            return null;
        }
    }

    public static async Task<PostgresStore> Begin()
    {
        var store = new PostgresStore();
        await store.StartServer();
        return store;
    }

    public override string Setting(string database) =>
        $"postgres:{new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = port, Username = "postgres", Database = database, CommandTimeout = 0 }.ConnectionString}";

    public override async Task Create(string database)
    {
        await Drop(database);
        await Execute("postgres", $"CREATE DATABASE {database}");
    }

    public override async Task Copy(string from, string to)
    {
        Release();
        await Drop(to);
        // FILE_COPY makes a checkpoint before and after, so that the copy is on disk.
        await Execute("postgres", $"CREATE DATABASE {to} TEMPLATE {from} STRATEGY FILE_COPY");
    }

    public override async Task Rename(string from, string to)
    {
        Release();
        await Drop(to);
        await Execute("postgres", $"ALTER DATABASE {from} RENAME TO {to}");
    }

    public override async Task Drop(string database)
    {
        Release();
        await Execute("postgres", $"DROP DATABASE IF EXISTS {database} WITH (FORCE)");
    }

    /// <summary>No ANALYZE here: the plans of a run rest on the statistics that the product itself saw to.</summary>
    public override async Task Settle(string database)
    {
        await Execute(database, "VACUUM");
        await Execute(database, "CHECKPOINT");
    }

    public override async ValueTask DisposeAsync()
    {
        Release();
        if (server is null)
        {
            return;
        }

        Tests.Command.Send(server.Id, Signal.Interrupt);
        await server.WaitForExitAsync();
        Reaper.Forget(server.Id);
        server.Dispose();
        server = null;
        Directory.Delete(folder, recursive: true);
    }

    private async Task StartServer()
    {
        var data = await PostgresPrograms.InitDb(folder);
        var settings = Settings
            .Append(string.Create(CultureInfo.InvariantCulture, $"port={port}"))
            .Append($"unix_socket_directories={folder}")
            .SelectMany(setting => new[] { "-c", setting });
        var postgres = PostgresPrograms.Line("postgres", ["-D", data, .. settings]);
        var log = Path.Combine(folder, "log");
        server =
            Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1", "sh", log, .. postgres]))
            ?? throw new InvalidOperationException("/bin/sh did not start");
        Reaper.Watch(server.Id);
        await WaitUntilReady(log);
    }

    private async Task WaitUntilReady(string log)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var connection = Connection("postgres");
                await connection.OpenAsync();
                version = $"PostgreSQL {connection.PostgreSqlVersion}";
                return;
            }
            catch (NpgsqlException) when (!server!.HasExited && clock.Elapsed < TimeSpan.FromMinutes(1))
            {
                await Task.Delay(100);
            }
            catch (NpgsqlException e)
            {
                throw new InvalidOperationException($"PostgreSQL did not start:\n{await File.ReadAllTextAsync(log)}", e);
            }
        }
    }

    private NpgsqlConnection Connection(string database) => new($"{Setting(database)["postgres:".Length..]};Pooling=False");

    private async Task Execute(string database, string sql)
    {
        await using var connection = Connection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
