using Muster.Data;
using Muster.Learning;

namespace Muster.Mail;

/// <summary>Reads messages of the outbox.</summary>
public static class DueMessages
{
    /// <summary>Messages with all that their texts need, in one statement.</summary>
    /// <param name="db">The database.</param>
    /// <param name="messages">Which messages.</param>
    /// <param name="people">
    /// Their people, as values: of an operation's fresh rows PostgreSQL has no statistics, takes every table for tiny and joins a page of messages
    /// with the whole workspace (measured: over 30 s for 100 messages among 2,000 people).
    /// </param>
    public static IQueryable<DueMessage> Load(MusterDb db, IQueryable<OutboxMessage> messages, IReadOnlyList<long> people)
    {
        ArgumentNullException.ThrowIfNull(db);
        return from m in messages
            join p in db.Profiles.Where(p => people.Contains(p.Id))
                on new { m.WorkspaceId, Id = m.ProfileId } equals new { p.WorkspaceId, p.Id }
            join w in db.Workspaces on m.WorkspaceId equals w.Id
            join i in db.Invitations.Where(i => people.Contains(i.ProfileId))
                on new { m.WorkspaceId, m.ProfileId } equals new { i.WorkspaceId, i.ProfileId }
                into invitations
            from i in invitations.DefaultIfEmpty()
            join o in db.Operations on new { m.WorkspaceId, Id = m.OperationId } equals new { o.WorkspaceId, o.Id } into operations
            from o in operations.DefaultIfEmpty()
            join t in db.LetterTexts on new { m.WorkspaceId, m.Purpose } equals new { t.WorkspaceId, t.Purpose } into texts
            from t in texts.DefaultIfEmpty()
            select new DueMessage
            {
                WorkspaceId = m.WorkspaceId,
                OperationId = m.OperationId,
                ProfileId = m.ProfileId,
                Purpose = m.Purpose,
                Status = m.Status,
                Secret = m.Secret,
                Attempts = m.Attempts,
                CreatedAt = m.CreatedAt,
                SentAt = m.SentAt,
                Error = m.Error,
                Email = p.Email,
                FirstName = p.FirstName,
                LastName = p.LastName,
                Workspace = w.Name,
                TimeZone = w.TimeZone,
                // As HeldMail.Covers asks once more when it is to be held.
                IsHeld = db.Operations.Any(o =>
                    o.WorkspaceId == m.WorkspaceId
                    && o.Id == m.OperationId
                    && (o.ConfirmedAt <= w.MailHeldBefore || (o.LargestRun != null && o.CreatedAt <= w.MailHeldBefore))
                ),
                ExpiresAt = (DateTime?)i.ExpiresAt,
                Action = o.Action,
                IsUndo = o.UndoOf != null,
                Users = (long?)o.WillChange ?? 0,
                AskedBy =
                    m.Purpose != MessagePurpose.Approval
                        ? null
                        : db.Users.Where(a => a.Id == o.ConfirmedByAccountId).Select(a => a.FirstName + " " + a.LastName).FirstOrDefault()
                            ?? db.ApiTokens.Where(k => k.WorkspaceId == m.WorkspaceId && k.Id == o.ConfirmedByTokenId)
                                .Select(k => k.Name)
                                .FirstOrDefault()
                            ?? "The command line",
                OwnSubject = t.Subject,
                OwnBody = t.Body,
                Courses =
                    m.Purpose != MessagePurpose.Enrolment
                        ? new List<string>()
                        : (
                            from e in db.Enrolments
                            join c in db.Courses on new { e.WorkspaceId, Id = e.CourseId } equals new { c.WorkspaceId, c.Id }
                            where
                                e.WorkspaceId == m.WorkspaceId
                                && people.Contains(e.ProfileId)
                                && e.ProfileId == m.ProfileId
                                && e.OperationId == m.OperationId
                                && e.Status < EnrolmentStatus.Completed
                            orderby c.Title
                            select c.Title
                        ).ToList(),
            };
    }
}
