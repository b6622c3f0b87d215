using System.Globalization;
using System.Text.Json;
using Muster.Bulk;
using Muster.People;

namespace Muster.Api;

/// <summary>Reads query parameters; what is wrong is named, with what would be right.</summary>
internal static class QueryWords
{
    private const int MostLines = 500;

    /// <summary>A word of an enum, as the JSON has it.</summary>
    public static T? Word<T>(string? text, string name)
        where T : struct, Enum
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        foreach (var value in Enum.GetValues<T>())
        {
            if (string.Equals(value.ToString(), text.Trim(), StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        var words = Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName);
        throw new ParametersException(name, $"'{text}' is none of {string.Join(", ", words)}.");
    }

    /// <summary>A text that the database can be asked for; null when it is empty.</summary>
    public static string? Text(string? text, string name) =>
        string.IsNullOrEmpty(text) ? null
        : text.Contains('\0', StringComparison.Ordinal) ? throw new ParametersException(name, "This holds a character that is no text.")
        : text;

    /// <summary>A whole number.</summary>
    public static long? Number(string? text, string name) =>
        string.IsNullOrWhiteSpace(text) ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new ParametersException(name, $"'{text}' is not a whole number.");

    /// <summary>How many lines a page may have.</summary>
    public static int Limit(string? text) =>
        Number(text, "limit") switch
        {
            null => 100,
            >= 1 and <= MostLines and var number => (int)number,
            _ => throw new ParametersException("limit", $"The limit must be between 1 and {MostLines}."),
        };

    /// <summary>The users list's filter; what is not given hides nobody.</summary>
    public static UserFilter Filter(IQueryCollection query)
    {
        var filter = new UserFilter
        {
            Search = query["search"].ToString() is { Length: > 0 } search ? search : null,
            Role = Word<ProfileRole>(query["role"], "role"),
            Unit = Number(query["unit"], "unit"),
            UnitsBelow = Flag(query["unitsBelow"], "unitsBelow"),
            Group = Number(query["group"], "group"),
            Status = Statuses(query["status"]),
            Course = Number(query["course"], "course"),
            Field = Field(query),
            Invited = Days(query, "invited"),
            Registered = Days(query, "registered"),
            LastActive = Days(query, "lastActive"),
            Expires = Days(query, "expires"),
        };
        return filter.Wrong() is ({ } member, { } sentence) ? throw new ParametersException(member, sentence) : filter;
    }

    /// <summary>A custom field: <c>field</c> is its id, <c>fieldIs</c>, <c>fieldFrom</c> and <c>fieldTo</c> what it must hold.</summary>
    private static FieldFilter? Field(IQueryCollection query)
    {
        string? Text(string name) => query[name].ToString() is { Length: > 0 } text ? text : null;
        var (equal, from, to) = (Text("fieldIs"), Text("fieldFrom"), Text("fieldTo"));
        return Number(query["field"], "field") is { } id ? new(id, equal, from, to)
            : (equal ?? from ?? to) is null ? null
            : throw new ParametersException("field", "Say which field is meant, by its id.");
    }

    /// <summary>Days from <c>nameFrom</c> to <c>nameTo</c>, both included.</summary>
    private static DayRange? Days(IQueryCollection query, string name)
    {
        var range = new DayRange(Day(query[$"{name}From"], $"{name}From"), Day(query[$"{name}To"], $"{name}To"));
        return range == new DayRange() ? null : range;
    }

    private static DateOnly? Day(string? text, string name) =>
        string.IsNullOrWhiteSpace(text) ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : throw new ParametersException(name, $"'{text}' is not a day; write it like 2026-11-23.");

    private static List<StatusFilter>? Statuses(Microsoft.Extensions.Primitives.StringValues texts)
    {
        var words = texts.SelectMany(text =>
            (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        );
        var statuses = words.Select(word => Word<StatusFilter>(word, "status")!.Value).Distinct().ToList();
        return statuses.Count > 0 ? statuses : null;
    }

    private static bool? Flag(string? text, string name) =>
        text switch
        {
            null or "" => null,
            "true" => true,
            "false" => false,
            _ => throw new ParametersException(name, $"'{text}' is neither true nor false."),
        };
}
