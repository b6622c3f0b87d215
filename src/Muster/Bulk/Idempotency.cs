using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Muster.Data;

namespace Muster.Bulk;

/// <summary>A key under which a client may safely send the same request again.</summary>
/// <param name="Key">The client's key.</param>
/// <param name="Request">Everything that makes the request what it is: the same key with another request is refused.</param>
public sealed record Idempotency(string Key, string Request);

/// <summary>Recognises a request that was made before; inside the transaction of the request itself, its answer after it.</summary>
internal static class IdempotentRequests
{
    /// <summary>The operation this very request led to before; null the first time.</summary>
    /// <exception cref="ParametersException">The key was used for another request.</exception>
    public static async Task<Operation?> Repeated(MusterDb db, long workspaceId, Idempotency? idempotency, CancellationToken ct)
    {
        if (idempotency is null)
        {
            return null;
        }

        var known = await db
            .IdempotencyKeys.AsNoTracking()
            .SingleOrDefaultAsync(k => k.WorkspaceId == workspaceId && k.Key == idempotency.Key, ct);
        if (known is null)
        {
            return null;
        }

        if (known.RequestHash != Hash(idempotency.Request))
        {
            throw new ParametersException(
                "Idempotency-Key",
                "This idempotency key was used for another request; send a new key with a new request."
            );
        }

        return await db.Operations.AsNoTracking().SingleAsync(o => o.WorkspaceId == workspaceId && o.Id == known.OperationId, ct);
    }

    /// <summary>Keeps the key with what the request led to.</summary>
    public static async Task Remember(MusterDb db, Operation operation, Idempotency? idempotency, DateTime now, CancellationToken ct)
    {
        if (idempotency is not null)
        {
            db.IdempotencyKeys.Add(
                new IdempotencyKey
                {
                    WorkspaceId = operation.WorkspaceId,
                    Key = idempotency.Key,
                    RequestHash = Hash(idempotency.Request),
                    OperationId = operation.Id,
                    CreatedAt = now,
                }
            );
            await db.SaveChangesAsync(ct);
        }
    }

    /// <summary>The answer that was first given under the key; the one given here, where it is the first.</summary>
    public static async Task<string> FirstAnswer(
        MusterDb db,
        long workspaceId,
        Idempotency idempotency,
        Func<Task<string>> answer,
        CancellationToken ct
    )
    {
        var known = db.IdempotencyKeys.Where(k => k.WorkspaceId == workspaceId && k.Key == idempotency.Key);
        var given = known.Select(k => k.Answer);
        if (await given.SingleOrDefaultAsync(ct) is { } first)
        {
            return first;
        }

        // Of those who ask at the same moment one is first, and all of them give its answer.
        var mine = await answer();
        await known.Where(k => k.Answer == null).ExecuteUpdateAsync(set => set.SetProperty(k => k.Answer, mine), ct);
        return await given.SingleOrDefaultAsync(ct) ?? mine;
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>A remembered request, so that the same one twice is one operation.</summary>
public sealed class IdempotencyKey
{
    public long WorkspaceId { get; set; }

    /// <summary>The client's key, prefixed with who sent it.</summary>
    public required string Key { get; set; }

    /// <summary>SHA-256 of method, path and body: the same key with another request is refused.</summary>
    public required string RequestHash { get; set; }

    public long OperationId { get; set; }

    /// <summary>The body of the first answer, for whoever sends the request again; null until it was given, and where the answer is a page.</summary>
    public string? Answer { get; set; }

    public DateTime CreatedAt { get; set; }
}
