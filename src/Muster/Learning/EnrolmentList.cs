using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.People;

namespace Muster.Learning;

/// <summary>A place in a course's list of attempts; the next page begins behind it.</summary>
public sealed record EnrolmentPlace(EnrolmentStatus Status, long ProfileId, int Attempt)
{
    /// <summary>As an address carries it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(int)Status}-{ProfileId}-{Attempt}");

    /// <summary>Reads what an address carries.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out EnrolmentPlace? place)
    {
        static bool Read(string part, out long number) => long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        place =
            text?.Split('-') is [var status, var profile, var attempt]
            && Read(status, out var s)
            && s <= (int)EnrolmentStatus.Expired
            && Read(profile, out var p)
            && Read(attempt, out var a)
            && a <= int.MaxValue
                ? new((EnrolmentStatus)s, p, (int)a)
                : null;
        return place is not null;
    }
}

/// <summary>One attempt with the names of what it points to.</summary>
/// <param name="Attempt">As stored; its status is <see cref="EnrolmentStandings.Standing"/>.</param>
/// <param name="Person">Whose.</param>
/// <param name="Course">At what.</param>
/// <param name="Rule">The name of the rule that asked for it, if one did and still exists.</param>
public sealed record EnrolmentLine(Enrolment Attempt, Profile Person, string Course, string? Rule)
{
    /// <summary>Where the line stands in its course's list.</summary>
    public EnrolmentPlace Place => new(Attempt.Status, Attempt.ProfileId, Attempt.Attempt);
}

/// <summary>Attempts as the pages and the REST interface list them.</summary>
public static class EnrolmentList
{
    private static readonly EnrolmentStatus[] Stored = Enum.GetValues<EnrolmentStatus>();

    /// <summary>
    /// A page of a course's attempts, by stored status, then in the order in which people came here. Each status is asked by itself, where an index leads to the
    /// very place, so that the last of a million pages is as quick as the first.
    /// </summary>
    /// <param name="db">The database.</param>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="courseId">The course.</param>
    /// <param name="standing">Only those that stand there on <paramref name="today"/>; null for all.</param>
    /// <param name="after">Where the page before ended; null for the first.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="today">Today in the workspace's zone.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<IReadOnlyList<EnrolmentLine>> OfCourse(
        MusterDb db,
        long workspaceId,
        long courseId,
        EnrolmentStanding? standing,
        EnrolmentPlace? after,
        int count,
        DateOnly today,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(db);
        var found = new List<Enrolment>();
        foreach (var status in Stored.Where(status => MayStand(status, standing) && (after is null || status >= after.Status)))
        {
            var attempts = db
                .Enrolments.AsNoTracking()
                .Where(e => e.WorkspaceId == workspaceId && e.CourseId == courseId && e.Status == status);
            if (after is not null && after.Status == status)
            {
                var (profile, attempt) = (after.ProfileId, after.Attempt);
                attempts = attempts.Where(e => e.ProfileId >= profile && (e.ProfileId > profile || e.Attempt > attempt));
            }

            found.AddRange(
                await Standing(attempts, status, standing, today)
                    .OrderBy(e => e.ProfileId)
                    .ThenBy(e => e.Attempt)
                    .Take(count - found.Count)
                    .ToListAsync(ct)
            );
            if (found.Count == count)
            {
                break;
            }
        }

        return await Name(db, workspaceId, found, ct);
    }

    /// <summary>Every attempt of a person, the newest first.</summary>
    public static async Task<IReadOnlyList<EnrolmentLine>> OfPerson(MusterDb db, long workspaceId, long profileId, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        var found = await db
            .Enrolments.AsNoTracking()
            .Where(e => e.WorkspaceId == workspaceId && e.ProfileId == profileId)
            .OrderByDescending(e => e.CreatedAt)
            .ThenBy(e => e.CourseId)
            .ThenByDescending(e => e.Attempt)
            .ToListAsync(ct);
        return await Name(db, workspaceId, found, ct);
    }

    /// <summary>Whether an attempt stored like this may stand there, by its dates.</summary>
    private static bool MayStand(EnrolmentStatus status, EnrolmentStanding? standing) =>
        standing switch
        {
            null => true,
            EnrolmentStanding.Expired => status is < EnrolmentStatus.Completed or EnrolmentStatus.Expired,
            EnrolmentStanding.Deferred => status == EnrolmentStatus.NotStarted,
            { } other => EnrolmentStandings.Of(status, DateOnly.MinValue, null, DateOnly.MinValue) == other,
        };

    private static IQueryable<Enrolment> Standing(
        IQueryable<Enrolment> attempts,
        EnrolmentStatus status,
        EnrolmentStanding? standing,
        DateOnly today
    )
    {
        if (standing is null || status >= EnrolmentStatus.Completed)
        {
            return attempts;
        }

        if (standing == EnrolmentStanding.Expired)
        {
            return attempts.Where(e => e.ExpiresOn < today);
        }

        attempts = attempts.Where(e => e.ExpiresOn == null || e.ExpiresOn >= today);
        return standing switch
        {
            EnrolmentStanding.Deferred => attempts.Where(e => e.StartsOn > today),
            EnrolmentStanding.NotStarted => attempts.Where(e => e.StartsOn <= today),
            _ => attempts,
        };
    }

    private static async Task<IReadOnlyList<EnrolmentLine>> Name(
        MusterDb db,
        long workspaceId,
        List<Enrolment> attempts,
        CancellationToken ct
    )
    {
        var (peopleIds, courseIds, ruleIds) = (
            attempts.Select(e => e.ProfileId).Distinct().ToList(),
            attempts.Select(e => e.CourseId).Distinct().ToList(),
            attempts.Select(e => e.RuleId).OfType<long>().Distinct().ToList()
        );
        var people = await db
            .Profiles.AsNoTracking()
            .Where(p => p.WorkspaceId == workspaceId && peopleIds.Contains(p.Id))
            .ToDictionaryAsync(p => p.Id, ct);
        var courses = await db
            .Courses.Where(c => c.WorkspaceId == workspaceId && courseIds.Contains(c.Id))
            .ToDictionaryAsync(c => c.Id, c => c.Title, ct);
        var rules = await db
            .Rules.Where(r => r.WorkspaceId == workspaceId && ruleIds.Contains(r.Id))
            .ToDictionaryAsync(r => r.Id, r => r.Name, ct);
        return attempts.ConvertAll(e => new EnrolmentLine(
            e,
            people[e.ProfileId],
            courses[e.CourseId],
            e.RuleId is { } rule ? rules.GetValueOrDefault(rule) : null
        ));
    }
}
