namespace Muster.People;

/// <summary>Whether an invitation's link can be followed.</summary>
public enum InvitationState
{
    /// <summary>No such token (any more): a newer e-mail replaced it, or it was never made. One answer for both.</summary>
    Unusable = 0,

    /// <summary>The token is right and its time is over.</summary>
    Expired = 1,

    /// <summary>The token is right and an administrator withdrew the invitation.</summary>
    Cancelled = 2,

    /// <summary>Waits to be accepted.</summary>
    Open = 3,

    /// <summary>The token is right and has been used.</summary>
    Accepted = 4,
}

/// <summary>What the page of an invitation shows.</summary>
/// <param name="State">Whether it can be followed; the rest is null unless the token is right.</param>
/// <param name="ProfileId">The invited profile.</param>
/// <param name="Workspace">The workspace's name.</param>
/// <param name="TimeZone">The workspace's zone.</param>
/// <param name="FirstName">As the administrator wrote it.</param>
/// <param name="LastName">As the administrator wrote it.</param>
/// <param name="Email">The invited address.</param>
/// <param name="ExpiresAt">When it lapses.</param>
/// <param name="AccountId">The account that the address already has on this site, if it has one.</param>
public sealed record InvitationView(
    InvitationState State,
    long ProfileId = 0,
    string? Workspace = null,
    string? TimeZone = null,
    string? FirstName = null,
    string? LastName = null,
    string? Email = null,
    DateTime? ExpiresAt = null,
    long? AccountId = null
);
