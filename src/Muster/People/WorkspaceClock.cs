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

    /// <summary>The moment, in UTC, at which a day begins in a time zone: midnight, or the first moment after it where clocks skip it.</summary>
    public static DateTime Begins(this DateOnly day, string timeZone)
    {
        // The first and last days of the calendar have no midnight in every zone.
        if (day.Year is 1 or 9999)
        {
            return day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
        }

        return day.ToDateTime(TimeOnly.MinValue).At(timeZone);
    }

    /// <summary>
    /// The moment, in UTC, at which a time zone's wall clock shows this: the first of two where clocks go back, the first after it where they skip it.
    /// </summary>
    public static DateTime At(this DateTime local, string timeZone)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);
        local = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        while (zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(15);
        }

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return DateTime.SpecifyKind(local - offset, DateTimeKind.Utc);
    }

    /// <summary>Now, in UTC, to the microsecond that both databases keep.</summary>
    public static DateTime Now(this TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        var now = clock.GetUtcNow().UtcDateTime;
        return new(now.Ticks - (now.Ticks % TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc);
    }
}
