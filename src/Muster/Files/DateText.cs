using System.Globalization;
using System.Text.RegularExpressions;

namespace Muster.Files;

/// <summary>
/// Dates as people type them: <c>2026-11-23</c>, <c>23 Nov 2026</c>, <c>November 23, 2026</c>, <c>31/12/2026</c>.
/// A date that could be two days (<c>03/04/2026</c>) is refused with both of them named.
/// </summary>
public static partial class DateText
{
    private static readonly string[] MonthNames =
    [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];

    /// <summary>Reads a date; a time after it is passed over, and no time zone moves it.</summary>
    public static bool TryParse(string text, out DateOnly date, out string problem)
    {
        date = default;
        var bare = text.Trim();
        if (bare.Length is 0 or > 60)
        {
            problem = bare.Length == 0 ? "The date is missing; write it like 2026-11-23." : NotADate(bare);
            return false;
        }
        if (YearFirst().Match(bare) is { Success: true } iso)
        {
            return TryMake(bare, iso.Groups["y"].Value, Int(iso, "m"), Int(iso, "d"), out date, out problem);
        }
        if (Numeric().Match(bare) is { Success: true } numeric)
        {
            return TryNumeric(bare, numeric, out date, out problem);
        }
        var named = DayThenMonth().Match(bare);
        named = named.Success ? named : MonthThenDay().Match(bare);
        var month = named.Success ? MonthOf(named.Groups["m"].Value) : 0;
        if (month == 0)
        {
            problem = NotADate(bare);
            return false;
        }
        return TryMake(bare, named.Groups["y"].Value, month, Int(named, "d"), out date, out problem);
    }

    private static bool TryNumeric(string text, Match match, out DateOnly date, out string problem)
    {
        var (a, b, year) = (Int(match, "a"), Int(match, "b"), match.Groups["y"].Value);
        if (a is >= 1 and <= 12 && b is >= 1 and <= 12 && a != b && year.Length == 4)
        {
            date = default;
            problem = $"“{text}” can mean {a} {Month(b)} or {b} {Month(a)}; write {year}-{b:00}-{a:00} or {year}-{a:00}-{b:00}.";
            return false;
        }
        // Only one order is possible; when neither is, it is read day first to say what is wrong with it.
        var monthFirst = b > 12 && a <= 12;
        return TryMake(text, year, monthFirst ? a : b, monthFirst ? b : a, out date, out problem);
    }

    private static bool TryMake(string text, string yearText, int month, int day, out DateOnly date, out string problem)
    {
        date = default;
        var year = int.Parse(yearText, CultureInfo.InvariantCulture);
        problem = "";
        if (yearText.Length != 4)
        {
            problem = $"The year in “{text}” has {yearText.Length} digits; write it with four, like 2026-11-23.";
        }
        else if (year < 1900)
        {
            problem = $"The year in “{text}” is before 1900; write the date like 2026-11-23.";
        }
        else if (month is < 1 or > 12)
        {
            problem = $"There is no month {month} in “{text}”; write year, month and day like 2026-11-23.";
        }
        else if (day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            problem =
                $"“{text}” does not exist: {Month(month)} {year} has {DateTime.DaysInMonth(year, month)} days; write a date like {year}-{month:00}-{DateTime.DaysInMonth(year, month)}.";
        }
        else
        {
            date = new DateOnly(year, month, day);
        }
        return problem.Length == 0;
    }

    private static string Month(int month) => CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(month);

    private static int MonthOf(string name)
    {
        var key = name.TrimEnd('.').ToLowerInvariant();
        return key == "sept" ? 9
            : key.Length < 3 ? 0
            : Array.FindIndex(MonthNames, full => full == key || (key.Length == 3 && full.StartsWith(key, StringComparison.Ordinal))) + 1;
    }

    private static int Int(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    private static string NotADate(string text) => $"“{UnicodeText.Shorten(text)}” is not a date; write it like 2026-11-23.";

    private const string Time = @"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp][Mm])?(?:Z|[+-]\d{2}:?\d{2})?)?$";
    private const string Weekday = @"^(?:(?:[Mm]on|[Tt]ue|[Ww]ed|[Tt]hu|[Ff]ri|[Ss]at|[Ss]un)[a-z]{0,6}\.?,? +)?";

    [GeneratedRegex(
        @"^(?<y>[0-9]{4})(?:(?<s>[-/.])(?<m>[0-9]{1,2})\k<s>(?<d>[0-9]{1,2})|(?<m>[0-9]{2})(?<d>[0-9]{2}))" + Time,
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex YearFirst();

    [GeneratedRegex(@"^(?<a>[0-9]{1,2})(?<s>[-/. ])(?<b>[0-9]{1,2})\k<s>(?<y>[0-9]{2,4})" + Time, RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Numeric();

    [GeneratedRegex(
        Weekday + @"(?<d>[0-9]{1,2})(?:st|nd|rd|th|\.)?(?: of)?[- ]*(?<m>\p{L}{3,9}\.?)[-, ]*(?<y>[0-9]{2,4})" + Time,
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex DayThenMonth();

    [GeneratedRegex(
        Weekday + @"(?<m>\p{L}{3,9}\.?)[- ]*(?<d>[0-9]{1,2})(?:st|nd|rd|th)?[-, ]+(?<y>[0-9]{2,4})" + Time,
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex MonthThenDay();
}
