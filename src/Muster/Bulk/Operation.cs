namespace Muster.Bulk;

/// <summary>Where an operation stands. The arrows between these are in <see cref="OperationTransitions"/>.</summary>
public enum OperationStatus
{
    /// <summary>Begun; waits for its users (a file, a selection) or parameters.</summary>
    Draft = 0,

    /// <summary>The selection is being read and frozen, and each user judged.</summary>
    Previewing = 1,

    /// <summary>What will happen to whom is known; waits for a person to confirm.</summary>
    Previewed = 2,

    /// <summary>Confirmed; waits for its turn.</summary>
    Queued = 3,

    /// <summary>Chunks are being applied.</summary>
    Running = 4,

    /// <summary>Stopped between chunks by a person; can be resumed.</summary>
    Paused = 5,

    /// <summary>Stopped for good by a person; what was done stays, the rest was not run.</summary>
    Cancelled = 6,

    /// <summary>Every item has an outcome.</summary>
    Completed = 7,

    /// <summary>Trouble with the file, the database or the actor's rights stopped it; <see cref="Operation.Error"/> says which.</summary>
    Failed = 8,

    /// <summary>Confirmed for a later time; is then previewed again, and runs if little has changed.</summary>
    Scheduled = 9,

    /// <summary>Confirmed by one administrator; waits for the approval of another.</summary>
    AwaitingApproval = 10,
}

/// <summary>How far the preview has come.</summary>
public enum PreviewPhase
{
    /// <summary>Rows of the file or the pasted list are read, or the users of the list are frozen.</summary>
    Selecting = 0,

    /// <summary>Each user is judged, chunk by chunk.</summary>
    Judging = 1,

    /// <summary>Everybody has been judged; counts and effects are read, and nobody is kept from writing meanwhile.</summary>
    Counting = 2,
}

/// <summary>From where an operation was asked for.</summary>
public enum OperationSource
{
    Web = 0,
    Api = 1,
    Cli = 2,
    Schedule = 3,
}

/// <summary>One run of one bulk action: what, on whom, by whom, how far.</summary>
public sealed class Operation
{
    public long WorkspaceId { get; set; }

    public long Id { get; set; }

    /// <summary>Key of the action, such as <c>archive-profiles</c>.</summary>
    public required string Action { get; set; }

    /// <summary>The <see cref="Parameters"/> of a draft that still waits for them.</summary>
    public const string NoParametersYet = "";

    /// <summary>The action's parameters as JSON.</summary>
    public string Parameters { get; set; } = "{}";

    /// <summary>The <see cref="Bulk.Selection"/> as JSON; null while a draft waits for it.</summary>
    public string? Selection { get; set; }

    public OperationStatus Status { get; set; }

    public PreviewPhase PreviewPhase { get; set; }

    /// <summary>Position up to which the present phase is done; every chunk moves it in its own transaction. While users are being selected, how many there are.</summary>
    public long Cursor { get; set; }

    /// <summary>Users judged by the preview so far.</summary>
    public long Judged { get; set; }

    /// <summary>Whether chunks follow the ordinals because somebody gets what somebody else then does not (seats), or the order in which people are stored.</summary>
    public bool InListOrder { get; set; }

    /// <summary>While users are being frozen: of a filter, the mark of the reading of the list (<see cref="ListReading.Mark"/>); of another operation, the ordinal reached there.</summary>
    public long PlaceId { get; set; }

    /// <summary>Highest ordinal among its users (while a filter's are being frozen, how many there are); an undo keeps the original's ordinals, so there may be gaps.</summary>
    public long LastOrdinal { get; set; }

    /// <summary>
    /// The day, in the workspace's zone, as of which the preview judged; the run judges and acts as of the same day, so that midnight between the two changes nothing.
    /// </summary>
    public DateOnly? Day { get; set; }

    /// <summary>Highest position among its users.</summary>
    public long LastPosition { get; set; }

    /// <summary>First id of the block reserved for rows the operation creates: a new profile's id is this plus its ordinal.</summary>
    public long FirstNewId { get; set; }

    /// <summary>Users frozen into the operation.</summary>
    public long Selected { get; set; }

    public long WillChange { get; set; }

    /// <summary>Users skipped by the preview.</summary>
    public long Skipped { get; set; }

    public long Problems { get; set; }

    public long Changed { get; set; }

    public long Failed { get; set; }

    /// <summary>Users the preview would have changed but the run left alone, with the reason on the item.</summary>
    public long LeftAlone { get; set; }

    public long ItemsWillChange { get; set; }

    public long ItemsSkipped { get; set; }

    public long ItemsProblems { get; set; }

    public long ItemsChanged { get; set; }

    public long ItemsFailed { get; set; }

    public long ItemsLeftAlone { get; set; }

    /// <summary>Items, whatever became of them, to which the run has given a reason.</summary>
    public long ItemsExplained { get; set; }

    /// <summary>The <see cref="Effect"/>s found by the preview, as JSON.</summary>
    public string? Effects { get; set; }

    /// <summary>Warnings of file or action, as a JSON list of sentences.</summary>
    public string? Warnings { get; set; }

    /// <summary>Why the operation failed, or why the preview could not be made, as a sentence.</summary>
    public string? Error { get; set; }

    /// <summary>The account that asked for it; null for an API token or the command line.</summary>
    public long? AccountId { get; set; }

    public long? TokenId { get; set; }

    public OperationSource Source { get; set; }

    /// <summary>IP address the request came from.</summary>
    public string? Address { get; set; }

    /// <summary>The schedule that began it.</summary>
    public long? ScheduleId { get; set; }

    /// <summary>With a <see cref="ScheduleId"/>: confirmed by itself unless more users would change.</summary>
    public long? LargestRun { get; set; }

    /// <summary>The operation whose changes this one reverts.</summary>
    public long? UndoOf { get; set; }

    public DateTime CreatedAt { get; set; }

    public DateTime? PreviewedAt { get; set; }

    public DateTime? ConfirmedAt { get; set; }

    public long? ConfirmedByAccountId { get; set; }

    /// <summary>The token that confirmed it, which need not be the one that began it.</summary>
    public long? ConfirmedByTokenId { get; set; }

    /// <summary>Whether nobody is changed unless everybody is whom the preview said would be.</summary>
    public bool AllOrNothing { get; set; }

    /// <summary>When it is to run; null when as soon as it can.</summary>
    public DateTime? RunAt { get; set; }

    /// <summary>Why a confirmed operation was previewed again and waits for a person to look, as a sentence; null when it does not.</summary>
    public string? Review { get; set; }

    public DateTime? ApprovedAt { get; set; }

    public long? ApprovedByAccountId { get; set; }

    public DateTime? StartedAt { get; set; }

    public DateTime? FinishedAt { get; set; }

    /// <summary>When a runner last gave it a slice; the least recently served goes first.</summary>
    public DateTime? ServedAt { get; set; }
}

/// <summary>One user of an operation's frozen selection, in the order of the list or the file.</summary>
public sealed class OperationUser
{
    public long WorkspaceId { get; set; }

    public long OperationId { get; set; }

    /// <summary>
    /// Where chunks meet this user: the profile's id, so that the rows of a chunk are neighbours in the database (ADR 9);
    /// the ordinal for rows of a file, and where it matters who is first.
    /// </summary>
    public long Position { get; set; }

    /// <summary>1, 2, 3 … in list order (last name, first name, id) or file order: the order in which people see users, and in which seats go.</summary>
    public long Ordinal { get; set; }

    /// <summary>The profile; 0 when no profile could be found, or none exists yet (invitations).</summary>
    public long ProfileId { get; set; }

    /// <summary>Code of what is wrong with this user before any judging (a bad row, an unknown address), else null.</summary>
    public string? Problem { get; set; }

    /// <summary>Whether a scheduled operation was to change this user when it was confirmed; written when its time comes.</summary>
    public bool WasToChange { get; set; }
}
