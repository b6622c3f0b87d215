using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Data;

namespace Muster.Bulk;

/// <summary>Why an item is skipped or is a problem: a stable code and a sentence for people. Declared as <c>static readonly</c> beside the rule that uses it.</summary>
/// <param name="Code">Stable, kebab-case, at most 50 characters.</param>
/// <param name="Sentence">What and, where it helps, what would be right.</param>
public sealed record Reason(string Code, string Sentence);

/// <summary>Reasons the pipeline itself gives.</summary>
public static class CommonReasons
{
    public static readonly Reason ChangedSince = new("changed-since-preview", "Changed since the preview, so it was left alone.");
    public static readonly Reason NotFound = new("not-found", "Not found among the people you manage.");
    public static readonly Reason Duplicate = new("duplicate-row", "Named before in the same list.");
    public static readonly Reason BadEmail = new("bad-email", "The e-mail address cannot be used as it is written.");
    public static readonly Reason Unticked = new("unticked", "Left out in the preview.");
    public static readonly Reason NotAllowed = new("not-allowed", "The person who started this may no longer do so.");
    public static readonly Reason TouchedSince = new("touched-since", "Somebody changed this since, so undo leaves it alone.");

    public static readonly Reason AllOrNothing = new(
        "all-or-nothing",
        "All or nothing was asked for, and somebody else could not be changed."
    );

    public static IReadOnlyList<Reason> All =>
        [ChangedSince, NotFound, Duplicate, BadEmail, Unticked, NotAllowed, TouchedSince, AllOrNothing];
}

/// <summary>What will happen to one user and target; every member must be assigned in the query.</summary>
public sealed class Judgement
{
    /// <summary>The user's, of <see cref="Subject"/> or <see cref="UndoneItem"/>.</summary>
    public required long Position { get; init; }

    /// <summary>The same user's; looked up again it would cost as much as some actions' judging.</summary>
    public required long Ordinal { get; init; }

    /// <summary>Group or course; 0 where there is none.</summary>
    public required long TargetId { get; init; }

    public required long ProfileId { get; init; }

    public required Verdict Verdict { get; init; }

    /// <summary>Code of the reason; null when it will change.</summary>
    public required string? Reason { get; init; }

    /// <summary>The state the action depends on or writes, as flat JSON; compared again when the item runs.</summary>
    public required string? Before { get; init; }

    /// <summary>The state the change leaves behind, as flat JSON.</summary>
    public required string? After { get; init; }
}

/// <summary>A number that belongs to a preview: how many enrolments in a course, how many e-mails.</summary>
/// <param name="Code">Stable name such as <c>enrolments</c>, <c>emails</c>.</param>
/// <param name="Label">Words for people, such as "New enrolments in Fire safety".</param>
/// <param name="Count">How many.</param>
/// <param name="TargetId">The course or group it is about, if one.</param>
/// <param name="Subject">That course or group by name.</param>
public sealed record Effect(string Code, string Label, long Count, long? TargetId = null, string? Subject = null);

/// <summary>What a preview says beside the users.</summary>
/// <param name="Effects">Numbers.</param>
/// <param name="Warnings">Sentences that must stand out.</param>
public sealed record Preview(IReadOnlyList<Effect> Effects, IReadOnlyList<string> Warnings)
{
    public static readonly Preview Nothing = new([], []);
}

/// <summary>What an action is asked about: an operation's users (all of them, or one chunk), who asks, and the clock.</summary>
public sealed record OperationContext
{
    public required MusterDb Db { get; init; }

    public required long WorkspaceId { get; init; }

    public required long OperationId { get; init; }

    /// <summary>First id of the operation's reserved block; see <see cref="Operation.FirstNewId"/>.</summary>
    public required long FirstNewId { get; init; }

    public required Actor Actor { get; init; }

    public required DateTime Now { get; init; }

    /// <summary>The day of the preview in the workspace's time zone (<see cref="Operation.Day"/>).</summary>
    public required DateOnly Today { get; init; }

    /// <summary>True in a chunk of the run, which judges the items of the preview again; false while the preview judges users for the first time.</summary>
    public bool IsRunning { get; init; }

    /// <summary>Whether whoever comes in a later chunk stands later in the list as well.</summary>
    public bool IsInListOrder { get; init; }

    /// <summary>
    /// Where the first in the list are to be found who have not run yet: this chunk when chunks follow the list, else this one and all that come after it.
    /// </summary>
    public OperationContext Waiting => IsInListOrder ? this : this with { UpTo = long.MaxValue };

    /// <summary>The users to judge have a position above this …</summary>
    public long After { get; init; }

    /// <summary>… up to this one.</summary>
    public long UpTo { get; init; } = long.MaxValue;

    /// <summary>The frozen users of this chunk.</summary>
    public IQueryable<OperationUser> AllUsers
    {
        get
        {
            // Locals become parameters of the statement; members of this record would be written into its text, and every chunk would be compiled anew.
            var (workspaceId, operationId, after, upTo) = (WorkspaceId, OperationId, After, UpTo);
            return Db.OperationUsers.Where(user =>
                user.WorkspaceId == workspaceId && user.OperationId == operationId && user.Position > after && user.Position <= upTo
            );
        }
    }

    /// <summary>Those of them that can be judged at all.</summary>
    public IQueryable<OperationUser> Users => AllUsers.Where(user => user.Problem == null);

    /// <summary>
    /// Whom to judge for an action without targets: in the preview the frozen users, in the run those the preview says will change.
    /// </summary>
    public IQueryable<Subject> Subjects =>
        IsRunning
            ? Planned
            : Users.Select(user => new Subject
            {
                WorkspaceId = user.WorkspaceId,
                Position = user.Position,
                Ordinal = user.Ordinal,
                TargetId = 0,
                ProfileId = user.ProfileId,
            });

    /// <summary>Whom to judge for an action with targets (groups, courses), once for each target.</summary>
    /// <param name="targets">The targets; one column, ids of this workspace.</param>
    public IQueryable<Subject> SubjectsOf(IQueryable<long> targets) =>
        IsRunning
            ? Planned
            : from user in Users
            from target in targets
            select new Subject
            {
                WorkspaceId = user.WorkspaceId,
                Position = user.Position,
                Ordinal = user.Ordinal,
                TargetId = target,
                ProfileId = user.ProfileId,
            };

    // The items say all there is to know: going through the users and their targets again would double the cost of judging.
    private IQueryable<Subject> Planned =>
        Items.Select(item => new Subject
        {
            WorkspaceId = item.WorkspaceId,
            Position = item.Position,
            Ordinal = item.Ordinal,
            TargetId = item.TargetId,
            ProfileId = item.ProfileId,
        });

    /// <summary>The items that will change and have not run yet, of the whole operation or of this chunk.</summary>
    public IQueryable<OperationItem> Items
    {
        get
        {
            var (workspaceId, operationId, after, upTo) = (WorkspaceId, OperationId, After, UpTo);
            return Db.OperationItems.Where(item =>
                item.WorkspaceId == workspaceId
                && item.OperationId == operationId
                && item.Position > after
                && item.Position <= upTo
                && item.Verdict == Verdict.WillChange
                && item.Outcome == Outcome.Pending
            );
        }
    }

    /// <summary>The profiles of <see cref="Items"/>.</summary>
    public IQueryable<long> ProfileIds => Items.Select(item => item.ProfileId);

    /// <summary>Those of them whose item is for this group or course.</summary>
    public IQueryable<long> PeopleOf(long target) => Items.Where(item => item.TargetId == target).Select(item => item.ProfileId);

    /// <summary>For an undo: the operation whose changes are taken back; else 0.</summary>
    public long OriginalId { get; init; }

    /// <summary>For an undo: the items the original changed, of the users of this chunk; an undo keeps the original's positions.</summary>
    public IQueryable<UndoneItem> Originals
    {
        get
        {
            var original = OriginalId;
            return from user in Users
                join item in Db.OperationItems
                    on new
                    {
                        user.WorkspaceId,
                        OperationId = original,
                        user.Position,
                    } equals new
                    {
                        item.WorkspaceId,
                        item.OperationId,
                        item.Position,
                    }
                where item.Outcome == Outcome.Changed
                select new UndoneItem
                {
                    Position = user.Position,
                    Ordinal = user.Ordinal,
                    TargetId = item.TargetId,
                    ProfileId = item.ProfileId,
                    Before = item.Before,
                    After = item.After,
                };
        }
    }
}

/// <summary>A user to be judged, and for which target.</summary>
public sealed class Subject
{
    public required long WorkspaceId { get; init; }
    public required long Position { get; init; }
    public required long Ordinal { get; init; }

    /// <summary>The group or course; 0 where there is none.</summary>
    public required long TargetId { get; init; }

    public required long ProfileId { get; init; }
}

/// <summary>An item of the original operation, seen from its undo.</summary>
public sealed class UndoneItem
{
    public required long Position { get; init; }
    public required long Ordinal { get; init; }
    public required long TargetId { get; init; }
    public required long ProfileId { get; init; }
    public required string? Before { get; init; }
    public required string? After { get; init; }
}

/// <summary>The items a rule about the whole selection may still skip: those of the preview, or those of one chunk when it runs.</summary>
public sealed class ItemScope(OperationContext context, bool running)
{
    /// <summary>Items that will change so far.</summary>
    public IQueryable<OperationItem> Items => context.Items;

    /// <summary>Skips some of <see cref="Items"/>.</summary>
    /// <returns>How many were skipped.</returns>
    public Task<int> Skip(IQueryable<OperationItem> items, Reason reason, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return running
            ? items.ExecuteUpdateAsync(
                set => set.SetProperty(i => i.Outcome, Outcome.Skipped).SetProperty(i => i.OutcomeReason, reason.Code),
                ct
            )
            : items.ExecuteUpdateAsync(
                set =>
                    set.SetProperty(i => i.Verdict, Verdict.Skipped)
                        .SetProperty(i => i.Reason, reason.Code)
                        .SetProperty(i => i.After, (string?)null)
                        .SetProperty(i => i.Outcome, Outcome.Skipped),
                ct
            );
    }
}
