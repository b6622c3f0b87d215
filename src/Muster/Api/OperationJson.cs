using System.Text.Json;
using Muster.Bulk;

namespace Muster.Api;

/// <summary>How many items (or users) stand where; the words are those of <see cref="OutcomeCounts"/>.</summary>
public sealed record ItemCountsJson(long Selected, long WillChange, long Skipped, long Problems, long Changed, long Failed, long Pending);

/// <summary>Users by what will or did become of them, with the items beside them.</summary>
public sealed record CountsJson(
    long Selected,
    long WillChange,
    long Skipped,
    long Problems,
    long Changed,
    long Failed,
    long Pending,
    ItemCountsJson Items
);

/// <summary>How far the present phase has come; no total while it is not known.</summary>
public sealed record ProgressJson(long Done, long? Total);

/// <summary>Who asked for the operation.</summary>
public sealed record AuthorJson(string Name, string? Email, OperationSource From);

/// <summary>A line of the list of operations.</summary>
public sealed record OperationLineJson(
    long Id,
    string Action,
    string? Title,
    OperationStatus Status,
    CountsOnlyJson Counts,
    AuthorJson By,
    long? UndoOf,
    DateTime CreatedAt,
    DateTime? FinishedAt
);

/// <summary>The headline counts of a line.</summary>
public sealed record CountsOnlyJson(long Selected, long WillChange, long Skipped, long Problems, long Changed, long Failed, long Pending);

/// <summary>An operation in full.</summary>
public sealed record OperationJson
{
    public required long Id { get; init; }
    public required string Action { get; init; }
    public required string Title { get; init; }

    /// <summary>The action's parameters; absent while a draft waits for them.</summary>
    public required JsonElement? Parameters { get; init; }

    /// <summary>The selection as it was asked for; the very users are frozen.</summary>
    public required JsonElement? Selection { get; init; }
    public required OperationStatus Status { get; init; }

    /// <summary>A later run found the preview too different and waits for a person; <see cref="Review"/> says how.</summary>
    public required bool NeedsReview { get; init; }

    /// <summary>Why a person must look again, as a sentence.</summary>
    public required string? Review { get; init; }

    /// <summary>Confirming it asks another administrator for approval.</summary>
    public required bool NeedsApproval { get; init; }

    /// <summary>How many people may give the approval that it needs or waits for; 0: it waits until there is somebody. Null where none is to be given.</summary>
    public required int? Approvers { get; init; }
    public required DateTime? RunAt { get; init; }
    public required bool AllOrNothing { get; init; }
    public required CountsJson Counts { get; init; }
    public required IReadOnlyList<ReasonCount> Reasons { get; init; }
    public required IReadOnlyList<Effect> Effects { get; init; }
    public required IReadOnlyList<string> Warnings { get; init; }
    public required ProgressJson Progress { get; init; }

    /// <summary>The operation's e-mails.</summary>
    public required MailCounts Mail { get; init; }

    /// <summary>Confirming needs <c>expectedChanges</c> set to this number.</summary>
    public required long? ExpectedChanges { get; init; }

    /// <summary>Why it failed, as a sentence.</summary>
    public required string? Error { get; init; }
    public required bool CanUndo { get; init; }

    /// <summary>The operation this one takes back.</summary>
    public required long? UndoOf { get; init; }

    /// <summary>The operation that takes this one back.</summary>
    public required long? UndoneBy { get; init; }
    public required AuthorJson By { get; init; }
    public required OperationAuthor? ConfirmedBy { get; init; }

    /// <summary>The second administrator; an approval is given on the operation's page, never by a token.</summary>
    public required OperationAuthor? ApprovedBy { get; init; }
    public required DateTime CreatedAt { get; init; }
    public required DateTime? PreviewedAt { get; init; }
    public required DateTime? ConfirmedAt { get; init; }
    public required DateTime? StartedAt { get; init; }
    public required DateTime? FinishedAt { get; init; }

    /// <summary>An operation's view as JSON says it.</summary>
    public static OperationJson Of(OperationView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        var o = view.Operation;
        var (users, items) = (view.Users, view.Items);
        return new OperationJson
        {
            Id = o.Id,
            Action = o.Action,
            Title = view.Action.Title,
            Parameters = o.Parameters == Operation.NoParametersYet ? null : Element(o.Parameters),
            Selection = o.Selection is null ? null : Element(o.Selection),
            Status = o.Status,
            NeedsReview = o.Review is not null,
            Review = o.Review,
            NeedsApproval = view.NeedsApproval,
            Approvers = view.Approvers?.Count,
            RunAt = o.RunAt,
            AllOrNothing = o.AllOrNothing,
            Counts = new(
                users.Selected,
                users.WillChange,
                users.Skipped,
                users.Problems,
                users.Changed,
                users.Failed,
                users.Pending,
                new(items.Selected, items.WillChange, items.Skipped, items.Problems, items.Changed, items.Failed, items.Pending)
            ),
            Reasons = view.Reasons,
            Effects = view.Effects,
            Warnings = view.Warnings,
            Progress = new(view.Progress.Done, view.Progress.Total),
            Mail = view.Mail,
            ExpectedChanges = view.CountToType,
            Error = o.Error,
            CanUndo = view.WhyNotUndo is null,
            UndoOf = o.UndoOf,
            UndoneBy = view.UndoneBy,
            By = new(view.By.Name, view.By.Email, o.Source),
            ConfirmedBy = view.ConfirmedBy,
            ApprovedBy = view.ApprovedBy,
            CreatedAt = o.CreatedAt,
            PreviewedAt = o.PreviewedAt,
            ConfirmedAt = o.ConfirmedAt,
            StartedAt = o.StartedAt,
            FinishedAt = o.FinishedAt,
        };
    }

    internal static OperationLineJson Line(OperationLine line)
    {
        var (o, users) = (line.Operation, line.Users);
        return new(
            o.Id,
            o.Action,
            line.Action?.Title,
            o.Status,
            new(users.Selected, users.WillChange, users.Skipped, users.Problems, users.Changed, users.Failed, users.Pending),
            new(line.By.Name, line.By.Email, o.Source),
            o.UndoOf,
            o.CreatedAt,
            o.FinishedAt
        );
    }

    private static JsonElement Element(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
