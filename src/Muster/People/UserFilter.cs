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

    /// <summary>Course id: people with an open attempt at it (Deferred, Not started, In progress, Awaiting feedback).</summary>
    public long? Course { get; init; }

    /// <summary>What one custom field must hold.</summary>
    public FieldFilter? Field { get; init; }

    /// <summary>Days of the last invitation, in the workspace's zone.</summary>
    public DayRange? Invited { get; init; }

    /// <summary>Days on which the invitation was accepted, in the workspace's zone.</summary>
    public DayRange? Registered { get; init; }

    /// <summary>Days of the last activity, in the workspace's zone; who was never active is in no range.</summary>
    public DayRange? LastActive { get; init; }

    /// <summary>Last days of access; who has no end is in no range.</summary>
    public DayRange? Expires { get; init; }

    /// <summary>What cannot be used: the member, in JSON's spelling, and a sentence; null when all can.</summary>
    public (string Member, string Sentence)? Wrong()
    {
        if (Field?.Wrong() is { } sentence)
        {
            return ("field", sentence);
        }

        (string Member, DayRange? Days)[] ranges =
        [
            ("invited", Invited),
            ("registered", Registered),
            ("lastActive", LastActive),
            ("expires", Expires),
        ];
        return ranges.FirstOrDefault(range => range.Days?.From > range.Days?.To) is { Member: { } member, Days: { } days }
            ? (member, $"The first day, {days.From:yyyy-MM-dd}, is after the last, {days.To:yyyy-MM-dd}.")
            : null;
    }

    /// <summary>Members of any of these groups; what an action that asks for groups first begins with.</summary>
    public IReadOnlyList<long>? Groups { get; init; }

    /// <summary>People with an open attempt at any of these courses; what an action that asks for courses first begins with.</summary>
    public IReadOnlyList<long>? Courses { get; init; }
}
