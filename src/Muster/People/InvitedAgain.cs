using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;

namespace Muster.People;

/// <summary>
/// Formerly Cancelled people, invited afresh: they become exactly what their row says, as a new person would.
/// What they were is kept under the negative of their ordinal first, so that <see cref="InvitationUndo"/> can give it back.
/// </summary>
internal static class InvitedAgain
{
    public static async Task Write(OperationContext chunk, CancellationToken ct)
    {
        await Keep(chunk, ct);
        await KeepLinks(chunk, ct);
        await Clear(chunk, ct);
        await Renew(chunk, ct);
    }

    /// <summary>Keeps profile and invitation of the formerly Cancelled.</summary>
    private static Task Keep(OperationContext chunk, CancellationToken ct)
    {
        var db = chunk.Db;
        var were =
            from item in InvitedPeople.Again(chunk)
            join p in db.Profiles on new { item.WorkspaceId, Id = item.ProfileId } equals new { p.WorkspaceId, p.Id }
            join i in db.Invitations on new { item.WorkspaceId, item.ProfileId } equals new { i.WorkspaceId, i.ProfileId } into invitations
            from i in invitations.DefaultIfEmpty()
            select new
            {
                item.OperationId,
                item.Ordinal,
                Profile = p,
                SentCount = (int?)i.SentCount,
                i.TokenHash,
                LastSentAt = (DateTime?)i.LastSentAt,
                ExpiresAt = (DateTime?)i.ExpiresAt,
                i.CancelledAt,
                InvitationOperationId = i.OperationId,
            };
        return were.InsertInto(
            db.InvitationRows,
            w => new InvitationRow
            {
                WorkspaceId = w.Profile.WorkspaceId,
                OperationId = w.OperationId,
                Ordinal = -w.Ordinal,
                Email = w.Profile.Email,
                EmailKey = w.Profile.EmailKey,
                FirstName = w.Profile.FirstName,
                LastName = w.Profile.LastName,
                SortName = w.Profile.SortName,
                SearchText = w.Profile.SearchText,
                Role = w.Profile.Role,
                UnitId = w.Profile.UnitId,
                ExpiresOn = w.Profile.ExpiresOn,
                InvitedAt = w.Profile.InvitedAt,
                ProfileOperationId = w.Profile.OperationId,
                SentCount = w.SentCount,
                TokenHash = w.TokenHash,
                LastSentAt = w.LastSentAt,
                ExpiresAt = w.ExpiresAt,
                CancelledAt = w.CancelledAt,
                InvitationOperationId = w.InvitationOperationId,
            },
            ct
        );
    }

    /// <summary>Keeps the memberships that the row does not name, and every field value and managed unit.</summary>
    private static async Task KeepLinks(OperationContext chunk, CancellationToken ct)
    {
        var (db, again) = (chunk.Db, InvitedPeople.Again(chunk));
        await (
            from item in again
            join m in db.Memberships on new { item.WorkspaceId, item.ProfileId } equals new { m.WorkspaceId, m.ProfileId }
            where
                !db.InvitationRowGroups.Any(g =>
                    g.WorkspaceId == item.WorkspaceId
                    && g.OperationId == item.OperationId
                    && g.Ordinal == item.Ordinal
                    && g.GroupId == m.GroupId
                )
            select new { item, m }
        ).InsertInto(
            db.InvitationRowGroups,
            x => new InvitationRowGroup
            {
                WorkspaceId = x.item.WorkspaceId,
                OperationId = x.item.OperationId,
                Ordinal = -x.item.Ordinal,
                GroupId = x.m.GroupId,
                AddedAt = x.m.AddedAt,
                AddedByOperationId = x.m.OperationId,
            },
            ct
        );
        await (
            from item in again
            join v in db.FieldValues on new { item.WorkspaceId, item.ProfileId } equals new { v.WorkspaceId, v.ProfileId }
            select new { item, v }
        ).InsertInto(
            db.InvitationRowValues,
            x => new InvitationRowValue
            {
                WorkspaceId = x.item.WorkspaceId,
                OperationId = x.item.OperationId,
                Ordinal = -x.item.Ordinal,
                FieldId = x.v.FieldId,
                Text = x.v.Text,
                Number = x.v.Number,
                Date = x.v.Date,
                YesNo = x.v.YesNo,
            },
            ct
        );
        await (
            from item in again
            join u in db.ManagedUnits on new { item.WorkspaceId, item.ProfileId } equals new { u.WorkspaceId, u.ProfileId }
            select new { item, u }
        ).InsertInto(
            db.InvitationRowUnits,
            x => new InvitationRowUnit
            {
                WorkspaceId = x.item.WorkspaceId,
                OperationId = x.item.OperationId,
                Ordinal = -x.item.Ordinal,
                UnitId = x.u.UnitId,
            },
            ct
        );
    }

    private static async Task Clear(OperationContext chunk, CancellationToken ct)
    {
        var (db, workspaceId, again) = (chunk.Db, chunk.WorkspaceId, InvitedPeople.Again(chunk));
        var people = again.Select(item => item.ProfileId);
        await db
            .Memberships.Where(m =>
                m.WorkspaceId == workspaceId
                && again.Any(item =>
                    item.ProfileId == m.ProfileId
                    && db.InvitationRowGroups.Any(g =>
                        g.WorkspaceId == workspaceId
                        && g.OperationId == item.OperationId
                        && g.Ordinal == -item.Ordinal
                        && g.GroupId == m.GroupId
                    )
                )
            )
            .ExecuteDeleteAsync(ct);
        await db.FieldValues.Where(v => v.WorkspaceId == workspaceId && people.Contains(v.ProfileId)).ExecuteDeleteAsync(ct);
        await db.ManagedUnits.Where(u => u.WorkspaceId == workspaceId && people.Contains(u.ProfileId)).ExecuteDeleteAsync(ct);
        await db.Invitations.Where(i => i.WorkspaceId == workspaceId && people.Contains(i.ProfileId)).ExecuteDeleteAsync(ct);
    }

    private static Task Renew(OperationContext chunk, CancellationToken ct)
    {
        var (db, operationId, now) = (chunk.Db, chunk.OperationId, chunk.Now);
        return (
            from p in db.Profiles
            join item in InvitedPeople.Again(chunk) on new { p.WorkspaceId, p.Id } equals new { item.WorkspaceId, Id = item.ProfileId }
            join row in db.InvitationRows
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
            select new { p, row }
        ).ExecuteUpdateAsync(
            set =>
                set.SetProperty(x => x.p.Email, x => x.row.Email)
                    .SetProperty(x => x.p.FirstName, x => x.row.FirstName)
                    .SetProperty(x => x.p.LastName, x => x.row.LastName)
                    .SetProperty(x => x.p.SortName, x => x.row.SortName)
                    .SetProperty(x => x.p.SearchText, x => x.row.SearchText)
                    .SetProperty(x => x.p.Role, x => x.row.Role)
                    .SetProperty(x => x.p.UnitId, x => x.row.UnitId)
                    .SetProperty(x => x.p.ExpiresOn, x => x.row.ExpiresOn)
                    .SetProperty(x => x.p.Status, ProfileStatus.Invited)
                    .SetProperty(x => x.p.InvitedAt, now)
                    .SetProperty(x => x.p.OperationId, operationId),
            ct
        );
    }
}
