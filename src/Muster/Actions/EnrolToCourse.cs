using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Learning;
using Muster.People;

namespace Muster.Actions;

/// <summary>Which courses to enrol people in, and how.</summary>
/// <param name="Courses">Course ids, one or more.</param>
/// <param name="StartsOn">First day of access; today when left out, Deferred until then when later.</param>
/// <param name="ExpiresOn">Last day of access; no end when left out.</param>
/// <param name="Notify">Sends each Active learner one e-mail that lists the courses.</param>
/// <param name="ReenrolCompleted">Gives a new attempt to people who have completed a course.</param>
public sealed record EnrolToCourseParameters(
    [property: Required, MinLength(1, ErrorMessage = "Choose at least one course.")] IReadOnlyList<long> Courses,
    DateOnly? StartsOn = null,
    DateOnly? ExpiresOn = null,
    bool Notify = false,
    bool ReenrolCompleted = false
);

/// <summary>Opens an attempt at each course for each person; where a course has seats, the first in the list get them.</summary>
public sealed class EnrolToCourse : BulkAction<EnrolToCourseParameters>
{
    public static readonly Reason Archived = new("archived", "Archived; reactivate first.");
    public static readonly Reason WasCancelled = new("cancelled", "The invitation was cancelled.");
    public static readonly Reason CourseClosed = new("course-closed", "The course is closed and takes nobody.");
    public static readonly Reason AlreadyEnrolled = new("already-enrolled", "Already enrolled.");
    public static readonly Reason AlreadyCompleted = new(
        "already-completed",
        "Has completed the course; tick “enrol again” to give a new attempt."
    );
    public static readonly Reason NoSeat = new("no-seat", "No seat is left in the course.");
    public static readonly Reason NoSeatAnyMore = new("no-seat-any-more", "A seat that the preview counted on is no longer free.");
    public static readonly Reason Started = new("started", "Has started the course; withdraw instead.");

    public override string Key => "enrol-to-course";
    public override string Title => "Enrol to course";
    public override ActionCategory Category => ActionCategory.Learning;
    public override int MenuPosition => 10;
    public override string Sentence => "Enrols people in one or more courses, from a day and until a day you choose.";
    public override bool IsUndoDestructive => true;
    public override string ConfirmLabel => "Start enrolment";
    public override bool AsksParametersFirst => true;
    public override bool IsOpenToManagers => true;

    protected override async Task<IQueryable<Judgement>> Judge(
        OperationContext context,
        EnrolToCourseParameters parameters,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(parameters);
        var (db, workspaceId, today, again) = (context.Db, context.WorkspaceId, context.Today, parameters.ReenrolCompleted);
        var courses = await Courses.Of(context, parameters.Courses, ct);
        var closed = courses.Where(c => !c.IsOpen).Select(c => c.Id).ToList();
        var after = After(parameters, today);
        var attempts = db.Enrolments.OpenOn(workspaceId, today);
        return from subject in context.SubjectsOf(Courses.Ids(context, parameters.Courses))
            join p in db.Profiles on new { subject.WorkspaceId, Id = subject.ProfileId } equals new { p.WorkspaceId, p.Id }
            let last = db.Enrolments.Where(e =>
                    e.WorkspaceId == workspaceId && e.ProfileId == subject.ProfileId && e.CourseId == subject.TargetId
                )
                .Max(e => (int?)e.Attempt)
                ?? 0
            // One look-up each: as EXISTS, PostgreSQL made a hash table of all attempts for every chunk.
            let completed = db.Enrolments.Where(e =>
                    e.WorkspaceId == workspaceId
                    && e.ProfileId == subject.ProfileId
                    && e.CourseId == subject.TargetId
                    && e.Status == EnrolmentStatus.Completed
                )
                .Max(e => (int?)e.Attempt) != null
            let open = attempts.Where(e => e.ProfileId == subject.ProfileId && e.CourseId == subject.TargetId).Max(e => (int?)e.Attempt)
                != null
            let reason = p.Status == ProfileStatus.Archived ? Archived.Code
            : p.Status == ProfileStatus.Cancelled ? WasCancelled.Code
            : closed.Contains(subject.TargetId) ? CourseClosed.Code
            : open ? AlreadyEnrolled.Code
            : completed && !again ? AlreadyCompleted.Code
            : null
            select new Judgement
            {
                Position = subject.Position,
                Ordinal = subject.Ordinal,
                Planned = subject.Planned,
                TargetId = subject.TargetId,
                ProfileId = p.Id,
                Verdict = reason == null ? Verdict.WillChange : Verdict.Skipped,
                Reason = reason,
                // The number of the new attempt follows from the last one: somebody enrolled and withdrawn in between is not who was previewed.
                Before =
                    reason != null ? null : (completed ? "{\"enrolment\":\"Completed\",\"#attempts\":" : "{\"#attempts\":") + last + "}",
                After = reason == null ? after : null,
            };
    }

    protected override async Task CheckParameters(OperationContext context, EnrolToCourseParameters parameters, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(parameters);
        await Courses.Check(context, parameters.Courses, ct);
        if (parameters.ExpiresOn < context.Today)
        {
            throw new ParametersException("expiresOn", "The last day of access is over already; choose today or a later day.");
        }

        if (parameters.ExpiresOn < parameters.StartsOn)
        {
            throw new ParametersException("expiresOn", "The last day of access lies before the first.");
        }
    }

    protected override Task<bool> FollowsList(OperationContext context, EnrolToCourseParameters parameters, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return Seats.AnyLimit(context, parameters.Courses, ct);
    }

    protected override Task Lock(OperationContext context, EnrolToCourseParameters parameters, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return Seats.Lock(context, parameters.Courses, ct);
    }

    protected override Task JudgeTogether(
        OperationContext context,
        EnrolToCourseParameters parameters,
        ItemScope scope,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(parameters);
        return Seats.SkipWithoutOne(context, scope, parameters.Courses, null, context.IsRunning ? NoSeatAnyMore : NoSeat, ct);
    }

    protected override async Task Apply(OperationContext chunk, EnrolToCourseParameters parameters, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        ArgumentNullException.ThrowIfNull(parameters);
        await NewAttempts.Open(chunk, parameters.Courses, parameters.StartsOn ?? chunk.Today, parameters.ExpiresOn, ct);
        if (parameters.Notify)
        {
            await EnrolmentLetters.Write(chunk, ct);
        }
    }

    /// <summary>The attempt goes if it is still as this operation made it and nobody has started it.</summary>
    protected override IQueryable<Judgement> JudgeRevert(OperationContext context, EnrolToCourseParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (db, workspaceId, original) = (context.Db, context.WorkspaceId, context.OriginalId);
        return from item in context.Originals
            join e in db.Enrolments.Where(e => e.WorkspaceId == workspaceId && e.OperationId == original)
                on new { item.ProfileId, CourseId = item.TargetId } equals new { e.ProfileId, e.CourseId }
                into made
            from e in made.DefaultIfEmpty()
            let reason = (EnrolmentStatus?)e.Status == EnrolmentStatus.NotStarted && e.StartedAt == null ? null
            : e.StartedAt != null ? Started.Code
            : CommonReasons.TouchedSince.Code
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
                After = reason == null ? "{\"enrolment\":\"none\"}" : null,
            };
    }

    protected override async Task Revert(OperationContext chunk, EnrolToCourseParameters parameters, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        ArgumentNullException.ThrowIfNull(parameters);
        await NewAttempts.Remove(chunk, parameters.Courses, ct);
        await EnrolmentLetters.Suppress(chunk, ct);
    }

    protected override async Task<Preview> Effects(OperationContext context, EnrolToCourseParameters parameters, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(parameters);
        var effects = await NewAttempts.Effects(context, parameters.Courses, ct);
        return parameters.Notify
            ? new([.. effects, new("emails", "E-mails to be sent", await EnrolmentLetters.Recipients(context).LongCountAsync(ct))], [])
            : new(effects, []);
    }

    private static string After(EnrolToCourseParameters parameters, DateOnly today)
    {
        var starts = parameters.StartsOn ?? today;
        var status = starts > today ? "Deferred" : "Not started";
        var until = parameters.ExpiresOn is { } day ? string.Create(CultureInfo.InvariantCulture, $",\"until\":\"{day:yyyy-MM-dd}\"") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{{\"enrolment\":\"{status}\",\"starts\":\"{starts:yyyy-MM-dd}\"{until}}}");
    }
}
