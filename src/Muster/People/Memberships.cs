using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;

namespace Muster.People;

/// <summary>Set-based writes to group memberships.</summary>
public static class Memberships
{
    /// <summary>Refuses groups that the workspace does not have.</summary>
    /// <exception cref="ParametersException">Names them.</exception>
    public static async Task CheckGroups(OperationContext context, IReadOnlyList<long> groups, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(groups);
        var (workspaceId, asked) = (context.WorkspaceId, groups.Distinct().ToList());
        var known = await context
            .Db.Groups.Where(g => g.WorkspaceId == workspaceId && asked.Contains(g.Id))
            .Select(g => g.Id)
            .ToListAsync(ct);
        if (asked.Except(known).ToList() is { Count: > 0 } missing)
        {
            throw new ParametersException("groups", $"There is no group {string.Join(", ", missing)} in this workspace.");
        }
    }

    /// <summary>Takes the people of a chunk's items out of the items' groups.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="groups">The groups the items may name.</param>
    /// <param name="addedBy">Only memberships that this operation added; null for all.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task Remove(OperationContext chunk, IReadOnlyList<long> groups, long? addedBy, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        ArgumentNullException.ThrowIfNull(groups);
        // One statement a group: matching (person, group) pairs in one would read the chunk's items once per membership.
        foreach (var group in groups.Distinct())
        {
            await (chunk.Db.IsSqlite ? RemoveOnSqlite(chunk, group, addedBy, ct) : RemoveOnPostgres(chunk, group, addedBy, ct));
        }
    }

    private static Task RemoveOnSqlite(OperationContext chunk, long group, long? addedBy, CancellationToken ct)
    {
        var (workspaceId, members) = (chunk.WorkspaceId, chunk.PeopleOf(group));
        return chunk
            .Db.Memberships.Where(m =>
                m.WorkspaceId == workspaceId
                && m.GroupId == group
                && members.Contains(m.ProfileId)
                && (addedBy == null || m.OperationId == addedBy)
            )
            .ExecuteDeleteAsync(ct);
    }

    /// <remarks>
    /// An array, so that each person is looked up: as IN, a planner that has not heard yet how many joined the group read all of them, and the chunk's items for each
    /// (measured: three seconds for 500 of 20,000).
    /// </remarks>
    private static Task RemoveOnPostgres(OperationContext chunk, long group, long? addedBy, CancellationToken ct) =>
        chunk.Db.Database.ExecuteSqlAsync(
            $"""
            DELETE FROM memberships WHERE workspace_id = {chunk.WorkspaceId} AND group_id = {group} AND ({addedBy}::bigint IS NULL OR operation_id = {addedBy})
            AND profile_id = ANY (ARRAY(SELECT profile_id FROM operation_items
                WHERE workspace_id = {chunk.WorkspaceId} AND operation_id = {chunk.OperationId} AND position > {chunk.After} AND position <= {chunk.UpTo}
                AND target_id = {group} AND verdict = 0 AND outcome = 0))
            """,
            ct
        );

    /// <summary>Keeps what the memberships of a chunk's items are, so that <see cref="Restore"/> can give them back as they were.</summary>
    public static Task Keep(OperationContext chunk, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        return (
            from item in chunk.Items
            join m in chunk.Db.Memberships
                on new
                {
                    item.WorkspaceId,
                    item.ProfileId,
                    GroupId = item.TargetId,
                } equals new
                {
                    m.WorkspaceId,
                    m.ProfileId,
                    m.GroupId,
                }
            select new { item.OperationId, Membership = m }
        ).InsertInto(
            chunk.Db.RemovedMemberships,
            x => new RemovedMembership
            {
                WorkspaceId = x.Membership.WorkspaceId,
                OperationId = x.OperationId,
                ProfileId = x.Membership.ProfileId,
                GroupId = x.Membership.GroupId,
                AddedAt = x.Membership.AddedAt,
                AddedByOperationId = x.Membership.OperationId,
            },
            ct
        );
    }

    /// <summary>Gives back the memberships that the original operation kept, for the items of this chunk.</summary>
    public static Task Restore(OperationContext chunk, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        var original = chunk.OriginalId;
        return (
            from item in chunk.Items
            join kept in chunk.Db.RemovedMemberships
                on new
                {
                    item.WorkspaceId,
                    OperationId = original,
                    item.ProfileId,
                    GroupId = item.TargetId,
                } equals new
                {
                    kept.WorkspaceId,
                    kept.OperationId,
                    kept.ProfileId,
                    kept.GroupId,
                }
            select kept
        ).InsertInto(
            chunk.Db.Memberships,
            kept => new Membership
            {
                WorkspaceId = kept.WorkspaceId,
                ProfileId = kept.ProfileId,
                GroupId = kept.GroupId,
                AddedAt = kept.AddedAt,
                OperationId = kept.AddedByOperationId,
            },
            ct
        );
    }
}
