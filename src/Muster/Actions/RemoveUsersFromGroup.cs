using System.ComponentModel.DataAnnotations;
using Muster.Bulk;
using Muster.People;

namespace Muster.Actions;

/// <summary>Which groups to take people out of.</summary>
/// <param name="Groups">Group ids, one or more.</param>
public sealed record RemoveUsersFromGroupParameters(
    [property: Required, MinLength(1, ErrorMessage = "Choose at least one group.")] IReadOnlyList<long> Groups
);

/// <summary>Takes people out of groups; enrolments that the groups brought stay.</summary>
public sealed class RemoveUsersFromGroup : BulkAction<RemoveUsersFromGroupParameters>
{
    public static readonly Reason NotMember = new("not-a-member", "Not in the group.");
    public static readonly Reason GroupGone = new("group-gone", "The group has been deleted since.");

    public override string Key => "remove-users-from-group";
    public override string Title => "Remove users from group";
    public override ActionCategory Category => ActionCategory.Organisation;
    public override int MenuPosition => 20;
    public override string Sentence => "Takes people out of one or more groups; their enrolments stay.";
    public override bool IsDestructive => true;
    public override bool AsksParametersFirst => true;

    public override UserFilter FilterFor(object? parameters) =>
        parameters is RemoveUsersFromGroupParameters { Groups: var groups } ? new() { Groups = groups } : UserFilter.Default;

    protected override Task<IQueryable<Judgement>> Judge(
        OperationContext context,
        RemoveUsersFromGroupParameters parameters,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(parameters);
        var (db, workspaceId, groups) = (context.Db, context.WorkspaceId, parameters.Groups.Distinct().ToList());
        var known = db.Groups.Where(g => g.WorkspaceId == workspaceId && groups.Contains(g.Id)).Select(g => g.Id);
        var judged =
            from subject in context.SubjectsOf(known)
            join p in db.Profiles on new { subject.WorkspaceId, Id = subject.ProfileId } equals new { p.WorkspaceId, p.Id }
            let member = db.Memberships.Any(m =>
                m.WorkspaceId == workspaceId && m.ProfileId == subject.ProfileId && m.GroupId == subject.TargetId
            )
            select new Judgement
            {
                Position = subject.Position,
                Ordinal = subject.Ordinal,
                Planned = subject.Planned,
                TargetId = subject.TargetId,
                ProfileId = p.Id,
                Verdict = member ? Verdict.WillChange : Verdict.Skipped,
                Reason = member ? null : NotMember.Code,
                Before = member ? "{\"member\":true}" : "{}",
                After = member ? "{\"member\":false}" : null,
            };
        return Task.FromResult(judged);
    }

    protected override Task CheckParameters(OperationContext context, RemoveUsersFromGroupParameters parameters, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return Memberships.CheckGroups(context, parameters.Groups, ct);
    }

    protected override async Task Apply(OperationContext chunk, RemoveUsersFromGroupParameters parameters, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        ArgumentNullException.ThrowIfNull(parameters);
        await Memberships.Keep(chunk, ct);
        await Memberships.Remove(chunk, parameters.Groups, addedBy: null, ct);
    }

    /// <summary>Back into the group, without auto-enrolment, unless somebody has done so already.</summary>
    protected override IQueryable<Judgement> JudgeRevert(OperationContext context, RemoveUsersFromGroupParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (db, workspaceId) = (context.Db, context.WorkspaceId);
        return from item in context.Originals
            let reason = !db.Groups.Any(g => g.WorkspaceId == workspaceId && g.Id == item.TargetId) ? GroupGone.Code
            : db.Memberships.Any(m => m.WorkspaceId == workspaceId && m.ProfileId == item.ProfileId && m.GroupId == item.TargetId)
                ? CommonReasons.TouchedSince.Code
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

    protected override Task Revert(OperationContext chunk, RemoveUsersFromGroupParameters parameters, CancellationToken ct) =>
        Memberships.Restore(chunk, ct);
}
