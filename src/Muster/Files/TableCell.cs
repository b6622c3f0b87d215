using System.Runtime.InteropServices;

namespace Muster.Files;

/// <summary>What a column or a cell to be written holds.</summary>
public enum TableCellKind
{
    /// <summary>Nothing.</summary>
    Empty,

    /// <summary>Text of any content; made harmless where a spreadsheet might run it.</summary>
    Text,

    /// <summary>A day.</summary>
    Date,

    /// <summary>A moment, written in UTC.</summary>
    Timestamp,

    /// <summary>A number.</summary>
    Number,

    /// <summary>Yes or no.</summary>
    YesNo,
}

/// <summary>A cell to be written. Typed cells are written as what they are; only text is guarded.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TableCell
{
    private TableCell(TableCellKind kind, string? text = null, decimal number = 0, DateTime moment = default)
    {
        Kind = kind;
        Text = text ?? "";
        Number = number;
        Moment = moment;
    }

    /// <summary>What the cell holds.</summary>
    public TableCellKind Kind { get; }

    internal string Text { get; }
    internal decimal Number { get; }
    internal DateTime Moment { get; }

    /// <summary>A cell with nothing in it.</summary>
    public static TableCell Empty => default;

    /// <summary>A cell of text; empty when the text is.</summary>
    public static TableCell Of(string? text) => string.IsNullOrEmpty(text) ? default : new(TableCellKind.Text, text);

    /// <summary>A cell with a day.</summary>
    public static TableCell Of(DateOnly? date) =>
        date is { } day ? new(TableCellKind.Date, moment: day.ToDateTime(TimeOnly.MinValue)) : default;

    /// <summary>A cell with a moment, shown in UTC to the second.</summary>
    public static TableCell Of(DateTimeOffset? moment) => moment is { } at ? new(TableCellKind.Timestamp, moment: at.UtcDateTime) : default;

    /// <summary>A cell with a moment that is in UTC already.</summary>
    public static TableCell OfUtc(DateTime? moment) => moment is { } at ? new(TableCellKind.Timestamp, moment: at) : default;

    /// <summary>A cell with a number.</summary>
    public static TableCell Of(decimal? number) => number is { } value ? new(TableCellKind.Number, number: value) : default;

    /// <summary>A cell with a whole number.</summary>
    public static TableCell Of(long? number) => number is { } value ? new(TableCellKind.Number, number: value) : default;

    /// <summary>A cell with yes or no.</summary>
    public static TableCell Of(bool? answer) => answer is { } value ? new(TableCellKind.YesNo, number: value ? 1 : 0) : default;
}

/// <summary>A column to be written.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Kind">What its cells hold, which also gives the column a sensible width.</param>
/// <param name="Width">The width in characters, when the usual one will not do.</param>
public sealed record TableColumn(string Title, TableCellKind Kind = TableCellKind.Text, double? Width = null);
