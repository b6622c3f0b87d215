namespace Muster.People;

/// <summary>What a profile may do in its workspace; the numbers order the roles, a higher one may act on a lower one.</summary>
public enum ProfileRole
{
    /// <summary>Takes courses.</summary>
    Learner = 0,

    /// <summary>Enrols and withdraws the people of listed units and all units below.</summary>
    Manager = 1,

    /// <summary>Does everything in the workspace.</summary>
    Admin = 2,
}

/// <summary>Where a profile stands. Expired is not stored: it is an Active profile past its expiry date.</summary>
public enum ProfileStatus
{
    /// <summary>Invitation outstanding or lapsed.</summary>
    Invited = 0,

    /// <summary>Has accepted and has access.</summary>
    Active = 1,

    /// <summary>Access to this workspace taken away; history kept.</summary>
    Archived = 2,

    /// <summary>Invitation cancelled before acceptance.</summary>
    Cancelled = 3,
}

/// <summary>An account's membership of one workspace ("user" in the UI).</summary>
public sealed class Profile
{
    /// <summary>The most characters of a first or last name.</summary>
    public const int MaxName = 100;

    public long WorkspaceId { get; set; }

    public long Id { get; set; }

    /// <summary>The account that accepted the invitation; null until then.</summary>
    public long? AccountId { get; set; }

    /// <summary>Address as typed, for delivery.</summary>
    public required string Email { get; set; }

    /// <summary>Lower-cased address with an ASCII domain; unique in the workspace.</summary>
    public required string EmailKey { get; set; }

    public required string FirstName { get; set; }

    public required string LastName { get; set; }

    /// <summary>Folded "last, first" that lists sort by; written by whoever writes the names (<see cref="Names.SortKey"/>).</summary>
    public required string SortName { get; set; }

    /// <summary>Folded "first last e-mail" that search looks into (<see cref="Names.SearchText"/>).</summary>
    public required string SearchText { get; set; }

    public ProfileRole Role { get; set; }

    /// <summary>The one organisation unit of the person, if any.</summary>
    public long? UnitId { get; set; }

    public ProfileStatus Status { get; set; }

    public DateTime? InvitedAt { get; set; }

    public DateTime? RegisteredAt { get; set; }

    public DateTime? LastActiveAt { get; set; }

    /// <summary>Last day of access, in the workspace's zone; null for no end.</summary>
    public DateOnly? ExpiresOn { get; set; }

    /// <summary>The bulk operation that last changed this profile's row, so that its undo knows whether somebody changed it since.</summary>
    public long? OperationId { get; set; }

    /// <summary>The status as people see it: an Active profile past its expiry date is Expired.</summary>
    /// <param name="today">Today in the workspace's zone.</param>
    public StatusFilter Standing(DateOnly today) =>
        Status == ProfileStatus.Active && ExpiresOn < today ? StatusFilter.Expired : (StatusFilter)(int)Status;
}

/// <summary>A unit that a Manager manages, with all units below it.</summary>
public sealed class ManagedUnit
{
    public long WorkspaceId { get; set; }

    public long ProfileId { get; set; }

    public long UnitId { get; set; }
}
