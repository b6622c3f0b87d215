using Microsoft.EntityFrameworkCore;

namespace Muster.Data;

/// <summary>Hands out ids.</summary>
public static class Ids
{
    /// <summary>
    /// Makes requests of one workspace (or of the site) that decide on what they have read wait for each other until they commit: a hundred equal confirms become one
    /// operation and a hundred equal answers. It comes before every other lock, and the counter of ids, which the audit log moves, after them.
    /// </summary>
    public static Task TakeTurn(this MusterDb db, long workspaceId, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        // Not the counter: whoever waits here for rows that a chunk holds would keep the chunk from its audit line.
        return db.IsSqlite || workspaceId == IdBlock.Site
            ? db.Reserve(workspaceId, 0, ct)
            : db.Database.ExecuteSqlAsync($"SELECT 1 FROM workspaces WHERE id = {workspaceId} FOR NO KEY UPDATE", ct);
    }

    /// <summary>Reserves a block of ids in a workspace (or the site); inside the caller's transaction when there is one.</summary>
    /// <returns>The first id of the block.</returns>
    public static async Task<long> Reserve(this MusterDb db, long workspaceId, long count, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        // One statement makes or moves the counter and says where it stands: the row lock makes blocks disjoint.
        var next = await db
            .Database.SqlQueryRaw<long>(
                "INSERT INTO id_blocks (workspace_id, next) VALUES ({0}, {1} + 1) ON CONFLICT (workspace_id) DO UPDATE SET next = id_blocks.next + {1} RETURNING next AS \"Value\"",
                workspaceId,
                count
            )
            .ToListAsync(ct);
        return next[0] - count;
    }
}
