using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Muster.Bench;

/// <summary>Counts and times every statement that reaches the database, but for rows inserted in bulk.</summary>
public sealed class Meter
{
    private readonly ConcurrentDictionary<string, Cost> costs = new(StringComparer.Ordinal);

    public long Statements => costs.Where(c => c.Key != Commit).Sum(c => c.Value.Count);

    private long compiled;

    private const string Commit = "COMMIT";

    /// <summary>Queries EF had to compile because it did not know them.</summary>
    public long Compiled => compiled;

    public void Begin()
    {
        costs.Clear();
        compiled = 0;
    }

    /// <summary>The statements that took longest, each with its share.</summary>
    public IEnumerable<string> Costliest(int count) =>
        costs
            .OrderByDescending(c => c.Value.Seconds)
            .Take(count)
            .Select(c =>
                $"{c.Value.Seconds, 9:F3} s {c.Value.Count, 6} x  {string.Join(' ', c.Key.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}"
            );

    public double Seconds => costs.Sum(c => c.Value.Seconds);

    public void Into(DbContextOptionsBuilder options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.AddInterceptors(new OfEf(this), new OfTransactions(this));
        options.LogTo((id, _) => id == CoreEventId.QueryCompilationStarting, _ => Interlocked.Increment(ref compiled));
    }

    private void Add(string statement, TimeSpan took)
    {
        var cost = costs.GetOrAdd(statement, _ => new());
        lock (cost)
        {
            cost.Count++;
            cost.Seconds += took.TotalSeconds;
        }
    }

    private sealed class Cost
    {
        public long Count { get; set; }

        public double Seconds { get; set; }
    }

    private sealed class OfEf(Meter meter) : DbCommandInterceptor
    {
        public override DbDataReader ReaderExecuted(DbCommand command, CommandExecutedEventData eventData, DbDataReader result)
        {
            meter.Add(command.CommandText, eventData.Duration);
            return result;
        }

        public override ValueTask<DbDataReader> ReaderExecutedAsync(
            DbCommand command,
            CommandExecutedEventData eventData,
            DbDataReader result,
            CancellationToken cancellationToken = default
        )
        {
            meter.Add(command.CommandText, eventData.Duration);
            return ValueTask.FromResult(result);
        }

        public override ValueTask<int> NonQueryExecutedAsync(
            DbCommand command,
            CommandExecutedEventData eventData,
            int result,
            CancellationToken cancellationToken = default
        )
        {
            meter.Add(command.CommandText, eventData.Duration);
            return ValueTask.FromResult(result);
        }

        public override ValueTask<object?> ScalarExecutedAsync(
            DbCommand command,
            CommandExecutedEventData eventData,
            object? result,
            CancellationToken cancellationToken = default
        )
        {
            meter.Add(command.CommandText, eventData.Duration);
            return ValueTask.FromResult(result);
        }
    }

    private sealed class OfTransactions(Meter meter) : DbTransactionInterceptor
    {
        public override Task TransactionCommittedAsync(
            DbTransaction transaction,
            TransactionEndEventData eventData,
            CancellationToken cancellationToken = default
        )
        {
            meter.Add(Commit, eventData.Duration);
            return Task.CompletedTask;
        }
    }
}
