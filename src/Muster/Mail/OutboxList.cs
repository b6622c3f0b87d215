using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.People;

namespace Muster.Mail;

/// <summary>Which messages the outbox page shows.</summary>
/// <param name="Status">How far they have come; null for all.</param>
/// <param name="OperationId">Which operation caused them; null for any.</param>
public sealed record OutboxFilter(MessageStatus? Status = null, long? OperationId = null);

/// <summary>The workspace's messages as the outbox page shows them, the newest operations first.</summary>
public static class OutboxList
{
    /// <summary>A page of messages after a place in the list.</summary>
    public static async Task<List<DueMessage>> Read(
        MusterDb db,
        long workspaceId,
        OutboxFilter filter,
        (long OperationId, long ProfileId)? after,
        int count,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(db);
        var messages = Of(db, workspaceId, filter);
        if (after is { } place)
        {
            var (operationId, profileId) = place;
            messages = messages.Where(m => m.OperationId < operationId || (m.OperationId == operationId && m.ProfileId < profileId));
        }

        var page = messages.OrderByDescending(m => m.OperationId).ThenByDescending(m => m.ProfileId).Take(count);
        var people = await page.Select(m => m.ProfileId).Distinct().ToListAsync(ct);
        return await DueMessages
            .Load(db, page, people)
            .OrderByDescending(m => m.OperationId)
            .ThenByDescending(m => m.ProfileId)
            .ToListAsync(ct);
    }

    /// <summary>
    /// The people among a filter's messages whose invitation was refused for good and still stands: not accepted or cancelled since, nor sent once more.
    /// Its link was wiped, so that only a new one can be sent.
    /// </summary>
    public static Task<List<long>> Uninvited(MusterDb db, long workspaceId, OutboxFilter filter, int count, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(filter);
        return Of(db, workspaceId, filter with { Status = MessageStatus.Failed })
            .Where(m =>
                m.Purpose == MessagePurpose.Invitation
                && db.Profiles.Any(p => p.WorkspaceId == workspaceId && p.Id == m.ProfileId && p.Status == ProfileStatus.Invited)
                && !db.Outbox.Any(later =>
                    later.WorkspaceId == workspaceId
                    && later.ProfileId == m.ProfileId
                    && later.Purpose == MessagePurpose.Invitation
                    && later.OperationId > m.OperationId
                )
            )
            .OrderByDescending(m => m.OperationId)
            .ThenByDescending(m => m.ProfileId)
            .Select(m => m.ProfileId)
            .Take(count)
            .ToListAsync(ct);
    }

    /// <summary>How many messages of each purpose are held since the database came back from a backup; a purpose without any is not there.</summary>
    public static Task<Dictionary<MessagePurpose, int>> Held(MusterDb db, long workspaceId, CancellationToken ct) =>
        Of(db, workspaceId, new(MessageStatus.Held))
            .GroupBy(m => m.Purpose)
            .Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Key, g => g.Count, ct);

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
        return DueMessages
            .Load(
                db,
                db.Outbox.Where(m =>
                    m.WorkspaceId == workspaceId && m.OperationId == operationId && m.ProfileId == profileId && m.Purpose == purpose
                ),
                [profileId]
            )
            .FirstOrDefaultAsync(ct);
    }

    private static IQueryable<OutboxMessage> Of(MusterDb db, long workspaceId, OutboxFilter filter)
    {
        var messages = db.Outbox.Where(m => m.WorkspaceId == workspaceId);
        if (filter.OperationId is { } operation)
        {
            messages = messages.Where(m => m.OperationId == operation);
        }

        return filter.Status switch
        {
            null => messages,
            MessageStatus.Sent => messages.Where(m => m.Status == MessageStatus.Sent),
            // Said twice for SQLite, which uses the index of those that were not sent only if it reads its condition.
            { } status => messages.Where(m => m.Status == status && m.Status != MessageStatus.Sent),
        };
    }
}
