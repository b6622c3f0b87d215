using System.Collections.Concurrent;
using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
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
    private const BindingFlags Private = BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.ExactBinding;
    private static readonly ConcurrentDictionary<IEntityType, (string Statement, Delegate Bind)> Known = new();

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
        var (sql, compiled) = Known.GetOrAdd(entity, Prepare<T>);
        var bind = (Action<sqlite3_stmt, T>)compiled;
        Check(raw.sqlite3_prepare_v2(connection, sql, out var statement), connection);
        using (statement)
        {
            foreach (var row in rows)
            {
                ct.ThrowIfCancellationRequested();
                bind(statement, row);
                var result = raw.sqlite3_step(statement);
                if (result != raw.SQLITE_DONE)
                {
                    Check(result, connection);
                }

                Check(raw.sqlite3_reset(statement), connection);
            }
        }
    }

    private static (string Statement, Delegate Bind) Prepare<T>(IEntityType entity)
    {
        var columns = InsertedColumn.Of(entity);
        return (
            $"INSERT INTO \"{entity.GetTableName()}\" ({string.Join(", ", columns.Select(c => $"\"{c.Name}\""))}) VALUES ({string.Join(", ", columns.Select(_ => "?"))})",
            InsertedColumn.Compile<sqlite3_stmt, T>(
                columns,
                (statement, index, value) => Expression.Call(BindingOf(value.Type), statement, Expression.Constant(index + 1), value),
                (statement, index) => Expression.Call(BindingNull, statement, Expression.Constant(index + 1))
            )
        );
    }

    private static MethodInfo BindingOf(Type type) =>
        typeof(PreparedInsert).GetMethod(nameof(Bind), Private, [typeof(sqlite3_stmt), typeof(int), type])
        ?? throw new NotSupportedException($"Rows with a {type.Name} are not inserted in bulk on SQLite.");

    private static MethodInfo BindingNull => typeof(PreparedInsert).GetMethod(nameof(BindNull), Private)!;

    // As Microsoft.Data.Sqlite writes these types, which reads them again.
    private static void Bind(sqlite3_stmt statement, int index, long value) => Check(raw.sqlite3_bind_int64(statement, index, value));

    private static void Bind(sqlite3_stmt statement, int index, int value) => Check(raw.sqlite3_bind_int(statement, index, value));

    private static void Bind(sqlite3_stmt statement, int index, bool value) => Check(raw.sqlite3_bind_int(statement, index, value ? 1 : 0));

    private static void Bind(sqlite3_stmt statement, int index, string value) => Check(raw.sqlite3_bind_text(statement, index, value));

    private static void Bind(sqlite3_stmt statement, int index, DateOnly value) =>
        Bind(statement, index, value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    private static void Bind(sqlite3_stmt statement, int index, DateTimeOffset value) =>
        Bind(statement, index, value.ToString(@"yyyy\-MM\-dd HH\:mm\:ss.FFFFFFFzzz", CultureInfo.InvariantCulture));

    private static void Bind(sqlite3_stmt statement, int index, decimal value) =>
        Bind(statement, index, value.ToString("0.0###########################", CultureInfo.InvariantCulture));

    private static void BindNull(sqlite3_stmt statement, int index) => Check(raw.sqlite3_bind_null(statement, index));

    private static void Check(int result, sqlite3? connection = null) => SqliteException.ThrowExceptionForRC(result, connection);
}
