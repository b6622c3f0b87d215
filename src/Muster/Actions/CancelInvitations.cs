using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.People;

namespace Muster.Actions;

/// <summary>Takes back invitations that nobody has accepted, lapsed ones included: their links stop working at once. No account is touched.</summary>
public sealed class CancelInvitations : BulkAction<NoParameters>
{
    public static readonly Reason Accepted = new("already-accepted", "Has accepted the invitation; archive the profile instead.");
    public static readonly Reason AlreadyCancelled = new("already-cancelled", "The invitation is cancelled already.");
    public static readonly Reason Archived = new("archived", "Archived; the invitation ended with that.");

    public override string Key => "cancel-invitations";
    public override string Title => "Cancel invitations";
    public override ActionCategory Category => ActionCategory.Onboarding;
    public override int MenuPosition => 30;
    public override string Sentence => "Takes back invitations that nobody has accepted; their links stop working at once.";
    public override bool IsDestructive => true;
    public override IReadOnlyList<Reason> Reasons => [.. base.Reasons, OutstandingInvitations.NotSent];
    public override UserFilter DefaultFilter => new() { Status = [StatusFilter.Invited] };

    protected override Task<IQueryable<Judgement>> Judge(OperationContext context, NoParameters parameters, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        var judged =
            from subject in context.Subjects
            join p in context.Db.Profiles on new { subject.WorkspaceId, Id = subject.ProfileId } equals new { p.WorkspaceId, p.Id }
            let reason = p.Status == ProfileStatus.Active ? Accepted.Code
            : p.Status == ProfileStatus.Cancelled ? AlreadyCancelled.Code
            : p.Status == ProfileStatus.Archived ? Archived.Code
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
                Before = reason == null ? "{\"status\":\"Invited\"}" : null,
                After = reason == null ? "{\"status\":\"Cancelled\"}" : null,
            };
        return Task.FromResult(judged);
    }

    protected override async Task Apply(OperationContext chunk, NoParameters parameters, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        await OutstandingInvitations.Cancel(chunk, ct);
        await Become(chunk, ProfileStatus.Cancelled, ct);
    }

    /// <summary>Invited again under the old link, unless somebody has invited them afresh or changed them since.</summary>
    protected override IQueryable<Judgement> JudgeRevert(OperationContext context, NoParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(context);
        var original = context.OriginalId;
        return from item in context.Originals
            join p in context.Db.Profiles on new { context.WorkspaceId, Id = item.ProfileId } equals new { p.WorkspaceId, p.Id }
            let stands = p.Status == ProfileStatus.Cancelled && p.OperationId == original
            select new Judgement
            {
                Position = item.Position,
                Ordinal = item.Ordinal,
                Planned = item.Planned,
                TargetId = item.TargetId,
                ProfileId = item.ProfileId,
                Verdict = stands ? Verdict.WillChange : Verdict.Skipped,
                Reason = stands ? null : CommonReasons.TouchedSince.Code,
                Before = item.After,
                After = stands ? item.Before : null,
            };
    }

    protected override async Task Revert(OperationContext chunk, NoParameters parameters, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        await OutstandingInvitations.Revive(chunk, ct);
        await Become(chunk, ProfileStatus.Invited, ct);
    }

    protected override async Task<Preview> Effects(OperationContext context, NoParameters parameters, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        var live = await OutstandingInvitations.LiveLinks(context, ct);
        return new([new("links-ended", "Links that stop working", live)], []);
    }

    private static Task Become(OperationContext chunk, ProfileStatus status, CancellationToken ct)
    {
        var (workspaceId, operationId, people) = (chunk.WorkspaceId, chunk.OperationId, chunk.ProfileIds);
        return chunk
            .Db.Profiles.Where(p => p.WorkspaceId == workspaceId && people.Contains(p.Id))
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.Status, status).SetProperty(p => p.OperationId, operationId), ct);
    }
}
