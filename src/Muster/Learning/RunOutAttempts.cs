using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;

namespace Muster.Learning;

/// <summary>Attempts that ran out by date and are still stored as open.</summary>
internal static class RunOutAttempts
{
    /// <summary>Stores those of some of a chunk's people as Expired before new ones are opened: only one may be open.</summary>
    public static Task Close(OperationContext chunk, long courseId, IQueryable<long> people, CancellationToken ct) =>
        Close(chunk.Db, chunk.WorkspaceId, courseId, people, chunk.Today, ct);

    /// <summary>The same for any people, inside the caller's transaction.</summary>
    public static async Task Close(
        MusterDb db,
        long workspaceId,
        long courseId,
        IQueryable<long> people,
        DateOnly today,
        CancellationToken ct
    )
    {
        var runOut = Of(db, workspaceId, courseId, today);
        // Looked for first, among the attempts of anybody: an index of these alone answers.
        if (await runOut.AnyAsync(ct))
        {
            await runOut
                .Where(e => people.Contains(e.ProfileId))
                .ExecuteUpdateAsync(set => set.SetProperty(e => e.Status, EnrolmentStatus.Expired), ct);
        }
    }

    /// <summary>Those of anybody at a course.</summary>
    public static IQueryable<Enrolment> Of(MusterDb db, long workspaceId, long courseId, DateOnly today) =>
        db.Enrolments.Where(e =>
            e.WorkspaceId == workspaceId && e.CourseId == courseId && e.Status < EnrolmentStatus.Completed && e.ExpiresOn < today
        );
}
