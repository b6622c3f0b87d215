namespace Muster.Bulk;

/// <summary>What the preview says of an item.</summary>
public enum Verdict
{
    WillChange = 0,
    Skipped = 1,
    Problem = 2,
}

/// <summary>What became of an item.</summary>
public enum Outcome
{
    /// <summary>Will change, not run yet; after a cancel: not run.</summary>
    Pending = 0,
    Changed = 1,

    /// <summary>Left alone, by the preview or because it changed since; the reason says which.</summary>
    Skipped = 2,
    Problem = 3,
    Failed = 4,
}

/// <summary>One user × one target of an operation: verdict before, outcome after, reason, what changed.</summary>
public sealed class OperationItem
{
    public long WorkspaceId { get; set; }

    public long OperationId { get; set; }

    /// <summary>Where chunks meet the user; see <see cref="OperationUser.Position"/>.</summary>
    public long Position { get; set; }

    public long Ordinal { get; set; }

    /// <summary>The group or course; 0 where the action has no target.</summary>
    public long TargetId { get; set; }

    /// <summary>The profile changed; 0 for a problem without one.</summary>
    public long ProfileId { get; set; }

    public Verdict Verdict { get; set; }

    /// <summary>Why the preview skips it or calls it a problem: the code of a <see cref="Bulk.Reason"/> or <see cref="RowProblem"/>.</summary>
    public string? Reason { get; set; }

    public Outcome Outcome { get; set; }

    /// <summary>Why the run left alone what the preview would have changed, or how it failed.</summary>
    public string? OutcomeReason { get; set; }

    /// <summary>The state the preview saw, as a flat JSON object; if it differs when the item runs, somebody changed the user since.</summary>
    public string? Before { get; set; }

    /// <summary>The state the change leaves behind, as a flat JSON object.</summary>
    public string? After { get; set; }
}
