using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Bulk;
using Muster.Data;
using Muster.People;

namespace Muster.Mail;

/// <summary>Whether a claimed message is to be sent.</summary>
public enum Standing
{
    Stands,

    /// <summary>Its reason went away.</summary>
    Gone,

    /// <summary>It waits no longer, or another process has taken it over.</summary>
    NotOurs,
}

/// <summary>
/// The outbox's rows, marked one by one as the mail server takes or refuses them. What became of a message is written only by the process that has claimed it;
/// that the server took it, by whoever knows it.
/// </summary>
public sealed class Outbox(Databases databases, MailOptions options, TimeProvider clock)
{
    private const int LongestError = 500;

    /// <summary>Keeps everything that waits, for want of a server.</summary>
    /// <returns>How many.</returns>
    public async Task<int> Keep(CancellationToken ct)
    {
        await using var db = databases.Open(0);
        var waiting = db.Outbox.IgnoreQueryFilters().Where(m => m.Status == MessageStatus.Waiting);
        // Looked for before: a statement that would change nothing still waits for SQLite's one writer.
        return await waiting.AnyAsync(ct)
            ? await waiting.ExecuteUpdateAsync(set => set.SetProperty(m => m.Status, MessageStatus.Kept), ct)
            : 0;
    }

    /// <summary>Whether the message is to be sent: this process still sends it, and its link can be followed, an enrolment it tells of is open, or nobody has decided on what it asks to approve.</summary>
    public async Task<Standing> Ask(MailClaim claim, DueMessage message, string token, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(message);
        var (now, hash) = (clock.Now(), Secrets.Hash(token));
        await using var db = Open(message);
        var stands = await Ours(db, claim, message)
            .Select(m =>
                (bool?)(
                    (
                        m.Purpose != MessagePurpose.Approval
                        || db.Operations.Any(o =>
                            o.WorkspaceId == m.WorkspaceId && o.Id == m.OperationId && o.Status == OperationStatus.AwaitingApproval
                        )
                    )
                    && (
                        m.Purpose != MessagePurpose.Invitation
                        || db.Invitations.Any(i =>
                            i.WorkspaceId == m.WorkspaceId
                            && i.ProfileId == m.ProfileId
                            && i.TokenHash == hash
                            && i.AcceptedAt == null
                            && i.CancelledAt == null
                            && i.ExpiresAt > now
                        )
                    )
                )
            )
            .SingleOrDefaultAsync(ct);
        return stands switch
        {
            null => Standing.NotOurs,
            true when message is not { Purpose: MessagePurpose.Enrolment, Courses: [] } => Standing.Stands,
            _ => Standing.Gone,
        };
    }

    /// <summary>The server took it: the token is no longer needed.</summary>
    public async Task Sent(DueMessage message, CancellationToken ct)
    {
        var now = clock.Now();
        await using var db = Open(message);
        await Row(db, message)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(m => m.Status, MessageStatus.Sent)
                        .SetProperty(m => m.SentAt, now)
                        .SetProperty(m => m.Attempts, m => m.Attempts + 1)
                        .SetProperty(m => m.Secret, (string?)null)
                        .SetProperty(m => m.Error, (string?)null)
                        .SetProperty(m => m.ClaimedAt, (DateTime?)null),
                ct
            );
    }

    /// <summary>Its reason went away before it was sent.</summary>
    public Task Suppress(MailClaim claim, DueMessage message, CancellationToken ct) =>
        End(claim, message, MessageStatus.Suppressed, null, ct);

    /// <summary>
    /// It may have been sent before the database came back from a backup. It keeps its link, so that it can be released. What was released while it was
    /// claimed stays as it is.
    /// </summary>
    /// <returns>Whether it is held now.</returns>
    public async Task<bool> Hold(MailClaim claim, DueMessage message, CancellationToken ct)
    {
        await using var db = Open(message);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Whoever releases writes the workspace first: one of the two waits for the other.
        await db.TakeTurn(message.WorkspaceId, ct);
        var held = await Ours(db, claim, message)
            .Where(HeldMail.Covers(db))
            .ExecuteUpdateAsync(
                set => set.SetProperty(m => m.Status, MessageStatus.Held).SetProperty(m => m.ClaimedAt, (DateTime?)null),
                ct
            );
        await transaction.CommitAsync(ct);
        return held > 0;
    }

    /// <summary>It could not be tried, since the server takes nothing at present: the outbox page says why.</summary>
    public async Task Note(MailClaim claim, DueMessage message, string words, CancellationToken ct)
    {
        var error = Short(words);
        await using var db = Open(message);
        await Ours(db, claim, message).ExecuteUpdateAsync(set => set.SetProperty(m => m.Error, error), ct);
    }

    /// <summary>It was refused for good.</summary>
    public Task Fail(MailClaim claim, DueMessage message, string words, CancellationToken ct) =>
        End(claim, message, MessageStatus.Failed, words, ct);

    /// <summary>It was refused for the time being: once more after a pause, until there were too many.</summary>
    public async Task Postpone(MailClaim claim, DueMessage message, string words, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(message);
        var attempts = message.Attempts + 1;
        if (attempts >= options.MostAttempts)
        {
            await Fail(claim, message, words, ct);
            return;
        }

        var pause = TimeSpan.FromTicks((long)Math.Min(options.FirstPause.Ticks * Math.Pow(2, attempts - 1), options.LongestPause.Ticks));
        var due = clock.Now().Add(pause);
        var error = Short(words);
        await using var db = Open(message);
        await Ours(db, claim, message)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(m => m.Attempts, attempts)
                        .SetProperty(m => m.DueAt, due)
                        .SetProperty(m => m.Error, error)
                        .SetProperty(m => m.ClaimedAt, (DateTime?)null),
                ct
            );
    }

    private async Task End(MailClaim claim, DueMessage message, MessageStatus status, string? words, CancellationToken ct)
    {
        var error = words is null ? null : Short(words);
        await using var db = Open(message);
        await Ours(db, claim, message)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(m => m.Status, status)
                        .SetProperty(m => m.Error, error)
                        .SetProperty(m => m.Attempts, m => m.Attempts + (status == MessageStatus.Failed ? 1 : 0))
                        .SetProperty(m => m.Secret, (string?)null)
                        .SetProperty(m => m.ClaimedAt, (DateTime?)null),
                ct
            );
    }

    private MusterDb Open(DueMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return databases.Open(message.WorkspaceId);
    }

    /// <summary>The message's row, while it waits and nobody has taken it over.</summary>
    private static IQueryable<OutboxMessage> Ours(MusterDb db, MailClaim claim, DueMessage message)
    {
        ArgumentNullException.ThrowIfNull(claim);
        var mark = claim.Mark;
        return Row(db, message).Where(m => m.Status == MessageStatus.Waiting && m.ClaimedAt == mark);
    }

    /// <summary>The message's row, unless it has become another message since (an approval that is asked for anew).</summary>
    private static IQueryable<OutboxMessage> Row(MusterDb db, DueMessage message)
    {
        var (workspaceId, operationId, profileId, purpose) = (message.WorkspaceId, message.OperationId, message.ProfileId, message.Purpose);
        var createdAt = message.CreatedAt;
        return db.Outbox.Where(m =>
            m.WorkspaceId == workspaceId
            && m.OperationId == operationId
            && m.ProfileId == profileId
            && m.Purpose == purpose
            && m.CreatedAt == createdAt
        );
    }

    private static string Short(string words) => words.Length <= LongestError ? words : words[..LongestError];
}
