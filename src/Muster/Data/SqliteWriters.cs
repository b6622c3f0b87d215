using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Muster.Data;

/// <summary>
/// Knows who waits for SQLite's one writer. SQLite serves them in no order: each looks again after pauses that grow to a tenth of a second, and an operation whose
/// next chunk begins a few milliseconds after the last leaves no gap that they would meet. So whoever writes one transaction after the other lets them go first.
/// A courtesy, not a lock: nothing is wrong when somebody is overlooked, it only takes longer.
/// </summary>
internal sealed class SqliteWriters : DbTransactionInterceptor, IDbCommandInterceptor
{
    public static readonly SqliteWriters Instance = new();

    // Whoever waits looks again within a tenth of a second, and somewhat later on a busy machine.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);
    private readonly ConcurrentDictionary<string, int> waiting = new(StringComparer.Ordinal);

    /// <summary>Gives those who wait for this database's writer now the time to begin; returns at once where nobody does, and on PostgreSQL.</summary>
    public static async Task LetOthersFirst(Databases databases, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(databases);
        await using var db = databases.Open(0);
        if (!db.IsSqlite)
        {
            return;
        }

        var database = db.Database.GetDbConnection().ConnectionString;
        var clock = Stopwatch.StartNew();
        while (Instance.waiting.GetValueOrDefault(database) > 0 && clock.Elapsed < Longest)
        {
            await Task.Delay(Look, ct);
        }
    }

    public override InterceptionResult<DbTransaction> TransactionStarting(
        DbConnection connection,
        TransactionStartingEventData eventData,
        InterceptionResult<DbTransaction> result
    ) => InterceptionResult<DbTransaction>.SuppressWithResult(Begin(connection, eventData));

    public override ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection,
        TransactionStartingEventData eventData,
        InterceptionResult<DbTransaction> result,
        CancellationToken cancellationToken = default
    ) => new(InterceptionResult<DbTransaction>.SuppressWithResult(Begin(connection, eventData)));

    InterceptionResult<int> IDbCommandInterceptor.NonQueryExecuting(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<int> result
    ) => command.Transaction is null ? InterceptionResult<int>.SuppressWithResult(Execute(command)) : result;

    ValueTask<InterceptionResult<int>> IDbCommandInterceptor.NonQueryExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken
    ) => new(command.Transaction is null ? InterceptionResult<int>.SuppressWithResult(Execute(command)) : result);

    // SQLite waits on the caller's thread, whichever way it is asked.
    private DbTransaction Begin(DbConnection connection, TransactionStartingEventData starting) =>
        Waiting(connection, () => connection.BeginTransaction(starting.IsolationLevel));

    // A statement without a transaction is one of its own.
    private int Execute(DbCommand command) => Waiting(command.Connection!, command.ExecuteNonQuery);

    private T Waiting<T>(DbConnection connection, Func<T> write)
    {
        waiting.AddOrUpdate(connection.ConnectionString, 1, (_, count) => count + 1);
        try
        {
            return write();
        }
        finally
        {
            waiting.AddOrUpdate(connection.ConnectionString, 0, (_, count) => count - 1);
        }
    }
}
