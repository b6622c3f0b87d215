namespace Muster.People;

/// <summary>Time as a workspace sees it.</summary>
public static class WorkspaceClock
{
    /// <summary>Today in the workspace's time zone.</summary>
    public static DateOnly Today(this TimeProvider clock, string timeZone) =>
        DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime.InZone(timeZone));

    /// <summary>A UTC time as the workspace's wall clock shows it.</summary>
    public static DateTime InZone(this DateTime utc, string timeZone) =>
        TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc), TimeZoneInfo.FindSystemTimeZoneById(timeZone));

    /// <summary>Now, in UTC, to the microsecond that both databases keep.</summary>
    public static DateTime Now(this TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        var now = clock.GetUtcNow().UtcDateTime;
        return new(now.Ticks - (now.Ticks % TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc);
    }
}
