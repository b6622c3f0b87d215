using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Bulk;
using Muster.Data;
using Muster.People;

namespace Muster.Mail;

/// <summary>
/// The outbox's rows: claimed by compare-and-set with a lease, so that several processes never send the same message while all is well,
/// and marked one by one as the server takes them. A process that dies lets go of its claims when the lease ends.
/// </summary>
public sealed class Outbox(Databases databases, MailOptions options, TimeProvider clock)
{
    /// <summary>Messages claimed and loaded at once.</summary>
    public const int Page = 100;

    private const int LongestError = 500;

    /// <summary>Workspaces with messages that are due.</summary>
    public async Task<IReadOnlyList<long>> Workspaces(CancellationToken ct)
    {
        var now = clock.Now();
        await using var db = databases.Open(0);
        return await db
            .Outbox.IgnoreQueryFilters()
            .Where(m => m.Status == MessageStatus.Waiting && m.DueAt <= now && (m.LeaseUntil == null || m.LeaseUntil < now))
            .Select(m => m.WorkspaceId)
            .Distinct()
            .OrderBy(id => id)
            .ToListAsync(ct);
    }

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

    /// <summary>Claims and loads the next messages that are due, the longest due first.</summary>
    public async Task<IReadOnlyList<DueMessage>> Claim(long workspaceId, CancellationToken ct)
    {
        var now = clock.Now();
        // The lease's microsecond is the claim's name: what carries it was claimed here.
        var lease = now.Add(options.Lease).AddMicroseconds(RandomNumberGenerator.GetInt32(1_000_000));
        await using var db = databases.Open(workspaceId);
        var due = db.Outbox.Where(m =>
            m.WorkspaceId == workspaceId
            && m.Status == MessageStatus.Waiting
            && m.DueAt <= now
            && (m.LeaseUntil == null || m.LeaseUntil < now)
        );
        // In the order of the index, so that a backlog is never sorted; the conditions stand outside the page too, because PostgreSQL asks them
        // again after waiting for another claimer.
        var claimed = await (
            from m in due
            join next in due.OrderBy(m => m.DueAt).Take(Page)
                on new
                {
                    m.WorkspaceId,
                    m.OperationId,
                    m.ProfileId,
                    m.Purpose,
                } equals new
                {
                    next.WorkspaceId,
                    next.OperationId,
                    next.ProfileId,
                    next.Purpose,
                }
            select m
        ).ExecuteUpdateAsync(set => set.SetProperty(m => m.LeaseUntil, lease), ct);
        if (claimed == 0)
        {
            return [];
        }

        var messages = db.Outbox.Where(m => m.WorkspaceId == workspaceId && m.LeaseUntil == lease && m.Status == MessageStatus.Waiting);
        try
        {
            var people = await messages.Select(m => m.ProfileId).Distinct().ToListAsync(ct);
            return await DueMessages.Load(db, messages, people).OrderBy(m => m.OperationId).ThenBy(m => m.ProfileId).ToListAsync(ct);
        }
        catch
        {
            // Trouble with the database: whoever tries next need not wait for the lease to end.
            await using var again = databases.Open(workspaceId);
            await again
                .Outbox.Where(m => m.WorkspaceId == workspaceId && m.LeaseUntil == lease && m.Status == MessageStatus.Waiting)
                .ExecuteUpdateAsync(set => set.SetProperty(m => m.LeaseUntil, (DateTime?)null), CancellationToken.None);
            throw;
        }
    }

    /// <summary>Whether the message still has its reason: it waits, and its link can be followed, an enrolment it tells of is still open, or the approval it asks for was not given or refused yet.</summary>
    public async Task<bool> StillStands(MusterDb db, DueMessage message, string token, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message is { Purpose: MessagePurpose.Enrolment, Courses: [] })
        {
            return false;
        }

        var (now, hash) = (clock.Now(), Secrets.Hash(token));
        return await Row(db, message)
            .Where(m => m.Status == MessageStatus.Waiting)
            .AnyAsync(
                m =>
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
                    ),
                ct
            );
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
                        .SetProperty(m => m.LeaseUntil, (DateTime?)null),
                ct
            );
    }

    /// <summary>Its reason went away before it was sent.</summary>
    public Task Suppress(DueMessage message, CancellationToken ct) => End(message, MessageStatus.Suppressed, null, ct);

    /// <summary>It may have been sent before the database came back from a backup. It keeps its link, so that it can be released.</summary>
    public Task Hold(DueMessage message, CancellationToken ct) => End(message, MessageStatus.Held, null, ct);

    /// <summary>It could not be tried, since the server takes nothing at present: the outbox page says why.</summary>
    public async Task Note(DueMessage message, string words, CancellationToken ct)
    {
        var error = Short(words);
        await using var db = Open(message);
        await Row(db, message)
            .Where(m => m.Status == MessageStatus.Waiting)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.Error, error), ct);
    }

    /// <summary>It was refused for good.</summary>
    public Task Fail(DueMessage message, string words, CancellationToken ct) => End(message, MessageStatus.Failed, words, ct);

    /// <summary>It was refused for the time being: once more after a pause, until there were too many.</summary>
    public async Task Postpone(DueMessage message, string words, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(message);
        var attempts = message.Attempts + 1;
        if (attempts >= options.MostAttempts)
        {
            await Fail(message, words, ct);
            return;
        }

        var pause = TimeSpan.FromTicks((long)Math.Min(options.FirstPause.Ticks * Math.Pow(2, attempts - 1), options.LongestPause.Ticks));
        var due = clock.Now().Add(pause);
        var error = Short(words);
        await using var db = Open(message);
        await Row(db, message)
            .Where(m => m.Status == MessageStatus.Waiting)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(m => m.Attempts, attempts)
                        .SetProperty(m => m.DueAt, due)
                        .SetProperty(m => m.Error, error)
                        .SetProperty(m => m.LeaseUntil, (DateTime?)null),
                ct
            );
    }

    /// <summary>Lets go of messages that were claimed and not tried.</summary>
    public async Task Release(IReadOnlyCollection<DueMessage> messages, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(messages);
        foreach (var operation in messages.GroupBy(m => (m.WorkspaceId, m.OperationId, m.Purpose)))
        {
            var (workspaceId, operationId, purpose) = operation.Key;
            var people = operation.Select(m => m.ProfileId).ToList();
            await using var db = databases.Open(workspaceId);
            await db
                .Outbox.Where(m =>
                    m.WorkspaceId == workspaceId
                    && m.OperationId == operationId
                    && m.Purpose == purpose
                    && m.Status == MessageStatus.Waiting
                    && people.Contains(m.ProfileId)
                )
                .ExecuteUpdateAsync(set => set.SetProperty(m => m.LeaseUntil, (DateTime?)null), ct);
        }
    }

    /// <summary>A unit of work on the message's workspace.</summary>
    public MusterDb Open(DueMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return databases.Open(message.WorkspaceId);
    }

    private async Task End(DueMessage message, MessageStatus status, string? words, CancellationToken ct)
    {
        var error = words is null ? null : Short(words);
        await using var db = Open(message);
        await Row(db, message)
            .Where(m => m.Status == MessageStatus.Waiting)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(m => m.Status, status)
                        .SetProperty(m => m.Error, error)
                        .SetProperty(m => m.Attempts, m => m.Attempts + (status == MessageStatus.Failed ? 1 : 0))
                        .SetProperty(m => m.Secret, m => status == MessageStatus.Held ? m.Secret : null)
                        .SetProperty(m => m.LeaseUntil, (DateTime?)null),
                ct
            );
    }

    private static IQueryable<OutboxMessage> Row(MusterDb db, DueMessage message)
    {
        var (workspaceId, operationId, profileId, purpose) = (message.WorkspaceId, message.OperationId, message.ProfileId, message.Purpose);
        return db.Outbox.Where(m =>
            m.WorkspaceId == workspaceId && m.OperationId == operationId && m.ProfileId == profileId && m.Purpose == purpose
        );
    }

    private static string Short(string words) => words.Length <= LongestError ? words : words[..LongestError];
}
