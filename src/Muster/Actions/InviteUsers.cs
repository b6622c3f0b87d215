using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;
using Muster.Files;
using Muster.Mail;
using Muster.People;

namespace Muster.Actions;

/// <summary>Invites the people of a spreadsheet: makes their profiles with unit, groups and fields, and e-mails each a link to accept with.</summary>
public sealed class InviteUsers(IDataProtectionProvider protection) : BulkAction<NoParameters>
{
    public static readonly Reason AlreadyActive = new("already-active", "Already has access to this workspace.");
    public static readonly Reason AlreadyInvited = new(
        "already-invited",
        "Already invited; use Resend invitations to send the e-mail again."
    );
    public static readonly Reason Archived = new("archived", "Archived here; use Reactivate profiles instead of inviting again.");
    public static readonly Reason Gone = new(
        "named-is-gone",
        "A unit, group or field that the row names has been deleted since; upload the file again."
    );
    public static readonly Reason Accepted = new("accepted", "The invitation has been accepted; archive the profile instead.");

    private readonly OutboxSecrets secrets = new(protection);

    public override string Key => "invite-users";
    public override string Title => "Invite users";
    public override ActionCategory Category => ActionCategory.Onboarding;
    public override int MenuPosition => 10;
    public override string Sentence => "Adds the people of a spreadsheet to this workspace and e-mails each of them an invitation.";
    public override bool IsUndoDestructive => true;
    public override string ConfirmLabel => "Send invitations";
    public override SelectionWays Ways => SelectionWays.File;
    public override IReadOnlyList<Reason> Reasons => [.. base.Reasons, .. InvitationProblems.All];

    public override async Task<RowImport> Import(OperationContext context, CancellationToken ct) =>
        await InvitationImport.Load(context, ct);

    public override Task<IReadOnlyList<TemplateColumn>> Template(MusterDb db, long workspaceId, CancellationToken ct) =>
        InvitationTemplate.Columns(db, workspaceId, ct);

    protected override async Task<IQueryable<Judgement>> Judge(OperationContext context, NoParameters parameters, CancellationToken ct)
    {
        var (first, rank, isAgain) = (context.FirstNewId, (int)context.Actor.Rank, context.IsRunning);
        // One parameter: in SQLite a list of many would be too many.
        var gone = await InvitationMatches.NamingWhatIsGone(context, ct);
        return from match in InvitationMatches.Of(context)
            // The address may be somebody else's by now, who looks just the same.
            where !isAgain || (match.ProfileId ?? first + match.Subject.Ordinal) == match.Subject.ProfileId
            let reason = match.Status == ProfileStatus.Active ? AlreadyActive.Code
            : match.Status == ProfileStatus.Invited ? AlreadyInvited.Code
            : match.Status == ProfileStatus.Archived ? Archived.Code
            : (int)match.Row.Role > rank ? InvitationProblems.RoleAbove.Code
            : EF.Parameter(gone).Contains(match.Subject.Ordinal) ? Gone.Code
            : null
            select new Judgement
            {
                Position = match.Subject.Position,
                Ordinal = match.Subject.Ordinal,
                Planned = match.Subject.Planned,
                TargetId = 0,
                ProfileId = match.ProfileId ?? first + match.Subject.Ordinal,
                Verdict =
                    reason == null ? Verdict.WillChange
                    : match.Status == ProfileStatus.Active || match.Status == ProfileStatus.Invited ? Verdict.Skipped
                    : Verdict.Problem,
                Reason = reason,
                Before =
                    match.ProfileId == null
                        ? "{\"status\":\"New\"}"
                        : "{\"status\":\""
                            + (
                                match.Status == ProfileStatus.Invited ? "Invited"
                                : match.Status == ProfileStatus.Active ? "Active"
                                : match.Status == ProfileStatus.Archived ? "Archived"
                                : "Cancelled"
                            )
                            + "\","
                            + match.Was
                            + "}",
                After = reason == null ? "{\"status\":\"Invited\"," + match.Will + "}" : null,
            };
    }

    protected override async Task Apply(OperationContext chunk, NoParameters parameters, CancellationToken ct)
    {
        await InvitedPeople.Write(chunk, ct);
        var days = await chunk.Db.Workspaces.Where(w => w.Id == chunk.WorkspaceId).Select(w => w.InvitationDays).SingleAsync(ct);
        await InvitationLetters.Write(chunk, secrets, chunk.Now.AddDays(days), ct);
    }

    /// <summary>Until it was accepted or the profile edited; a resend in between does not stand in the way.</summary>
    protected override IQueryable<Judgement> JudgeRevert(OperationContext context, NoParameters parameters)
    {
        var (original, first) = (context.OriginalId, context.FirstNewId);
        return from item in context.Originals
            join p in context.Db.Profiles on new { context.WorkspaceId, Id = item.ProfileId } equals new { p.WorkspaceId, p.Id }
            let reason = p.RegisteredAt != null ? Accepted.Code
            : p.Status == ProfileStatus.Invited && p.OperationId == original ? null
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
                After =
                    reason != null ? null
                    : item.ProfileId == first + item.Ordinal ? "{\"status\":\"Cancelled\"}"
                    : item.Before,
            };
    }

    protected override Task Revert(OperationContext chunk, NoParameters parameters, CancellationToken ct) =>
        InvitationUndo.Write(chunk, ct);

    protected override Task<Preview> Effects(OperationContext context, NoParameters parameters, CancellationToken ct) =>
        InvitationEffects.Of(context, ct);
}
