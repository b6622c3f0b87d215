using System.Globalization;
using System.Text.RegularExpressions;

namespace Muster.Web;

/// <summary>How often a schedule runs, in the words of its form; what the form has no words for is a cron expression.</summary>
public static partial class ScheduleWords
{
    /// <summary>The choice that shows the cron expression.</summary>
    public const string Other = "cron";

    /// <summary>The choices, each with the last three fields of its cron expression as its value.</summary>
    public static IReadOnlyList<(string Value, string Text)> Often { get; } =
    [
        ("* * *", "Every day"),
        ("* * 1-5", "Monday to Friday"),
        .. Enumerable
            .Range(1, 7)
            .Select(day => ($"* * {day % 7}", $"Every {CultureInfo.InvariantCulture.DateTimeFormat.DayNames[day % 7]}")),
        ("1 * *", "On the first of every month"),
        (Other, "Other (cron expression)"),
    ];

    /// <summary>The cron expression of a choice and a time of day; an expression of one's own stays what it is.</summary>
    public static string Cron(string often, string at, string own) =>
        often == Other ? own
        : TimeOnly.TryParse(at, CultureInfo.InvariantCulture, out var time)
            ? string.Create(CultureInfo.InvariantCulture, $"{time.Minute} {time.Hour} {often}")
        : "";

    /// <summary>A cron expression as the form's choice and time of day.</summary>
    public static (string Often, string At) Parts(string cron)
    {
        var match = Daily().Match(cron);
        return match.Success && Often.Any(choice => choice.Value == match.Groups["often"].Value)
            ? (
                match.Groups["often"].Value,
                $"{int.Parse(match.Groups["hour"].Value, CultureInfo.InvariantCulture):00}:{int.Parse(match.Groups["minute"].Value, CultureInfo.InvariantCulture):00}"
            )
            : (Other, "06:00");
    }

    /// <summary>A cron expression as people say it: "Every Monday at 06:00".</summary>
    public static string Of(string cron)
    {
        var (often, at) = Parts(cron);
        return often == Other ? $"By the cron expression {cron}" : $"{Often.First(choice => choice.Value == often).Text} at {at}";
    }

    [GeneratedRegex(@"^(?<minute>[0-5]?\d) (?<hour>[01]?\d|2[0-3]) (?<often>\S+ \S+ \S+)$", RegexOptions.CultureInvariant, 100)]
    private static partial Regex Daily();
}
