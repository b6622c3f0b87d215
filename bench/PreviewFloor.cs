using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Muster.Files;
using Npgsql;

namespace Muster.Bench;

/// <summary>
/// The floor of a preview: the very rows it leaves (the operation's users and its items), written by one statement a table and judged by nobody; of the preview of a file,
/// its cells as they stand, parsed by the product's reader and written in bulk.
/// </summary>
public static class PreviewFloor
{
    private const string Scratch = "preview_floor";

    /// <summary>Writes what the preview of an operation has written, out of tables that hold it.</summary>
    /// <param name="store">Where.</param>
    /// <param name="after">The database after the preview; left alone.</param>
    /// <param name="ground">The workspace.</param>
    /// <param name="operation">The operation.</param>
    /// <returns>Seconds.</returns>
    public static async Task<double> Items(Store store, string after, Ground ground, long operation)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(ground);
        string[] tables = ["operation_users", "operation_items"];
        var these = string.Create(CultureInfo.InvariantCulture, $"workspace_id = {ground.Workspace} AND operation_id = {operation}");
        await store.Copy(after, Scratch);
        await using (var db = store.Open(Scratch))
        {
            await db.Database.OpenConnectionAsync();
            var connection = db.Database.GetDbConnection();
            foreach (var table in tables)
            {
                await Execute(connection, null, $"CREATE TABLE scratch_{table} AS SELECT * FROM {table} WHERE {these}");
                await Execute(connection, null, $"DELETE FROM {table} WHERE {these}");
            }
        }

        await store.Settle(Scratch);
        double took;
        await using (var db = store.Open(Scratch))
        {
            await db.Database.OpenConnectionAsync();
            var connection = db.Database.GetDbConnection();
            var clock = Stopwatch.StartNew();
            await using var transaction = await connection.BeginTransactionAsync();
            foreach (var table in tables)
            {
                await Execute(connection, transaction, $"INSERT INTO {table} SELECT * FROM scratch_{table}");
            }

            await transaction.CommitAsync();
            took = clock.Elapsed.TotalSeconds;
        }

        await store.Drop(Scratch);
        return took;
    }

    /// <summary>Reads a list and writes its cells into a table without an index.</summary>
    /// <returns>Seconds.</returns>
    public static async Task<double> File(Store store, string path, int columns)
    {
        ArgumentNullException.ThrowIfNull(store);
        await store.Create(Scratch);
        double took;
        await using (var db = store.Open(Scratch))
        {
            await db.Database.OpenConnectionAsync();
            var connection = db.Database.GetDbConnection();
            var names = string.Join(", ", Enumerable.Range(1, columns).Select(i => $"c{i}"));
            await Execute(connection, null, $"CREATE TABLE cells ({names.Replace(",", " text,", StringComparison.Ordinal)} text)");
            var clock = Stopwatch.StartNew();
            await using var content = System.IO.File.OpenRead(path);
            using var sheet = Spreadsheet.Open(
                content,
                new() { LooksLikeHeader = texts => texts.Contains("Email") },
                CancellationToken.None
            );
            var rows = sheet.Rows(CancellationToken.None).Select(row => Enumerable.Range(1, columns).Select(i => row[i].Text).ToArray());
            await (
                connection is NpgsqlConnection postgres
                    ? Copy(postgres, rows, $"COPY cells ({names}) FROM STDIN (FORMAT BINARY)")
                    : Insert((SqliteConnection)connection, rows, columns)
            );
            took = clock.Elapsed.TotalSeconds;
        }

        await store.Drop(Scratch);
        return took;
    }

    private static async Task Copy(NpgsqlConnection connection, IEnumerable<string[]> rows, string sql)
    {
        await using var writer = await connection.BeginBinaryImportAsync(sql);
        foreach (var row in rows)
        {
            await writer.StartRowAsync();
            foreach (var cell in row)
            {
                await writer.WriteAsync(cell);
            }
        }

        await writer.CompleteAsync();
    }

    private static async Task Insert(SqliteConnection connection, IEnumerable<string[]> rows, int columns)
    {
        await using var transaction = (SqliteTransaction)await connection.BeginTransactionAsync();
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"INSERT INTO cells VALUES ({string.Join(", ", Enumerable.Range(1, columns).Select(i => $"$c{i}"))})";
        var parameters = Enumerable.Range(1, columns).Select(i => command.Parameters.Add($"$c{i}", SqliteType.Text)).ToList();
        await command.PrepareAsync();
        foreach (var row in rows)
        {
            for (var i = 0; i < columns; i++)
            {
                parameters[i].Value = row[i];
            }

            await command.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
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
