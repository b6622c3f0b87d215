using Microsoft.EntityFrameworkCore;

namespace Muster.Data;

/// <summary>Hands out ids.</summary>
public static class Ids
{
    /// <summary>
    /// Makes requests of one workspace that decide on what they have read wait for each other until they commit, by locking the workspace's counter:
    /// a hundred equal confirms become one operation and a hundred equal answers.
    /// </summary>
    public static Task TakeTurn(this MusterDb db, long workspaceId, CancellationToken ct) => db.Reserve(workspaceId, 0, ct);

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
