using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Bulk;
using Muster.Learning;
using Muster.People;

namespace Muster.Actions;

/// <summary>
/// Gives archived people their access back, with the credentials and roles they had. Enrolments that archiving ended stay ended; somebody archived before ever
/// accepting goes back to Invited and needs a new invitation.
/// </summary>
public sealed class ReactivateProfiles : BulkAction<NoParameters>
{
    public static readonly Reason NotArchived = new("not-archived", "Not archived.");
    public static readonly Reason EnrolledSince = new("enrolled-since", "Enrolled in a course since, so the profile stays.");
    public static readonly Reason InvitedSince = new("invited-since", "Sent an invitation since, so the profile stays.");
    public static readonly Reason Yourself = new("yourself", "This is you.");
    public static readonly Reason HigherRole = new("higher-role", "Has a role above yours.");
    public static readonly Reason LastAdminStays = new("last-admin", "The workspace's last Admin has to stay.");

    public override string Key => "reactivate-profiles";
    public override string Title => "Reactivate profiles";
    public override ActionCategory Category => ActionCategory.UserProfile;
    public override int MenuPosition => 20;
    public override string Sentence => "Gives archived people their access back, with the roles they had.";
    public override bool IsUndoDestructive => true;
    public override UserFilter DefaultFilter => new() { Status = [StatusFilter.Archived] };

    protected override Task<IQueryable<Judgement>> Judge(OperationContext context, NoParameters parameters, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        var today = context.Today;
        var judged =
            from subject in context.Subjects
            join p in context.Db.Profiles on new { subject.WorkspaceId, Id = subject.ProfileId } equals new { p.WorkspaceId, p.Id }
            let archived = p.Status == ProfileStatus.Archived
            select new Judgement
            {
                Position = subject.Position,
                Ordinal = subject.Ordinal,
                Planned = subject.Planned,
                TargetId = 0,
                ProfileId = p.Id,
                Verdict = archived ? Verdict.WillChange : Verdict.Skipped,
                Reason = archived ? null : NotArchived.Code,
                // Who accepted in between becomes Active where the preview said Invited.
                Before =
                    !archived ? null
                    : p.RegisteredAt == null ? "{\"status\":\"Archived\",\"#accepted\":\"no\"}"
                    : "{\"status\":\"Archived\",\"#accepted\":\"yes\"}",
                After =
                    !archived ? null
                    : p.RegisteredAt == null ? "{\"status\":\"Invited\"}"
                    : p.ExpiresOn < today ? "{\"status\":\"Expired\"}"
                    : "{\"status\":\"Active\"}",
            };
        return Task.FromResult(judged);
    }

    protected override Task Apply(OperationContext chunk, NoParameters parameters, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        var (workspaceId, operationId, people) = (chunk.WorkspaceId, chunk.OperationId, chunk.ProfileIds);
        return chunk
            .Db.Profiles.Where(p => p.WorkspaceId == workspaceId && people.Contains(p.Id))
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(p => p.Status, p => p.RegisteredAt == null ? ProfileStatus.Invited : ProfileStatus.Active)
                        .SetProperty(p => p.OperationId, operationId),
                ct
            );
    }

    /// <summary>Archived again, unless they were enrolled or sent an invitation since. Whoever is archived holds no open attempt: one that is open now was opened, or re-opened, since.</summary>
    protected override IQueryable<Judgement> JudgeRevert(OperationContext context, NoParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (db, workspaceId) = (context.Db, context.WorkspaceId);
        var open = db.Enrolments.OpenOn(workspaceId, context.Today);
        var (original, own) = (context.OriginalId, context.Actor.ProfileId ?? 0);
        var begun = db.Operations.Where(o => o.WorkspaceId == workspaceId && o.Id == original).Select(o => o.StartedAt);
        var (actor, isSiteAdmin) = ((int)context.Actor.Rank, context.Actor.Rank == Rank.SiteAdmin);
        return from item in context.Originals
            join p in db.Profiles on new { context.WorkspaceId, Id = item.ProfileId } equals new { p.WorkspaceId, p.Id }
            let enrolled = open.Any(e => e.ProfileId == item.ProfileId)
                || db.Enrolments.Any(e => e.WorkspaceId == workspaceId && e.ProfileId == item.ProfileId && e.CreatedAt >= begun.First())
            let invited = db.Invitations.Any(i =>
                i.WorkspaceId == workspaceId && i.ProfileId == item.ProfileId && i.AcceptedAt == null && i.LastSentAt >= begun.First()
            )
            let reason = p.Status == ProfileStatus.Archived || p.Status == ProfileStatus.Cancelled || p.OperationId != original
                ? CommonReasons.TouchedSince.Code
            : p.Id == own ? Yourself.Code
            : (int)p.Role > actor || (!isSiteAdmin && db.Users.Any(a => a.Id == p.AccountId && a.IsSiteAdmin)) ? HigherRole.Code
            : enrolled ? EnrolledSince.Code
            : invited ? InvitedSince.Code
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

    protected override Task JudgeRevertTogether(OperationContext context, NoParameters parameters, ItemScope scope, CancellationToken ct) =>
        LastAdmin.Stays(context, scope, LastAdminStays, ct);

    protected override async Task Revert(OperationContext chunk, NoParameters parameters, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        var (workspaceId, operationId, people) = (chunk.WorkspaceId, chunk.OperationId, chunk.ProfileIds);
        await OutstandingInvitations.Cancel(chunk, ct);
        await chunk
            .Db.Profiles.Where(p => p.WorkspaceId == workspaceId && people.Contains(p.Id))
            .ExecuteUpdateAsync(
                set => set.SetProperty(p => p.Status, ProfileStatus.Archived).SetProperty(p => p.OperationId, operationId),
                ct
            );
    }

    protected override async Task<Preview> Effects(OperationContext context, NoParameters parameters, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (workspaceId, today, people) = (context.WorkspaceId, context.Today, context.ProfileIds);
        var profiles = context.Db.Profiles.Where(p => p.WorkspaceId == workspaceId && people.Contains(p.Id));
        var invited = await profiles.LongCountAsync(p => p.RegisteredAt == null, ct);
        var expired = await profiles.LongCountAsync(p => p.RegisteredAt != null && p.ExpiresOn < today, ct);
        var all = await people.LongCountAsync(ct);
        return new(
            [
                new("access-again", "Have access again", all - invited - expired),
                new("invited-again", "Go back to Invited", invited),
                new("expired", "Will be Expired", expired),
            ],
            [
                .. invited == 0
                    ? []
                    : (string[])
                        [
                            "Some of these were archived before they ever accepted: they go back to Invited and need a new invitation (Resend invitations).",
                        ],
                .. expired == 0
                    ? []
                    : (string[])["Some of these are past their end date: they will be Expired, without access until the date is moved."],
            ]
        );
    }
}
