using Microsoft.EntityFrameworkCore;
using Muster.Bulk;

namespace Muster.People;

/// <summary>Set-based writes to group memberships.</summary>
public static class Memberships
{
    /// <summary>Takes the people of a chunk's items out of the items' groups, where the membership is the one an operation added.</summary>
    public static async Task Remove(OperationContext chunk, IReadOnlyList<long> groups, long addedBy, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        ArgumentNullException.ThrowIfNull(groups);
        var (db, workspaceId) = (chunk.Db, chunk.WorkspaceId);
        // One statement a group: matching (person, group) pairs in one would read the chunk's items once per membership.
        foreach (var group in groups.Distinct())
        {
            var members = chunk.Items.Where(item => item.TargetId == group).Select(item => item.ProfileId);
            await db
                .Memberships.Where(m =>
                    m.WorkspaceId == workspaceId && members.Contains(m.ProfileId) && m.GroupId == group && m.OperationId == addedBy
                )
                .ExecuteDeleteAsync(ct);
        }
    }
}
