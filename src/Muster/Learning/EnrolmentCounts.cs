using Microsoft.EntityFrameworkCore;
using Muster.Data;

namespace Muster.Learning;

/// <summary>How many attempts at a course stand where.</summary>
/// <param name="By">By standing; what is missing is 0.</param>
public sealed record EnrolmentCounts(IReadOnlyDictionary<EnrolmentStanding, long> By)
{
    /// <summary>No attempts.</summary>
    public static readonly EnrolmentCounts None = new(new Dictionary<EnrolmentStanding, long>());

    /// <summary>All attempts.</summary>
    public long All => By.Values.Sum();

    /// <summary>The open ones, each of which holds a seat.</summary>
    public long Open => By.Where(pair => pair.Key.HoldsSeat()).Sum(pair => pair.Value);

    /// <summary>How many stand there.</summary>
    public long this[EnrolmentStanding standing] => By.GetValueOrDefault(standing);

    /// <summary>The counts of a course, or of every course of the workspace that has attempts: one statement, answered by an index alone.</summary>
    public static async Task<IReadOnlyDictionary<long, EnrolmentCounts>> Read(
        MusterDb db,
        long workspaceId,
        long? courseId,
        DateOnly today,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(db);
        var attempts = db.Enrolments.Where(e => e.WorkspaceId == workspaceId);
        if (courseId is { } id)
        {
            attempts = attempts.Where(e => e.CourseId == id);
        }

        var counts = await attempts
            .GroupBy(e => new { e.CourseId, e.Status })
            .Select(g => new
            {
                g.Key.CourseId,
                g.Key.Status,
                All = g.LongCount(),
                RunOut = g.LongCount(e => e.ExpiresOn < today),
                Deferred = g.LongCount(e => e.StartsOn > today && (e.ExpiresOn == null || e.ExpiresOn >= today)),
            })
            .ToListAsync(ct);
        return counts
            .GroupBy(c => c.CourseId)
            .ToDictionary(
                course => course.Key,
                course => new EnrolmentCounts(
                    course
                        .SelectMany(c => Split(c.Status, c.All, c.RunOut, c.Deferred))
                        .GroupBy(part => part.Standing)
                        .ToDictionary(part => part.Key, part => part.Sum(p => p.Count))
                )
            );
    }

    private static IEnumerable<(EnrolmentStanding Standing, long Count)> Split(EnrolmentStatus status, long all, long runOut, long deferred)
    {
        runOut = status < EnrolmentStatus.Completed ? runOut : 0;
        deferred = status == EnrolmentStatus.NotStarted ? deferred : 0;
        yield return (EnrolmentStanding.Expired, runOut);
        yield return (EnrolmentStanding.Deferred, deferred);
        yield return (EnrolmentStandings.Of(status, DateOnly.MinValue, null, DateOnly.MinValue), all - runOut - deferred);
    }
}
