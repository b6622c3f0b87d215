using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Bulk;
using Muster.Data;
using Muster.People;

namespace Muster.Learning;

/// <summary>One of a learner's own attempts.</summary>
public sealed record MyAttempt(
    long CourseId,
    string Title,
    int Number,
    EnrolmentStatus Status,
    DateOnly StartsOn,
    DateOnly? ExpiresOn,
    DateTime? CompletedAt
)
{
    /// <summary>Whether the attempt still goes on on this day; one past its expiry date does not, whatever is stored.</summary>
    public bool IsOpen(DateOnly today) => Status < EnrolmentStatus.Completed && (ExpiresOn is null || ExpiresOn >= today);

    /// <summary>Whether the learner may begin.</summary>
    public bool CanStart(DateOnly today) => Status == EnrolmentStatus.NotStarted && StartsOn <= today && IsOpen(today);

    /// <summary>Whether the learner may say that they are done.</summary>
    public bool CanComplete(DateOnly today) => Status == EnrolmentStatus.InProgress && IsOpen(today);
}

/// <summary>A learner's own courses: which there are, and what they may do with them by hand.</summary>
public sealed class MyCourses(MusterDb db, CurrentActor current, TimeProvider clock)
{
    /// <summary>Today where the workspace is.</summary>
    public DateOnly Today => clock.Today(current.Workspace.TimeZone);

    /// <summary>Every attempt, open ones first, newest first; none for a reader without a profile here.</summary>
    public async Task<IReadOnlyList<MyAttempt>> All(CancellationToken ct)
    {
        if (current.Actor.ProfileId is not { } profileId)
        {
            return [];
        }

        var (workspaceId, today) = (current.Actor.WorkspaceId, Today);
        var attempts = await (
            from enrolment in db.Enrolments
            join course in db.Courses on new { enrolment.WorkspaceId, Id = enrolment.CourseId } equals new { course.WorkspaceId, course.Id }
            where enrolment.WorkspaceId == workspaceId && enrolment.ProfileId == profileId
            orderby enrolment.CreatedAt descending, course.Title, enrolment.Attempt descending
            select new MyAttempt(
                course.Id,
                course.Title,
                enrolment.Attempt,
                enrolment.Status,
                enrolment.StartsOn,
                enrolment.ExpiresOn,
                enrolment.CompletedAt
            )
        ).ToListAsync(ct);
        return [.. attempts.OrderByDescending(attempt => attempt.IsOpen(today))];
    }

    /// <summary>Begins an attempt.</summary>
    /// <returns>False when it cannot be begun (any more).</returns>
    public Task<bool> Start(long courseId, int attempt, CancellationToken ct)
    {
        var (now, today) = (clock.Now(), Today);
        return Change(
            courseId,
            attempt,
            "enrolment.started",
            open =>
                open.Where(e => e.Status == EnrolmentStatus.NotStarted && e.StartsOn <= today)
                    .ExecuteUpdateAsync(
                        set => set.SetProperty(e => e.Status, EnrolmentStatus.InProgress).SetProperty(e => e.StartedAt, now),
                        ct
                    ),
            now,
            ct
        );
    }

    /// <summary>Completes an attempt, which frees its seat.</summary>
    /// <returns>False when it cannot be completed (any more).</returns>
    public Task<bool> Complete(long courseId, int attempt, CancellationToken ct)
    {
        var now = clock.Now();
        return Change(
            courseId,
            attempt,
            "enrolment.completed",
            open =>
                open.Where(e => e.Status == EnrolmentStatus.InProgress)
                    .ExecuteUpdateAsync(
                        set => set.SetProperty(e => e.Status, EnrolmentStatus.Completed).SetProperty(e => e.CompletedAt, now),
                        ct
                    ),
            now,
            ct
        );
    }

    private async Task<bool> Change(
        long courseId,
        int attempt,
        string what,
        Func<IQueryable<Enrolment>, Task<int>> update,
        DateTime now,
        CancellationToken ct
    )
    {
        if (current.Actor.ProfileId is not { } profileId)
        {
            return false;
        }

        var (workspaceId, today) = (current.Actor.WorkspaceId, Today);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // An operation that has just judged the attempt writes it before anybody else does.
        await ProfileLocks.One(db, workspaceId, profileId, ct);
        var changed = await update(
            db.Enrolments.Where(e =>
                e.WorkspaceId == workspaceId
                && e.ProfileId == profileId
                && e.CourseId == courseId
                && e.Attempt == attempt
                && (e.ExpiresOn == null || e.ExpiresOn >= today)
            )
        );
        if (changed != 1)
        {
            return false;
        }

        await Audit.Write(
            db,
            new AuditEntry
            {
                WorkspaceId = workspaceId,
                At = now,
                AccountId = current.Actor.AccountId,
                Address = current.Address,
                Event = what,
                ProfileId = profileId,
                Details = Json.Write(new { course = courseId, attempt }),
            },
            ct
        );
        await transaction.CommitAsync(ct);
        return true;
    }
}
