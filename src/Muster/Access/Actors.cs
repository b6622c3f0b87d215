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
        // A join, because SQLite has no APPLY for "the first of those" beside a row.
        var profiles = db.Profiles.IgnoreQueryFilters().Where(p => p.WorkspaceId == workspaceId && p.AccountId == accountId);
        var found = await (
            from account in db.Users
            where account.Id == accountId
            from own in profiles.DefaultIfEmpty()
            select new { account.IsSiteAdmin, Profile = own }
        )
            .AsNoTracking()
            .FirstOrDefaultAsync(ct);
        if (found is null)
        {
            return new(workspaceId, Rank.None, null, null, null);
        }

        var profile = found.Profile;
        var hasAccess = profile is { Status: ProfileStatus.Active } && (profile.ExpiresOn is null || profile.ExpiresOn >= today);
        var rank =
            found.IsSiteAdmin ? Rank.SiteAdmin
            : hasAccess ? Actor.RankOf(profile!.Role)
            : Rank.None;
        return new(workspaceId, rank, accountId, hasAccess ? profile!.Id : null, null);
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
