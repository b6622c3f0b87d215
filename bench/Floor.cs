using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace Muster.Bench;

/// <summary>Seconds by the clock, and of processors.</summary>
public sealed record Took(double Seconds, double ProcessorSeconds)
{
    public static Took Begin(Store store) => new(0, Environment.CpuUsage.TotalTime.TotalSeconds + store.ProcessorSeconds);

    public Took Until(Stopwatch clock, Store store) =>
        new(clock.Elapsed.TotalSeconds, Environment.CpuUsage.TotalTime.TotalSeconds + store.ProcessorSeconds - ProcessorSeconds);
}

/// <summary>
/// The floor: the fewest set-based statements that make all the row changes of an operation, in one transaction, trusting the preview.
/// No fence, no lock, no judging again, no chunks: nobody could stop it, watch it or survive its being killed.
/// </summary>
public sealed class Floor(Store store, Ground ground)
{
    /// <summary>Does what the product has done to a copy of the database, and takes the time.</summary>
    /// <param name="database">The copy.</param>
    /// <param name="action">What.</param>
    /// <param name="operation">The operation that was previewed.</param>
    /// <param name="chunks">How many chunks the product took: each wrote a line of the audit log.</param>
    /// <param name="secretLength">Length of the product's encrypted tokens.</param>
    public async Task<Took> Run(string database, MeasuredAction action, long operation, long chunks, int secretLength)
    {
        await using var db = store.Open(database);
        await db.Database.OpenConnectionAsync();
        var connection = db.Database.GetDbConnection();
        await Execute(connection, null, "SELECT 1");
        var original = await db
            .Operations.IgnoreQueryFilters()
            .Where(o => o.WorkspaceId == ground.Workspace && o.Id == operation)
            .Select(o => o.UndoOf ?? 0)
            .SingleAsync();
        var statements = new FloorSql(db.IsSqlite, ground, operation, original, chunks, secretLength).Of(action);
        var began = Took.Begin(store);
        var clock = Stopwatch.StartNew();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            foreach (var statement in statements)
            {
                var before = clock.Elapsed.TotalSeconds;
                await Execute(connection, transaction, statement);
                Taken.Add(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{clock.Elapsed.TotalSeconds - before, 9:F3} s  {string.Join(' ', statement.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}"
                    )
                );
            }

            await transaction.CommitAsync();
        }

        return began.Until(clock, store);
    }

    /// <summary>What each statement took.</summary>
    public List<string> Taken { get; } = [];

    /// <summary>A plain read of the rows of an export to a file.</summary>
    public async Task<Took> Export(string database, string file)
    {
        await using var db = store.Open(database);
        await db.Database.OpenConnectionAsync();
        var began = Took.Begin(store);
        var clock = Stopwatch.StartNew();
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandTimeout = 0;
        command.CommandText = FloorSql.Export(db.IsSqlite, ground.Workspace);
        await using var reader = await command.ExecuteReaderAsync();
        await using var writer = new StreamWriter(file);
        await writer.WriteLineAsync("header");
        while (await reader.ReadAsync())
        {
            for (var i = 0; i < reader.FieldCount; i++)
            {
                if (i > 0)
                {
                    await writer.WriteAsync(',');
                }

                if (!await reader.IsDBNullAsync(i))
                {
                    await writer.WriteAsync(Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture));
                }
            }

            await writer.WriteLineAsync();
        }

        await writer.FlushAsync();
        return began.Until(clock, store);
    }

    private static async Task Execute(DbConnection connection, DbTransaction? transaction, string sql)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandTimeout = 0;
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
