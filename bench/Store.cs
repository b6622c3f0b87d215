using Microsoft.Data.Sqlite;
using Muster.Data;
using Muster.Tests;

namespace Muster.Bench;

/// <summary>A place for databases that can be copied whole, so that the product and the floor begin from the same state.</summary>
public abstract class Store : IAsyncDisposable
{
    public abstract string Name { get; }

    public abstract string Version { get; }

    /// <summary>The value for <c>Muster__Database</c>.</summary>
    public abstract string Setting(string database);

    public abstract Task Create(string database);

    /// <summary>A copy that is on disk when this returns, so that no run pays for it.</summary>
    public abstract Task Copy(string from, string to);

    public abstract Task Rename(string from, string to);

    public abstract Task Drop(string database);

    /// <summary>Everything written is in its place and on disk, and the housekeeping after bulk writes is done.</summary>
    public abstract Task Settle(string database);

    /// <summary>Processor seconds the database server has used so far; an embedded database uses its user's.</summary>
    public abstract double ProcessorSeconds { get; }

    public abstract ValueTask DisposeAsync();

    /// <summary>A unit of work on a database, with the connection habits of the product.</summary>
    public MusterDb Open(string database, long workspaceId = 0)
    {
        var options = DatabaseOptions.Parse(Setting(database));
        MusterDb db;
        if (options.IsSqlite)
        {
            var builder = new Microsoft.EntityFrameworkCore.DbContextOptionsBuilder<SqliteMusterDb>();
            DataRegistration.Configure(builder, options);
            db = new SqliteMusterDb(builder.Options);
        }
        else
        {
            var builder = new Microsoft.EntityFrameworkCore.DbContextOptionsBuilder<PostgresMusterDb>();
            DataRegistration.Configure(builder, options);
            db = new PostgresMusterDb(builder.Options);
        }

        db.WorkspaceId = workspaceId;
        return db;
    }

    /// <summary>Lets go of pooled connections, which stand in the way of copying.</summary>
    public static void Release()
    {
        SqliteConnection.ClearAllPools();
        Npgsql.NpgsqlConnection.ClearAllPools();
    }

    public static async Task<Store> Start(string name) =>
        name switch
        {
            "sqlite" => new SqliteStore(),
            "postgres" => await PostgresStore.Begin(),
            _ => throw new ArgumentException($"There is no database '{name}'; there are sqlite and postgres.", nameof(name)),
        };
}

/// <summary>Files in a temporary folder.</summary>
public sealed class SqliteStore : Store
{
    private readonly string folder = Reaper.NewFolder("bench");

    public override string Name => "SQLite";

    public override string Version { get; } = ReadVersion();

    public override double ProcessorSeconds => 0;

    public override string Setting(string database) => $"sqlite:{PathOf(database)}";

    public override Task Create(string database) => Drop(database);

    public override Task Copy(string from, string to)
    {
        Release();
        File.Copy(PathOf(from), PathOf(to), overwrite: true);
        using var copy = new FileStream(PathOf(to), FileMode.Open, FileAccess.ReadWrite);
        copy.Flush(flushToDisk: true);
        return Task.CompletedTask;
    }

    public override Task Rename(string from, string to)
    {
        Release();
        File.Move(PathOf(from), PathOf(to), overwrite: true);
        return Task.CompletedTask;
    }

    public override Task Drop(string database)
    {
        Release();
        foreach (var suffix in new[] { "", "-wal", "-shm", ".starting" })
        {
            File.Delete(PathOf(database) + suffix);
        }

        return Task.CompletedTask;
    }

    public override async Task Settle(string database)
    {
        await using (var connection = new SqliteConnection($"Data Source={PathOf(database)};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            await command.ExecuteNonQueryAsync();
        }

        Release();
    }

    public override ValueTask DisposeAsync()
    {
        Release();
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private string PathOf(string database) => Path.Combine(folder, $"{database}.db");

    private static string ReadVersion()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        return $"SQLite {connection.ServerVersion}, journal_mode WAL, synchronous FULL";
    }
}
