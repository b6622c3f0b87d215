using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Muster.Data;

/// <summary>Brings a database to the present schema: EF's migrations, then the search index, which each database builds in its own way.</summary>
public static class Schema
{
    public static async Task Migrate(MusterDb db, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        await db.Database.MigrateAsync(ct);
        foreach (var statement in db.IsSqlite ? SqliteSearch : PostgresSearch)
        {
            await db.Database.ExecuteSqlRawAsync(statement, ct);
        }
    }

    /// <summary>True when every migration of this version has been applied.</summary>
    public static async Task<bool> IsCurrent(MusterDb db, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        return !(await db.Database.GetPendingMigrationsAsync(ct)).Any();
    }

    /// <summary>
    /// Gives PostgreSQL's planner statistics of a table that an operation has just filled; without them it joins a million rows by nested loops (measured: 11-21 s instead of 2.1-2.7 s for 100,000 users).
    /// SQLite plans without them.
    /// </summary>
    public static Task Analyse(this MusterDb db, string table, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        // A table's name cannot be a parameter; it is a constant of the caller's.
        var statement = string.Concat("ANALYZE ", table);
        return db.IsSqlite ? Task.CompletedTask : db.Database.ExecuteSqlRawAsync(statement, ct);
    }

    /// <summary>For <see cref="Prepare"/> where no lease says how long: longer than anybody's statements are apart.</summary>
    internal static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Begins a transaction in which PostgreSQL plans for rows in memory: some ten thousand people are looked up one by one among a million, where a planner that
    /// thinks of a turning disk reads them all instead (measured: 225 and 57 ms). None on SQLite, which does so anyway, and within a transaction, whose owner has seen to it.
    /// </summary>
    public static async Task<IDbContextTransaction?> BeginReading(this MusterDb db, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        if (db.IsSqlite || db.Database.CurrentTransaction is not null)
        {
            return null;
        }

        var transaction = await db.Database.BeginTransactionAsync(ct);
        try
        {
            await db.Prepare(Idle, ct);
            return transaction;
        }
        catch
        {
            // Nobody else can end it, and the unit of work may go on to one of its own.
            await transaction.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// At a transaction's beginning on PostgreSQL. It ends, and with it its locks, when its node stands still in it for longer than so long: else a machine that
    /// was suspended would hold up others for as long as it sleeps. It plans for rows in memory: a chunk of thousands looks them up among millions, where a
    /// planner that thinks of a turning disk reads the whole table (measured: at a million users most of the time). And it compiles no plan: that takes longer
    /// than such a statement runs (measured: 150 ms for each chunk). SQLite needs nothing of it.
    /// </summary>
    internal static Task Prepare(this MusterDb db, TimeSpan idle, CancellationToken ct)
    {
        var milliseconds = idle.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture);
        return db.IsSqlite
            ? Task.CompletedTask
            : db.Database.ExecuteSqlAsync(
                $"SELECT set_config('idle_in_transaction_session_timeout', {milliseconds}, true), set_config('random_page_cost', '1', true), set_config('jit', 'off', true)",
                ct
            );
    }

    // A search row's id packs the workspace into the upper 24 bits: profile ids stay below 2^40.
    private static readonly string[] SqliteSearch =
    [
        "CREATE VIRTUAL TABLE IF NOT EXISTS profile_search USING fts5(search_text, content='', contentless_delete=1, tokenize='trigram')",
        """
            CREATE TRIGGER IF NOT EXISTS profile_search_insert AFTER INSERT ON profiles BEGIN
                INSERT INTO profile_search (rowid, search_text) VALUES ((new.workspace_id << 40) | new.id, new.search_text);
            END
            """,
        """
            CREATE TRIGGER IF NOT EXISTS profile_search_delete AFTER DELETE ON profiles BEGIN
                DELETE FROM profile_search WHERE rowid = (old.workspace_id << 40) | old.id;
            END
            """,
        """
            CREATE TRIGGER IF NOT EXISTS profile_search_update AFTER UPDATE OF search_text ON profiles BEGIN
                DELETE FROM profile_search WHERE rowid = (old.workspace_id << 40) | old.id;
                INSERT INTO profile_search (rowid, search_text) VALUES ((new.workspace_id << 40) | new.id, new.search_text);
            END
            """,
    ];

    private static readonly string[] PostgresSearch =
    [
        "CREATE EXTENSION IF NOT EXISTS pg_trgm",
        "CREATE EXTENSION IF NOT EXISTS btree_gin",
        "CREATE INDEX IF NOT EXISTS ix_profiles_search ON profiles USING gin (workspace_id, search_text gin_trgm_ops)",
    ];
}
