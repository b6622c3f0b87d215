namespace Muster.Mail;

/// <summary>How far a message has come.</summary>
public enum MessageStatus
{
    Waiting = 0,

    /// <summary>The mail server answered 250.</summary>
    Sent = 1,

    /// <summary>The mail server refused it for good, or every retry failed.</summary>
    Failed = 2,

    /// <summary>Its reason went away before it was sent (invitation cancelled, re-sent or undone).</summary>
    Suppressed = 3,

    /// <summary>Kept on the built-in outbox page because no mail server is configured.</summary>
    Kept = 4,

    /// <summary>Held since the database came back from a backup: it may have been sent already, and a person has to decide.</summary>
    Held = 5,
}

/// <summary>Why a message is sent; at most one per person, purpose and operation. One that asks for an approval is written anew when the operation is confirmed anew.</summary>
public enum MessagePurpose
{
    Invitation = 0,
    PasswordReset = 1,

    /// <summary>Tells a learner of the courses that an operation has enrolled them in.</summary>
    Enrolment = 2,

    /// <summary>Asks an administrator to approve an operation that somebody else has confirmed.</summary>
    Approval = 3,
}

/// <summary>An e-mail to be sent, written in the transaction of the change that causes it.</summary>
public sealed class OutboxMessage
{
    public long WorkspaceId { get; set; }

    /// <summary>The operation that causes the message; for a message outside an operation, a fresh id of the workspace's.</summary>
    public long OperationId { get; set; }

    public long ProfileId { get; set; }

    public MessagePurpose Purpose { get; set; }

    /// <summary>The link's token, encrypted; wiped after the server took the message.</summary>
    public string? Secret { get; set; }

    public MessageStatus Status { get; set; }

    public int Attempts { get; set; }

    public DateTime CreatedAt { get; set; }

    /// <summary>Not to be tried (again) before.</summary>
    public DateTime DueAt { get; set; }

    /// <summary>The mark of the process that is about to send the message (<see cref="OutboxClaims"/>), written anew while it lives; null when nobody is.</summary>
    public DateTime? ClaimedAt { get; set; }

    public DateTime? SentAt { get; set; }

    /// <summary>What the mail server said when it refused.</summary>
    public string? Error { get; set; }
}
