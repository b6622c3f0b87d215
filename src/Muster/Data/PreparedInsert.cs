using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using SQLitePCL;

namespace Muster.Data;

/// <summary>
/// Inserts rows on SQLite by one prepared statement executed for each: the fastest way in, because nothing is parsed twice.
/// Statements of many rows, which SQLite has to parse each time, managed 500 profiles a second where this manages hundreds of thousands.
/// Values are bound through SQLite's own functions: a command and its parameters cost as much for each row as writing it.
/// </summary>
internal static class PreparedInsert
{
    public static async Task Run<T>(MusterDb db, IReadOnlyCollection<T> rows, CancellationToken ct)
        where T : class
    {
        var entity = db.Model.FindEntityType(typeof(T))!;
        await db.Database.OpenConnectionAsync(ct);
        // Without the caller's transaction every row would be one of its own.
        var own = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(ct) : null;
        try
        {
            Insert(((SqliteConnection)db.Database.GetDbConnection()).Handle!, entity, rows, ct);
            if (own is not null)
            {
                await own.CommitAsync(ct);
            }
        }
        finally
        {
            if (own is not null)
            {
                await own.DisposeAsync();
            }

            await db.Database.CloseConnectionAsync();
        }
    }

    private static void Insert<T>(sqlite3 connection, IEntityType entity, IReadOnlyCollection<T> rows, CancellationToken ct)
        where T : class
    {
        var columns = InsertedColumn.Of(entity);
        Check(raw.sqlite3_prepare_v2(connection, Statement(entity, columns), out var statement), connection);
        using (statement)
        {
            foreach (var row in rows)
            {
                ct.ThrowIfCancellationRequested();
                for (var i = 0; i < columns.Count; i++)
                {
                    Check(Bind(statement, i + 1, columns[i].Read(row)), connection);
                }

                var result = raw.sqlite3_step(statement);
                if (result != raw.SQLITE_DONE)
                {
                    Check(result, connection);
                }

                Check(raw.sqlite3_reset(statement), connection);
            }
        }
    }

    /// <summary>As Microsoft.Data.Sqlite writes these types, which reads them again.</summary>
    private static int Bind(sqlite3_stmt statement, int index, object? value) =>
        value switch
        {
            null => raw.sqlite3_bind_null(statement, index),
            long number => raw.sqlite3_bind_int64(statement, index, number),
            int number => raw.sqlite3_bind_int(statement, index, number),
            string text => raw.sqlite3_bind_text(statement, index, text),
            bool answer => raw.sqlite3_bind_int(statement, index, answer ? 1 : 0),
            DateOnly date => raw.sqlite3_bind_text(statement, index, date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            decimal number => raw.sqlite3_bind_text(
                statement,
                index,
                number.ToString("0.0###########################", CultureInfo.InvariantCulture)
            ),
            _ => throw new NotSupportedException($"Rows with a {value.GetType().Name} are not inserted in bulk on SQLite."),
        };

    private static void Check(int result, sqlite3 connection) => SqliteException.ThrowExceptionForRC(result, connection);

    private static string Statement(IEntityType entity, List<InsertedColumn> columns) =>
        $"INSERT INTO \"{entity.GetTableName()}\" ({string.Join(", ", columns.Select(c => $"\"{c.Name}\""))}) VALUES ({string.Join(", ", columns.Select(_ => "?"))})";
}
