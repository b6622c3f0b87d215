using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Muster.People;

namespace Muster.Web;

/// <summary>What the users list shows: filter, order, place and purpose, all of it in the address.</summary>
public sealed record UserListState
{
    private const string Iso = "yyyy-MM-dd";

    public string? Search { get; init; }

    public ProfileRole? Role { get; init; }

    public long? Unit { get; init; }

    /// <summary>Only the unit itself, without the units below.</summary>
    public bool Exact { get; init; }

    public long? Group { get; init; }

    /// <summary>A status, <c>all</c>, or null for the usual ones.</summary>
    public string? Status { get; init; }

    public long? Course { get; init; }

    public FieldFilter? Field { get; init; }

    public DayRange? Invited { get; init; }

    public DayRange? Registered { get; init; }

    public DayRange? LastActive { get; init; }

    public DayRange? Expires { get; init; }

    public bool Descending { get; init; }

    /// <summary>The page begins after this profile.</summary>
    public long? After { get; init; }

    /// <summary>The page ends before this profile.</summary>
    public long? Before { get; init; }

    /// <summary>Key of the action users are being chosen for.</summary>
    public string? For { get; init; }

    /// <summary>The operation of that action that has its parameters and waits for its users; null begins one.</summary>
    public long? Draft { get; init; }

    /// <summary>True when anything narrows the list.</summary>
    public bool IsFiltered =>
        Search is not null || Role is not null || Unit is not null || Group is not null || Status is not null || HasMore;

    /// <summary>True when one of the rarer filters narrows the list.</summary>
    public bool HasMore => (Course, Field, Invited, Registered, LastActive, Expires) != default;

    /// <summary>Reads a query string; what cannot be read counts as not given.</summary>
    public static UserListState Parse(string? query)
    {
        var values = QueryHelpers.ParseQuery(query);
        return new()
        {
            Search = Text(values, "search"),
            Role = Enum.TryParse<ProfileRole>(Text(values, "role"), ignoreCase: true, out var role) && Enum.IsDefined(role) ? role : null,
            Unit = Id(values, "unit"),
            Exact = Text(values, "exact") is not null,
            Group = Id(values, "group"),
            Status = Text(values, "status") is { } status && (status == "all" || Known(status) is not null) ? status : null,
            Course = Id(values, "course"),
            Field =
                Id(values, "field") is { } field
                && new FieldFilter(field, Text(values, "is"), Text(values, "from"), Text(values, "to")) is var asked
                    ? asked.Wrong() is null
                        ? asked
                        : new(field)
                    : null,
            Invited = Days(values, "invited"),
            Registered = Days(values, "registered"),
            LastActive = Days(values, "active"),
            Expires = Days(values, "expires"),
            Descending = Text(values, "sort") == "desc",
            After = Id(values, "after"),
            Before = Id(values, "before"),
            For = Text(values, "for"),
            Draft = Id(values, "draft"),
        };
    }

    /// <summary>The filter this means; <paramref name="usual"/> says who is shown when no status is chosen.</summary>
    public UserFilter ToFilter(UserFilter usual) =>
        new()
        {
            Search = Search,
            Role = Role ?? (Status is null ? usual.Role : null),
            Unit = Unit,
            UnitsBelow = Exact ? false : null,
            Group = Group,
            Status =
                Status is null ? usual.Status
                : Known(Status) is { } one ? [one]
                : null,
            Course = Course ?? (Status is null ? usual.Course : null),
            Groups = Status is null ? usual.Groups : null,
            Courses = Status is null ? usual.Courses : null,
            Field = Field,
            Invited = Invited,
            Registered = Registered,
            LastActive = LastActive,
            Expires = Expires,
        };

    /// <summary>The same without one filter, from the first page on.</summary>
    /// <param name="term">Name of the <see cref="UserFilter"/>'s member.</param>
    public UserListState Without(string term)
    {
        var first = this with { After = null, Before = null };
        return term switch
        {
            nameof(UserFilter.Search) => first with { Search = null },
            nameof(UserFilter.Role) => first with { Role = null },
            nameof(UserFilter.Unit) => first with { Unit = null, Exact = false },
            nameof(UserFilter.Group) => first with { Group = null },
            nameof(UserFilter.Status) => first with { Status = null },
            nameof(UserFilter.Course) => first with { Course = null },
            nameof(UserFilter.Field) => first with { Field = null },
            nameof(UserFilter.Invited) => first with { Invited = null },
            nameof(UserFilter.Registered) => first with { Registered = null },
            nameof(UserFilter.LastActive) => first with { LastActive = null },
            nameof(UserFilter.Expires) => first with { Expires = null },
            _ => first,
        };
    }

    /// <summary>The filter alone as a query string, without the question mark: the name of a selection of "all that match".</summary>
    public string FilterQuery => (this with { After = null, Before = null, Descending = false }).ToQuery().TrimStart('?');

    /// <summary>As a query string that begins with a question mark, or nothing.</summary>
    public string ToQuery()
    {
        var values = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["for"] = For,
            ["draft"] = Draft?.ToString(CultureInfo.InvariantCulture),
            ["search"] = Search,
            ["role"] = Role?.ToString().ToLowerInvariant(),
            ["unit"] = Unit?.ToString(CultureInfo.InvariantCulture),
            ["exact"] = Exact ? "true" : null,
            ["group"] = Group?.ToString(CultureInfo.InvariantCulture),
            ["status"] = Status,
            ["course"] = Course?.ToString(CultureInfo.InvariantCulture),
            ["field"] = Field?.Id.ToString(CultureInfo.InvariantCulture),
            ["is"] = Field?.Is,
            ["from"] = Field?.From,
            ["to"] = Field?.To,
            ["invitedFrom"] = Day(Invited?.From),
            ["invitedTo"] = Day(Invited?.To),
            ["registeredFrom"] = Day(Registered?.From),
            ["registeredTo"] = Day(Registered?.To),
            ["activeFrom"] = Day(LastActive?.From),
            ["activeTo"] = Day(LastActive?.To),
            ["expiresFrom"] = Day(Expires?.From),
            ["expiresTo"] = Day(Expires?.To),
            ["sort"] = Descending ? "desc" : null,
            ["after"] = After?.ToString(CultureInfo.InvariantCulture),
            ["before"] = Before?.ToString(CultureInfo.InvariantCulture),
        };
        return QueryHelpers.AddQueryString("", values);
    }

    private static DayRange? Days(Dictionary<string, StringValues> values, string name)
    {
        DateOnly? Read(string end) =>
            DateOnly.TryParseExact(Text(values, name + end), Iso, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                ? day
                : null;
        var range = new DayRange(Read("From"), Read("To"));
        return range == new DayRange() || range.From > range.To ? null : range;
    }

    private static string? Day(DateOnly? day) => day?.ToString(Iso, CultureInfo.InvariantCulture);

    private static StatusFilter? Known(string status) =>
        Enum.TryParse<StatusFilter>(status, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : null;

    private static string? Text(Dictionary<string, StringValues> values, string name) =>
        values.TryGetValue(name, out var value) && value.ToString().Trim() is { Length: > 0 and <= 200 } text ? text : null;

    private static long? Id(Dictionary<string, StringValues> values, string name) =>
        long.TryParse(Text(values, name), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
