using System.ComponentModel.DataAnnotations;
using Muster.Bulk;
using Muster.Learning;
using Muster.People;

namespace Muster.Actions;

/// <summary>Which courses to withdraw people from.</summary>
/// <param name="Courses">Course ids, one or more.</param>
public sealed record WithdrawFromCourseParameters(
    [property: Required, MinLength(1, ErrorMessage = "Choose at least one course.")] IReadOnlyList<long> Courses
);

/// <summary>Ends open attempts at courses, which frees their seats; what was completed stays.</summary>
public sealed class WithdrawFromCourse : BulkAction<WithdrawFromCourseParameters>
{
    public static readonly Reason NotEnrolled = new("not-enrolled", "Not enrolled in the course.");
    public static readonly Reason AlreadyCompleted = new("already-completed", "Has completed the course, and that stays.");
    public static readonly Reason NoSeat = new("no-seat", "The seat is no longer free.");
    public static readonly Reason NewerAttempt = new("newer-attempt", "A newer attempt at the course is open.");

    public override string Key => "withdraw-from-course";
    public override string Title => "Withdraw from course";
    public override ActionCategory Category => ActionCategory.Learning;
    public override int MenuPosition => 20;
    public override string Sentence => "Ends people's open enrolments in one or more courses and frees their seats.";
    public override bool IsDestructive => true;
    public override string ConfirmLabel => "Start withdrawal";
    public override bool AsksParametersFirst => true;

    public override bool IsOpenToManagers => true;

    public override UserFilter FilterFor(object? parameters) =>
        parameters is WithdrawFromCourseParameters { Courses: var courses } ? new() { Courses = courses } : UserFilter.Default;

    protected override Task<IQueryable<Judgement>> Judge(
        OperationContext context,
        WithdrawFromCourseParameters parameters,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(parameters);
        var (db, workspaceId, today) = (context.Db, context.WorkspaceId, context.Today);
        var attempts = db.Enrolments.OpenOn(workspaceId, today);
        var judged =
            from subject in context.SubjectsOf(Courses.Ids(context, parameters.Courses))
            join p in db.Profiles on new { subject.WorkspaceId, Id = subject.ProfileId } equals new { p.WorkspaceId, p.Id }
            // At most one is open.
            let open = attempts
                .Where(e => e.ProfileId == subject.ProfileId && e.CourseId == subject.TargetId)
                .Max(e =>
                    (
                        e.Status == EnrolmentStatus.InProgress ? "{\"enrolment\":\"In progress\",\"#attempt\":"
                        : e.Status == EnrolmentStatus.AwaitingFeedback ? "{\"enrolment\":\"Awaiting feedback\",\"#attempt\":"
                        : e.StartsOn > today ? "{\"enrolment\":\"Deferred\",\"#attempt\":"
                        : "{\"enrolment\":\"Not started\",\"#attempt\":"
                    )
                    + e.Attempt
                    + "}"
                )
            // One look-up each: as EXISTS, PostgreSQL made a hash table of all attempts for every chunk.
            let completed = db.Enrolments.Where(e =>
                    e.WorkspaceId == workspaceId
                    && e.ProfileId == subject.ProfileId
                    && e.CourseId == subject.TargetId
                    && e.Status == EnrolmentStatus.Completed
                )
                .Max(e => (int?)e.Attempt) != null
            let reason = open != null ? null
            : completed ? AlreadyCompleted.Code
            : NotEnrolled.Code
            select new Judgement
            {
                Position = subject.Position,
                Ordinal = subject.Ordinal,
                Planned = subject.Planned,
                TargetId = subject.TargetId,
                ProfileId = p.Id,
                Verdict = reason == null ? Verdict.WillChange : Verdict.Skipped,
                Reason = reason,
                Before = open,
                After = reason == null ? "{\"enrolment\":\"Withdrawn\"}" : null,
            };
        return Task.FromResult(judged);
    }

    protected override Task CheckParameters(OperationContext context, WithdrawFromCourseParameters parameters, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return Courses.Check(context, parameters.Courses, ct);
    }

    protected override Task Apply(OperationContext chunk, WithdrawFromCourseParameters parameters, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return EndedAttempts.End(chunk, parameters.Courses, ct);
    }

    /// <summary>Open again as it was, unless somebody changed the attempt or opened a newer one since.</summary>
    protected override IQueryable<Judgement> JudgeRevert(OperationContext context, WithdrawFromCourseParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (db, workspaceId, today, original) = (context.Db, context.WorkspaceId, context.Today, context.OriginalId);
        var attempts = db.Enrolments.OpenOn(workspaceId, today);
        return from item in context.Originals
            let ended = db.Enrolments.Where(e =>
                    e.WorkspaceId == workspaceId
                    && e.ProfileId == item.ProfileId
                    && e.CourseId == item.TargetId
                    && e.EndedByOperationId == original
                    && e.Status == EnrolmentStatus.Withdrawn
                )
                .Max(e => (int?)e.Attempt) != null
            let newer = attempts.Where(e => e.ProfileId == item.ProfileId && e.CourseId == item.TargetId).Max(e => (int?)e.Attempt) != null
            join p in db.Profiles on new { context.WorkspaceId, Id = item.ProfileId } equals new { p.WorkspaceId, p.Id }
            let gone = p.Status == ProfileStatus.Archived || p.Status == ProfileStatus.Cancelled
            let reason = !ended || gone ? CommonReasons.TouchedSince.Code
            : newer ? NewerAttempt.Code
            : null
            select new Judgement
            {
                Position = item.Position,
                Ordinal = item.Ordinal,
                Planned = item.Planned,
                TargetId = item.TargetId,
                ProfileId = item.ProfileId,
                Verdict = reason == null ? Verdict.WillChange : Verdict.Skipped,
                Reason = reason,
                Before = item.After,
                After = reason == null ? item.Before : null,
            };
    }

    /// <summary>Re-opening takes seats; the courses are locked before any profile is.</summary>
    protected override Task Lock(OperationContext context, WithdrawFromCourseParameters parameters, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(parameters);
        return context.OriginalId == 0 ? Task.CompletedTask : Seats.Lock(context, parameters.Courses, ct);
    }

    /// <summary>One that has run out by now takes no seat when it comes back, and none is kept for whoever is to be left alone in a later chunk.</summary>
    protected override Task JudgeRevertTogether(
        OperationContext context,
        WithdrawFromCourseParameters parameters,
        ItemScope scope,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(parameters);
        var (db, workspaceId, today) = (context.Db, context.WorkspaceId, context.Today);
        var (ended, attempts) = (EndedAttempts.By(context, context.OriginalId), db.Enrolments.OpenOn(workspaceId, today));
        return Seats.SkipWithoutOne(
            context,
            scope,
            parameters.Courses,
            course =>
                from e in ended
                join p in db.Profiles on new { e.WorkspaceId, Id = e.ProfileId } equals new { p.WorkspaceId, p.Id }
                where e.CourseId == course && (e.ExpiresOn == null || e.ExpiresOn >= today)
                where p.Status == ProfileStatus.Active || p.Status == ProfileStatus.Invited
                where !attempts.Any(newer => newer.ProfileId == e.ProfileId && newer.CourseId == course)
                select e.ProfileId,
            NoSeat,
            ct
        );
    }

    protected override Task Revert(OperationContext chunk, WithdrawFromCourseParameters parameters, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return EndedAttempts.Restore(chunk, parameters.Courses, ct);
    }

    protected override async Task<Preview> Effects(OperationContext context, WithdrawFromCourseParameters parameters, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new(await EndedAttempts.Effects(context, parameters.Courses, ct), []);
    }
}
