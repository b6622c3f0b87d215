using System.Data.Common;
using System.Globalization;

namespace Muster.Faults;

/// <summary>The database under test, as its administrator sees it: plain SQL, none of the product's code.</summary>
public abstract class Store : IAsyncDisposable
{
    /// <summary>The value for <c>Muster__Database</c>.</summary>
    public abstract string Setting { get; }

    /// <summary>Starts an empty one.</summary>
    public static async Task<Store> Start(FaultOptions options) =>
        options.Database == "sqlite"
            ? await SqliteStore.Begin(options.Faults.Contains(Fault.Disk))
            : await PostgresStore.Begin(options.Faults.Contains(Fault.Disk));

    /// <summary>Why this fault cannot be done here, as a sentence; null when it can.</summary>
    public abstract string? WhyNot(Fault fault);

    /// <summary>Does a fault of the database's own.</summary>
    public abstract Task Break(Fault fault, Random random);

    /// <summary>From here on a trigger forgets one in ten of the cursors that chunks write.</summary>
    public abstract Task ForgetCursors();

    /// <summary>Reads rows; tried again for half a minute while the database is away.</summary>
    public async Task<List<T>> Read<T>(string sql, Func<DbDataReader, T> row)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await using var connection = await Open();
                await using var command = connection.CreateCommand();
                command.CommandText = sql;
                await using var reader = await command.ExecuteReaderAsync();
                var rows = new List<T>();
                while (await reader.ReadAsync())
                {
                    rows.Add(row(reader));
                }

                return rows;
            }
            catch (DbException) when (attempt < 150)
            {
                await Task.Delay(200);
            }
        }
    }

    /// <summary>One number.</summary>
    public async Task<long> Number(string sql) =>
        (await Read(sql, row => row.IsDBNull(0) ? 0 : Convert.ToInt64(row.GetValue(0), CultureInfo.InvariantCulture))).Single();

    /// <inheritdoc />
    public abstract ValueTask DisposeAsync();

    /// <summary>A connection with all rights.</summary>
    protected abstract Task<DbConnection> Open();

    /// <summary>Runs a statement.</summary>
    protected async Task Execute(string sql)
    {
        await using var connection = await Open();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
