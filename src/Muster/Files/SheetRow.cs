namespace Muster.Files;

/// <summary>What a cell holds.</summary>
public enum CellKind
{
    /// <summary>Nothing.</summary>
    Empty,

    /// <summary>Text; every cell of a CSV that is not empty.</summary>
    Text,

    /// <summary>A number in its shortest exact form with a dot, whatever the sheet shows.</summary>
    Number,

    /// <summary>A date or a date with time in ISO form: <c>2026-11-23</c> or <c>2026-11-23T09:30:00</c>.</summary>
    Date,

    /// <summary><c>TRUE</c> or <c>FALSE</c>.</summary>
    Boolean,

    /// <summary>An error value such as <c>#N/A</c>.</summary>
    Error,

    /// <summary>A formula whose result was never saved; the text is empty.</summary>
    FormulaWithoutValue,
}

/// <summary>One cell: its text and what the text is.</summary>
public readonly record struct SheetCell(string Text, CellKind Kind)
{
    /// <summary>A cell with nothing in it; the same as <c>default</c> but for its text.</summary>
    public static SheetCell Empty { get; } = new("", CellKind.Empty);

    /// <summary>A cell of text, empty when the text is.</summary>
    public static SheetCell OfText(string text) => text.Length == 0 ? Empty : new(text, CellKind.Text);

    /// <summary>Whether there is nothing to see: no content, or spaces only.</summary>
    public bool IsBlank => Kind == CellKind.Empty || (Kind == CellKind.Text && UnicodeText.TrimInvisible(Text).Length == 0);
}

/// <summary>A row with something in it.</summary>
/// <param name="number">The row number the spreadsheet shows; for CSV the record number, which is what a spreadsheet would show.</param>
/// <param name="hidden">Whether the sheet hides this row.</param>
/// <param name="cells">The cells from column 1 on; columns past the end are empty.</param>
public sealed class SheetRow(int number, bool hidden, SheetCell[] cells)
{
    /// <summary>The row number the spreadsheet shows, from 1.</summary>
    public int Number => number;

    /// <summary>Whether the sheet hides this row (a filter, for example).</summary>
    public bool Hidden => hidden;

    /// <summary>The last column that may hold something.</summary>
    public int LastColumn => cells.Length;

    /// <summary>The cell in a column, counted from 1.</summary>
    public SheetCell this[int column] =>
        column > 0 && column <= cells.Length && cells[column - 1].Text is not null ? cells[column - 1] : SheetCell.Empty;

    /// <summary>The row with other texts from column 1 on; a cell whose text is the same stays what it was (a date, a formula without value).</summary>
    public SheetRow With(IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return new(number, hidden, [.. texts.Select((text, i) => this[i + 1].Text == text ? this[i + 1] : SheetCell.OfText(text))]);
    }

    /// <summary>The texts of the cells from column 1 on, blank ones included.</summary>
    internal IEnumerable<string> Texts() => cells.Select(cell => cell.Text ?? "");

    /// <summary>The cells with something in them as headings.</summary>
    internal IEnumerable<HeaderCell> Cells() =>
        cells
            .Select((cell, i) => (cell, i))
            .Where(pair => pair.cell.Text is not null && !pair.cell.IsBlank)
            .Select(pair => new HeaderCell(pair.i + 1, pair.cell.Text));

    /// <summary>The address of this row's cell in a column, such as <c>B7</c>.</summary>
    public string AddressOf(int column) => CellReference.Of(column, number);
}

/// <summary>A column's heading.</summary>
/// <param name="Column">The column, counted from 1.</param>
/// <param name="Text">The heading as it stands in the file.</param>
public sealed record HeaderCell(int Column, string Text);
