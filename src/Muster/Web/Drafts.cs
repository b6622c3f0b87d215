using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Bulk;
using Muster.Data;
using Muster.People;

namespace Muster.Web;

/// <summary>Operations that have their parameters and wait for their users.</summary>
public static class Drafts
{
    /// <summary>The one of this id, where the reader may see it and it is still to be given users for this action; else null.</summary>
    public static async Task<Operation?> Find(MusterDb db, Actor reader, BulkAction action, long? id, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(action);
        return id is null
            ? null
            : await db
                .Operations.AsNoTracking()
                .VisibleTo(reader)
                .SingleOrDefaultAsync(
                    o =>
                        o.WorkspaceId == reader.WorkspaceId
                        && o.Id == id
                        && o.Action == action.Key
                        && o.UndoOf == null
                        && o.ConfirmedAt == null
                        && o.Status != OperationStatus.Cancelled,
                    ct
                );
    }

    /// <summary>Whom the users list shows for it when nothing is chosen.</summary>
    public static UserFilter FilterOf(BulkAction action, Operation? draft)
    {
        ArgumentNullException.ThrowIfNull(action);
        return action.FilterFor(
            draft is null || draft.Parameters == Operation.NoParametersYet ? null : action.ReadParameters(draft.Parameters)
        );
    }
}
