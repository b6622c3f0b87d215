namespace Muster.Files;

/// <summary>The refusals that more than one part of the reader can give.</summary>
internal static class SpreadsheetFaults
{
    public static SpreadsheetException Damaged(Exception? cause = null, string where = "") =>
        new(
            SpreadsheetProblems.Damaged,
            $"The file is damaged{where} and cannot be read safely; open it in a spreadsheet program, save it again as .xlsx and upload that.",
            cause
        );

    public static SpreadsheetException TooManyRows(int limit) =>
        new(SpreadsheetProblems.TooManyRows, $"The file has more than {limit:N0} rows; split the list into smaller files.");

    public static SpreadsheetException TooManyColumns(int limit, string where) =>
        new(
            SpreadsheetProblems.TooManyColumns,
            $"Cell {where} lies beyond the {limit} columns that are read; delete the columns that are not needed."
        );

    public static SpreadsheetException CellTooLong(int limit, string where) =>
        new(
            SpreadsheetProblems.CellTooLong,
            $"{where} holds more than {limit:N0} characters, which is more than a spreadsheet cell can have; shorten its text."
        );

    public static SpreadsheetException RowTooLong(int limit, int row) =>
        new(
            SpreadsheetProblems.RowTooLong,
            $"The cells of row {row} hold more than {limit:N0} characters together, far more than a list of people needs; delete the columns that are not needed, or shorten their texts."
        );

    public static SpreadsheetException NoHeader(SpreadsheetOptions options, string place, string more = "") =>
        new(
            SpreadsheetProblems.NoHeader,
            $"No header was found in the first {options.HeaderSearchRows} rows of {place}. The first row must {options.HeaderAdvice}.{more}"
        );
}
