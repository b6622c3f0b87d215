using Microsoft.EntityFrameworkCore;
using Muster.Data;

namespace Muster.Mail;

/// <summary>The workspace's messages as the outbox page shows them, the newest operations first.</summary>
public static class OutboxList
{
    /// <summary>A page of messages after a place in the list.</summary>
    public static Task<List<DueMessage>> Read(
        MusterDb db,
        long workspaceId,
        (long OperationId, long ProfileId)? after,
        int count,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(db);
        var messages = db.Outbox.Where(m => m.WorkspaceId == workspaceId);
        if (after is { } place)
        {
            var (operationId, profileId) = place;
            messages = messages.Where(m => m.OperationId < operationId || (m.OperationId == operationId && m.ProfileId < profileId));
        }

        return Outbox
            .Load(db, messages.OrderByDescending(m => m.OperationId).ThenByDescending(m => m.ProfileId).Take(count))
            .OrderByDescending(m => m.OperationId)
            .ThenByDescending(m => m.ProfileId)
            .ToListAsync(ct);
    }

    /// <summary>One message, or null.</summary>
    public static Task<DueMessage?> Find(
        MusterDb db,
        long workspaceId,
        long operationId,
        long profileId,
        MessagePurpose purpose,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(db);
        return Outbox
            .Load(
                db,
                db.Outbox.Where(m =>
                    m.WorkspaceId == workspaceId && m.OperationId == operationId && m.ProfileId == profileId && m.Purpose == purpose
                )
            )
            .FirstOrDefaultAsync(ct);
    }
}
