using System.CommandLine;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Muster.Data;

namespace Muster.Cli;

/// <summary><c>muster backup FILE</c>.</summary>
internal static class BackupCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The file to write; it must not exist yet." };
        var command = new Command(
            "backup",
            """
            Copies the embedded database into one file, while the server runs or without one; everything in it is of the same moment.

            The file can be read by its owner only: it holds everybody's data and the keys of all sessions. A PostgreSQL database is backed up with
            pg_dump --format=custom --file=FILE.
              muster backup /backup/muster-monday.db
            """
        )
        {
            file,
        };
        command.SetAction(
            async (parsed, _) =>
            {
                await using var host = CommandHost.Build();
                var size = Copy(host.Get<DatabaseOptions>(), Path.GetFullPath(parsed.GetRequiredValue(file)));
                await Console.Out.WriteLineAsync(
                    string.Create(CultureInfo.InvariantCulture, $"The backup is whole and checked: {size / 1e6:N1} MB.")
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    /// <returns>The backup's bytes.</returns>
    private static long Copy(DatabaseOptions database, string file)
    {
        if (!database.IsSqlite)
        {
            throw new RefusedException(
                "The database is on a PostgreSQL server; back it up with: pg_dump --format=custom --file=FILE DATABASE (docs/operating.md has the whole commands)."
            );
        }

        if (!File.Exists(database.SqlitePath))
        {
            throw new RefusedException($"There is no database {database.SqlitePath}; name it with Muster__Database.");
        }

        if (Path.Exists(file))
        {
            throw new RefusedException($"{file} exists already; a backup overwrites nothing. Give another name.");
        }

        // Under another name until it is whole: half a backup must not look like one.
        var partial = $"{file}.{Environment.ProcessId}.partial";
        try
        {
            DatabaseCopy.Make(database.SqlitePath, SqliteOpenMode.ReadWrite, partial);
            File.Move(partial, file, overwrite: false);
            return new FileInfo(file).Length;
        }
        catch (Exception e) when (e is SqliteException or IOException)
        {
            DatabaseCopy.Remove(partial);
            throw new RefusedException($"{database.SqlitePath} could not be copied to {file}: {e.Message}");
        }
    }
}
