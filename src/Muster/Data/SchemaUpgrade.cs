using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Muster.Data;

/// <summary>Brings the database up to date, one process at a time: several nodes may start together.</summary>
public sealed partial class SchemaUpgrade(Databases databases, DatabaseOptions options, ILogger<SchemaUpgrade> log)
{
    // "muster" on a telephone's keys, for PostgreSQL's advisory locks.
    private const long LockKey = 687837;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Before serving: upgrades the embedded database, and an empty one on a server. One with data on a server waits for <c>muster migrate</c>,
    /// because other nodes may still run the version before.
    /// </summary>
    /// <param name="whenCurrent">Runs under the same lock once the schema is current.</param>
    /// <param name="ct">Stops.</param>
    /// <returns>False when the database waits for <c>muster migrate</c>.</returns>
    public async Task<bool> OnStart(Func<MusterDb, CancellationToken, Task> whenCurrent, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(whenCurrent);
        await using var db = databases.Open(0);
        await using var held = await Hold(db, ct);
        if (!options.IsSqlite && !await Schema.IsCurrent(db, ct) && (await db.Database.GetAppliedMigrationsAsync(ct)).Any())
        {
            return false;
        }

        await Schema.Migrate(db, ct);
        await whenCurrent(db, ct);
        return true;
    }

    /// <summary>What <c>muster migrate</c> does.</summary>
    public async Task Now(CancellationToken ct)
    {
        await using var db = databases.Open(0);
        await using var held = await Hold(db, ct);
        await Schema.Migrate(db, ct);
    }

    private Task<IAsyncDisposable> Hold(MusterDb db, CancellationToken ct) => options.IsSqlite ? HoldFile(db, ct) : HoldSession(db, ct);

    private async Task<IAsyncDisposable> HoldFile(MusterDb db, CancellationToken ct)
    {
        var file = await StartLock.Take(options.SqlitePath, Patience, ct);
        await ForgetDeadUpgrade(db, ct);
        return file;
    }

    /// <summary>EF marks a running upgrade by a row, which a killed process leaves behind for ever. We hold the lock, so it is not running.</summary>
    internal static async Task ForgetDeadUpgrade(MusterDb db, CancellationToken ct)
    {
        var marked = await db
            .Database.SqlQuery<int>($"SELECT count(*) AS Value FROM sqlite_master WHERE name = '__EFMigrationsLock'")
            .SingleAsync(ct);
        if (marked > 0)
        {
            await db.Database.ExecuteSqlAsync($"DELETE FROM \"__EFMigrationsLock\"", ct);
        }
    }

    private async Task<IAsyncDisposable> HoldSession(MusterDb db, CancellationToken ct)
    {
        await WaitForServer(db, ct);
        db.Database.SetCommandTimeout(Patience);
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({LockKey})", ct);
        return new SessionLock(db);
    }

    /// <summary>After a power cut, node and server start together: a server that is not there yet is waited for.</summary>
    private async Task WaitForServer(MusterDb db, CancellationToken ct)
    {
        for (var seconds = 0; ; seconds++)
        {
            try
            {
                await db.Database.OpenConnectionAsync(ct);
                return;
            }
            catch (Exception e) when (IsTransient(e) && seconds < Patience.TotalSeconds)
            {
                Log.ServerAway(log, e.GetBaseException().Message);
                await Task.Delay(TimeSpan.FromSeconds(1), ct);
            }
        }
    }

    /// <summary>EF wraps what its driver calls transient.</summary>
    private static bool IsTransient(Exception e) => (e as NpgsqlException ?? e.InnerException as NpgsqlException) is { IsTransient: true };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The database server does not answer yet, trying again: {Reason}")]
        public static partial void ServerAway(ILogger log, string reason);
    }

    private sealed class SessionLock(MusterDb db) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            var release = string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_unlock({LockKey})");
            await db.Database.ExecuteSqlRawAsync(release);
            await db.Database.CloseConnectionAsync();
        }
    }
}
