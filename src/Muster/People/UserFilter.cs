namespace Muster.People;

/// <summary>A status as the list shows and filters it: Expired is an Active profile past its expiry date.</summary>
public enum StatusFilter
{
    Invited = 0,
    Active = 1,
    Archived = 2,
    Cancelled = 3,
    Expired = 4,
}

/// <summary>Which users a list shows; everything given must hold. Empty shows everybody.</summary>
public sealed record UserFilter
{
    /// <summary>What the users list shows when nothing is chosen: all but Archived and Cancelled.</summary>
    public static readonly UserFilter Default = new() { Status = [StatusFilter.Invited, StatusFilter.Active, StatusFilter.Expired] };

    /// <summary>Words that name or e-mail address must contain.</summary>
    public string? Search { get; init; }

    public ProfileRole? Role { get; init; }

    /// <summary>Organisation unit id.</summary>
    public long? Unit { get; init; }

    /// <summary>Whether people of the units below <see cref="Unit"/> count; yes unless said otherwise.</summary>
    public bool? UnitsBelow { get; init; }

    /// <summary>Group id.</summary>
    public long? Group { get; init; }

    /// <summary>Any of these; null or empty for every status.</summary>
    public IReadOnlyList<StatusFilter>? Status { get; init; }
}
