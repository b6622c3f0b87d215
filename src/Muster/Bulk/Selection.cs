using Muster.People;

namespace Muster.Bulk;

/// <summary>Who is selected; exactly one of filter, users, e-mails, operation or file.</summary>
public sealed record Selection
{
    /// <summary>Most profiles that can be left out of a filter.</summary>
    public const int MostExcept = 10_000;

    /// <summary>Most profiles or addresses that can be named one by one.</summary>
    public const int MostNamed = 100_000;

    /// <summary>Everybody who matches; an empty filter hides nobody.</summary>
    public UserFilter? Filter { get; init; }

    /// <summary>With <see cref="Filter"/>: all but these profiles.</summary>
    public IReadOnlyList<long>? Except { get; init; }

    /// <summary>These profiles.</summary>
    public IReadOnlyList<long>? Users { get; init; }

    /// <summary>The people with these addresses.</summary>
    public IReadOnlyList<string>? Emails { get; init; }

    /// <summary>The users of an earlier operation.</summary>
    public OperationSlice? Operation { get; init; }

    /// <summary>The rows of a file still to be put.</summary>
    public bool? File { get; init; }

    /// <summary>Checks that it says one thing.</summary>
    /// <exception cref="ParametersException">It says none or several, or something the action cannot use.</exception>
    public SelectionWays Check(BulkAction action)
    {
        ArgumentNullException.ThrowIfNull(action);
        var ways = new List<SelectionWays>();
        if (Filter is not null || Users is not null)
        {
            ways.Add(SelectionWays.List);
        }

        if (Emails is not null)
        {
            ways.Add(SelectionWays.Emails);
        }

        if (Operation is not null)
        {
            ways.Add(SelectionWays.Operation);
        }

        if (File is not null)
        {
            ways.Add(SelectionWays.File);
        }

        if (ways.Count != 1 || (Filter is not null && Users is not null) || File == false || (Except is not null && Filter is null))
        {
            throw new ParametersException(
                "selection",
                "The selection must be exactly one of filter (with except), users, emails, operation, or file: true."
            );
        }

        if (Except is { Count: > MostExcept })
        {
            throw new ParametersException(
                "selection.except",
                $"At most {MostExcept} users can be left out of a filter; narrow the filter instead."
            );
        }

        if (Users is { Count: > MostNamed } || Emails is { Count: > MostNamed })
        {
            throw new ParametersException("selection", $"At most {MostNamed} users can be named one by one; use a filter or a file.");
        }

        if (Emails?.Contains(null!) == true)
        {
            throw new ParametersException("selection.emails", "Each address is a text; there is a null among them.");
        }

        if (Operation?.Reason?.Contains('\0', StringComparison.Ordinal) == true)
        {
            throw new ParametersException("selection.operation.reason", "Give the reason by its code, as the operation says it.");
        }

        if (Filter?.Wrong() is ({ } member, { } sentence))
        {
            throw new ParametersException($"selection.filter.{member}", sentence);
        }

        if (!action.Ways.HasFlag(ways[0]))
        {
            throw new ParametersException(
                "selection",
                $"{action.Title} cannot take its users that way; it takes: {action.Ways.ToString().ToLowerInvariant()}."
            );
        }

        return ways[0];
    }
}

/// <summary>Users of an earlier operation, by what was said of them or became of them.</summary>
/// <param name="Id">The operation.</param>
/// <param name="Verdict">Only users with such an item.</param>
/// <param name="Outcome">Only users with such an item.</param>
/// <param name="Reason">Only users with an item of this reason, before or after.</param>
public sealed record OperationSlice(long Id, Verdict? Verdict = null, Outcome? Outcome = null, string? Reason = null);
