using Microsoft.EntityFrameworkCore;
using Muster.Bulk;

namespace Muster.Learning;

/// <summary>Attempts that an operation ends, and re-opens when it is undone: the very same, with progress and dates.</summary>
/// <remarks>
/// An undo names the chunk's people as values: nothing in PostgreSQL's statistics says how many attempts an operation has just ended, and beside a guess of one row it
/// went through all items for each of them (thirty seconds for four thousand).
/// </remarks>
internal static class EndedAttempts
{
    /// <summary>What an operation ended, of anybody.</summary>
    public static IQueryable<Enrolment> By(OperationContext context, long operationId)
    {
        var workspaceId = context.WorkspaceId;
        return context.Db.Enrolments.Where(e => e.WorkspaceId == workspaceId && e.EndedByOperationId == operationId);
    }

    /// <summary>Ends these attempts, which frees their seats.</summary>
    public static Task End(OperationContext chunk, IQueryable<Enrolment> open, CancellationToken ct)
    {
        var (operationId, now) = (chunk.OperationId, chunk.Now);
        return open.ExecuteUpdateAsync(
            set =>
                set.SetProperty(e => e.StatusBeforeEnd, e => e.Status)
                    .SetProperty(e => e.Status, EnrolmentStatus.Withdrawn)
                    .SetProperty(e => e.WithdrawnAt, now)
                    .SetProperty(e => e.EndedByOperationId, operationId),
            ct
        );
    }

    /// <summary>Ends the open attempts that a chunk's items name, whose targets are courses.</summary>
    public static async Task End(OperationContext chunk, IReadOnlyList<long> courses, CancellationToken ct)
    {
        var open = chunk.Db.Enrolments.OpenOn(chunk.WorkspaceId, chunk.Today);
        foreach (var course in courses.Distinct())
        {
            var people = chunk.PeopleOf(course);
            await End(chunk, open.Where(e => e.CourseId == course && people.Contains(e.ProfileId)), ct);
        }
    }

    /// <summary>How many open attempts each course loses, and the seats then free.</summary>
    public static async Task<IReadOnlyList<Effect>> Effects(OperationContext context, IReadOnlyList<long> courses, CancellationToken ct)
    {
        var effects = new List<Effect>();
        foreach (var (id, title) in (await Courses.Of(context, courses, ct)).Select(c => (c.Id, c.Title)))
        {
            var ended = await context.PeopleOf(id).LongCountAsync(ct);
            effects.Add(new("enrolments-ended", $"Open enrolments ended in {title}", ended, id, title));
            if (await Seats.FreeWithout(ended, context, id, ct) is { } free)
            {
                effects.Add(new("seats-left", $"Seats then free in {title}", free, id, title));
            }
        }

        return effects;
    }

    /// <summary>In an undo: re-opens what the original operation ended for the items of this chunk, whose targets are courses and which were judged to have no newer attempt.</summary>
    public static async Task Restore(OperationContext chunk, IReadOnlyList<long> courses, CancellationToken ct)
    {
        foreach (var course in courses.Distinct())
        {
            var people = await chunk.PeopleOf(course).ToListAsync(ct);
            // One that ran out meanwhile may still be stored as open, and only one may be.
            await RunOutAttempts.Close(chunk, course, chunk.PeopleOf(course), ct);
            await Restore(By(chunk, chunk.OriginalId).Where(e => e.CourseId == course && EF.Parameter(people).Contains(e.ProfileId)), ct);
        }
    }

    /// <summary>
    /// Re-opens attempts that an operation ended with people's access, with progress and dates, where no newer attempt is open and a seat is free: seats go to the first in the list,
    /// whichever chunk they are in.
    /// </summary>
    /// <param name="chunk">The chunk; its transaction has locked the courses.</param>
    /// <param name="ended">What the operation ended, of anybody.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The profiles with an attempt that had to stay closed.</returns>
    public static async Task<IReadOnlyList<long>> Reopen(OperationContext chunk, IQueryable<Enrolment> ended, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        var (db, workspaceId, original, today) = (chunk.Db, chunk.WorkspaceId, chunk.OriginalId, chunk.Today);
        var people = await chunk.ProfileIds.ToListAsync(ct);
        var courses = await Seats.CoursesOf(chunk, ended, ct);
        var limited = await db
            .Courses.Where(c => c.WorkspaceId == workspaceId && courses.Contains(c.Id) && c.Seats != null)
            .Select(c => c.Id)
            .ToListAsync(ct);
        var here = ended.Where(e => EF.Parameter(people).Contains(e.ProfileId));
        foreach (var course in limited)
        {
            var free = await Seats.Free(chunk, course, ct) ?? 0;
            var beyond = await (
                from e in ended
                join item in chunk.Waiting.Items on e.ProfileId equals item.ProfileId
                where e.CourseId == course && e.Status == EnrolmentStatus.Withdrawn && (e.ExpiresOn == null || e.ExpiresOn >= today)
                // Whoever was touched since, and is to be left alone in a later chunk, is kept no seat.
                where db.Profiles.Any(p => p.WorkspaceId == workspaceId && p.Id == e.ProfileId && p.OperationId == original)
                where
                    !db.Enrolments.Any(o =>
                        o.WorkspaceId == workspaceId
                        && o.ProfileId == e.ProfileId
                        && o.CourseId == course
                        && o.Status < EnrolmentStatus.Completed
                    )
                orderby item.Ordinal
                select (long?)item.Ordinal
            )
                .Skip((int)Math.Min(free, int.MaxValue))
                .FirstOrDefaultAsync(ct);
            var seated = chunk.Items.Where(item => beyond == null || item.Ordinal < beyond).Select(item => item.ProfileId);
            await RestoreUnlessNewer(chunk, here.Where(e => e.CourseId == course && seated.Contains(e.ProfileId)), ct);
        }

        await RestoreUnlessNewer(chunk, here.Where(e => !limited.Contains(e.CourseId)), ct);
        return await here.Where(e => e.Status == EnrolmentStatus.Withdrawn).Select(e => e.ProfileId).Distinct().ToListAsync(ct);
    }

    private static Task RestoreUnlessNewer(OperationContext chunk, IQueryable<Enrolment> ended, CancellationToken ct)
    {
        var (db, workspaceId) = (chunk.Db, chunk.WorkspaceId);
        return Restore(
            ended.Where(e =>
                !db.Enrolments.Any(o =>
                    o.WorkspaceId == workspaceId
                    && o.ProfileId == e.ProfileId
                    && o.CourseId == e.CourseId
                    && o.Status < EnrolmentStatus.Completed
                )
            ),
            ct
        );
    }

    private static Task Restore(IQueryable<Enrolment> ended, CancellationToken ct) =>
        ended
            .Where(e => e.Status == EnrolmentStatus.Withdrawn && e.StatusBeforeEnd != null)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(e => e.Status, e => e.StatusBeforeEnd!.Value)
                        .SetProperty(e => e.WithdrawnAt, (DateTime?)null)
                        .SetProperty(e => e.EndedByOperationId, (long?)null)
                        .SetProperty(e => e.StatusBeforeEnd, (EnrolmentStatus?)null),
                ct
            );
}
