using Muster.Bulk;
using Muster.Data;

namespace Muster.People;

/// <summary>Writes staged field values to the profiles of a chunk's items.</summary>
internal static class InvitationValues
{
    /// <param name="chunk">Whose items.</param>
    /// <param name="stagedBy">The operation that staged the values.</param>
    /// <param name="sign">1 for the file's values, -1 for those they replaced.</param>
    /// <param name="ct">Cancels.</param>
    public static Task Write(OperationContext chunk, long stagedBy, int sign, CancellationToken ct)
    {
        var (db, first) = (chunk.Db, chunk.FirstNewId);
        var items = sign > 0 ? chunk.Items : chunk.Items.Where(item => item.ProfileId != first + item.Ordinal);
        return (
            from item in items
            from v in db.InvitationRowValues
            where v.WorkspaceId == item.WorkspaceId && v.OperationId == stagedBy && v.Ordinal == item.Ordinal * sign
            where db.Fields.Any(f => f.WorkspaceId == v.WorkspaceId && f.Id == v.FieldId)
            select new { item.ProfileId, v }
        ).InsertInto(
            db.FieldValues,
            x => new FieldValue
            {
                WorkspaceId = x.v.WorkspaceId,
                ProfileId = x.ProfileId,
                FieldId = x.v.FieldId,
                Text = x.v.Text,
                Number = x.v.Number,
                Date = x.v.Date,
                YesNo = x.v.YesNo,
            },
            ct
        );
    }
}
