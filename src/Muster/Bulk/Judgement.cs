using Microsoft.EntityFrameworkCore;

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

    /// <summary>The same user's: what the preview saw, when they are judged again.</summary>
    public required string? Planned { get; init; }

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
