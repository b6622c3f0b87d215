using Muster.People;

namespace Muster.Access;

/// <summary>The account somebody is signed in with.</summary>
/// <param name="Id">The account's id.</param>
/// <param name="Name">First and last name, or the e-mail address where there is none.</param>
/// <param name="Email">The address they sign in with.</param>
/// <param name="IsSiteAdmin">Has every right in every workspace.</param>
public sealed record SignedInAccount(long Id, string Name, string Email, bool IsSiteAdmin);

/// <summary>
/// Who makes this request, where, and with what rights: read afresh by <see cref="WorkspaceGate"/> before anything else sees the request.
/// On a page or API address of a workspace, <see cref="Actor"/> and <see cref="Workspace"/> are there.
/// </summary>
public sealed class CurrentActor
{
    private Actor? _actor;
    private Workspace? _workspace;

    /// <summary>The signed-in person; null for an API token or before signing in.</summary>
    public SignedInAccount? Account { get; private set; }

    /// <summary>True on an address of a workspace that the reader has access to.</summary>
    public bool IsInWorkspace => _actor is not null;

    /// <summary>Who acts, with the rights they have now.</summary>
    public Actor Actor => _actor ?? throw new InvalidOperationException("This address belongs to no workspace.");

    /// <summary>The workspace of the address.</summary>
    public Workspace Workspace => _workspace ?? throw new InvalidOperationException("This address belongs to no workspace.");

    /// <summary>Where the request comes from, for operations and the audit log.</summary>
    public string? Address { get; private set; }

    /// <summary>How much the reader may do: in the workspace, or outside of any whether they are a Site Admin.</summary>
    public Rank Rank => _actor?.Rank ?? (Account is { IsSiteAdmin: true } ? Rank.SiteAdmin : Rank.None);

    internal void SignedIn(SignedInAccount? account, string? address) => (Account, Address) = (account, address);

    internal void Enter(Workspace workspace, Actor actor) => (_workspace, _actor) = (workspace, actor);
}
