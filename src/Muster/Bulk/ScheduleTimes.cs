using Cronos;
using Microsoft.EntityFrameworkCore;
using Muster.Data;

namespace Muster.Bulk;

/// <summary>
/// The times of a cron expression by a workspace's clock. Where clocks skip a time, it is the first moment after; where they show one twice, it is the first of the two.
/// </summary>
internal static class ScheduleTimes
{
    /// <summary>The first time after a moment, in UTC; null when there is none.</summary>
    /// <exception cref="ParametersException">The expression cannot be read, or never comes.</exception>
    public static DateTime? After(string cron, DateTime utc, string timeZone)
    {
        try
        {
            return CronExpression.Parse(cron).GetNextOccurrence(utc, TimeZoneInfo.FindSystemTimeZoneById(timeZone));
        }
        catch (CronFormatException wrong)
        {
            throw new ParametersException(
                "cron",
                $"“{cron}” is no cron expression: {wrong.Message} Five fields are minute, hour, day, month and day of the week, such as 0 6 * * 1."
            );
        }
    }

    /// <summary>Counts the next times anew from now; within the caller's transaction.</summary>
    /// <param name="db">Where.</param>
    /// <param name="which">Schedules of one workspace.</param>
    /// <param name="now">In UTC.</param>
    /// <param name="timeZone">The workspace's.</param>
    /// <param name="ct">Stops between statements.</param>
    public static async Task Renew(MusterDb db, IQueryable<Schedule> which, DateTime now, string timeZone, CancellationToken ct)
    {
        foreach (var schedule in await which.AsTracking().ToListAsync(ct))
        {
            schedule.NextAt = After(schedule.Cron, now, timeZone);
        }

        await db.SaveChangesAsync(ct);
    }
}
