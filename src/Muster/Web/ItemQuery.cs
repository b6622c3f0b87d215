using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Muster.Bulk;

namespace Muster.Web;

/// <summary>Which items of an operation a table shows and from where on, all of it in the address.</summary>
/// <param name="Filter">Which items.</param>
/// <param name="After">Where the page begins.</param>
/// <param name="Mend">Ordinal of the row that is open to be put right.</param>
public sealed record ItemQuery(ItemFilter Filter, string? After = null, long? Mend = null)
{
    /// <summary>Items on a page.</summary>
    public const int PageSize = 50;

    /// <summary>Everything, from the beginning.</summary>
    public static readonly ItemQuery Everybody = new(new ItemFilter());

    /// <summary>True when anything narrows the table.</summary>
    public bool IsFiltered => Filter != Everybody.Filter;

    /// <summary>Where the page begins.</summary>
    public ItemPlace Place => ItemPlace.TryParse(After, out var place) ? place : default;

    /// <summary>Reads a query; what cannot be read counts as not given.</summary>
    public static ItemQuery Parse(IQueryCollection query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return new(
            new ItemFilter(
                Enum.TryParse<Verdict>(query["verdict"], ignoreCase: true, out var verdict) && Enum.IsDefined(verdict) ? verdict : null,
                Enum.TryParse<Outcome>(query["outcome"], ignoreCase: true, out var outcome) && Enum.IsDefined(outcome) ? outcome : null,
                Text(query["reason"]),
                Text(query["search"])
            ),
            Text(query["after"]),
            long.TryParse(query["mend"], NumberStyles.None, CultureInfo.InvariantCulture, out var mend) ? mend : null
        );
    }

    /// <summary>As a query string that begins with a question mark, or nothing.</summary>
    public string ToQuery() =>
        QueryHelpers.AddQueryString(
            "",
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["verdict"] = Filter.Verdict is { } verdict ? JsonNamingPolicy.CamelCase.ConvertName(verdict.ToString()) : null,
                ["outcome"] = Filter.Outcome is { } outcome ? JsonNamingPolicy.CamelCase.ConvertName(outcome.ToString()) : null,
                ["reason"] = Filter.Reason,
                ["search"] = Filter.Search,
                ["after"] = After,
                ["mend"] = Mend?.ToString(CultureInfo.InvariantCulture),
            }
        );

    // No database can be asked for NUL.
    private static string? Text(string? value) =>
        value?.Trim() is { Length: > 0 and <= 200 } text && !text.Contains('\0', StringComparison.Ordinal) ? text : null;
}
