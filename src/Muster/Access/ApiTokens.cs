using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;
using Muster.People;

namespace Muster.Access;

/// <summary>A token just made: the only time its text is known.</summary>
public sealed record NewToken(long Id, string Text);

/// <summary>Makes, lists and revokes the keys of the API. A token's text is <c>mst_{workspace}_{256 random bits}</c>.</summary>
public sealed class ApiTokens(Databases databases, TimeProvider clock)
{
    /// <summary>The most characters of a name.</summary>
    public const int MaxName = 100;

    private const string Prefix = "mst_";

    /// <summary>Makes a token.</summary>
    /// <param name="by">Who gives it; the role cannot be above theirs.</param>
    /// <param name="name">What it is for, shown in lists.</param>
    /// <param name="role">What its bearer may do.</param>
    /// <param name="expiresAt">When it ends by itself; null for no end.</param>
    /// <param name="address">Where the request comes from.</param>
    /// <param name="ct">Stops.</param>
    /// <exception cref="UnauthorizedAccessException">The role is above the giver's own.</exception>
    /// <exception cref="ParametersException">The name or the end cannot be used.</exception>
    public async Task<NewToken> Create(Actor by, string name, ProfileRole role, DateTime? expiresAt, string? address, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(by);
        if (!by.IsAdmin || Actor.RankOf(role) > by.Rank)
        {
            throw new UnauthorizedAccessException("A token cannot be given a role above one's own, and only Admins make tokens.");
        }

        name = (name ?? "").Trim();
        if (name.Length is 0 or > MaxName || name.Any(char.IsControl))
        {
            throw new ParametersException("name", $"Enter what the token is for, in at most {MaxName} characters.");
        }

        if (expiresAt <= clock.Now())
        {
            throw new ParametersException("expiresAt", "This lies in the past; choose a later day, or none for no end.");
        }

        var text = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{by.WorkspaceId}_{Secrets.Create()}");
        await using var db = databases.Open(by.WorkspaceId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var token = new ApiToken
        {
            WorkspaceId = by.WorkspaceId,
            Id = await db.Reserve(by.WorkspaceId, 1, ct),
            Name = name,
            TokenHash = Secrets.Hash(text),
            Role = role,
            CreatedAt = clock.Now(),
            // A token that makes another stands for the same person.
            CreatedByAccountId = await OperationRules.AccountBehind(db, by, ct),
            ExpiresAt = expiresAt,
        };
        db.ApiTokens.Add(token);
        await db.SaveChangesAsync(ct);
        await Tell(db, by, "token.created", token.Id, address, ct);
        await transaction.CommitAsync(ct);
        return new(token.Id, text);
    }

    /// <summary>Ends a token at once.</summary>
    /// <returns>False when there is none of this id that still works.</returns>
    public async Task<bool> Revoke(Actor by, long id, string? address, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(by);
        if (!by.IsAdmin)
        {
            throw new UnauthorizedAccessException("Only Admins revoke tokens.");
        }

        var now = clock.Now();
        await using var db = databases.Open(by.WorkspaceId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var revoked = await db
            .ApiTokens.Where(t => t.WorkspaceId == by.WorkspaceId && t.Id == id && t.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.RevokedAt, now), ct);
        if (revoked == 1)
        {
            await Tell(db, by, "token.revoked", id, address, ct);
        }

        await transaction.CommitAsync(ct);
        return revoked == 1;
    }

    /// <summary>The workspace's tokens, newest first, revoked ones included.</summary>
    public async Task<IReadOnlyList<ApiToken>> List(long workspaceId, CancellationToken ct)
    {
        await using var db = databases.Open(workspaceId);
        return await db.ApiTokens.AsNoTracking().Where(t => t.WorkspaceId == workspaceId).OrderByDescending(t => t.Id).ToListAsync(ct);
    }

    /// <summary>Whose token this is, with its rights of this moment; null when it is none of ours, revoked or expired.</summary>
    public async Task<Actor?> Find(string text, CancellationToken ct)
    {
        if (WorkspaceOf(text) is not { } workspaceId)
        {
            return null;
        }

        var (hash, now) = (Secrets.Hash(text), clock.Now());
        await using var db = databases.Open(workspaceId);
        var found = await db
            .ApiTokens.Where(t =>
                t.WorkspaceId == workspaceId && t.TokenHash == hash && t.RevokedAt == null && (t.ExpiresAt == null || t.ExpiresAt > now)
            )
            .Select(t => new { t.Id, t.Role })
            .FirstOrDefaultAsync(ct);
        return found is null ? null : new(workspaceId, Actor.RankOf(found.Role), null, null, found.Id);
    }

    private static long? WorkspaceOf(string text)
    {
        if (text.Length > 100 || !text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var end = text.IndexOf('_', Prefix.Length);
        return
            end > 0
            && long.TryParse(text.AsSpan(Prefix.Length, end - Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : null;
    }

    private Task Tell(MusterDb db, Actor by, string what, long tokenId, string? address, CancellationToken ct) =>
        Audit.Write(
            db,
            new AuditEntry
            {
                WorkspaceId = by.WorkspaceId,
                At = clock.Now(),
                AccountId = by.AccountId,
                TokenId = by.TokenId,
                Address = address,
                Event = what,
                Details = Json.Write(new { token = tokenId }),
            },
            ct
        );
}
