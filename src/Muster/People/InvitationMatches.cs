using Muster.Bulk;

namespace Muster.People;

/// <summary>A row of an invitation file beside the person who already has its address; every member is assigned in the query.</summary>
internal sealed class InvitationMatch
{
    public required Subject Subject { get; init; }

    public required InvitationRow Row { get; init; }

    /// <summary>Null when nobody here has the address.</summary>
    public required long? ProfileId { get; init; }

    public required ProfileStatus? Status { get; init; }

    /// <summary>What the invitation would replace, as flat JSON without its braces and status; only of use where there is a profile.</summary>
    public required string? Was { get; init; }

    /// <summary>What the row will make of the person, likewise.</summary>
    public required string Will { get; init; }

    /// <summary>Whether a unit, group or field of the row exists no more.</summary>
    public required bool IsGone { get; init; }
}

/// <summary>Puts the rows of a chunk beside the people who already have their addresses, in one query.</summary>
internal static class InvitationMatches
{
    public static IQueryable<InvitationMatch> Of(OperationContext context)
    {
        var (db, operationId) = (context.Db, context.OperationId);
        return from user in context.Subjects
            from row in db.InvitationRows
            where row.WorkspaceId == user.WorkspaceId && row.OperationId == operationId && row.Ordinal == user.Ordinal
            join found in db.Profiles
                on new { row.WorkspaceId, row.EmailKey } equals new { found.WorkspaceId, found.EmailKey }
                into existing
            from p in existing.DefaultIfEmpty()
            let willUnit = db
                .Units.Where(u => u.WorkspaceId == row.WorkspaceId && u.Id == row.UnitId)
                .Select(u => u.Path.Replace("\\", "\\\\").Replace("\"", "\\\""))
                .FirstOrDefault()
            let wasUnit = db
                .Units.Where(u => u.WorkspaceId == p.WorkspaceId && u.Id == p.UnitId)
                .Select(u => u.Path.Replace("\\", "\\\\").Replace("\"", "\\\""))
                .FirstOrDefault()
            select new InvitationMatch
            {
                Subject = user,
                Row = row,
                ProfileId = (long?)p.Id,
                Status = (ProfileStatus?)p.Status,
                Was =
                    "\"role\":\""
                    + (
                        p.Role == ProfileRole.Admin ? "Admin"
                        : p.Role == ProfileRole.Manager ? "Manager"
                        : "Learner"
                    )
                    + "\",\"firstName\":\""
                    + p.FirstName.Replace("\\", "\\\\").Replace("\"", "\\\"")
                    + "\",\"lastName\":\""
                    + p.LastName.Replace("\\", "\\\\").Replace("\"", "\\\"")
                    + "\",\"unit\":\""
                    + (wasUnit ?? "")
                    + "\",\"groups\":"
                    + db.Memberships.Count(m => m.WorkspaceId == p.WorkspaceId && m.ProfileId == p.Id)
                    + ",\"#until\":\""
                    + (p.ExpiresOn == null ? "" : "" + p.ExpiresOn)
                    + "\"",
                Will =
                    "\"role\":\""
                    + (
                        row.Role == ProfileRole.Admin ? "Admin"
                        : row.Role == ProfileRole.Manager ? "Manager"
                        : "Learner"
                    )
                    + "\",\"firstName\":\""
                    + row.FirstName.Replace("\\", "\\\\").Replace("\"", "\\\"")
                    + "\",\"lastName\":\""
                    + row.LastName.Replace("\\", "\\\\").Replace("\"", "\\\"")
                    + "\",\"unit\":\""
                    + (willUnit ?? "")
                    + "\",\"groups\":"
                    + db.InvitationRowGroups.Count(g =>
                        g.WorkspaceId == row.WorkspaceId && g.OperationId == row.OperationId && g.Ordinal == row.Ordinal
                    ),
                IsGone =
                    (row.UnitId != null && willUnit == null)
                    || db.InvitationRowGroups.Any(g =>
                        g.WorkspaceId == row.WorkspaceId
                        && g.OperationId == row.OperationId
                        && g.Ordinal == row.Ordinal
                        && !db.Groups.Any(known => known.WorkspaceId == g.WorkspaceId && known.Id == g.GroupId)
                    )
                    || db.InvitationRowUnits.Any(u =>
                        u.WorkspaceId == row.WorkspaceId
                        && u.OperationId == row.OperationId
                        && u.Ordinal == row.Ordinal
                        && !db.Units.Any(known => known.WorkspaceId == u.WorkspaceId && known.Id == u.UnitId)
                    )
                    || db.InvitationRowValues.Any(v =>
                        v.WorkspaceId == row.WorkspaceId
                        && v.OperationId == row.OperationId
                        && v.Ordinal == row.Ordinal
                        && !db.Fields.Any(known => known.WorkspaceId == v.WorkspaceId && known.Id == v.FieldId)
                    ),
            };
    }
}
