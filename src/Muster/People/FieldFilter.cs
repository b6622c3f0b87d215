using System.Globalization;

namespace Muster.People;

/// <summary>What a custom field must hold. With neither a value nor a range: anything at all.</summary>
/// <param name="Id">The field.</param>
/// <param name="Is">The whole value, whatever the field's kind: a text or choice without regard to case (on SQLite only of A to Z), a number, an ISO date, yes or no.</param>
/// <param name="From">Least number or first day.</param>
/// <param name="To">Greatest number or last day.</param>
public sealed record FieldFilter(long Id, string? Is = null, string? From = null, string? To = null)
{
    /// <summary>What is wrong with the range, as a sentence; null when it can be used.</summary>
    public string? Wrong() =>
        From is null && To is null ? null
        : Days is not null || Numbers is not null ? null
        : "The range of a field is two numbers, such as 5 and 10.5, or two days, such as 2026-01-01 and 2026-12-31.";

    /// <summary>The range as days, null when an end is none.</summary>
    internal DayRange? Days => IsOr(From, Day) && IsOr(To, Day) ? new(Day(From), Day(To)) : null;

    /// <summary>The range as numbers, null when an end is none.</summary>
    internal (decimal? From, decimal? To)? Numbers => IsOr(From, Number) && IsOr(To, Number) ? (Number(From), Number(To)) : null;

    internal static decimal? Number(string? text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    internal static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    internal static bool? Flag(string? text) =>
        text?.ToUpperInvariant() switch
        {
            "YES" or "TRUE" => true,
            "NO" or "FALSE" => false,
            _ => null,
        };

    private static bool IsOr<T>(string? text, Func<string?, T?> read)
        where T : struct => text is null || read(text) is not null;
}
