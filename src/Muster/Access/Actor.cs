using Muster.People;

namespace Muster.Access;

/// <summary>How much somebody may do in a workspace; a Site Admin stands above its Admins.</summary>
public enum Rank
{
    None = -1,
    Learner = 0,
    Manager = 1,
    Admin = 2,
    SiteAdmin = 3,
}

/// <summary>Who does something in a workspace, with the rights they have now.</summary>
/// <param name="WorkspaceId">Where.</param>
/// <param name="Rank">How much they may do; <see cref="Rank.None"/> when they have no access (any more).</param>
/// <param name="AccountId">The account, null for a token or the command line.</param>
/// <param name="ProfileId">Their own profile in this workspace, if they have one.</param>
/// <param name="TokenId">The API token, if one is used.</param>
public sealed record Actor(long WorkspaceId, Rank Rank, long? AccountId, long? ProfileId, long? TokenId)
{
    /// <summary>May run every bulk action on everybody in the workspace.</summary>
    public bool IsAdmin => Rank >= Rank.Admin;

    /// <summary>The rank a role gives.</summary>
    public static Rank RankOf(ProfileRole role) => (Rank)(int)role;
}
