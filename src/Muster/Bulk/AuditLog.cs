using Microsoft.EntityFrameworkCore;
using Muster.Data;

namespace Muster.Bulk;

/// <summary>Which entries of the audit log are asked for; null asks for all.</summary>
/// <param name="Event">What was done, such as <c>group.saved</c>.</param>
/// <param name="ProfileId">Done by this person or to them.</param>
/// <param name="OperationId">About this operation.</param>
public sealed record AuditFilter(string? Event, long? ProfileId, long? OperationId);

/// <summary>An entry with the names that its ids have now.</summary>
/// <param name="Entry">As written.</param>
/// <param name="Account">Whose account it was done with; null for a token or the command line.</param>
/// <param name="Token">The API token it was done with.</param>
/// <param name="Person">Whom it is about.</param>
public sealed record AuditLine(AuditEntry Entry, string? Account, string? Token, string? Person);

/// <summary>Reads the audit log.</summary>
public static class AuditLog
{
    /// <summary>The newest entries that match, before one of them.</summary>
    /// <param name="db">The database.</param>
    /// <param name="workspaceId">Whose log.</param>
    /// <param name="filter">Which entries.</param>
    /// <param name="before">Only entries older than this one; null for the newest.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<IReadOnlyList<AuditLine>> Page(
        MusterDb db,
        long workspaceId,
        AuditFilter filter,
        long? before,
        int limit,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(filter);
        var entries = db.Audit.Where(e => e.WorkspaceId == workspaceId && (before == null || e.Id < before));
        if (filter.Event is { } what)
        {
            entries = entries.Where(e => e.Event == what);
        }

        if (filter.OperationId is { } operation)
        {
            entries = entries.Where(e => e.OperationId == operation);
        }

        if (filter.ProfileId is { } person)
        {
            var account = await db
                .Profiles.Where(p => p.WorkspaceId == workspaceId && p.Id == person)
                .Select(p => p.AccountId)
                .SingleOrDefaultAsync(ct);
            entries = entries.Where(e => e.ProfileId == person || (account != null && e.AccountId == account));
        }

        var page = await entries.AsNoTracking().OrderByDescending(e => e.Id).Take(limit).ToListAsync(ct);
        var accountIds = page.Select(e => e.AccountId).OfType<long>().Distinct().ToList();
        var tokenIds = page.Select(e => e.TokenId).OfType<long>().Distinct().ToList();
        var profileIds = page.Select(e => e.ProfileId).OfType<long>().Distinct().ToList();
        var accounts = await db
            .Users.Where(a => accountIds.Contains(a.Id))
            .ToDictionaryAsync(a => a.Id, a => $"{a.FirstName} {a.LastName}".Trim() is { Length: > 0 } name ? name : a.Email ?? "", ct);
        var tokens = await db
            .ApiTokens.Where(t => t.WorkspaceId == workspaceId && tokenIds.Contains(t.Id))
            .ToDictionaryAsync(t => t.Id, t => t.Name, ct);
        var people = await db
            .Profiles.Where(p => p.WorkspaceId == workspaceId && profileIds.Contains(p.Id))
            .ToDictionaryAsync(p => p.Id, p => $"{p.FirstName} {p.LastName}".Trim() is { Length: > 0 } name ? name : p.Email, ct);
        return
        [
            .. page.Select(e => new AuditLine(
                e,
                e.AccountId is { } account ? accounts.GetValueOrDefault(account) : null,
                e.TokenId is { } token ? tokens.GetValueOrDefault(token) : null,
                e.ProfileId is { } person ? people.GetValueOrDefault(person) : null
            )),
        ];
    }
}
