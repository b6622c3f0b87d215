using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using DocumentFormat.OpenXml.Validation;
using Muster.Files;
using Xunit;

namespace Muster.Tests;

public sealed class XlsxTemplateTests
{
    private static readonly TemplateColumn[] Columns =
    [
        new(
            "Email",
            Required: true,
            Note: "One address per row, such as ann@example.com.\nIt's \"the\" <key> & more: " + new string('x', 300)
        ),
        new("First name", Required: true),
        new("Role", Note: "Learner when empty.", Choices: ["Learner", "Manager", "Admin"]),
        new(
            "Organisation unit",
            Choices: [.. Enumerable.Range(1, 3000).Select(i => $"Sales / North {i}"), "=1+1", "'a", "O\"Neill & <sons>"]
        ),
        new("Expiry date", TableCellKind.Date, Note: "Like 2026-11-23."),
        new("=Shoe size", TableCellKind.Number),
        new("Empty list", Choices: []),
    ];

    private static async Task<MemoryStream> Write(IAsyncEnumerable<TemplateRow>? rows = null, string sheetName = "Invite users")
    {
        var file = new MemoryStream();
        await XlsxTemplate.Write(file, sheetName, Columns, rows, CancellationToken.None);
        file.Position = 0;
        return file;
    }

    private static async IAsyncEnumerable<TemplateRow> BadRows()
    {
        yield return new TemplateRow(
            [TableCell.Of("ann@"), TableCell.Of("=1+1"), default, TableCell.Of("'a"), TableCell.Of("31/02/2026")],
            "A2: the part after the @ is missing. E2: “31/02/2026” does not exist.",
            [0, 4]
        );
        await Task.Yield();
        yield return new TemplateRow([
            TableCell.Of("bob@example.com"),
            TableCell.Of("Bob"),
            default,
            default,
            TableCell.Of(new DateOnly(2026, 11, 23)),
            TableCell.Of(42),
        ]);
    }

    [Fact]
    public async Task A_template_is_a_valid_workbook_with_notes_prompts_lists_and_text_format()
    {
        using var file = await Write();
        using var document = SpreadsheetDocument.Open(file, isEditable: false);
        Assert.Empty(
            new OpenXmlValidator(FileFormatVersions.Microsoft365).Validate(document).Select(error => error.Path?.XPath + error.Description)
        );

        var book = document.WorkbookPart!.Workbook;
        var sheets = book.Sheets!.Elements<Sheet>().ToList();
        Assert.Equal(["Invite users", "Lists"], sheets.Select(sheet => sheet.Name!.Value));
        Assert.Equal(SheetStateValues.Hidden, sheets[1].State!.Value);
        Assert.Equal(["Lists!$A$1:$A$3", "Lists!$B$1:$B$3003"], book.DefinedNames!.Elements<DefinedName>().Select(name => name.Text));

        var part = (WorksheetPart)document.WorkbookPart.GetPartById(sheets[0].Id!);
        var validations = part
            .Worksheet.Descendants<DataValidation>()
            .ToDictionary(v => v.SequenceOfReferences!.InnerText!, StringComparer.Ordinal);
        Assert.Equal(["A2:A1048576", "C2:C1048576", "D2:D1048576", "E2:E1048576"], validations.Keys);
        Assert.Equal("Email*", validations["A2:A1048576"].PromptTitle!.Value);
        Assert.Equal(255, validations["A2:A1048576"].Prompt!.Value!.Length);
        Assert.StartsWith(
            "One address per row, such as ann@example.com.\nIt's \"the\" <key> & more: xxx",
            validations["A2:A1048576"].Prompt!.Value,
            StringComparison.Ordinal
        );
        Assert.Equal("List_C", validations["C2:C1048576"].Formula1!.Text);
        Assert.Equal("Learner when empty.", validations["C2:C1048576"].Prompt!.Value);

        var notes = part.WorksheetCommentsPart!.Comments.Descendants<Comment>().ToList();
        Assert.Equal(["A1", "C1", "E1"], notes.Select(note => note.Reference!.Value));
        Assert.EndsWith("xxx", notes[0].InnerText, StringComparison.Ordinal);

        var formats = document
            .WorkbookPart.WorkbookStylesPart!.Stylesheet.CellFormats!.Elements<CellFormat>()
            .Select(format => format.NumberFormatId!.Value)
            .ToList();
        var columns = part.Worksheet.Descendants<Column>().ToList();
        Assert.Equal([49u, 49u, 49u, 49u, 164u, 0u, 49u], columns.Select(column => formats[(int)column.Style!.Value]));
        Assert.All(columns, column => Assert.InRange(column.Width!.Value, 8, 60));
        Assert.Empty(part.Worksheet.Descendants<CellFormula>());
    }

    [Fact]
    public async Task An_untouched_template_is_read_as_a_list_with_nobody_in_it()
    {
        using var file = await Write();
        using var sheet = Workbooks.Open(file);
        Assert.Equal("Invite users", sheet.SheetName);
        Assert.Equal(
            ["Email*", "First name*", "Role", "Organisation unit", "Expiry date", "=Shoe size", "Empty list"],
            sheet.Headers.Select(header => header.Text)
        );
        Assert.Empty(sheet.Rows(CancellationToken.None));
    }

    [Fact]
    public async Task Rows_to_mend_come_back_with_the_reason_beside_them_and_can_be_uploaded_again()
    {
        using var file = await Write(BadRows());
        using (var document = SpreadsheetDocument.Open(file, isEditable: false))
        {
            Assert.Empty(new OpenXmlValidator(FileFormatVersions.Microsoft365).Validate(document).Select(error => error.Description));
            var part = document.WorkbookPart!.WorksheetParts.First(sheet => sheet.WorksheetCommentsPart is not null);
            var cells = part.Worksheet.Descendants<Cell>().ToDictionary(cell => cell.CellReference!.Value!, StringComparer.Ordinal);
            Assert.Equal(cells["A2"].StyleIndex!.Value, cells["E2"].StyleIndex!.Value);
            Assert.NotEqual(cells["A2"].StyleIndex!.Value, cells["B2"].StyleIndex!.Value);
        }
        using var sheet = Workbooks.Open(file);
        Assert.Equal(new HeaderCell(8, XlsxTemplate.ProblemTitle), sheet.Headers[^1]);
        var rows = sheet.Rows(CancellationToken.None).ToList();
        Assert.Equal(["ann@", "=1+1", "", "'a", "31/02/2026"], Enumerable.Range(1, 5).Select(i => rows[0][i].Text));
        Assert.Contains("does not exist", rows[0][8].Text, StringComparison.Ordinal);
        Assert.Equal((CellKind.Date, "2026-11-23"), (rows[1][5].Kind, rows[1][5].Text));
        Assert.Equal((CellKind.Number, "42"), (rows[1][6].Kind, rows[1][6].Text));
        Assert.Equal("", rows[1][8].Text);
    }

    [Theory]
    [InlineData("Lists")]
    [InlineData("lists")]
    [InlineData("[]:*?/\\")]
    [InlineData("'quoted'")]
    [InlineData("A name that is much longer than thirty-one characters")]
    [InlineData("")]
    public async Task Any_name_of_a_sheet_gives_a_valid_workbook(string name)
    {
        using var file = await Write(sheetName: name);
        using var document = SpreadsheetDocument.Open(file, isEditable: false);
        Assert.Empty(new OpenXmlValidator(FileFormatVersions.Microsoft365).Validate(document).Select(error => error.Description));
        Assert.Equal(
            2,
            document
                .WorkbookPart!.Workbook.Sheets!.Elements<Sheet>()
                .Select(sheet => sheet.Name!.Value!.ToUpperInvariant())
                .Distinct(StringComparer.Ordinal)
                .Count()
        );
    }
}
