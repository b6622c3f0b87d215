using System.Data.Common;
using System.Globalization;
using Muster.Tests;
using Npgsql;

namespace Muster.Faults;

/// <summary>A PostgreSQL server of the run's own that flushes as in production and can be restarted; on a small disk in memory where that is to be full.</summary>
public sealed class PostgresStore : Store
{
    private const string Role = "muster";
    private const int Mebibytes = 2000;
    private readonly SmallDisk disk;
    private readonly int port = Ports.Free();
    private int server;

    private PostgresStore(SmallDisk disk) => this.disk = disk;

    public override string Setting => $"postgres:{Way(Role, pooled: true)}";

    private string Data => Path.Combine(disk.Folder, "data");

    public static async Task<PostgresStore> Begin(bool small)
    {
        var store = new PostgresStore(await SmallDisk.Make("faults-postgres", small ? Mebibytes : 0));
        await PostgresPrograms.InitDb(store.disk.Folder);
        await File.AppendAllLinesAsync(
            Path.Combine(store.Data, "postgresql.conf"),
            [$"port={store.port}", "listen_addresses='127.0.0.1'", $"unix_socket_directories='{store.disk.Folder}'", "max_connections=400"]
        );
        await store.Control("start");
        await using var connection = new NpgsqlConnection(store.Way("postgres", pooled: false, "postgres"));
        await connection.OpenAsync();
        foreach (var sql in new[] { $"CREATE ROLE {Role} LOGIN", $"CREATE DATABASE muster OWNER {Role}" })
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }

        return store;
    }

    public override string? WhyNot(Fault fault) =>
        fault == Fault.Disk && !disk.IsMounted ? "a file system may not be mounted here (be root)" : null;

    public override async Task Break(Fault fault, Random random)
    {
        if (fault == Fault.Restart)
        {
            await Control("restart");
            return;
        }

        if (fault == Fault.Disk)
        {
            await disk.BeFull(random);
            if ((await PostgresPrograms.Run("pg_ctl", ["-D", Data, "status"])).ExitCode != 0)
            {
                // It could not write its log and gave up; whoever makes room starts it.
                await Control("start");
            }

            return;
        }

        var share = random.Next(20, 101);
        await Read(
            $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{Role}' AND random() * 100 < {share}",
            row => row.GetBoolean(0)
        );
    }

    public override Task ForgetCursors() =>
        Execute(
            """
            CREATE FUNCTION ablation() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN IF NEW.status = 4 AND NEW.cursor > OLD.cursor AND random() < 0.1 THEN NEW.cursor := OLD.cursor; END IF; RETURN NEW; END $$;
            CREATE TRIGGER ablation BEFORE UPDATE OF cursor ON operations FOR EACH ROW EXECUTE FUNCTION ablation();
            """
        );

    public override async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await PostgresPrograms.Run("pg_ctl", ["-D", Data, "-m", "fast", "-w", "stop"]);
        Reaper.Forget(server);
        await disk.DisposeAsync();
    }

    protected override async Task<DbConnection> Open()
    {
        var connection = new NpgsqlConnection(Way("postgres", pooled: false));
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Starts, or restarts as after a power cut, and waits until it answers.</summary>
    private async Task Control(string verb)
    {
        string[] mode = verb == "restart" ? ["-m", "immediate"] : [];
        (await PostgresPrograms.Run("pg_ctl", ["-D", Data, "-l", Path.Combine(disk.Folder, "log"), "-w", .. mode, verb])).OrThrow(
            $"pg_ctl {verb}"
        );
        if (server != 0)
        {
            Reaper.Forget(server);
        }

        server = int.Parse((await File.ReadAllLinesAsync(Path.Combine(Data, "postmaster.pid")))[0], CultureInfo.InvariantCulture);
        Reaper.Watch(server);
    }

    private string Way(string user, bool pooled, string database = "muster") =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = port,
            Username = user,
            Database = database,
            Pooling = pooled,
        }.ConnectionString;
}
