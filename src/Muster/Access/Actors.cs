using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.People;

namespace Muster.Access;

/// <summary>Reads what somebody may do, afresh each time: a page, an API call and every chunk of a run ask again.</summary>
public static class Actors
{
    /// <summary>A signed-in person in a workspace; <see cref="Rank.None"/> when they have no access there.</summary>
    public static async Task<Actor> Person(MusterDb db, long workspaceId, long accountId, DateOnly today, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        // A left join, not a subquery per account: SQLite has no APPLY.
        var found = await (
            from account in db.Users
            where account.Id == accountId
            from profile in db
                .Profiles.IgnoreQueryFilters()
                .Where(p => p.WorkspaceId == workspaceId && p.AccountId == accountId)
                .DefaultIfEmpty()
            select new
            {
                account.IsSiteAdmin,
                ProfileId = profile == null ? null : (long?)profile.Id,
                Role = profile == null ? ProfileRole.Learner : profile.Role,
                Status = profile == null ? null : (ProfileStatus?)profile.Status,
                ExpiresOn = profile == null ? null : profile.ExpiresOn,
            }
        ).FirstOrDefaultAsync(ct);
        if (found is null)
        {
            return new(workspaceId, Rank.None, null, null, null);
        }

        var hasAccess = found.Status == ProfileStatus.Active && (found.ExpiresOn is null || found.ExpiresOn >= today);
        var rank =
            found.IsSiteAdmin ? Rank.SiteAdmin
            : hasAccess ? Actor.RankOf(found.Role)
            : Rank.None;
        return new(workspaceId, rank, accountId, hasAccess ? found.ProfileId : null, null);
    }

    /// <summary>An API token of a workspace; <see cref="Rank.None"/> when it was revoked or has expired.</summary>
    public static async Task<Actor> Token(MusterDb db, long workspaceId, long tokenId, DateTime now, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        var role = await db
            .ApiTokens.IgnoreQueryFilters()
            .Where(t =>
                t.WorkspaceId == workspaceId && t.Id == tokenId && t.RevokedAt == null && (t.ExpiresAt == null || t.ExpiresAt > now)
            )
            .Select(t => (ProfileRole?)t.Role)
            .FirstOrDefaultAsync(ct);
        return new(workspaceId, role is { } given ? Actor.RankOf(given) : Rank.None, null, null, tokenId);
    }

    /// <summary>Whoever has a shell on the machine: the command line acts as a Site Admin.</summary>
    public static Actor CommandLine(long workspaceId) => new(workspaceId, Rank.SiteAdmin, null, null, null);
}
