using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;
using Muster.Learning;
using Muster.People;

namespace Muster.Actions;

/// <summary>Which groups to add people to.</summary>
/// <param name="Groups">Group ids, one or more.</param>
public sealed record AddUsersToGroupParameters(
    [property: Required, MinLength(1, ErrorMessage = "Choose at least one group.")] IReadOnlyList<long> Groups
);

/// <summary>Puts people into groups; active auto-enrolment rules of those groups enrol everyone added, even those who completed the course before.</summary>
public sealed class AddUsersToGroup : BulkAction<AddUsersToGroupParameters>
{
    public static readonly Reason AlreadyMember = new("already-member", "Already in the group.");
    public static readonly Reason Archived = new("archived", "Archived; reactivate first.");
    public static readonly Reason WasCancelled = new("cancelled", "The invitation was cancelled.");
    public static readonly Reason NoSeatAnyMore = new(
        "no-seat-any-more",
        "Added to the group, but not enrolled: a seat that the preview counted on is no longer free."
    );

    public override string Key => "add-users-to-group";
    public override string Title => "Add users to group";
    public override ActionCategory Category => ActionCategory.Organisation;
    public override int MenuPosition => 10;
    public override string Sentence => "Puts people into one or more groups and starts the groups' auto-enrolments for them.";
    public override bool IsUndoDestructive => true;

    protected override async Task<IQueryable<Judgement>> Judge(
        OperationContext context,
        AddUsersToGroupParameters parameters,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(parameters);
        var (db, workspaceId, groups) = (context.Db, context.WorkspaceId, parameters.Groups.Distinct().ToList());
        var known = db.Groups.Where(g => g.WorkspaceId == workspaceId && groups.Contains(g.Id)).Select(g => g.Id);
        var joiners = await AutoEnrolment.Joiners(context, context.SubjectsOf(known), groups, ct);
        // A run judges the preview's items, whose group may have been deleted since. Read first: a look at the groups for each item costs more.
        var standing = await known.ToListAsync(ct);
        return from joiner in joiners
            where standing.Contains(joiner.GroupId)
            let reason = joiner.Status == ProfileStatus.Archived ? Archived.Code
            : joiner.Status == ProfileStatus.Cancelled ? WasCancelled.Code
            : db.Memberships.Any(m => m.WorkspaceId == workspaceId && m.ProfileId == joiner.ProfileId && m.GroupId == joiner.GroupId)
                ? AlreadyMember.Code
            : null
            select new Judgement
            {
                Position = joiner.Position,
                Ordinal = joiner.Ordinal,
                Planned = joiner.Planned,
                TargetId = joiner.GroupId,
                ProfileId = joiner.ProfileId,
                Verdict = reason == null ? Verdict.WillChange : Verdict.Skipped,
                Reason = reason,
                Before =
                    (joiner.Status == ProfileStatus.Active ? "{\"enrolsNow\":\"" : "{\"enrolsOnAcceptance\":\"") + joiner.Courses + "\"}",
                After = reason == null ? AutoEnrolment.Member + "}" : null,
            };
    }

    protected override Task CheckParameters(OperationContext context, AddUsersToGroupParameters parameters, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return Memberships.CheckGroups(context, parameters.Groups, ct);
    }

    protected override async Task<bool> FollowsList(OperationContext context, AddUsersToGroupParameters parameters, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(parameters);
        return await Seats.AnyLimit(context, await AutoEnrolment.CourseIds(context, parameters.Groups, ct), ct);
    }

    protected override async Task Lock(OperationContext context, AddUsersToGroupParameters parameters, CancellationToken ct) =>
        await Seats.Lock(context, await AutoEnrolment.CourseIds(context, parameters.Groups, ct), ct);

    protected override Task JudgeTogether(
        OperationContext context,
        AddUsersToGroupParameters parameters,
        ItemScope scope,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(parameters);
        return context.IsRunning ? Task.CompletedTask : AutoEnrolment.SayWhoFindsNoSeat(context, parameters.Groups, ct);
    }

    protected override async Task Apply(OperationContext chunk, AddUsersToGroupParameters parameters, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        ArgumentNullException.ThrowIfNull(parameters);
        var (operationId, now) = (chunk.OperationId, chunk.Now);
        // In the order of the indexes they go into: neighbours share pages.
        await chunk
            .Items.OrderBy(item => item.ProfileId)
            .InsertInto(
                chunk.Db.Memberships,
                item => new Membership
                {
                    WorkspaceId = item.WorkspaceId,
                    ProfileId = item.ProfileId,
                    GroupId = item.TargetId,
                    AddedAt = now,
                    OperationId = operationId,
                },
                ct
            );
        await AutoEnrolment.Enrol(chunk, parameters.Groups, NoSeatAnyMore, ct);
    }

    /// <summary>Out of the group again, if this operation's membership still stands.</summary>
    protected override IQueryable<Judgement> JudgeRevert(OperationContext context, AddUsersToGroupParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (db, workspaceId, original) = (context.Db, context.WorkspaceId, context.OriginalId);
        return from item in context.Originals
            let stands = db.Memberships.Any(m =>
                m.WorkspaceId == workspaceId && m.ProfileId == item.ProfileId && m.GroupId == item.TargetId && m.OperationId == original
            )
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
                After = stands ? "{\"member\":false}" : null,
            };
    }

    protected override async Task Revert(OperationContext chunk, AddUsersToGroupParameters parameters, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        ArgumentNullException.ThrowIfNull(parameters);
        var (db, workspaceId, original) = (chunk.Db, chunk.WorkspaceId, chunk.OriginalId);
        // As values: PostgreSQL cannot know how many attempts an operation has just opened (see EndedAttempts).
        var people = await chunk.ProfileIds.ToListAsync(ct);
        await Memberships.Remove(chunk, parameters.Groups, original, ct);
        await db
            .Enrolments.Where(e =>
                e.WorkspaceId == workspaceId
                && e.OperationId == original
                && e.Status == EnrolmentStatus.NotStarted
                && e.StartedAt == null
                && EF.Parameter(people).Contains(e.ProfileId)
            )
            .ExecuteDeleteAsync(ct);
    }

    protected override async Task<Preview> Effects(OperationContext context, AddUsersToGroupParameters parameters, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(parameters);
        var effects = await AutoEnrolment.Effects(context, parameters.Groups, ct);
        var courses = effects
            .Where(e => e.Code is "enrolments" or "enrolments-on-acceptance")
            .Select(e => e.Subject!)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        return new(
            effects,
            courses.Count == 0
                ? []
                :
                [
                    $"These groups have auto-enrolment targets: everyone added is enrolled in {string.Join(", ", courses)}, even those who completed them before.",
                ]
        );
    }
}
