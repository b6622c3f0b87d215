using System.Globalization;
using System.Runtime.InteropServices;
using Muster.Files;

namespace Muster.Bulk;

/// <summary>Which of an operation's items to show; everything given must hold.</summary>
/// <param name="Verdict">What the preview said.</param>
/// <param name="Outcome">What became of them.</param>
/// <param name="Reason">Code of a reason, before or after; <c>failed</c> for every failure.</param>
/// <param name="Search">Words that name, e-mail address or cells must contain.</param>
public sealed record ItemFilter(Verdict? Verdict = null, Outcome? Outcome = null, string? Reason = null, string? Search = null);

/// <summary>A place between items: after this user and target.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ItemPlace(long Ordinal, long TargetId)
{
    /// <summary>Reads what <see cref="ToString"/> wrote; null text is the beginning.</summary>
    public static bool TryParse(string? text, out ItemPlace place)
    {
        place = default;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (
            dot < 0
            || !long.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal)
            || !long.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var target)
        )
        {
            return false;
        }

        place = new(ordinal, target);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Ordinal}.{TargetId}");
}

/// <summary>One item as people see it.</summary>
public sealed record ItemLine
{
    public required OperationItem Item { get; init; }

    /// <summary>True when the profile exists, so that its page can be linked.</summary>
    public required bool HasProfile { get; init; }

    public required string FirstName { get; init; }

    public required string LastName { get; init; }

    /// <summary>The address as the profile has it, or as the row says.</summary>
    public required string Email { get; init; }

    /// <summary>The spreadsheet's own row number or the pasted list's line; null when the users came from neither.</summary>
    public required int? RowNumber { get; init; }

    /// <summary>The row's cells in the order of <see cref="ItemPage.Headers"/>.</summary>
    public required IReadOnlyList<string> Cells { get; init; }

    /// <summary>What is wrong with the row, cell by cell.</summary>
    public required IReadOnlyList<RowProblem> Problems { get; init; }

    /// <summary>The group or course by name; null where the action has no target.</summary>
    public required string? Target { get; init; }

    /// <summary>Code of the reason, of the run if it gave one, else of the preview.</summary>
    public required string? ReasonCode { get; init; }

    /// <summary>The reason in words; for a bad row every problem with its cell.</summary>
    public required string? Reason { get; init; }

    /// <summary>The courses and groups that stand in the item's states, by id.</summary>
    public required IReadOnlyDictionary<long, string> Names { get; init; }

    /// <summary>Courses that the change would lead to if they had a seat.</summary>
    public IReadOnlyCollection<long> WithoutSeat => [.. StateWords.IdsIn(Item.After)];

    /// <summary>The state before, in words.</summary>
    public string Before => StateWords.Of(Item.Before, Names, WithoutSeat);

    /// <summary>The state after, in words.</summary>
    public string After => StateWords.Of(Item.After, Names);

    /// <summary>Where the list goes on after this line.</summary>
    public ItemPlace Place => new(Item.Ordinal, Item.TargetId);

    public string Name => $"{FirstName} {LastName}".Trim();
}

/// <summary>A page of items.</summary>
/// <param name="Lines">In the operation's order.</param>
/// <param name="Next">Where the next page begins; null at the end.</param>
/// <param name="Headers">Headings of the operation's file; empty when it has none.</param>
public sealed record ItemPage(IReadOnlyList<ItemLine> Lines, ItemPlace? Next, IReadOnlyList<HeaderCell> Headers);
