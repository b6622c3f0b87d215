using System.Collections.Concurrent;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace Muster.Data;

/// <summary>Inserts rows on PostgreSQL by COPY in its binary format.</summary>
internal static class BinaryCopy
{
    private static readonly ConcurrentDictionary<IEntityType, (string Statement, Delegate Write)> Known = new();

    public static async Task Run<T>(MusterDb db, IReadOnlyCollection<T> rows, CancellationToken ct)
        where T : class
    {
        var (statement, compiled) = Known.GetOrAdd(db.Model.FindEntityType(typeof(T))!, Prepare<T>);
        var write = (Action<NpgsqlBinaryImporter, T>)compiled;
        await db.Database.OpenConnectionAsync(ct);
        try
        {
            var connection = (NpgsqlConnection)db.Database.GetDbConnection();
            await using var writer = await connection.BeginBinaryImportAsync(statement, ct);
            // Into a buffer that is sent when it is full, and then waits for the server: awaiting each value took three times as long.
            foreach (var row in rows)
            {
                ct.ThrowIfCancellationRequested();
                writer.StartRow();
                write(writer, row);
            }

            await writer.CompleteAsync(ct);
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    private static (string Statement, Delegate Write) Prepare<T>(IEntityType entity)
    {
        var columns = InsertedColumn.Of(entity);
        using var command = new NpgsqlCommand();
        var types = columns.ConvertAll(c =>
            ((NpgsqlParameter)c.Property.GetRelationalTypeMapping().CreateParameter(command, "p", null, nullable: true)).NpgsqlDbType
        );
        return (
            $"COPY \"{entity.GetTableName()}\" ({string.Join(", ", columns.Select(c => $"\"{c.Name}\""))}) FROM STDIN (FORMAT BINARY)",
            InsertedColumn.Compile<NpgsqlBinaryImporter, T>(
                columns,
                (writer, index, value) =>
                    Expression.Call(writer, nameof(NpgsqlBinaryImporter.Write), [value.Type], value, Expression.Constant(types[index])),
                (writer, _) => Expression.Call(writer, nameof(NpgsqlBinaryImporter.WriteNull), [])
            )
        );
    }
}
