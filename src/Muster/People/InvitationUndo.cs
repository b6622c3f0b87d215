using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;

namespace Muster.People;

/// <summary>Takes invitations back: new people become Cancelled, formerly Cancelled ones get everything back that their row replaced.</summary>
internal static class InvitationUndo
{
    public static async Task Write(OperationContext chunk, CancellationToken ct)
    {
        await OutstandingInvitations.Suppress(chunk, ct);
        await CancelFresh(chunk, ct);
        if (await InvitedPeople.Again(chunk).AnyAsync(ct))
        {
            await RestoreInvitations(chunk, ct);
            await RestoreLinks(chunk, ct);
            await RestoreProfiles(chunk, ct);
        }
    }

    private static async Task CancelFresh(OperationContext chunk, CancellationToken ct)
    {
        var (db, workspaceId, operationId, now) = (chunk.Db, chunk.WorkspaceId, chunk.OperationId, chunk.Now);
        var people = InvitedPeople.Fresh(chunk).Select(item => item.ProfileId);
        await db
            .Invitations.Where(i => i.WorkspaceId == workspaceId && people.Contains(i.ProfileId))
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.CancelledAt, now).SetProperty(i => i.OperationId, operationId), ct);
        await db
            .Profiles.Where(p => p.WorkspaceId == workspaceId && people.Contains(p.Id))
            .ExecuteUpdateAsync(
                set => set.SetProperty(p => p.Status, ProfileStatus.Cancelled).SetProperty(p => p.OperationId, operationId),
                ct
            );
    }

    private static async Task RestoreInvitations(OperationContext chunk, CancellationToken ct)
    {
        var (db, workspaceId, original) = (chunk.Db, chunk.WorkspaceId, chunk.OriginalId);
        var people = InvitedPeople.Again(chunk).Select(item => item.ProfileId);
        await db.Invitations.Where(i => i.WorkspaceId == workspaceId && people.Contains(i.ProfileId)).ExecuteDeleteAsync(ct);
        await (
            from item in InvitedPeople.Again(chunk)
            from row in db.InvitationRows
            where
                row.WorkspaceId == item.WorkspaceId && row.OperationId == original && row.Ordinal == -item.Ordinal && row.SentCount != null
            select new { item.ProfileId, row }
        ).InsertInto(
            db.Invitations,
            x => new Invitation
            {
                WorkspaceId = x.row.WorkspaceId,
                ProfileId = x.ProfileId,
                TokenHash = x.row.TokenHash,
                SentCount = x.row.SentCount!.Value,
                LastSentAt = x.row.LastSentAt!.Value,
                ExpiresAt = x.row.ExpiresAt!.Value,
                CancelledAt = x.row.CancelledAt,
                OperationId = x.row.InvitationOperationId,
            },
            ct
        );
    }

    /// <summary>Memberships the invitation added go, those it took away come back as they were; a group, unit or field deleted since does not.</summary>
    private static async Task RestoreLinks(OperationContext chunk, CancellationToken ct)
    {
        var (db, workspaceId, original, again) = (chunk.Db, chunk.WorkspaceId, chunk.OriginalId, InvitedPeople.Again(chunk));
        var people = again.Select(item => item.ProfileId);
        await db
            .Memberships.Where(m => m.WorkspaceId == workspaceId && m.OperationId == original && people.Contains(m.ProfileId))
            .ExecuteDeleteAsync(ct);
        await db.FieldValues.Where(v => v.WorkspaceId == workspaceId && people.Contains(v.ProfileId)).ExecuteDeleteAsync(ct);
        await db.ManagedUnits.Where(u => u.WorkspaceId == workspaceId && people.Contains(u.ProfileId)).ExecuteDeleteAsync(ct);
        await (
            from item in again
            from g in db.InvitationRowGroups
            where g.WorkspaceId == item.WorkspaceId && g.OperationId == original && g.Ordinal == -item.Ordinal
            where db.Groups.Any(known => known.WorkspaceId == g.WorkspaceId && known.Id == g.GroupId)
            where !db.Memberships.Any(m => m.WorkspaceId == g.WorkspaceId && m.ProfileId == item.ProfileId && m.GroupId == g.GroupId)
            select new { item.ProfileId, g }
        ).InsertInto(
            db.Memberships,
            x => new Membership
            {
                WorkspaceId = x.g.WorkspaceId,
                ProfileId = x.ProfileId,
                GroupId = x.g.GroupId,
                AddedAt = x.g.AddedAt!.Value,
                OperationId = x.g.AddedByOperationId,
            },
            ct
        );
        await (
            from item in again
            from u in db.InvitationRowUnits
            where u.WorkspaceId == item.WorkspaceId && u.OperationId == original && u.Ordinal == -item.Ordinal
            where db.Units.Any(unit => unit.WorkspaceId == u.WorkspaceId && unit.Id == u.UnitId)
            select new { item.ProfileId, u }
        ).InsertInto(
            db.ManagedUnits,
            x => new ManagedUnit
            {
                WorkspaceId = x.u.WorkspaceId,
                ProfileId = x.ProfileId,
                UnitId = x.u.UnitId,
            },
            ct
        );
        await InvitationValues.Write(chunk, original, -1, ct);
    }

    private static Task RestoreProfiles(OperationContext chunk, CancellationToken ct)
    {
        var (db, original) = (chunk.Db, chunk.OriginalId);
        return (
            from p in db.Profiles
            join item in InvitedPeople.Again(chunk) on new { p.WorkspaceId, p.Id } equals new { item.WorkspaceId, Id = item.ProfileId }
            join row in db.InvitationRows
                on new
                {
                    item.WorkspaceId,
                    OperationId = original,
                    Ordinal = -item.Ordinal,
                } equals new
                {
                    row.WorkspaceId,
                    row.OperationId,
                    row.Ordinal,
                }
            select new
            {
                p,
                row,
                UnitId = db.Units.Any(u => u.WorkspaceId == row.WorkspaceId && u.Id == row.UnitId) ? row.UnitId : null,
            }
        ).ExecuteUpdateAsync(
            set =>
                set.SetProperty(x => x.p.Email, x => x.row.Email)
                    .SetProperty(x => x.p.FirstName, x => x.row.FirstName)
                    .SetProperty(x => x.p.LastName, x => x.row.LastName)
                    .SetProperty(x => x.p.SortName, x => x.row.SortName)
                    .SetProperty(x => x.p.SearchText, x => x.row.SearchText)
                    .SetProperty(x => x.p.Role, x => x.row.Role)
                    .SetProperty(x => x.p.UnitId, x => x.UnitId)
                    .SetProperty(x => x.p.ExpiresOn, x => x.row.ExpiresOn)
                    .SetProperty(x => x.p.Status, ProfileStatus.Cancelled)
                    .SetProperty(x => x.p.InvitedAt, x => x.row.InvitedAt)
                    .SetProperty(x => x.p.OperationId, x => x.row.ProfileOperationId),
            ct
        );
    }
}
