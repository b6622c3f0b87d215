using Microsoft.Data.Sqlite;

namespace Muster.Data;

/// <summary>
/// Whole copies of the embedded database. SQLite's online backup takes the pages as they are, under one read snapshot: writers go on meanwhile,
/// and unlike <c>VACUUM INTO</c> no index is built anew.
/// </summary>
internal static class DatabaseCopy
{
    private const int Corrupt = 11;
    private const int NoDatabase = 26;

    /// <summary>Copies a database, whoever writes to it, into a new file that only its owner may read, and checks every page of it.</summary>
    /// <param name="from">The database.</param>
    /// <param name="mode">Whether SQLite may tidy up beside it, as it does where a server died, or must leave everything as it is.</param>
    /// <param name="to">A file that does not exist yet; it is gone again when the copy fails.</param>
    /// <exception cref="InvalidDataException">There is no whole database; the message says what is wrong with it.</exception>
    /// <exception cref="IOException">The file is there already or cannot be written.</exception>
    /// <exception cref="SqliteException">The disk is full, or another trouble with reading or writing.</exception>
    public static void Make(string from, SqliteOpenMode mode, string to)
    {
        Owned(to).Dispose();
        try
        {
            using (var source = Open(from, mode))
            using (var copy = Open(to, SqliteOpenMode.ReadWrite))
            {
                source.BackupDatabase(copy);
            }

            Settle(to);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is Corrupt or NoDatabase)
        {
            Remove(to);
            throw new InvalidDataException(e.SqliteErrorCode == NoDatabase ? "it is not a database" : "it is damaged", e);
        }
        catch
        {
            Remove(to);
            throw;
        }
    }

    /// <summary>Writes the log back into a database that nobody else has open, so that it is one file.</summary>
    /// <returns>False when another process has it open.</returns>
    /// <exception cref="SqliteException">It cannot be read.</exception>
    public static bool IsAlone(string path)
    {
        using var connection = Open(path, SqliteOpenMode.ReadWrite);
        try
        {
            return Ask(connection, "PRAGMA journal_mode=DELETE") == "delete";
        }
        catch (SqliteException e) when (e.SqliteErrorCode is 5 or 6)
        {
            // Busy, locked.
            return false;
        }
    }

    /// <summary>Removes a copy and what SQLite lays beside it.</summary>
    public static void Remove(string path)
    {
        foreach (var part in new[] { "", "-journal", "-wal", "-shm" })
        {
            File.Delete(path + part);
        }
    }

    private static void Settle(string path)
    {
        using var connection = Open(path, SqliteOpenMode.ReadWrite);
        Ask(connection, "PRAGMA journal_mode=DELETE");
        if (Ask(connection, "PRAGMA integrity_check(1)") is var found and not "ok")
        {
            throw new InvalidDataException($"it is damaged ({found.ReplaceLineEndings(" ")})");
        }
    }

    private static FileStream Owned(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new(path, options);
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Mode = mode,
                Pooling = false,
                DefaultTimeout = 2,
            }.ConnectionString
        );
        connection.Open();
        return connection;
    }

    private static string Ask(SqliteConnection connection, string pragma)
    {
        using var command = connection.CreateCommand();
        command.CommandText = pragma;
        return (string)command.ExecuteScalar()!;
    }
}
