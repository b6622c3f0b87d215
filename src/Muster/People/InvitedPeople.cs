using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;

namespace Muster.People;

/// <summary>
/// What invitations write, a chunk at a time: people who are new, and formerly Cancelled ones (<see cref="InvitedAgain"/>).
/// </summary>
internal static class InvitedPeople
{
    /// <summary>The chunk's items that make a new profile.</summary>
    public static IQueryable<OperationItem> Fresh(OperationContext chunk)
    {
        var first = chunk.FirstNewId;
        return chunk.Items.Where(item => item.ProfileId == first + item.Ordinal);
    }

    /// <summary>The chunk's items about somebody whose invitation had been cancelled.</summary>
    public static IQueryable<OperationItem> Again(OperationContext chunk)
    {
        var first = chunk.FirstNewId;
        return chunk.Items.Where(item => item.ProfileId != first + item.Ordinal);
    }

    public static async Task Write(OperationContext chunk, CancellationToken ct)
    {
        await Create(chunk, ct);
        if (await Again(chunk).AnyAsync(ct))
        {
            await InvitedAgain.Write(chunk, ct);
        }

        await Link(chunk, ct);
    }

    private static Task Create(OperationContext chunk, CancellationToken ct)
    {
        var (operationId, now, first) = (chunk.OperationId, chunk.Now, chunk.FirstNewId);
        var rows =
            from item in Fresh(chunk)
            join row in chunk.Db.InvitationRows
                on new
                {
                    item.WorkspaceId,
                    item.OperationId,
                    item.Ordinal,
                } equals new
                {
                    row.WorkspaceId,
                    row.OperationId,
                    row.Ordinal,
                }
            select row;
        return rows.InsertInto(
            chunk.Db.Profiles,
            row => new Profile
            {
                WorkspaceId = row.WorkspaceId,
                Id = first + row.Ordinal,
                Email = row.Email,
                EmailKey = row.EmailKey,
                FirstName = row.FirstName,
                LastName = row.LastName,
                SortName = row.SortName,
                SearchText = row.SearchText,
                Role = row.Role,
                UnitId = row.UnitId,
                ExpiresOn = row.ExpiresOn,
                Status = ProfileStatus.Invited,
                InvitedAt = now,
                OperationId = operationId,
            },
            ct
        );
    }

    /// <summary>Groups, managed units and field values of everybody in the chunk.</summary>
    private static async Task Link(OperationContext chunk, CancellationToken ct)
    {
        var (db, operationId, now) = (chunk.Db, chunk.OperationId, chunk.Now);
        await (
            from item in chunk.Items
            join g in db.InvitationRowGroups
                on new
                {
                    item.WorkspaceId,
                    item.OperationId,
                    item.Ordinal,
                } equals new
                {
                    g.WorkspaceId,
                    g.OperationId,
                    g.Ordinal,
                }
            where !db.Memberships.Any(m => m.WorkspaceId == item.WorkspaceId && m.ProfileId == item.ProfileId && m.GroupId == g.GroupId)
            select new
            {
                item.WorkspaceId,
                item.ProfileId,
                g.GroupId,
            }
        ).InsertInto(
            db.Memberships,
            x => new Membership
            {
                WorkspaceId = x.WorkspaceId,
                ProfileId = x.ProfileId,
                GroupId = x.GroupId,
                AddedAt = now,
                OperationId = operationId,
            },
            ct
        );
        await (
            from item in chunk.Items
            join u in db.InvitationRowUnits
                on new
                {
                    item.WorkspaceId,
                    item.OperationId,
                    item.Ordinal,
                } equals new
                {
                    u.WorkspaceId,
                    u.OperationId,
                    u.Ordinal,
                }
            select new
            {
                item.WorkspaceId,
                item.ProfileId,
                u.UnitId,
            }
        ).InsertInto(
            db.ManagedUnits,
            x => new ManagedUnit
            {
                WorkspaceId = x.WorkspaceId,
                ProfileId = x.ProfileId,
                UnitId = x.UnitId,
            },
            ct
        );
        await InvitationValues.Write(chunk, chunk.OperationId, 1, ct);
    }
}
