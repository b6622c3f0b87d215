using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Data;
using Muster.People;

namespace Muster.Web;

/// <summary>A workspace the reader can open.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="As">What they are there, in words.</param>
/// <param name="Href">The page it opens with.</param>
public sealed record MyWorkspace(long Id, string Name, string As, string Href);

/// <summary>The workspaces of a signed-in person: all of them for a Site Admin.</summary>
public sealed class MyWorkspaces(MusterDb db, Navigation navigation, TimeProvider clock)
{
    private const int Most = 500;

    /// <summary>In the order of their names.</summary>
    public async Task<IReadOnlyList<MyWorkspace>> Of(SignedInAccount account, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(account);
        // Every workspace, so the filter is lifted: this account's own profiles only.
        var profiles = db.Profiles.IgnoreQueryFilters().Where(p => p.AccountId == account.Id && p.Status == ProfileStatus.Active);
        var found = await (
            from workspace in db.Workspaces
            join profile in profiles on workspace.Id equals profile.WorkspaceId into own
            from profile in own.DefaultIfEmpty()
            where account.IsSiteAdmin || profile != null
            orderby workspace.Name, workspace.Id
            select new
            {
                workspace.Id,
                workspace.Name,
                workspace.TimeZone,
                Role = profile == null ? null : (ProfileRole?)profile.Role,
                ExpiresOn = profile == null ? null : profile.ExpiresOn,
            }
        )
            .Take(Most)
            .ToListAsync(ct);
        return
        [
            .. found
                .Where(w => account.IsSiteAdmin || w.ExpiresOn is null || w.ExpiresOn >= clock.Today(w.TimeZone))
                .Select(w =>
                {
                    var rank = account.IsSiteAdmin ? Rank.SiteAdmin : Actor.RankOf(w.Role!.Value);
                    return new MyWorkspace(w.Id, w.Name, InWords(rank), First(w.Id, rank));
                }),
        ];
    }

    /// <summary>The page a workspace opens with for somebody of this rank: the first of their navigation.</summary>
    public string First(long workspaceId, Rank rank)
    {
        var shell = new Shell
        {
            Workspace = workspaceId.ToString(CultureInfo.InvariantCulture),
            Administers = rank >= Rank.Admin,
            Manages = rank == Rank.Manager,
        };
        var links = navigation.Parts(shell, "").SelectMany(part => part.Links).ToList();
        // People who look after others open with them; their own courses are one click away.
        var own = $"/w/{shell.Workspace}/my-courses";
        return links.FirstOrDefault(link => link.Href != own || rank == Rank.Learner)?.Href ?? own;
    }

    /// <summary>A rank, as people read it.</summary>
    public static string InWords(Rank rank) =>
        rank switch
        {
            Rank.SiteAdmin => "Site Admin",
            Rank.Admin => "Admin",
            Rank.Manager => "Manager",
            _ => "Learner",
        };
}
