using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Xunit;

namespace Muster.Tests;

public sealed class LibreOfficeTests
{
    [Fact]
    public async Task A_template_is_filled_in_and_its_cells_come_back_as_what_they_were()
    {
        var folder = Reaper.NewFolder("office");
        var template = Path.Combine(folder, "template.xlsx");
        var filled = Path.Combine(folder, "filled in.xlsx");
        Write(template, ["E-mail", "First name", "Expiry date", "Left"]);

        await LibreOffice.Fill(
            template,
            filled,
            [
                CellEntry.Text(2, 1, "  Zoë@Example.org "),
                CellEntry.Text(2, 2, "=1+1"),
                CellEntry.Date(2, 3, new(2027, 2, 28)),
                CellEntry.Typed(4, 1, "42.5"),
                CellEntry.Typed(4, 2, "=1+1"),
                CellEntry.Typed(4, 3, "2027-03-01"),
                CellEntry.Number(4, 4, 7),
                CellEntry.Clear(1, 4),
            ]
        );

        var shown = await LibreOffice.Read(filled);
        Assert.Equal(
            [
                (1, 1, "text", "E-mail"),
                (1, 2, "text", "First name"),
                (1, 3, "text", "Expiry date"),
                (2, 1, "text", "  Zoë@Example.org "),
                (2, 2, "text", "=1+1"),
                (2, 3, "date", "2027-02-28"),
                (4, 1, "number", "42.5"),
                (4, 2, "formula", "2"),
                (4, 3, "date", "2027-03-01"),
                (4, 4, "number", "7"),
            ],
            shown.Select(cell => (cell.Row, cell.Column, cell.Kind, cell.Value))
        );
        Assert.Equal("=1+1", shown.Single(cell => cell.Kind == "formula").Formula);
    }

    [Fact]
    public async Task A_csv_file_is_read_with_live_formulas_so_that_a_harmful_cell_is_noticed()
    {
        var path = Path.Combine(Reaper.NewFolder("office"), "export.csv");
        await File.WriteAllTextAsync(path, "\uFEFFName;Date\r\n=1+1;2026-11-23\r\n'=1+1;\"O\"\"Neill; Ann\"\r\n");

        var shown = await LibreOffice.Read(path, ';');

        Assert.Equal(
            ["text Name", "text Date", "formula 2", "date 2026-11-23", "text '=1+1", "text O\"Neill; Ann"],
            shown.Select(cell => $"{cell.Kind} {cell.Value}")
        );
    }

    private static void Write(string path, string[] header)
    {
        using var file = SpreadsheetDocument.Create(path, SpreadsheetDocumentType.Workbook);
        var workbook = file.AddWorkbookPart();
        var sheet = workbook.AddNewPart<WorksheetPart>();
        var cells = header.Select(text => new Cell { DataType = CellValues.InlineString, InlineString = new(new Text(text)) });
        sheet.Worksheet = new(new SheetData(new Row(cells)));
        workbook.Workbook = new(
            new Sheets(
                new Sheet
                {
                    Name = "Users",
                    SheetId = 1,
                    Id = workbook.GetIdOfPart(sheet),
                }
            )
        );
    }
}
