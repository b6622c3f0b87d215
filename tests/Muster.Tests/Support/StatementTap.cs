using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Muster.Tests;

/// <summary>What a <see cref="StatementTap"/> breaks with.</summary>
public sealed class BrokenException() : Exception("Broken by the test");

/// <summary>
/// Sees every statement that reaches the database, and every commit; counts them and breaks at the one it is told to.
/// </summary>
public sealed class StatementTap
{
    /// <summary>What stands for the end of a transaction among <see cref="Statements"/>.</summary>
    public const string Commit = "COMMIT";

    /// <summary>What stands for the moment after it, when the runner has not heard of it yet.</summary>
    public const string Committed = "COMMITTED";

    private readonly List<string> statements = [];
    private int breakAt;

    /// <summary>Called with each statement before it is sent.</summary>
    public Action<string>? Before { get; set; }

    /// <summary>What was sent since <see cref="Begin"/>.</summary>
    public IReadOnlyList<string> Statements => statements;

    /// <summary>Forgets what was seen.</summary>
    /// <param name="breakAtStatement">Breaks just before the n-th statement from here; 0: never.</param>
    public void Begin(int breakAtStatement = 0)
    {
        statements.Clear();
        breakAt = breakAtStatement;
    }

    /// <summary>Puts the tap into a context's options.</summary>
    public void Into(DbContextOptionsBuilder options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.AddInterceptors(new OfEf(this), new OfTransactions(this));
    }

    private void See(string statement)
    {
        int count;
        lock (statements)
        {
            statements.Add(statement);
            count = statements.Count;
        }

        Before?.Invoke(statement);
        if (count == breakAt)
        {
            throw new BrokenException();
        }
    }

    private sealed class OfEf(StatementTap tap) : DbCommandInterceptor
    {
        public override InterceptionResult<DbDataReader> ReaderExecuting(
            DbCommand command,
            CommandEventData eventData,
            InterceptionResult<DbDataReader> result
        )
        {
            tap.See(command.CommandText);
            return result;
        }

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command,
            CommandEventData eventData,
            InterceptionResult<DbDataReader> result,
            CancellationToken cancellationToken = default
        )
        {
            tap.See(command.CommandText);
            return ValueTask.FromResult(result);
        }

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command,
            CommandEventData eventData,
            InterceptionResult<int> result,
            CancellationToken cancellationToken = default
        )
        {
            tap.See(command.CommandText);
            return ValueTask.FromResult(result);
        }

        public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
            DbCommand command,
            CommandEventData eventData,
            InterceptionResult<object> result,
            CancellationToken cancellationToken = default
        )
        {
            tap.See(command.CommandText);
            return ValueTask.FromResult(result);
        }
    }

    private sealed class OfTransactions(StatementTap tap) : DbTransactionInterceptor
    {
        public override ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction,
            TransactionEventData eventData,
            InterceptionResult result,
            CancellationToken cancellationToken = default
        )
        {
            tap.See(Commit);
            return ValueTask.FromResult(result);
        }

        public override Task TransactionCommittedAsync(
            DbTransaction transaction,
            TransactionEndEventData eventData,
            CancellationToken cancellationToken = default
        )
        {
            tap.See(Committed);
            return Task.CompletedTask;
        }
    }
}
