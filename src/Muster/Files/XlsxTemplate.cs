using System.Globalization;
using System.Text;

namespace Muster.Files;

/// <summary>A column of a template.</summary>
/// <param name="Title">Its name; required columns get an asterisk after it.</param>
/// <param name="Kind">What its cells hold: text columns keep leading zeros, date columns show ISO dates.</param>
/// <param name="Required">Whether a row without it is wrong.</param>
/// <param name="Note">A few sentences for the person who fills it in, shown as a note and as an input prompt.</param>
/// <param name="Choices">What can be chosen from a drop-down; other text stays possible, because import judges it better than a sheet can.</param>
public sealed record TemplateColumn(
    string Title,
    TableCellKind Kind = TableCellKind.Text,
    bool Required = false,
    string? Note = null,
    IReadOnlyList<string>? Choices = null
);

/// <summary>A row given back to be mended: its cells as they came, what is wrong with it, and which columns are.</summary>
/// <param name="Cells">The cells in the order of the template's columns; missing ones are empty.</param>
/// <param name="Problem">Why, in sentences; written beside the row.</param>
/// <param name="WrongColumns">The positions (from 0) of the cells to mark.</param>
public sealed record TemplateRow(IReadOnlyList<TableCell> Cells, string? Problem = null, IReadOnlyCollection<int>? WrongColumns = null);

/// <summary>
/// Workbooks for people to fill in: heading with notes, drop-downs, text format where digits must survive, the heading frozen;
/// optionally with rows that need mending and a column that says why.
/// </summary>
public static class XlsxTemplate
{
    /// <summary>The heading of the column that says what is wrong; import passes over it.</summary>
    public const string ProblemTitle = "Problem";

    private const int LastRow = 1_048_576;
    private const int MaxPromptTitle = 32;
    private const int MaxPrompt = 255;

    /// <summary>The media type of the workbook.</summary>
    public static string ContentType => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <summary>Writes a template to a stream that need not be seekable and stays open.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="sheetName">The name of the sheet.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="rows">Rows to begin with; with any, a column <see cref="ProblemTitle"/> is added.</param>
    /// <param name="ct">Checked while writing.</param>
    public static async Task Write(
        Stream output,
        string sheetName,
        IReadOnlyList<TemplateColumn> columns,
        IAsyncEnumerable<TemplateRow>? rows,
        CancellationToken ct
    )
    {
        using var archive = new XlsxArchive(output);
        var sheet = new XlsxSheetXml(archive.Xml);
        IReadOnlyList<TemplateColumn> all = rows is null
            ? columns
            :
            [
                .. columns,
                new TemplateColumn(
                    ProblemTitle,
                    Note: "What is wrong with this row. Mend the row and upload the file again; this column is not read."
                ),
            ];
        var listed = all.Index().Where(column => column.Item.Choices is { Count: > 0 }).ToList();

        archive.BeginPart(XlsxWorkbookXml.SheetPart(1));
        sheet.Begin(all.Select(column => (WidthOf(column), XlsxTableWriter.StyleOf(column.Kind))));
        WriteHeader(sheet, all);
        if (rows is not null)
        {
            await WriteRows(archive, sheet, columns.Count, rows, ct);
        }
        sheet.Raw("</sheetData>"u8);
        sheet.Raw(Validations(all));
        sheet.Raw(all.Any(HasNote) ? "<legacyDrawing r:id=\"rId1\"/></worksheet>"u8 : "</worksheet>"u8);
        archive.EndPart();
        await archive.Flush(ct);

        if (listed.Count > 0)
        {
            WriteLists(archive, sheet, [.. listed.Select(column => column.Item.Choices!)]);
        }
        XlsxNotes.AddTo(archive, [.. all.Select(column => column.Note is null ? null : TitleOf(column) + "\n" + column.Note)]);
        string[] sheets =
            listed.Count > 0 ? [XlsxWorkbookXml.SheetName(sheetName, 31), "Lists"] : [XlsxWorkbookXml.SheetName(sheetName, 31)];
        XlsxWorkbookXml.AddTo(
            archive,
            string.Equals(sheets[0], "Lists", StringComparison.OrdinalIgnoreCase) && sheets.Length > 1 ? ["Sheet", .. sheets[1..]] : sheets,
            hiddenSheets: sheets.Length - 1,
            [.. listed.Select((column, i) => (ListName(column.Index), ListRange(i + 1, column.Item.Choices!.Count)))],
            all.Any(HasNote) ? XlsxNotes.ContentTypes : ""
        );
        await archive.Complete(ct);
    }

    private static void WriteHeader(XlsxSheetXml sheet, IReadOnlyList<TemplateColumn> columns)
    {
        sheet.BeginRow(1);
        for (var i = 0; i < columns.Count; i++)
        {
            sheet.Text(i + 1, 1, TitleOf(columns[i]), XlsxStyles.Header);
        }
        sheet.EndRow();
    }

    private static async Task WriteRows(
        XlsxArchive archive,
        XlsxSheetXml sheet,
        int columns,
        IAsyncEnumerable<TemplateRow> rows,
        CancellationToken ct
    )
    {
        var number = 1;
        await foreach (var row in rows.WithCancellation(ct))
        {
            if (++number > LastRow)
            {
                throw new InvalidOperationException("A sheet has no room for more rows.");
            }
            sheet.BeginRow(number);
            for (var i = 0; i < row.Cells.Count && i < columns; i++)
            {
                var cell = row.Cells[i];
                if (cell.Kind == TableCellKind.Text && row.WrongColumns?.Contains(i) == true)
                {
                    sheet.Text(i + 1, number, cell.Text, XlsxStyles.WrongText);
                }
                else
                {
                    sheet.Cell(i + 1, number, in cell);
                }
            }
            if (row.Problem is { Length: > 0 } problem)
            {
                sheet.Text(columns + 1, number, problem, XlsxStyles.Reason);
            }
            sheet.EndRow();
            if (archive.IsFlushDue)
            {
                await archive.Flush(ct);
            }
        }
    }

    /// <summary>The values of the drop-downs, one list per column of a hidden sheet: lists written into a validation end at 255 characters.</summary>
    private static void WriteLists(XlsxArchive archive, XlsxSheetXml sheet, IReadOnlyList<IReadOnlyList<string>> lists)
    {
        archive.BeginPart(XlsxWorkbookXml.SheetPart(2));
        sheet.BeginPlain();
        var longest = lists.Max(list => list.Count);
        for (var row = 1; row <= longest; row++)
        {
            sheet.BeginRow(row);
            for (var i = 0; i < lists.Count; i++)
            {
                if (row <= lists[i].Count)
                {
                    sheet.Cell(i + 1, row, TableCell.Of(lists[i][row - 1]));
                }
            }
            sheet.EndRow();
        }
        sheet.Raw("</sheetData></worksheet>"u8);
        archive.EndPart();
    }

    private static string Validations(IReadOnlyList<TemplateColumn> columns)
    {
        var xml = new StringBuilder();
        var count = 0;
        foreach (var (i, column) in columns.Index())
        {
            var isList = column.Choices is { Count: > 0 };
            if (!isList && !HasNote(column))
            {
                continue;
            }
            count++;
            var letters = CellReference.ColumnName(i + 1);
            xml.Append("<dataValidation").Append(isList ? " type=\"list\"" : "").Append(" allowBlank=\"1\"");
            if (HasNote(column))
            {
                // The prompt appears with the cell in focus, so keyboards and screen readers get it too, unlike a note.
                xml.Append(" showInputMessage=\"1\" promptTitle=\"").Append(Attribute(TitleOf(column), MaxPromptTitle));
                xml.Append("\" prompt=\"").Append(Attribute(column.Note!, MaxPrompt)).Append('"');
            }
            xml.Append(CultureInfo.InvariantCulture, $" sqref=\"{letters}2:{letters}{LastRow}\"");
            xml.Append(isList ? $"><formula1>{ListName(i)}</formula1></dataValidation>" : "/>");
        }
        return count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"<dataValidations count=\"{count}\">{xml}</dataValidations>");
    }

    private static string Attribute(string text, int maxLength)
    {
        var shortened = text.Length <= maxLength ? text : string.Concat(text.AsSpan(0, maxLength - 1), "…");
        return XlsxText.Escape(shortened).Replace("\n", "&#10;", StringComparison.Ordinal).Replace("\t", " ", StringComparison.Ordinal);
    }

    private static bool HasNote(TemplateColumn column) => !string.IsNullOrEmpty(column.Note);

    private static string TitleOf(TemplateColumn column) => column.Required ? column.Title + "*" : column.Title;

    private static string ListName(int column) => "List_" + CellReference.ColumnName(column + 1);

    private static string ListRange(int column, int rows)
    {
        var letters = CellReference.ColumnName(column);
        return string.Create(CultureInfo.InvariantCulture, $"Lists!${letters}$1:${letters}${rows}");
    }

    private static double WidthOf(TemplateColumn column)
    {
        if (column.Title == ProblemTitle)
        {
            return 70;
        }
        var longest = column.Choices is { Count: > 0 } choices ? choices.Max(choice => choice.Length) : 0;
        var usual = XlsxTableWriter.WidthOf(new TableColumn(TitleOf(column), column.Kind));
        return Math.Clamp(longest + 4, usual, Math.Max(usual, 40));
    }
}
