using Muster.Access;
using Muster.Data;

namespace Muster.Bulk;

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
            ? SubjectsOfItems
            : Users.Select(user => new Subject
            {
                WorkspaceId = user.WorkspaceId,
                Position = user.Position,
                Ordinal = user.Ordinal,
                TargetId = 0,
                ProfileId = user.ProfileId,
                Planned = null,
            });

    /// <summary>Whom to judge for an action with targets (groups, courses), once for each target.</summary>
    /// <param name="targets">The targets; one column, ids of this workspace.</param>
    public IQueryable<Subject> SubjectsOf(IQueryable<long> targets) =>
        IsRunning
            ? SubjectsOfItems
            : from user in Users
            from target in targets
            select new Subject
            {
                WorkspaceId = user.WorkspaceId,
                Position = user.Position,
                Ordinal = user.Ordinal,
                TargetId = target,
                ProfileId = user.ProfileId,
                Planned = null,
            };

    // The items say all there is to know: going through the users and their targets again would double the cost of judging.
    private IQueryable<Subject> SubjectsOfItems =>
        Items.Select(item => new Subject
        {
            WorkspaceId = item.WorkspaceId,
            Position = item.Position,
            Ordinal = item.Ordinal,
            TargetId = item.TargetId,
            ProfileId = item.ProfileId,
            Planned = item.Before,
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

    /// <summary>For an undo: the items the original changed, of the users of this chunk; an undo keeps the original's positions and targets.</summary>
    public IQueryable<UndoneItem> Originals => IsRunning ? OriginalsOfItems : OriginalsOfUsers;

    private IQueryable<UndoneItem> OriginalsOfUsers
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
                    Planned = null,
                    Before = item.Before,
                    After = item.After,
                };
        }
    }

    private IQueryable<UndoneItem> OriginalsOfItems
    {
        get
        {
            var original = OriginalId;
            return from mine in Items
                join item in Db.OperationItems
                    on new
                    {
                        mine.WorkspaceId,
                        OperationId = original,
                        mine.Position,
                        mine.TargetId,
                    } equals new
                    {
                        item.WorkspaceId,
                        item.OperationId,
                        item.Position,
                        item.TargetId,
                    }
                where item.Outcome == Outcome.Changed
                select new UndoneItem
                {
                    Position = mine.Position,
                    Ordinal = mine.Ordinal,
                    TargetId = item.TargetId,
                    ProfileId = item.ProfileId,
                    Planned = mine.Before,
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

    /// <summary>What the preview saw of them, when they are judged again in the run; null in the preview.</summary>
    public required string? Planned { get; init; }
}

/// <summary>An item of the original operation, seen from its undo.</summary>
public sealed class UndoneItem
{
    public required long Position { get; init; }
    public required long Ordinal { get; init; }
    public required long TargetId { get; init; }
    public required long ProfileId { get; init; }

    /// <summary>What the undo's own preview saw; see <see cref="Subject.Planned"/>.</summary>
    public required string? Planned { get; init; }

    public required string? Before { get; init; }
    public required string? After { get; init; }
}
