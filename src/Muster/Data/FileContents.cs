using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Muster.Bulk;

namespace Muster.Data;

/// <summary>
/// Uploads into the database and out again. As a parameter or column of a statement SQLite would have a file in memory twice more, beside ours;
/// as a blob that is opened it copies page by page.
/// </summary>
internal static class FileContents
{
    /// <summary>Adds a file, in the caller's transaction.</summary>
    public static async Task Insert(MusterDb db, OperationFile file, CancellationToken ct)
    {
        if (!db.IsSqlite)
        {
            db.OperationFiles.Add(file);
            await db.SaveChangesAsync(ct);
            return;
        }

        var row = await db
            .Database.SqlQuery<long>(
                $"INSERT INTO operation_files (workspace_id, operation_id, name, content) VALUES ({file.WorkspaceId}, {file.OperationId}, {file.Name}, zeroblob({file.Content.Length})) RETURNING rowid AS \"Value\""
            )
            .ToListAsync(ct);
        await using var blob = Open(db, row[0], readOnly: false);
        await blob.WriteAsync(file.Content, ct);
    }

    /// <summary>The content of an operation's file.</summary>
    public static async Task<byte[]> Read(MusterDb db, long workspaceId, long operationId, CancellationToken ct)
    {
        if (!db.IsSqlite)
        {
            return await db
                .OperationFiles.Where(f => f.WorkspaceId == workspaceId && f.OperationId == operationId)
                .Select(f => f.Content)
                .SingleAsync(ct);
        }

        await db.Database.OpenConnectionAsync(ct);
        try
        {
            var row = await db
                .Database.SqlQuery<long>(
                    $"SELECT rowid AS \"Value\" FROM operation_files WHERE workspace_id = {workspaceId} AND operation_id = {operationId}"
                )
                .SingleAsync(ct);
            await using var blob = Open(db, row, readOnly: true);
            var content = new byte[blob.Length];
            await blob.ReadExactlyAsync(content, ct);
            return content;
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    private static SqliteBlob Open(MusterDb db, long row, bool readOnly) =>
        new((SqliteConnection)db.Database.GetDbConnection(), "operation_files", "content", row, readOnly);
}
