using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Mail;

namespace Muster.People;

/// <summary>Set-based writes to the invitations of a chunk's people that nobody has accepted yet, and to the e-mails that carry their links.</summary>
internal static class OutstandingInvitations
{
    /// <summary>On the item of an undo: the link is alive again, but nobody has ever been sent it.</summary>
    public static readonly Reason NotSent = new(
        "mail-not-sent",
        "Invited again, but the e-mail with the link had not gone out: use Resend invitations."
    );

    /// <summary>Their links stop working; a message still waiting is not sent.</summary>
    public static async Task Cancel(OperationContext chunk, CancellationToken ct)
    {
        var (workspaceId, operationId, now, people) = (chunk.WorkspaceId, chunk.OperationId, chunk.Now, chunk.ProfileIds);
        await chunk
            .Db.Invitations.Where(i =>
                i.WorkspaceId == workspaceId && i.AcceptedAt == null && i.CancelledAt == null && people.Contains(i.ProfileId)
            )
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.CancelledAt, now).SetProperty(i => i.OperationId, operationId), ct);
        await Suppress(chunk, ct);
    }

    /// <summary>Takes back what <see cref="Cancel"/> did in the original operation: the links work again until they lapse, as they would have.</summary>
    public static async Task Revive(OperationContext chunk, CancellationToken ct)
    {
        var (db, workspaceId, operationId, original) = (chunk.Db, chunk.WorkspaceId, chunk.OperationId, chunk.OriginalId);
        // As values: PostgreSQL cannot know how many invitations an operation has just ended (see EndedAttempts).
        var people = await chunk.ProfileIds.ToListAsync(ct);
        var revived = db.Invitations.Where(i =>
            i.WorkspaceId == workspaceId && i.OperationId == original && i.CancelledAt != null && EF.Parameter(people).Contains(i.ProfileId)
        );
        var unsent = revived
            .Where(i =>
                db.Outbox.Any(m =>
                    m.WorkspaceId == workspaceId
                    && m.ProfileId == i.ProfileId
                    && m.Purpose == MessagePurpose.Invitation
                    && m.CreatedAt == i.LastSentAt
                    && m.Status == MessageStatus.Suppressed
                )
            )
            .Select(i => i.ProfileId);
        await chunk
            .Items.Where(item => unsent.Contains(item.ProfileId))
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.OutcomeReason, NotSent.Code), ct);
        await revived.ExecuteUpdateAsync(
            set => set.SetProperty(i => i.CancelledAt, (DateTime?)null).SetProperty(i => i.OperationId, operationId),
            ct
        );
    }

    /// <summary>How many of the people who will change have a link that works until now.</summary>
    public static Task<long> LiveLinks(OperationContext context, CancellationToken ct)
    {
        var (workspaceId, now, people) = (context.WorkspaceId, context.Now, context.ProfileIds);
        return context.Db.Invitations.LongCountAsync(
            i =>
                i.WorkspaceId == workspaceId
                && i.AcceptedAt == null
                && i.CancelledAt == null
                && i.ExpiresAt > now
                && people.Contains(i.ProfileId),
            ct
        );
    }

    /// <summary>Messages with a link that no longer works are not sent, and the outbox page no longer shows it.</summary>
    public static Task Suppress(OperationContext chunk, CancellationToken ct)
    {
        var (workspaceId, people) = (chunk.WorkspaceId, chunk.ProfileIds);
        return chunk
            .Db.Outbox.Where(m =>
                m.WorkspaceId == workspaceId
                && m.Purpose == MessagePurpose.Invitation
                && (m.Status == MessageStatus.Waiting || m.Status == MessageStatus.Kept || m.Status == MessageStatus.Held)
                && people.Contains(m.ProfileId)
            )
            .ExecuteUpdateAsync(
                set => set.SetProperty(m => m.Status, MessageStatus.Suppressed).SetProperty(m => m.Secret, (string?)null),
                ct
            );
    }
}
