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
    public static Task<long?> Free(MusterDb db, long workspaceId, long courseId, DateOnly today, CancellationToken ct) =>
        FreeWithout(0, db, workspaceId, courseId, today, ct);

    /// <summary>Seats free at a course once some of its attempts have ended; none, where more are taken than there are by now.</summary>
    public static Task<long?> FreeWithout(long ended, OperationContext context, long courseId, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        return FreeWithout(ended, context.Db, context.WorkspaceId, courseId, context.Today, ct);
    }

    private static async Task<long?> FreeWithout(
        long ended,
        MusterDb db,
        long workspaceId,
        long courseId,
        DateOnly today,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(db);
        var seats = await db.Courses.Where(c => c.WorkspaceId == workspaceId && c.Id == courseId).Select(c => c.Seats).SingleAsync(ct);
        if (seats is null)
        {
            return null;
        }

        var taken = await db.Enrolments.OpenOn(workspaceId, today).LongCountAsync(e => e.CourseId == courseId, ct);
        return Math.Max(0, seats.Value - taken + ended);
    }

    /// <summary>The courses with attempts of a chunk's people among these.</summary>
    public static async Task<List<long>> CoursesOf(OperationContext chunk, IQueryable<Enrolment> attempts, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        var people = await chunk.ProfileIds.ToListAsync(ct);
        return await attempts
            .Where(e => EF.Parameter(people).Contains(e.ProfileId))
            .Select(e => e.CourseId)
            .Distinct()
            .OrderBy(id => id)
            .ToListAsync(ct);
    }

    /// <summary>
    /// Skips whoever wants a seat at a course and finds none, in list order, course by course; in a chunk those of the chunk, whichever chunk the ones before them are in.
    /// </summary>
    /// <param name="context">The whole preview, or a chunk whose transaction has locked the courses.</param>
    /// <param name="scope">What may be skipped.</param>
    /// <param name="courses">The courses that items name.</param>
    /// <param name="takers">Who, of the people whose items name this course, would take a seat; null for all of them.</param>
    /// <param name="reason">What they are told.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task SkipWithoutOne(
        OperationContext context,
        ItemScope scope,
        IReadOnlyList<long> courses,
        Func<long, IQueryable<long>>? takers,
        Reason reason,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(courses);
        var waiting = context.IsRunning ? context.Waiting.Items : scope.Items;
        foreach (var course in courses.Distinct().Order())
        {
            if (await Free(context, course, ct) is not { } free)
            {
                continue;
            }

            IQueryable<OperationItem> Taking(IQueryable<OperationItem> items)
            {
                var here = items.Where(item => item.TargetId == course);
                return takers?.Invoke(course) is { } people ? here.Where(item => people.Contains(item.ProfileId)) : here;
            }

            var beyond = await Taking(waiting)
                .OrderBy(item => item.Ordinal)
                .Skip((int)Math.Min(free, int.MaxValue))
                .Select(item => (long?)item.Ordinal)
                .FirstOrDefaultAsync(ct);
            if (beyond is { } ordinal)
            {
                await scope.Skip(Taking(scope.Items).Where(item => item.Ordinal >= ordinal), reason, ct);
            }
        }
    }
}
