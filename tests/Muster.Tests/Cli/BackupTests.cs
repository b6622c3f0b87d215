using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Muster.Mail;
using Npgsql;
using Xunit;

namespace Muster.Tests;

/// <summary>Backups taken while the server works, and what comes of them elsewhere.</summary>
public sealed class BackupTests(PostgresServer postgres) : IDisposable
{
    private readonly string folder = Reaper.NewFolder("backup");

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("RESTORE-1")]
    public async Task A_backup_of_a_server_at_work_restored_elsewhere_finishes_the_work_and_sends_nothing_twice(DatabaseKind kind)
    {
        await using var site = await RestoredSite.Prepare(kind, postgres);
        var backup = In("muster.backup");
        var original = await site.RunUntil(300);

        if (kind == DatabaseKind.Sqlite)
        {
            var copy = $"sqlite:{In("elsewhere.db")}";
            await Done(original.Run("backup", backup));
            await site.Lose(original);
            await Done(MusterProcess.Run(site.On(copy), ["restore", backup]));
            await site.AssertKept(copy);
        }
        else
        {
            var copy = await postgres.CreateDatabase();
            await Shell(Documented("pg_dump"), site.Stage.Database.Options.ConnectionString, "muster", backup);
            await site.Lose(original);
            await Shell(Documented("pg_restore"), copy, "muster_restored", backup);
            await Done(MusterProcess.Run(site.On($"postgres:{copy}"), ["restore", "--finish"]));
            await site.AssertKept($"postgres:{copy}");
        }
    }

    [Theory]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("RESTORE-2")]
    public async Task A_server_is_backed_up_with_its_own_tools_and_only_a_database_of_Musters_is_finished(DatabaseKind kind)
    {
        Assert.Equal(DatabaseKind.Postgres, kind);
        var options = new MusterOptions { Database = $"postgres:{await postgres.CreateDatabase()}" };
        foreach (
            var (arguments, words) in new (string[], string)[]
            {
                (["backup", In("b")], "pg_dump"),
                (["restore", In("b")], "pg_restore"),
                (["restore", "--finish"], "not a database of Muster"),
                (["restore"], "--finish"),
            }
        )
        {
            var refused = await MusterProcess.Run(options, arguments);
            Assert.Equal(2, refused.ExitCode);
            Assert.Contains(words, refused.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [Rule("RESTORE-2")]
    public async Task A_file_that_is_no_backup_is_refused_and_changes_nothing(DatabaseKind kind)
    {
        await using var database = await Database(kind, "Present");
        var target = database.Options.SqlitePath;
        var options = new MusterOptions { Database = database.Setting };
        await Done(MusterProcess.Run(options, ["backup", In("good")]));
        await File.WriteAllTextAsync(In("text"), "Dear diary");
        await File.WriteAllBytesAsync(In("empty"), []);
        var bytes = await File.ReadAllBytesAsync(In("good"));
        await File.WriteAllBytesAsync(In("short"), bytes[..(bytes.Length / 2)]);
        bytes.AsSpan(bytes.Length / 2, 40_000).Fill(0xA5);
        await File.WriteAllBytesAsync(In("damaged"), bytes);
        Ask(In("other"), "CREATE TABLE users (id integer)");
        File.Copy(In("good"), In("newer"));
        Ask(In("newer"), "INSERT INTO \"__EFMigrationsHistory\" VALUES ('29991231000000_Later', '99.0.0')");
        foreach (
            var (file, words) in new[]
            {
                ("text", "not a database"),
                ("empty", "not a database of Muster"),
                ("short", "damaged"),
                ("damaged", "damaged"),
                ("other", "not a database of Muster"),
                ("newer", "a newer one"),
                ("absent", "There is no file"),
            }
        )
        {
            var refused = await MusterProcess.Run(options, ["restore", In(file), "--replace"]);
            Assert.True(refused.ExitCode == 2, $"{file}: {refused.ExitCode} {refused.Output}{refused.Error}");
            Assert.Contains(words, refused.Error, StringComparison.Ordinal);
            Assert.Equal("Present", await WorkspaceOf(target));
            Assert.False(File.Exists(target + ".restoring"));
        }
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [Rule("RESTORE-2")]
    public async Task A_restore_overwrites_nothing_unless_told_and_then_keeps_the_old_database(DatabaseKind kind)
    {
        await using var database = await Database(kind, "Backed up");
        var options = new MusterOptions { Database = database.Setting };
        await Done(MusterProcess.Run(options, ["backup", In("b")]));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(In("b")));
        }

        Assert.Equal(2, (await MusterProcess.Run(options, ["backup", In("b")])).ExitCode);
        var target = new MusterOptions { Database = $"sqlite:{In("target.db")}" };
        File.Copy(In("b"), In("target.db"));
        Ask(In("target.db"), "UPDATE workspaces SET name = 'Present'");

        var refused = await MusterProcess.Run(target, ["restore", In("b")]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--replace", refused.Error, StringComparison.Ordinal);
        Assert.Equal("Present", await WorkspaceOf(In("target.db")));

        await Done(MusterProcess.Run(target, ["restore", In("b"), "--replace"]));
        Assert.Equal("Backed up", await WorkspaceOf(In("target.db")));
        Assert.Equal("Present", await WorkspaceOf(Assert.Single(Directory.GetFiles(folder, "target.db.replaced-*"))));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [Rule("RESTORE-2")]
    public async Task A_restore_is_refused_while_a_server_runs_on_the_database(DatabaseKind kind)
    {
        await using var database = await Database(kind, "Present");
        var options = new MusterOptions { Database = database.Setting };
        await Done(MusterProcess.Run(options, ["backup", In("b")]));
        await using var server = await MusterProcess.Start(options);

        foreach (var arguments in new string[][] { ["restore", In("b"), "--replace"], ["restore", "--finish"] })
        {
            var refused = await server.Run(arguments);
            Assert.Equal(2, refused.ExitCode);
            Assert.Contains("in use", refused.Error, StringComparison.Ordinal);
        }

        // A server that died leaves its log behind, which is part of the old database.
        await server.Kill9();
        await Done(server.Run("restore", In("b"), "--replace"));
        await server.Restart();
    }

    [Fact]
    public async Task What_waited_is_sent_after_a_move_that_says_so_and_new_messages_are_never_held()
    {
        await using var office = await PostOffice.Open(DatabaseKind.Sqlite, postgres);
        await office.Invite("Ann");
        var options = new MusterOptions { Database = office.Database.Setting };
        await Done(MusterProcess.Run(options, ["backup", In("b")]));

        LetGo(office.Database);
        await Done(MusterProcess.Run(options, ["restore", In("b"), "--replace", "--send-waiting-mail"]));
        Assert.Equal(MessageStatus.Waiting, Assert.Single(await office.Messages()).Status);
        LetGo(office.Database);
        // The second of the day gives the old database another name.
        await Task.Delay(TimeSpan.FromSeconds(1));
        await Done(MusterProcess.Run(options, ["restore", In("b"), "--replace"]));
        Assert.Equal(MessageStatus.Held, Assert.Single(await office.Messages()).Status);

        await using var sink = await SmtpSink.Start();
        using var sender = office.Sender(sink.Url);
        var later = (await office.Invite("Bob"))[0];
        await sender.SendDue(CancellationToken.None);
        Assert.Equal([later.Email], (await sink.Messages()).Select(m => m.Recipient));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_schedules_run_that_may_have_happened_is_left_out(DatabaseKind kind)
    {
        await using var database = await Database(kind, "Present");
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        await using var db = database.Open(1);
        db.Schedules.Add(
            new()
            {
                WorkspaceId = 1,
                Id = 900,
                Name = "Nightly",
                Action = "resend-invitations",
                Parameters = "{}",
                Selection = "{}",
                Cron = "0 3 * * *",
                LargestRun = 100,
                NextAt = now.AddDays(-1),
                CreatedAt = now.AddDays(-9),
            }
        );
        await db.SaveChangesAsync();
        await db.Database.CloseConnectionAsync();
        LetGo(database);

        await Done(MusterProcess.Run(new() { Database = database.Setting }, ["restore", "--finish"]));

        Assert.InRange((await db.Schedules.AsNoTracking().SingleAsync()).NextAt!.Value, now, now.AddDays(2));
    }

    /// <inheritdoc />
    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string In(string name) => Path.Combine(folder, name);

    private async Task<TestDatabase> Database(DatabaseKind kind, string workspace)
    {
        var database = await TestDatabase.Create(kind, postgres);
        var given = new Given(database, Given.NewClock());
        given.People(50);
        await given.Save();
        await using var db = database.Open(given.Workspace);
        await db.Workspaces.ExecuteUpdateAsync(set => set.SetProperty(w => w.Name, workspace));
        LetGo(database);
        return database;
    }

    /// <summary>This process has the database open no longer.</summary>
    private static void LetGo(TestDatabase database)
    {
        if (database.Kind == DatabaseKind.Sqlite)
        {
            using var connection = new SqliteConnection(database.Options.ConnectionString);
            SqliteConnection.ClearPool(connection);
        }
    }

    private static async Task<string> Done(Task<CommandResult> running)
    {
        var result = await running;
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        return result.Output;
    }

    private static void Ask(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static async Task<string> WorkspaceOf(string path)
    {
        await using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM workspaces";
        return (string)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The line of the operator's manual that runs a program.</summary>
    private static string Documented(string program) =>
        File.ReadLines(Checkout.PathTo("docs", "operating.md")).Single(line => line.StartsWith(program + " ", StringComparison.Ordinal));

    private static async Task Shell(string line, string connectionString, string database, string file)
    {
        var server = new NpgsqlConnectionStringBuilder(connectionString);
        Assert.Contains($"--dbname={database} ", line, StringComparison.Ordinal);
        Assert.Contains("muster.dump", line, StringComparison.Ordinal);
        line = line.Replace($"--dbname={database} ", $"--dbname={server.Database} ", StringComparison.Ordinal)
            .Replace("muster.dump", file, StringComparison.Ordinal);
        var result = await Command.Run(
            "/bin/sh",
            ["-c", line],
            new Dictionary<string, string?>
            {
                ["PGHOST"] = server.Host,
                ["PGPORT"] = $"{server.Port}",
                ["PGUSER"] = server.Username,
                ["PGPASSWORD"] = server.Password,
            }
        );
        Assert.True(result.ExitCode == 0, result.Error);
    }
}
