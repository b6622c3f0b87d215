using System.Globalization;

namespace Muster.Web;

/// <summary>Numbers, dates and plurals the way the pages write them.</summary>
public static class Words
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-GB");

    /// <summary>12345 as "12,345".</summary>
    public static string Number(long value) => value.ToString("N0", English);

    /// <summary>"1 user", "12,345 users".</summary>
    public static string Count(long value, string one, string? many = null) => $"{Number(value)} {(value == 1 ? one : many ?? one + "s")}";

    /// <summary>A day in a zone: "2026-11-23".</summary>
    public static string Day(DateTimeOffset value, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(value, zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A minute in a zone: "2026-11-23 14:05".</summary>
    public static string Moment(DateTimeOffset value, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(value, zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A span for people: "8 s", "3 min", "2 h 10 min".</summary>
    public static string Span(TimeSpan span)
    {
        var seconds = (long)Math.Ceiling(span.TotalSeconds);
        return seconds switch
        {
            < 60 => $"{Math.Max(seconds, 1)} s",
            < 3600 => $"{(seconds + 30) / 60} min",
            _ => $"{seconds / 3600} h {seconds % 3600 / 60} min",
        };
    }

    /// <summary>Initials for an avatar: "AA".</summary>
    public static string Initials(string name)
    {
        var parts = name.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return parts switch
        {
            [] => "?",
            [var only] => StringInfo.GetNextTextElement(only).ToUpper(English),
            [var first, .., var last] => (StringInfo.GetNextTextElement(first) + StringInfo.GetNextTextElement(last)).ToUpper(English),
        };
    }
}
