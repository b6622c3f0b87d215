using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;

namespace Muster.Mail;

/// <summary>
/// Messages of a database that came back from a backup. What waited then, and what operations confirmed before still write, may have been sent by
/// the database that was lost: none of it goes out before a person has released it.
/// </summary>
public static class HeldMail
{
    /// <summary>Holds the workspace's messages that wait, and those that operations confirmed until now will still write.</summary>
    /// <param name="db">The database; the caller's transaction.</param>
    /// <param name="workspaceId">Whose.</param>
    /// <param name="now">When the database came back.</param>
    /// <param name="ct">Stops.</param>
    /// <returns>How many were waiting.</returns>
    public static async Task<int> Hold(MusterDb db, long workspaceId, DateTime now, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        await db.Workspaces.Where(w => w.Id == workspaceId).ExecuteUpdateAsync(set => set.SetProperty(w => w.MailHeldBefore, now), ct);
        return await db
            .Outbox.Where(m => m.WorkspaceId == workspaceId && m.Status == MessageStatus.Waiting)
            .ExecuteUpdateAsync(
                set => set.SetProperty(m => m.Status, MessageStatus.Held).SetProperty(m => m.ClaimedAt, (DateTime?)null),
                ct
            );
    }

    /// <summary>Whether the database came back from a backup after a message's operation was confirmed, or begun by a schedule.</summary>
    public static Expression<Func<OutboxMessage, bool>> Covers(MusterDb db) =>
        m =>
            db.Operations.Any(o =>
                o.WorkspaceId == m.WorkspaceId
                && o.Id == m.OperationId
                && db.Workspaces.Any(w =>
                    w.Id == m.WorkspaceId
                    && (o.ConfirmedAt <= w.MailHeldBefore || (o.LargestRun != null && o.CreatedAt <= w.MailHeldBefore))
                )
            );

    /// <summary>Lets the workspace's held messages go out, and those that operations from before the restore still write. Audited.</summary>
    /// <param name="db">A unit of work on the workspace.</param>
    /// <param name="by">Who.</param>
    /// <param name="now">When.</param>
    /// <param name="ct">Stops.</param>
    /// <returns>How many were held.</returns>
    public static async Task<int> Release(MusterDb db, Requester by, DateTime now, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(by);
        var workspaceId = by.Actor.WorkspaceId;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db
            .Workspaces.Where(w => w.Id == workspaceId)
            .ExecuteUpdateAsync(set => set.SetProperty(w => w.MailHeldBefore, (DateTime?)null), ct);
        var released = await db
            .Outbox.Where(m => m.WorkspaceId == workspaceId && m.Status == MessageStatus.Held && m.Status != MessageStatus.Sent)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.Status, MessageStatus.Waiting).SetProperty(m => m.DueAt, now), ct);
        await Audit.Write(db, by, "mail.released", new { messages = released }, now, ct);
        await transaction.CommitAsync(ct);
        return released;
    }
}
