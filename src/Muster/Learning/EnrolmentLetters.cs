using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;
using Muster.Mail;
using Muster.People;

namespace Muster.Learning;

/// <summary>The e-mail that tells a learner what they have been enrolled in: one a person and operation, whatever the number of courses.</summary>
internal static class EnrolmentLetters
{
    /// <summary>Who is told: people who can sign in. Invited people find their courses when they accept.</summary>
    public static IQueryable<long> Recipients(OperationContext context)
    {
        var (db, workspaceId, today) = (context.Db, context.WorkspaceId, context.Today);
        return context
            .Items.Where(item =>
                db.Profiles.Any(p =>
                    p.WorkspaceId == workspaceId
                    && p.Id == item.ProfileId
                    && p.Status == ProfileStatus.Active
                    && (p.ExpiresOn == null || p.ExpiresOn >= today)
                )
            )
            .Select(item => item.ProfileId)
            .Distinct();
    }

    /// <summary>Writes a message for each recipient of a chunk, in the chunk's transaction.</summary>
    public static Task Write(OperationContext chunk, CancellationToken ct)
    {
        var (workspaceId, operationId, now) = (chunk.WorkspaceId, chunk.OperationId, chunk.Now);
        return Recipients(chunk)
            .InsertInto(
                chunk.Db.Outbox,
                profileId => new OutboxMessage
                {
                    WorkspaceId = workspaceId,
                    OperationId = operationId,
                    ProfileId = profileId,
                    Purpose = MessagePurpose.Enrolment,
                    Status = MessageStatus.Waiting,
                    Attempts = 0,
                    CreatedAt = now,
                    DueAt = now,
                },
                ct
            );
    }

    /// <summary>After an undo: a message of the original operation that tells of no enrolment any more is not sent.</summary>
    public static Task Suppress(OperationContext chunk, CancellationToken ct)
    {
        var (db, workspaceId, original, people) = (chunk.Db, chunk.WorkspaceId, chunk.OriginalId, chunk.ProfileIds);
        return db
            .Outbox.Where(m =>
                m.WorkspaceId == workspaceId
                && m.OperationId == original
                && m.Purpose == MessagePurpose.Enrolment
                && (m.Status == MessageStatus.Waiting || m.Status == MessageStatus.Kept || m.Status == MessageStatus.Held)
                && people.Contains(m.ProfileId)
                && !db.Enrolments.Any(e => e.WorkspaceId == workspaceId && e.ProfileId == m.ProfileId && e.OperationId == original)
            )
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.Status, MessageStatus.Suppressed), ct);
    }
}
