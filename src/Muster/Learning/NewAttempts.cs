using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;
using Muster.People;

namespace Muster.Learning;

/// <summary>Attempts that an operation opens, one for each of its items, whose targets are courses.</summary>
internal static class NewAttempts
{
    /// <summary>Opens an attempt for each item of a chunk, numbered after the person's last at that course.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="courses">The courses the items may name.</param>
    /// <param name="startsOn">First day of access.</param>
    /// <param name="expiresOn">Last day of access; null for no end.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task Open(
        OperationContext chunk,
        IReadOnlyList<long> courses,
        DateOnly startsOn,
        DateOnly? expiresOn,
        CancellationToken ct
    )
    {
        foreach (var course in courses.Distinct())
        {
            await RunOutAttempts.Close(chunk, course, chunk.PeopleOf(course), ct);
        }

        var (db, workspaceId, operationId, now) = (chunk.Db, chunk.WorkspaceId, chunk.OperationId, chunk.Now);
        // In the order of the index they go into: neighbours share pages.
        await chunk
            .Items.OrderBy(item => item.ProfileId)
            .ThenBy(item => item.TargetId)
            .Select(item => new
            {
                item.ProfileId,
                item.TargetId,
                Last = db
                    .Enrolments.Where(e => e.WorkspaceId == workspaceId && e.ProfileId == item.ProfileId && e.CourseId == item.TargetId)
                    .Max(e => (int?)e.Attempt),
            })
            .InsertInto(
                db.Enrolments,
                item => new Enrolment
                {
                    WorkspaceId = workspaceId,
                    ProfileId = item.ProfileId,
                    CourseId = item.TargetId,
                    Attempt = (item.Last ?? 0) + 1,
                    Status = EnrolmentStatus.NotStarted,
                    StartsOn = startsOn,
                    ExpiresOn = expiresOn,
                    CreatedAt = now,
                    OperationId = operationId,
                },
                ct
            );
    }

    /// <summary>In an undo: takes away what the original operation opened for the items of this chunk.</summary>
    public static async Task Remove(OperationContext chunk, IReadOnlyList<long> courses, CancellationToken ct)
    {
        var (workspaceId, original) = (chunk.WorkspaceId, chunk.OriginalId);
        foreach (var course in courses.Distinct())
        {
            var people = chunk.PeopleOf(course);
            await chunk
                .Db.Enrolments.Where(e =>
                    e.WorkspaceId == workspaceId && e.CourseId == course && e.OperationId == original && people.Contains(e.ProfileId)
                )
                .ExecuteDeleteAsync(ct);
        }
    }

    /// <summary>How many enrolments each course gets, how many of them wait for acceptance, and the seats then left.</summary>
    public static async Task<IReadOnlyList<Effect>> Effects(OperationContext context, IReadOnlyList<long> courses, CancellationToken ct)
    {
        var (db, workspaceId) = (context.Db, context.WorkspaceId);
        var effects = new List<Effect>();
        foreach (var (id, title) in (await Courses.Of(context, courses, ct)).Select(c => (c.Id, c.Title)))
        {
            var people = context.PeopleOf(id);
            var all = await people.LongCountAsync(ct);
            var later = await db.Profiles.LongCountAsync(
                p => p.WorkspaceId == workspaceId && p.Status == ProfileStatus.Invited && people.Contains(p.Id),
                ct
            );
            effects.Add(new("enrolments", $"New enrolments in {title}", all, id, title));
            if (later > 0)
            {
                effects.Add(new("enrolments-on-acceptance", $"Of these in {title}, effective on acceptance", later, id, title));
            }

            if (await Seats.Free(context, id, ct) is { } free)
            {
                effects.Add(new("seats-left", $"Seats then left in {title}", free - all, id, title));
            }
        }

        return effects;
    }
}
