namespace Muster.Bulk;

/// <summary>
/// What became of an operation's users (or items). Before the run: will change + skipped + problems = selected.
/// After it: changed + skipped + problems + failed + pending = selected; skipped then includes those the run left alone.
/// </summary>
public sealed record OutcomeCounts(
    long Selected,
    long WillChange,
    long Skipped,
    long Problems,
    long Changed,
    long Failed,
    long LeftAlone,
    long Pending
);

/// <summary>How many users and items were given one reason.</summary>
/// <param name="Code">The reason's code; <c>failed</c> for every failure, whose sentence is the message.</param>
/// <param name="Sentence">The reason in words.</param>
/// <param name="Verdict">What the preview said of them.</param>
/// <param name="Outcome">What became of them.</param>
/// <param name="Users">How many users have such an item.</param>
/// <param name="Items">How many items.</param>
public sealed record ReasonCount(string Code, string Sentence, Verdict Verdict, Outcome Outcome, long Users, long Items);

/// <summary>The operation's e-mails, apart from the change itself.</summary>
public sealed record MailCounts(long Waiting, long Sent, long Failed, long Suppressed, long Kept)
{
    public long All => Waiting + Sent + Failed + Suppressed + Kept;
}

/// <summary>How far the present phase has come; <paramref name="Total"/> is null while it is not known.</summary>
public sealed record OperationProgress(long Done, long? Total);

/// <summary>Who asked for an operation.</summary>
/// <param name="Name">A person's name, a token's name, or "Command line".</param>
/// <param name="Email">The person's address.</param>
public sealed record OperationAuthor(string Name, string? Email);

/// <summary>An operation with everything that pages, API and command line show of it.</summary>
public sealed record OperationView
{
    public required Operation Operation { get; init; }

    public required BulkAction Action { get; init; }

    public required OperationAuthor By { get; init; }

    public required OutcomeCounts Users { get; init; }

    public required OutcomeCounts Items { get; init; }

    public required OperationProgress Progress { get; init; }

    /// <summary>By verdict, then outcome, most users first.</summary>
    public required IReadOnlyList<ReasonCount> Reasons { get; init; }

    public required IReadOnlyList<Effect> Effects { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }

    public required MailCounts Mail { get; init; }

    /// <summary>Waits to be confirmed, and takes something away.</summary>
    public required bool TakesAway { get; init; }

    /// <summary>The number a person must type to confirm; null when none is asked for, or there is nothing to confirm.</summary>
    public required long? CountToType { get; init; }

    /// <summary>Whether confirming it asks another administrator for approval.</summary>
    public required bool NeedsApproval { get; init; }

    /// <summary>Who may give the approval that it waits for, or that this reader would ask for by confirming it; null where there is none to give.</summary>
    public required Approvers? Approvers { get; init; }

    /// <summary>Who confirmed it, and who approved it, where they did.</summary>
    public required OperationAuthor? ConfirmedBy { get; init; }

    public required OperationAuthor? ApprovedBy { get; init; }

    /// <summary>Why this reader cannot approve it, as a sentence; null when they can.</summary>
    public required string? WhyNotApprove { get; init; }

    /// <summary>Why it cannot be undone, as a sentence; null when it can.</summary>
    public required string? WhyNotUndo { get; init; }

    /// <summary>The operation that undid it, or is about to.</summary>
    public required long? UndoneBy { get; init; }
}

/// <summary>A line of the list of operations.</summary>
public sealed record OperationLine(Operation Operation, BulkAction? Action, OperationAuthor By, OutcomeCounts Users);
