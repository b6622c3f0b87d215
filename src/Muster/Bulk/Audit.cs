using Muster.Data;

namespace Muster.Bulk;

/// <summary>Writes the append-only audit log, always in the transaction of what it tells of.</summary>
public static class Audit
{
    /// <summary>Something that an operation did, in the name of whoever began it.</summary>
    public static Task Write(MusterDb db, Operation operation, string what, object? details, DateTime now, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return Write(
            db,
            new AuditEntry
            {
                WorkspaceId = operation.WorkspaceId,
                At = now,
                AccountId = operation.AccountId,
                TokenId = operation.TokenId,
                Address = operation.Address,
                Event = what,
                OperationId = operation.Id,
                Details = details is null ? null : Json.Write(details),
            },
            ct
        );
    }

    /// <summary>Something a person did about an operation, who need not be the one who began it.</summary>
    public static Task Write(
        MusterDb db,
        Requester requester,
        Operation operation,
        string what,
        object? details,
        DateTime now,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(requester);
        ArgumentNullException.ThrowIfNull(operation);
        return Write(
            db,
            new AuditEntry
            {
                WorkspaceId = operation.WorkspaceId,
                At = now,
                AccountId = requester.Actor.AccountId,
                TokenId = requester.Actor.TokenId,
                Address = requester.Address,
                Event = what,
                OperationId = operation.Id,
                Details = details is null ? null : Json.Write(details),
            },
            ct
        );
    }

    /// <summary>Something a person did by hand.</summary>
    /// <param name="db">The database; the caller's transaction.</param>
    /// <param name="requester">Who, from where.</param>
    /// <param name="what">What was done, such as <c>group.saved</c>.</param>
    /// <param name="details">Ids and numbers.</param>
    /// <param name="now">When.</param>
    /// <param name="ct">Cancels.</param>
    public static Task Write(MusterDb db, Requester requester, string what, object details, DateTime now, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(requester);
        return Write(
            db,
            new AuditEntry
            {
                WorkspaceId = requester.Actor.WorkspaceId,
                At = now,
                AccountId = requester.Actor.AccountId,
                TokenId = requester.Actor.TokenId,
                Address = requester.Address,
                Event = what,
                Details = Json.Write(details),
            },
            ct
        );
    }

    /// <summary>Any entry; its id is given here.</summary>
    public static async Task Write(MusterDb db, AuditEntry entry, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(entry);
        entry.Id = await db.Reserve(entry.WorkspaceId, 1, ct);
        db.Audit.Add(entry);
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>One line of the append-only audit log, written in the transaction of the change.</summary>
public sealed class AuditEntry
{
    public long WorkspaceId { get; set; }

    /// <summary>Counts up in each workspace, among the ids of other things: gaps are no sign of a lost line.</summary>
    public long Id { get; set; }

    public DateTime At { get; set; }

    public long? AccountId { get; set; }

    public long? TokenId { get; set; }

    public string? Address { get; set; }

    /// <summary>What was done: <c>operation.confirmed</c>, <c>operation.chunk</c>, <c>users.exported</c> …</summary>
    public required string Event { get; set; }

    public long? OperationId { get; set; }

    public long? ProfileId { get; set; }

    /// <summary>Ids and numbers as a flat JSON object; never names or addresses.</summary>
    public string? Details { get; set; }
}
