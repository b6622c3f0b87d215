using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Mail;
using Muster.People;

namespace Muster.Actions;

/// <summary>Sends the invitation again to people who have not accepted it: a new link each, the old ones stop working, and the expiry begins anew.</summary>
public sealed class ResendInvitations(IDataProtectionProvider protection) : BulkAction<NoParameters>
{
    public static readonly Reason Accepted = new("already-accepted", "Has accepted the invitation.");
    public static readonly Reason WasCancelled = new("cancelled", "The invitation was cancelled; invite the person afresh.");
    public static readonly Reason Archived = new("archived", "Archived; reactivate first.");
    public static readonly Reason JustSent = new(
        "sent-just-now",
        "The last e-mail went out only minutes ago; the workspace's settings say how long to wait."
    );

    private readonly OutboxSecrets secrets = new(protection);

    public override string Key => "resend-invitations";
    public override string Title => "Resend invitations";
    public override ActionCategory Category => ActionCategory.Onboarding;
    public override int MenuPosition => 20;
    public override string Sentence => "Sends a new e-mail to people who have not accepted; earlier links stop working.";
    public override bool IsReversible => false;
    public override string ConfirmLabel => "Send invitations";
    public override UserFilter DefaultFilter => new() { Status = [StatusFilter.Invited] };

    protected override async Task<IQueryable<Judgement>> Judge(OperationContext context, NoParameters parameters, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (db, workspaceId) = (context.Db, context.WorkspaceId);
        var minutes = await db.Workspaces.Where(w => w.Id == workspaceId).Select(w => w.ResendMinutes).SingleAsync(ct);
        var since = context.Now.AddMinutes(-minutes);
        return from subject in context.Subjects
            join p in db.Profiles on new { subject.WorkspaceId, Id = subject.ProfileId } equals new { p.WorkspaceId, p.Id }
            join i in db.Invitations on new { p.WorkspaceId, ProfileId = p.Id } equals new { i.WorkspaceId, i.ProfileId } into invitations
            from i in invitations.DefaultIfEmpty()
            let reason = p.Status == ProfileStatus.Active ? Accepted.Code
            : p.Status == ProfileStatus.Cancelled ? WasCancelled.Code
            : p.Status == ProfileStatus.Archived ? Archived.Code
            : i.LastSentAt > since ? JustSent.Code
            : null
            select new Judgement
            {
                Position = subject.Position,
                Ordinal = subject.Ordinal,
                Planned = subject.Planned,
                TargetId = 0,
                ProfileId = p.Id,
                Verdict = reason == null ? Verdict.WillChange : Verdict.Skipped,
                Reason = reason,
                Before = reason == null ? "{\"emailsSent\":" + ((int?)i.SentCount ?? 0) + "}" : null,
                After = reason == null ? "{\"emailsSent\":" + (((int?)i.SentCount ?? 0) + 1) + "}" : null,
            };
    }

    protected override async Task Apply(OperationContext chunk, NoParameters parameters, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        var (db, workspaceId) = (chunk.Db, chunk.WorkspaceId);
        var days = await db.Workspaces.Where(w => w.Id == workspaceId).Select(w => w.InvitationDays).SingleAsync(ct);
        await OutstandingInvitations.Suppress(chunk, ct);
        await InvitationLetters.Renew(chunk, secrets, chunk.Now.AddDays(days), ct);
    }

    protected override async Task<Preview> Effects(OperationContext context, NoParameters parameters, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        var emails = await context.ProfileIds.LongCountAsync(ct);
        var live = await OutstandingInvitations.LiveLinks(context, ct);
        return new(
            [new("emails", "E-mails to be sent", emails), new("links-ended", "Earlier links that stop working", live)],
            emails == 0 ? [] : ["Sending e-mails cannot be undone."]
        );
    }
}
