using Microsoft.EntityFrameworkCore;
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
            };
    }

    /// <summary>
    /// The ordinals of the chunk's rows that name a unit, group or field which exists no more. There are hardly ever any: what the rows name is looked at together,
    /// and row by row only when something of it is gone.
    /// </summary>
    public static async Task<long[]> NamingWhatIsGone(OperationContext context, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (db, workspaceId, operationId, after, upTo) = (
            context.Db,
            context.WorkspaceId,
            context.OperationId,
            context.After,
            context.UpTo
        );
        var rows = db.InvitationRows.Where(r =>
            r.WorkspaceId == workspaceId && r.OperationId == operationId && r.Ordinal > after && r.Ordinal <= upTo
        );
        var groups = db.InvitationRowGroups.Where(r =>
            r.WorkspaceId == workspaceId && r.OperationId == operationId && r.Ordinal > after && r.Ordinal <= upTo
        );
        var units = db.InvitationRowUnits.Where(r =>
            r.WorkspaceId == workspaceId && r.OperationId == operationId && r.Ordinal > after && r.Ordinal <= upTo
        );
        var values = db.InvitationRowValues.Where(r =>
            r.WorkspaceId == workspaceId && r.OperationId == operationId && r.Ordinal > after && r.Ordinal <= upTo
        );
        var known = db.Units.Where(u => u.WorkspaceId == workspaceId).Select(u => u.Id);
        long[] all =
        [
            .. await Naming(
                rows.Where(r => r.UnitId != null).Select(r => new Named { Ordinal = r.Ordinal, Id = r.UnitId!.Value }),
                known,
                ct
            ),
            .. await Naming(units.Select(r => new Named { Ordinal = r.Ordinal, Id = r.UnitId }), known, ct),
            .. await Naming(
                groups.Select(r => new Named { Ordinal = r.Ordinal, Id = r.GroupId }),
                db.Groups.Where(g => g.WorkspaceId == workspaceId).Select(g => g.Id),
                ct
            ),
            .. await Naming(
                values.Select(r => new Named { Ordinal = r.Ordinal, Id = r.FieldId }),
                db.Fields.Where(f => f.WorkspaceId == workspaceId).Select(f => f.Id),
                ct
            ),
        ];
        return [.. all.Distinct()];
    }

    private static async Task<List<long>> Naming(IQueryable<Named> named, IQueryable<long> known, CancellationToken ct)
    {
        var gone = await named.Select(n => n.Id).Distinct().Where(id => !known.Contains(id)).ToListAsync(ct);
        return gone.Count == 0
            ? []
            : await named.Where(n => EF.Parameter(gone).Contains(n.Id)).Select(n => n.Ordinal).Distinct().ToListAsync(ct);
    }

    /// <summary>What a row names.</summary>
    private sealed class Named
    {
        public required long Ordinal { get; init; }
        public required long Id { get; init; }
    }
}
