using Microsoft.EntityFrameworkCore;
using Muster.Data;

namespace Muster.Bulk;

/// <summary>What an operation has written for its preview and its undo, and nothing else in the workspace points to.</summary>
internal static class Staged
{
    /// <summary>Tells PostgreSQL's planner of the rows that a file or pasted list has just brought.</summary>
    public static async Task Analyse(MusterDb db, CancellationToken ct)
    {
        foreach (
            var table in (string[])
                ["operation_rows", "invitation_rows", "invitation_row_groups", "invitation_row_units", "invitation_row_values"]
        )
        {
            await db.Analyse(table, ct);
        }
    }

    /// <summary>Throws all of it away, and what people changed in the preview, in the caller's transaction.</summary>
    public static async Task Clear(MusterDb db, long workspaceId, long id, CancellationToken ct)
    {
        await db.UntickedUsers.Where(r => r.WorkspaceId == workspaceId && r.OperationId == id).ExecuteDeleteAsync(ct);
        await db.MendedRows.Where(r => r.WorkspaceId == workspaceId && r.OperationId == id).ExecuteDeleteAsync(ct);
        await ClearPreview(db, workspaceId, id, ct);
    }

    /// <summary>Throws the preview away to be made again; unticked users and mended rows stay.</summary>
    public static async Task ClearPreview(MusterDb db, long workspaceId, long id, CancellationToken ct)
    {
        await db.OperationItems.Where(r => r.WorkspaceId == workspaceId && r.OperationId == id).ExecuteDeleteAsync(ct);
        await db.OperationUsers.Where(r => r.WorkspaceId == workspaceId && r.OperationId == id).ExecuteDeleteAsync(ct);
        await db.OperationRows.Where(r => r.WorkspaceId == workspaceId && r.OperationId == id).ExecuteDeleteAsync(ct);
        await db.InvitationRows.Where(r => r.WorkspaceId == workspaceId && r.OperationId == id).ExecuteDeleteAsync(ct);
        await db.InvitationRowGroups.Where(r => r.WorkspaceId == workspaceId && r.OperationId == id).ExecuteDeleteAsync(ct);
        await db.InvitationRowUnits.Where(r => r.WorkspaceId == workspaceId && r.OperationId == id).ExecuteDeleteAsync(ct);
        await db.InvitationRowValues.Where(r => r.WorkspaceId == workspaceId && r.OperationId == id).ExecuteDeleteAsync(ct);
        await db.RemovedMemberships.Where(r => r.WorkspaceId == workspaceId && r.OperationId == id).ExecuteDeleteAsync(ct);
    }
}
