using Muster.Data;

namespace Muster.Bulk;

/// <summary>Writes the append-only audit log, always in the transaction of what it tells of.</summary>
public static class Audit
{
    /// <summary>Something that an operation, or a person about an operation, did.</summary>
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
