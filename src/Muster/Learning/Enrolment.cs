namespace Muster.Learning;

/// <summary>
/// Where an attempt stands, as stored. The statuses below <see cref="Completed"/> are open and hold a seat.
/// Deferred is not stored: it is <see cref="NotStarted"/> with a start date to come; an open attempt past its expiry date counts as <see cref="Expired"/> whatever is stored.
/// </summary>
public enum EnrolmentStatus
{
    NotStarted = 0,
    InProgress = 1,
    AwaitingFeedback = 2,
    Completed = 3,
    Withdrawn = 4,
    Expired = 5,
}

/// <summary>One attempt of one profile at one course. A person may have several over time, at most one of them open.</summary>
public sealed class Enrolment
{
    public long WorkspaceId { get; set; }

    public long ProfileId { get; set; }

    public long CourseId { get; set; }

    /// <summary>1 for the first attempt.</summary>
    public int Attempt { get; set; }

    public EnrolmentStatus Status { get; set; }

    /// <summary>First day of access, in the workspace's zone.</summary>
    public DateOnly StartsOn { get; set; }

    /// <summary>Last day of access; null for no end.</summary>
    public DateOnly? ExpiresOn { get; set; }

    public DateTime CreatedAt { get; set; }

    public DateTime? StartedAt { get; set; }

    public DateTime? CompletedAt { get; set; }

    public DateTime? WithdrawnAt { get; set; }

    /// <summary>The operation that created the attempt; null when a person or an acceptance did.</summary>
    public long? OperationId { get; set; }

    /// <summary>The auto-enrolment rule that asked for the attempt, if one did.</summary>
    public long? RuleId { get; set; }

    /// <summary>The operation that ended the attempt, so that its undo re-opens the very attempts it closed.</summary>
    public long? EndedByOperationId { get; set; }

    /// <summary>The status before <see cref="EndedByOperationId"/> ended the attempt.</summary>
    public EnrolmentStatus? StatusBeforeEnd { get; set; }
}
