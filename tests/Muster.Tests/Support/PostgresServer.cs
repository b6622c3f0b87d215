using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;
using Xunit;

[assembly: AssemblyFixture(typeof(Muster.Tests.PostgresServer))]

namespace Muster.Tests;

/// <summary>
/// A PostgreSQL server of the test run's own, on 127.0.0.1 and in a temporary folder, started by whoever first asks for a database.
/// Databases belong to a role that is no superuser, as in production, so that row level security bites.
/// <c>MUSTER_TEST_POSTGRES</c> (a superuser's connection string) names a server to use instead.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Role = "muster_test";
    private readonly bool durable;
    private readonly Lazy<Task<NpgsqlConnectionStringBuilder>> started;
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> templates = new();
    private Process? server;
    private string folder = "";
    private int created;

    /// <summary>The test run's shared server: quick, because nothing is flushed to disk.</summary>
    public PostgresServer()
        : this(durable: false) { }

    private PostgresServer(bool durable)
    {
        this.durable = durable;
        started = new(Start);
    }

    /// <summary>A server of the test's own that flushes to disk as in production.</summary>
    public static PostgresServer Durable() => new(durable: true);

    /// <summary>A fresh, empty database; the answer is its connection string.</summary>
    public async Task<string> CreateDatabase() => await Create("template0");

    /// <summary>
    /// A fresh database with what <paramref name="prepare"/> put into the first of its kind: it runs once for each
    /// <paramref name="template"/> name and its database is copied from then on.
    /// </summary>
    public async Task<string> CreateDatabase(string template, Func<string, Task> prepare)
    {
        var source = await templates.GetOrAdd(template, _ => new(() => Prepare(prepare))).Value;
        return await Create(source);
    }

    /// <summary>Removes a database made here, along with whoever is still connected to it.</summary>
    public async Task DropDatabase(string connectionString)
    {
        await using (var connection = new NpgsqlConnection(connectionString))
        {
            NpgsqlConnection.ClearPool(connection);
        }

        var name = new NpgsqlConnectionStringBuilder(connectionString).Database;
        await Execute($"DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)");
    }

    /// <summary>The superuser's way into the same database, for what the product's own role must not do.</summary>
    public async Task<string> AsSuperuser(string connectionString)
    {
        var administrator = new NpgsqlConnectionStringBuilder((await started.Value).ConnectionString)
        {
            Database = new NpgsqlConnectionStringBuilder(connectionString).Database,
        };
        return administrator.ConnectionString;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (server is null)
        {
            return;
        }

        NpgsqlConnection.ClearAllPools();
        if (!server.HasExited)
        {
            Command.Send(server.Id, Signal.Interrupt);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            try
            {
                await server.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Command.Kill(server);
            }
        }

        Reaper.Forget(server.Id);
        server.Dispose();
        server = null;
        Directory.Delete(folder, recursive: true);
    }

    private async Task<string> Prepare(Func<string, Task> prepare)
    {
        var connectionString = await Create("template0");
        await prepare(connectionString);

        // PostgreSQL copies a database only while nobody is connected to it.
        await using (var connection = new NpgsqlConnection(connectionString))
        {
            NpgsqlConnection.ClearPool(connection);
        }

        var name = new NpgsqlConnectionStringBuilder(connectionString).Database!;
        await Execute($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
        return name;
    }

    private async Task<string> Create(string template)
    {
        var administrator = await started.Value;
        var name = $"muster_test_{Environment.ProcessId}_{Interlocked.Increment(ref created)}";
        await Execute($"CREATE DATABASE \"{name}\" OWNER {Role} TEMPLATE \"{template}\"");
        return new NpgsqlConnectionStringBuilder
        {
            Host = administrator.Host,
            Port = administrator.Port,
            Username = Role,
            Password = Role,
            Database = name,
            // Every database has a pool of its own; a few connections each add up over a test run.
            MaxPoolSize = 20,
            ConnectionIdleLifetime = 5,
            ConnectionPruningInterval = 2,
        }.ConnectionString;
    }

    private async Task Execute(string sql)
    {
        await using var connection = new NpgsqlConnection((await started.Value).ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<NpgsqlConnectionStringBuilder> Start()
    {
        var given = Environment.GetEnvironmentVariable("MUSTER_TEST_POSTGRES");
        var administrator = string.IsNullOrEmpty(given) ? await StartOwn() : new NpgsqlConnectionStringBuilder(given);
        administrator.Pooling = false;

        await using var connection = new NpgsqlConnection(administrator.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"""
            DO $$ BEGIN CREATE ROLE {Role} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '{Role}';
            EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$
            """,
            connection
        );
        await command.ExecuteNonQueryAsync();
        return administrator;
    }

    private async Task<NpgsqlConnectionStringBuilder> StartOwn()
    {
        folder = Reaper.NewFolder("postgres", inMemory: !durable);
        var data = await PostgresPrograms.InitDb(folder, "--no-sync");
        var port = Ports.Free();
        var log = Path.Combine(folder, "log");
        string[] settings =
        [
            $"port={port}",
            "listen_addresses=127.0.0.1",
            $"unix_socket_directories={folder}",
            "max_connections=300",
            .. durable ? Array.Empty<string>() : ["fsync=off", "synchronous_commit=off", "full_page_writes=off"],
        ];
        var postgres = PostgresPrograms.Line("postgres", ["-D", data, .. settings.SelectMany(setting => new[] { "-c", setting })]);
        // The shell only redirects: exec keeps the process id that is signalled later.
        server =
            Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1", "sh", log, .. postgres]))
            ?? throw new InvalidOperationException("/bin/sh did not start");
        Reaper.Watch(server.Id);

        var administrator = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = port,
            Username = "postgres",
            Database = "postgres",
            Pooling = false,
        };
        await WaitUntilReady(administrator.ConnectionString, log);
        return administrator;
    }

    private async Task WaitUntilReady(string connectionString, string log)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(connectionString);
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException) when (!server!.HasExited && clock.Elapsed < TimeSpan.FromMinutes(5))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50));
            }
            catch (NpgsqlException reason)
            {
                throw new InvalidOperationException($"PostgreSQL did not start:\n{await File.ReadAllTextAsync(log)}", reason);
            }
        }
    }
}
