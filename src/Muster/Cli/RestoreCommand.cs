using System.CommandLine;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Bulk;
using Muster.Data;
using Muster.Mail;
using Muster.People;

namespace Muster.Cli;

/// <summary><c>muster restore FILE</c>.</summary>
internal static class RestoreCommand
{
    // The lost database gave ids to operations, people and messages after the backup; a Message-ID or a link that was sent must never mean something else.
    private const long IdsLeftOut = 10_000_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        var file = new Argument<string?>("FILE") { Description = "A backup made by muster backup.", Arity = ArgumentArity.ZeroOrOne };
        var replace = new Option<bool>("--replace")
        {
            Description = "Put it in the place of the present database, which is kept beside it.",
        };
        var finish = new Option<bool>("--finish")
        {
            Description = "Without FILE: the database was brought back by pg_restore, or with its disk; do the rest.",
        };
        var send = new Option<bool>("--send-waiting-mail")
        {
            Description = "Hold no e-mail: the backed-up server has sent none since the backup.",
        };
        var command = new Command(
            "restore",
            """
            Makes a backup the database that Muster__Database names, brought to this version. Stop the server first.

            Operations that were running go on when the server starts. E-mails of operations confirmed before the restore are held, because they
            may have been sent after the backup: see the Outbox page, and muster mail release.
              muster restore /backup/muster-monday.db --replace
              muster restore --finish      after pg_restore, before the first server starts
            """
        )
        {
            file,
            replace,
            finish,
            send,
        };
        command.SetAction(
            async (parsed, ct) =>
            {
                await using var host = CommandHost.Build();
                var database = host.Get<DatabaseOptions>();
                var (path, hold) = (parsed.GetValue(file), !parsed.GetValue(send));
                if (parsed.GetValue(finish) == path is not null)
                {
                    throw new RefusedException("Name the backup's file, or say --finish when the database is back already.");
                }

                if (path is null)
                {
                    await Finish(host, hold, ct);
                }
                else
                {
                    await Restore(database, Path.GetFullPath(path), parsed.GetValue(replace), hold, host.Clock, ct);
                }

                return ExitCode.Done;
            }
        );
        return command;
    }

    private static async Task Finish(CommandHost host, bool hold, CancellationToken ct)
    {
        await using var db = host.Databases.Open(0);
        var database = host.Get<DatabaseOptions>();
        if (database.IsSqlite)
        {
            AssertUnused(database.SqlitePath, File.Exists(database.SqlitePath));
        }

        if (await WrongVersion(db, ct) is { } wrong)
        {
            throw new RefusedException($"The database {wrong}.");
        }

        await host.Get<SchemaUpgrade>().Now(ct);
        await Tell(await Settle(db, hold, host.Clock.Now(), ct), hold);
    }

    private static async Task Restore(
        DatabaseOptions database,
        string file,
        bool replace,
        bool hold,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (!database.IsSqlite)
        {
            throw new RefusedException(
                "The database is on a PostgreSQL server; bring it back with: pg_restore --no-owner --dbname=DATABASE FILE, then: muster restore --finish (docs/operating.md has the whole commands)."
            );
        }

        if (!File.Exists(file))
        {
            throw new RefusedException($"There is no file {file}.");
        }

        var target = database.SqlitePath;
        // Nobody starts on it meanwhile.
        using var held = await Take(target, ct);
        var there = new FileInfo(target) is { Exists: true, Length: > 0 };
        if (there && !replace)
        {
            throw new RefusedException(
                $"{target} holds a database; say --replace to put the backup in its place and keep it under another name."
            );
        }

        AssertUnused(target, there);
        var copy = target + ".restoring";
        try
        {
            DatabaseCopy.Remove(copy);
            DatabaseCopy.Make(file, SqliteOpenMode.ReadOnly, copy);
            var messages = await BringUp(copy, file, hold, clock, ct);
            var kept = there ? string.Create(CultureInfo.InvariantCulture, $"{target}.replaced-{clock.GetUtcNow():yyyyMMdd-HHmmss}") : null;
            Swap(copy, target, kept);
            await Tell(messages, hold);
            if (kept is not null)
            {
                await Console.Out.WriteLineAsync($"The database before is {kept}.");
            }
        }
        catch (Exception e) when (e is InvalidDataException or SqliteException or IOException)
        {
            throw new RefusedException($"{file} cannot be restored: {e.Message.TrimEnd('.')}. Nothing was changed.");
        }
        finally
        {
            DatabaseCopy.Remove(copy);
        }
    }

    private static async Task<FileStream> Take(string target, CancellationToken ct)
    {
        try
        {
            return await StartLock.Take(target, Patience, ct);
        }
        catch (IOException)
        {
            throw new RefusedException($"A server is starting on {target}; stop it first.");
        }
    }

    private static void AssertUnused(string target, bool there)
    {
        try
        {
            if (there && !DatabaseCopy.IsAlone(target))
            {
                throw new RefusedException($"{target} is in use; stop the server, and any other command on it, first.");
            }
        }
        catch (SqliteException e)
        {
            throw new RefusedException(
                $"The present database {target} cannot be read ({e.Message}). Make sure that no server runs, move it and its -wal and -shm away, and restore again."
            );
        }

        // A log without its database would be played into the one that comes.
        if (File.Exists(target + "-wal"))
        {
            throw new RefusedException($"{target}-wal is left of a database that is gone; move it away and restore again.");
        }
    }

    /// <summary>Checks that a copy is Muster's, brings it to this version, and settles it.</summary>
    /// <returns>How many messages are held.</returns>
    private static async Task<int> BringUp(string copy, string file, bool hold, TimeProvider clock, CancellationToken ct)
    {
        int messages;
        await using (var db = DataRegistration.NewSqlite(copy))
        {
            if (await WrongVersion(db, ct) is { } wrong)
            {
                throw new RefusedException($"{file} {wrong}. Nothing was changed.");
            }

            await SchemaUpgrade.ForgetDeadUpgrade(db, ct);
            await Schema.Migrate(db, ct);
            messages = await Settle(db, hold, clock.Now(), ct);
        }

        return DatabaseCopy.IsAlone(copy) ? messages : throw new IOException("another process has opened the copy");
    }

    private static async Task<string?> WrongVersion(MusterDb db, CancellationToken ct)
    {
        // EF looks through a read-only connection, on which a file that was just copied cannot be given its log.
        await db.Database.OpenConnectionAsync(ct);
        var applied = (await db.Database.GetAppliedMigrationsAsync(ct)).ToList();
        return applied.Count == 0 ? "is not a database of Muster"
            : applied.Except(db.Database.GetMigrations()).Any()
                ? "was written by a version of Muster that this one does not know; use that version, or a newer one"
            : null;
    }

    /// <summary>What has to happen once to a database that came back, before anything runs on it.</summary>
    private static async Task<int> Settle(MusterDb db, bool hold, DateTime now, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var messages = 0;
        await db.Reserve(IdBlock.Site, IdsLeftOut, ct);
        foreach (var id in await db.Workspaces.OrderBy(w => w.Id).Select(w => w.Id).ToListAsync(ct))
        {
            db.WorkspaceId = id;
            await db.Reserve(id, IdsLeftOut, ct);
            var held = hold ? await HeldMail.Hold(db, id, now, ct) : 0;
            if (hold)
            {
                await SkipMissedRuns(db, id, now, ct);
            }

            var by = new Requester(Actors.CommandLine(id), OperationSource.Cli, null);
            await Audit.Write(db, by, "site.restored", new { messagesHeld = held }, now, ct);
            messages += held;
        }

        await transaction.CommitAsync(ct);
        return messages;
    }

    /// <summary>A run whose time came between backup and restore may have happened: the schedule goes on with the next.</summary>
    private static async Task SkipMissedRuns(MusterDb db, long workspaceId, DateTime now, CancellationToken ct)
    {
        var zone = await db.Workspaces.Where(w => w.Id == workspaceId).Select(w => w.TimeZone).SingleAsync(ct);
        await ScheduleTimes.Renew(db, db.Schedules.Where(s => s.WorkspaceId == workspaceId && s.NextAt <= now), now, zone, ct);
    }

    /// <summary>One rename: whatever happens, one of the two databases is there.</summary>
    private static void Swap(string copy, string target, string? kept)
    {
        if (kept is null)
        {
            File.Move(copy, target, overwrite: true);
        }
        else
        {
            File.Replace(copy, target, kept);
        }
    }

    private static Task Tell(int messages, bool hold) =>
        Console.Out.WriteLineAsync(
            "The database is restored and of this version. "
                + (
                    hold
                        ? $"{messages} waiting e-mails are held, and so is what operations confirmed before will write: see Outbox, status Held; muster mail release sends them."
                        : "Waiting e-mails go out when the server starts."
                )
        );
}
