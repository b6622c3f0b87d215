using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;

namespace Muster.Learning;

/// <summary>Seats: an open attempt holds one, Invited people included; completing or withdrawing frees it.</summary>
public static class Seats
{
    /// <summary>Locks courses with a seat limit in id order, so that two chunks or people never give the same seat twice. SQLite's one writer needs no lock.</summary>
    public static Task Lock(OperationContext context, IReadOnlyList<long> courseIds, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Lock(context.Db, context.WorkspaceId, courseIds, ct);
    }

    /// <summary>The same outside an operation; before any profile is locked.</summary>
    public static Task Lock(MusterDb db, long workspaceId, IReadOnlyList<long> courseIds, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(courseIds);
        return db.IsSqlite || courseIds.Count == 0
            ? Task.CompletedTask
            : db.Database.ExecuteSqlAsync(
                $"SELECT count(*) FROM (SELECT 1 FROM courses WHERE workspace_id = {workspaceId} AND id = ANY ({courseIds.ToArray()}) AND seats IS NOT NULL ORDER BY id FOR NO KEY UPDATE) AS locked",
                ct
            );
    }

    /// <summary>Whether any of these courses has a seat limit.</summary>
    public static Task<bool> AnyLimit(OperationContext context, IReadOnlyList<long> courseIds, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        var workspaceId = context.WorkspaceId;
        return context.Db.Courses.AnyAsync(c => c.WorkspaceId == workspaceId && courseIds.Contains(c.Id) && c.Seats != null, ct);
    }

    /// <summary>Seats still free at a course; null when there is no limit.</summary>
    public static Task<long?> Free(OperationContext context, long courseId, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Free(context.Db, context.WorkspaceId, courseId, context.Today, ct);
    }

    /// <summary>The same outside an operation.</summary>
    public static async Task<long?> Free(MusterDb db, long workspaceId, long courseId, DateOnly today, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        var seats = await db.Courses.Where(c => c.WorkspaceId == workspaceId && c.Id == courseId).Select(c => c.Seats).SingleAsync(ct);
        if (seats is null)
        {
            return null;
        }

        var taken = await db.Enrolments.LongCountAsync(
            e =>
                e.WorkspaceId == workspaceId
                && e.CourseId == courseId
                && e.Status < EnrolmentStatus.Completed
                && (e.ExpiresOn == null || e.ExpiresOn >= today),
            ct
        );
        return Math.Max(0, seats.Value - taken);
    }

    /// <summary>The courses with attempts of a chunk's people among these.</summary>
    public static Task<List<long>> CoursesOf(OperationContext chunk, IQueryable<Enrolment> attempts, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        var people = chunk.ProfileIds;
        return attempts.Where(e => people.Contains(e.ProfileId)).Select(e => e.CourseId).Distinct().OrderBy(id => id).ToListAsync(ct);
    }

    /// <summary>
    /// Re-opens attempts that an operation ended, with progress and dates, where no newer attempt is open and a seat is free: seats go to the first in the list,
    /// whichever chunk they are in.
    /// </summary>
    /// <param name="chunk">The chunk; its transaction has locked the courses.</param>
    /// <param name="ended">What the operation ended, of anybody.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The profiles with an attempt that had to stay closed.</returns>
    public static async Task<IReadOnlyList<long>> Reopen(OperationContext chunk, IQueryable<Enrolment> ended, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        var (db, workspaceId, today, people) = (chunk.Db, chunk.WorkspaceId, chunk.Today, chunk.ProfileIds);
        var courses = await CoursesOf(chunk, ended, ct);
        var limited = await db
            .Courses.Where(c => c.WorkspaceId == workspaceId && courses.Contains(c.Id) && c.Seats != null)
            .Select(c => c.Id)
            .ToListAsync(ct);
        var here = ended.Where(e => people.Contains(e.ProfileId));
        foreach (var course in limited)
        {
            var free = await Free(chunk, course, ct) ?? 0;
            var beyond = await (
                from e in ended
                join item in chunk.Waiting.Items on e.ProfileId equals item.ProfileId
                where e.CourseId == course && e.Status == EnrolmentStatus.Withdrawn && (e.ExpiresOn == null || e.ExpiresOn >= today)
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
            await Open(chunk, here.Where(e => e.CourseId == course && seated.Contains(e.ProfileId)), ct);
        }

        await Open(chunk, here.Where(e => !limited.Contains(e.CourseId)), ct);
        return await here.Where(e => e.Status == EnrolmentStatus.Withdrawn).Select(e => e.ProfileId).Distinct().ToListAsync(ct);
    }

    private static Task Open(OperationContext chunk, IQueryable<Enrolment> ended, CancellationToken ct)
    {
        var (db, workspaceId) = (chunk.Db, chunk.WorkspaceId);
        return ended
            .Where(e => e.Status == EnrolmentStatus.Withdrawn && e.StatusBeforeEnd != null)
            .Where(e =>
                !db.Enrolments.Any(o =>
                    o.WorkspaceId == workspaceId
                    && o.ProfileId == e.ProfileId
                    && o.CourseId == e.CourseId
                    && o.Status < EnrolmentStatus.Completed
                )
            )
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(e => e.Status, e => e.StatusBeforeEnd!.Value)
                        .SetProperty(e => e.WithdrawnAt, (DateTime?)null)
                        .SetProperty(e => e.EndedByOperationId, (long?)null)
                        .SetProperty(e => e.StatusBeforeEnd, (EnrolmentStatus?)null),
                ct
            );
    }
}
