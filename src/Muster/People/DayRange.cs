using System.Globalization;

namespace Muster.People;

/// <summary>From one day to another, both included; an end that is missing is open.</summary>
/// <param name="From">First day.</param>
/// <param name="To">Last day.</param>
public sealed record DayRange(DateOnly? From = null, DateOnly? To = null)
{
    /// <summary>In words: "from 2026-01-01 to 2026-02-28".</summary>
    public override string ToString() =>
        string.Join(
            ' ',
            new[]
            {
                From is { } from ? string.Create(CultureInfo.InvariantCulture, $"from {from:yyyy-MM-dd}") : "",
                To is { } to ? string.Create(CultureInfo.InvariantCulture, $"to {to:yyyy-MM-dd}") : "",
            }.Where(end => end.Length > 0)
        );
}
