using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Muster.Files;

/// <summary>A column that a file may have.</summary>
/// <param name="Title">Its name as the template writes it, without the asterisk.</param>
/// <param name="Required">Whether the file is of no use without it.</param>
/// <param name="Aliases">Other names people give it.</param>
public sealed record KnownColumn(string Title, bool Required = false, params IReadOnlyList<string> Aliases);

/// <summary>Which column of a file holds what: names match without regard to case, spaces, <c>*</c> and order.</summary>
public sealed class HeaderMap
{
    /// <summary>Longer texts are no headings; the first rows of a hostile file may be full of them.</summary>
    private const int MaxHeading = 1000;

    private readonly Dictionary<string, HeaderCell> _byTitle;

    private HeaderMap(Dictionary<string, HeaderCell> byTitle, IReadOnlyList<HeaderCell> unknown, IReadOnlyList<string> missing)
    {
        _byTitle = byTitle;
        Unknown = unknown;
        Missing = missing;
    }

    /// <summary>The headings that mean nothing here, in order, for a warning.</summary>
    public IReadOnlyList<HeaderCell> Unknown { get; }

    /// <summary>The titles of the required columns that the file does not have.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>The column number of a known column by its title, or 0 when the file does not have it.</summary>
    public int ColumnOf(string title) => _byTitle.TryGetValue(title, out var header) ? header.Column : 0;

    /// <summary>Whether the file has a known column.</summary>
    public bool TryGetColumn(string title, out int column) => (column = ColumnOf(title)) > 0;

    /// <summary>Matches headings with known columns.</summary>
    /// <exception cref="SpreadsheetException">Two columns mean the same (<c>duplicate-header</c>).</exception>
    public static HeaderMap Match(IReadOnlyList<HeaderCell> headers, IReadOnlyList<KnownColumn> known, int headerRow = 1)
    {
        var found = new Dictionary<string, HeaderCell>(StringComparer.Ordinal);
        var unknown = new List<HeaderCell>();
        foreach (var header in headers)
        {
            if (!TryFind(header.Text, known, out var column))
            {
                unknown.Add(header);
            }
            else if (!found.TryAdd(column.Title, header))
            {
                throw Duplicate(column.Title, found[column.Title], header, headerRow);
            }
        }
        var missing = known.Where(column => column.Required && !found.ContainsKey(column.Title)).Select(column => column.Title);
        return new HeaderMap(found, unknown, [.. missing]);
    }

    /// <summary>Whether one of <paramref name="texts"/> is the heading of a column, for <see cref="SpreadsheetOptions.LooksLikeHeader"/>.</summary>
    public static bool Names(IReadOnlyList<string> texts, KnownColumn column) => texts.Any(text => TryFind(text, [column], out _));

    /// <summary>What of a heading counts: neither case nor spaces, asterisks and invisible characters.</summary>
    public static string KeyOf(string heading)
    {
        if (heading.Length > MaxHeading)
        {
            return heading;
        }
        var key = new StringBuilder(heading.Length);
        foreach (var c in UnicodeText.Compose(heading, NormalizationForm.FormKC))
        {
            if (!char.IsWhiteSpace(c) && c != '*' && char.GetUnicodeCategory(c) is not (UnicodeCategory.Format or UnicodeCategory.Control))
            {
                key.Append(char.ToLowerInvariant(c));
            }
        }
        return key.ToString();
    }

    /// <summary>Two known columns may differ only in case or spaces; then the heading that is exactly the title decides.</summary>
    private static bool TryFind(string heading, IReadOnlyList<KnownColumn> known, [NotNullWhen(true)] out KnownColumn? column)
    {
        var bare = heading.Replace("*", "", StringComparison.Ordinal).Trim();
        var key = KeyOf(heading);
        column =
            key.Length == 0
                ? null
                : known.FirstOrDefault(candidate => candidate.Title == bare)
                    ?? known.FirstOrDefault(candidate => KeyOf(candidate.Title) == key)
                    ?? known.FirstOrDefault(candidate => candidate.Aliases.Any(alias => KeyOf(alias) == key));
        return column is not null;
    }

    private static SpreadsheetException Duplicate(string title, HeaderCell first, HeaderCell second, int row) =>
        new(
            SpreadsheetProblems.DuplicateHeader,
            $"Cells {CellReference.Of(first.Column, row)} (“{first.Text.Trim()}”) and {CellReference.Of(second.Column, row)} (“{second.Text.Trim()}”) "
                + $"both name the column “{title}”; keep one of the two columns, or give the other a different name."
        );
}
