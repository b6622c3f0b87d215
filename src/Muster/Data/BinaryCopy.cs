using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Muster.Data;

/// <summary>Inserts rows on PostgreSQL by COPY in its binary format.</summary>
internal static class BinaryCopy
{
    public static async Task Run<T>(MusterDb db, IReadOnlyCollection<T> rows, CancellationToken ct)
        where T : class
    {
        var entity = db.Model.FindEntityType(typeof(T))!;
        var columns = InsertedColumn.Of(entity);
        var names = string.Join(", ", columns.Select(c => $"\"{c.Name}\""));
        await db.Database.OpenConnectionAsync(ct);
        try
        {
            var connection = (NpgsqlConnection)db.Database.GetDbConnection();
            await using var writer = await connection.BeginBinaryImportAsync(
                $"COPY \"{entity.GetTableName()}\" ({names}) FROM STDIN (FORMAT BINARY)",
                ct
            );
            foreach (var row in rows)
            {
                await writer.StartRowAsync(ct);
                foreach (var column in columns)
                {
                    await (column.Read(row) is { } value ? writer.WriteAsync(value, column.Type, ct) : writer.WriteNullAsync(ct));
                }
            }

            await writer.CompleteAsync(ct);
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }
}
