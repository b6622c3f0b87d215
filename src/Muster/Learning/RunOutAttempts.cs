using Microsoft.EntityFrameworkCore;
using Muster.Bulk;

namespace Muster.Learning;

/// <summary>Attempts that ran out by date and are still stored as open.</summary>
internal static class RunOutAttempts
{
    /// <summary>Stores those of some of a chunk's people as Expired before new ones are opened: only one may be open.</summary>
    public static async Task Close(OperationContext chunk, long courseId, IQueryable<long> people, CancellationToken ct)
    {
        if (await Any(chunk, courseId, ct))
        {
            await Store(chunk, courseId, people, ct);
        }
    }

    /// <summary>Whether the course has attempts, of anybody, that ran out by date and are still stored as open; an index of these alone answers.</summary>
    private static Task<bool> Any(OperationContext chunk, long courseId, CancellationToken ct)
    {
        var (workspaceId, today) = (chunk.WorkspaceId, chunk.Today);
        return chunk.Db.Enrolments.AnyAsync(
            e => e.WorkspaceId == workspaceId && e.CourseId == courseId && e.Status < EnrolmentStatus.Completed && e.ExpiresOn < today,
            ct
        );
    }

    private static Task<int> Store(OperationContext chunk, long courseId, IQueryable<long> people, CancellationToken ct)
    {
        var (db, workspaceId, today) = (chunk.Db, chunk.WorkspaceId, chunk.Today);
        return db
            .Enrolments.Where(e =>
                e.WorkspaceId == workspaceId
                && people.Contains(e.ProfileId)
                && e.CourseId == courseId
                && e.Status < EnrolmentStatus.Completed
                && e.ExpiresOn < today
            )
            .ExecuteUpdateAsync(set => set.SetProperty(e => e.Status, EnrolmentStatus.Expired), ct);
    }
}
