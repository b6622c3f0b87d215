using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Bulk;
using Muster.Learning;
using Muster.People;

namespace Muster.Actions;

/// <summary>Takes away access to this workspace; open enrolments end, outstanding invitations are cancelled, history and account stay.</summary>
public sealed class ArchiveProfiles : BulkAction<NoParameters>
{
    public static readonly Reason AlreadyArchived = new("already-archived", "Already archived.");
    public static readonly Reason WasCancelled = new("cancelled", "The invitation was cancelled; there is no access to take away.");
    public static readonly Reason Yourself = new("yourself", "This is you.");
    public static readonly Reason HigherRole = new("higher-role", "Has a role above yours.");
    public static readonly Reason LastAdminStays = new("last-admin", "The workspace's last Admin has to stay.");
    public static readonly Reason NoSeat = new("no-seat", "Reactivated, but a seat for an enrolment is no longer free.");

    public static readonly Reason NewerAttempt = new(
        "newer-attempt",
        "Reactivated, but a newer attempt at a course is open, so the old one stays ended."
    );

    public override string Key => "archive-profiles";
    public override string Title => "Archive profiles";
    public override ActionCategory Category => ActionCategory.UserProfile;
    public override int MenuPosition => 10;
    public override string Sentence => "Takes away people's access to this workspace, ends their open enrolments and keeps their history.";
    public override bool IsDestructive => true;
    public override IReadOnlyList<Reason> Reasons => [.. base.Reasons, OutstandingInvitations.NotSent];

    protected override async Task<IQueryable<Judgement>> Judge(OperationContext context, NoParameters parameters, CancellationToken ct)
    {
        var db = context.Db;
        var (workspaceId, today, actor, own, isSiteAdmin) = (
            context.WorkspaceId,
            context.Today,
            (int)context.Actor.Rank,
            context.Actor.ProfileId ?? 0,
            context.Actor.Rank == Rank.SiteAdmin
        );
        // Site Admins are few: named in the query, they spare it a look at every account.
        var above = isSiteAdmin ? [] : await db.Users.Where(a => a.IsSiteAdmin).Select(a => (long?)a.Id).ToListAsync(ct);
        var attempts = db.Enrolments.OpenOn(workspaceId, today);
        return from user in context.Subjects
            join p in db.Profiles on new { user.WorkspaceId, Id = user.ProfileId } equals new { p.WorkspaceId, p.Id }
            let open = attempts.Count(e => e.ProfileId == p.Id)
            // Which ones, too: one ended and another begun in between is a change, although the number is the same.
            let which = attempts.Where(e => e.ProfileId == p.Id).Sum(e => (long?)((e.CourseId * 1000) + e.Attempt))
            let reason = p.Status == ProfileStatus.Archived ? AlreadyArchived.Code
            : p.Status == ProfileStatus.Cancelled ? WasCancelled.Code
            : p.Id == own ? Yourself.Code
            : (int)p.Role > actor || above.Contains(p.AccountId) ? HigherRole.Code
            : null
            select new Judgement
            {
                Position = user.Position,
                Ordinal = user.Ordinal,
                Planned = user.Planned,
                TargetId = 0,
                ProfileId = p.Id,
                Verdict = reason == null ? Verdict.WillChange : Verdict.Skipped,
                Reason = reason,
                Before =
                    "{\"status\":\""
                    + (
                        p.Status == ProfileStatus.Invited ? "Invited"
                        : p.Status == ProfileStatus.Active ? "Active"
                        : p.Status == ProfileStatus.Archived ? "Archived"
                        : "Cancelled"
                    )
                    + "\",\"openEnrolments\":"
                    + open
                    + ",\"#attempts\":"
                    + (which ?? 0)
                    + "}",
                After = reason == null ? "{\"status\":\"Archived\",\"openEnrolments\":0}" : null,
            };
    }

    protected override Task JudgeTogether(OperationContext context, NoParameters parameters, ItemScope scope, CancellationToken ct) =>
        LastAdmin.Stays(context, scope, LastAdminStays, ct);

    protected override async Task Apply(OperationContext chunk, NoParameters parameters, CancellationToken ct)
    {
        var (db, workspaceId, operationId, people) = (chunk.Db, chunk.WorkspaceId, chunk.OperationId, chunk.ProfileIds);
        await EndedAttempts.End(chunk, db.Enrolments.OpenOn(workspaceId, chunk.Today).Where(e => people.Contains(e.ProfileId)), ct);
        await OutstandingInvitations.Cancel(chunk, ct);
        await db
            .Profiles.Where(p => p.WorkspaceId == workspaceId && people.Contains(p.Id))
            .ExecuteUpdateAsync(
                set => set.SetProperty(p => p.Status, ProfileStatus.Archived).SetProperty(p => p.OperationId, operationId),
                ct
            );
    }

    /// <summary>Back to what they were, unless somebody changed them since; an enrolment that cannot be re-opened does not keep the person archived.</summary>
    protected override IQueryable<Judgement> JudgeRevert(OperationContext context, NoParameters parameters)
    {
        var original = context.OriginalId;
        return from item in context.Originals
            join p in context.Db.Profiles on new { context.WorkspaceId, Id = item.ProfileId } equals new { p.WorkspaceId, p.Id }
            let touched = p.Status != ProfileStatus.Archived || p.OperationId != original
            select new Judgement
            {
                Position = item.Position,
                Ordinal = item.Ordinal,
                Planned = item.Planned,
                TargetId = item.TargetId,
                ProfileId = item.ProfileId,
                Verdict = touched ? Verdict.Skipped : Verdict.WillChange,
                Reason = touched ? CommonReasons.TouchedSince.Code : null,
                Before = item.After,
                After = touched ? null : item.Before,
            };
    }

    /// <summary>An undo gives seats back; the courses are locked before any profile is.</summary>
    protected override async Task Lock(OperationContext context, NoParameters parameters, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.OriginalId != 0)
        {
            await Seats.Lock(context, await Seats.CoursesOf(context, EndedAttempts.By(context, context.OriginalId), ct), ct);
        }
    }

    protected override async Task Revert(OperationContext chunk, NoParameters parameters, CancellationToken ct)
    {
        var (db, workspaceId, operationId, original, people) = (
            chunk.Db,
            chunk.WorkspaceId,
            chunk.OperationId,
            chunk.OriginalId,
            chunk.ProfileIds
        );
        await OutstandingInvitations.Revive(chunk, ct);
        var ended = EndedAttempts.By(chunk, original);
        var kept = await EndedAttempts.Reopen(chunk, ended, ct);
        var newer = ended.Where(e =>
            people.Contains(e.ProfileId)
            && e.Status == EnrolmentStatus.Withdrawn
            && db.Enrolments.Any(o =>
                o.WorkspaceId == workspaceId
                && o.ProfileId == e.ProfileId
                && o.CourseId == e.CourseId
                && o.Status < EnrolmentStatus.Completed
            )
        );
        await db
            .OperationItems.Where(i =>
                i.WorkspaceId == workspaceId
                && i.OperationId == operationId
                && i.Position > chunk.After
                && i.Position <= chunk.UpTo
                && i.Verdict == Verdict.WillChange
                && kept.Contains(i.ProfileId)
            )
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(
                        i => i.OutcomeReason,
                        i => newer.Any(e => e.ProfileId == i.ProfileId) ? NewerAttempt.Code : NoSeat.Code
                    ),
                ct
            );
        await db
            .Profiles.Where(p => p.WorkspaceId == workspaceId && people.Contains(p.Id))
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(p => p.Status, p => p.RegisteredAt == null ? ProfileStatus.Invited : ProfileStatus.Active)
                        .SetProperty(p => p.OperationId, operationId),
                ct
            );
    }

    protected override async Task<Preview> Effects(OperationContext context, NoParameters parameters, CancellationToken ct)
    {
        var (db, workspaceId, people) = (context.Db, context.WorkspaceId, context.ProfileIds);
        var open = db.Enrolments.OpenOn(workspaceId, context.Today).Where(e => people.Contains(e.ProfileId));
        var invitations = await db.Invitations.LongCountAsync(
            i => i.WorkspaceId == workspaceId && i.AcceptedAt == null && i.CancelledAt == null && people.Contains(i.ProfileId),
            ct
        );
        // Titles are read apart: beside a join with courses that it knew nothing of, PostgreSQL went through everybody once for each course.
        var ended = await open.GroupBy(e => e.CourseId)
            .Select(course => new { course.Key, Count = course.LongCount() })
            .ToDictionaryAsync(course => course.Key, course => course.Count, ct);
        var ids = ended.Keys.ToList();
        var courses = await db
            .Courses.Where(c => c.WorkspaceId == workspaceId && ids.Contains(c.Id))
            .OrderBy(c => c.Title)
            .Select(c => new { c.Id, c.Title })
            .ToListAsync(ct);
        return new(
            [
                .. courses.Select(c => new Effect("enrolments-ended", $"Open enrolments ended in {c.Title}", ended[c.Id], c.Id)),
                new("invitations-cancelled", "Outstanding invitations cancelled", invitations),
            ],
            []
        );
    }
}
