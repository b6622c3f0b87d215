using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using Muster.Files;
using Xunit;
using static Muster.Tests.TableWriting;

namespace Muster.Tests;

/// <summary>Workbooks that others find valid, whatever is written and however it ends.</summary>
public sealed class XlsxTableWriterTests
{
    [Fact]
    public async Task A_workbook_is_valid_and_its_texts_are_text()
    {
        var body = await Write(
            stream => new XlsxTableWriter(stream, "Users: all/some [1]"),
            [Row("ann@example.com", "=1+1", "O\"Neill, Ann"), Row("=cmd|' /C calc'!A0", "+1", "_x0041_\u0001\uFFFE&<>\t\r\n")]
        );
        using (var document = SpreadsheetDocument.Open(body.Written, isEditable: false))
        {
            Assert.Empty(new OpenXmlValidator(FileFormatVersions.Microsoft365).Validate(document).Select(error => error.Description));
            var sheet = document.WorkbookPart!.WorksheetParts.Single();
            Assert.DoesNotContain(sheet.Worksheet.Descendants(), element => element.LocalName == "f");
            Assert.Contains("state=\"frozen\"", sheet.Worksheet.OuterXml, StringComparison.Ordinal);
        }
        using var read = Spreadsheet.Open(body.Written, Workbooks.Options, CancellationToken.None);
        Assert.Equal("Users  all some  1", read.SheetName);
        var rows = read.Rows(CancellationToken.None).ToList();
        Assert.Equal(["ann@example.com", "=1+1", "O\"Neill, Ann", "2026-11-23", "2026-11-23T09:30:15", "-12.5", "TRUE"], Texts(rows[0]));
        Assert.Equal("=cmd|' /C calc'!A0", rows[1][1].Text);
        Assert.Equal("_x0041_\u0001\uFFFE&<>\t\r\n", rows[1][3].Text);
        Assert.Equal(
            [CellKind.Text, CellKind.Text, CellKind.Text, CellKind.Date, CellKind.Date, CellKind.Number, CellKind.Boolean],
            Enumerable.Range(1, 7).Select(i => rows[0][i].Kind)
        );
    }

    [Fact]
    public async Task Rows_go_on_in_a_further_sheet_when_one_is_full()
    {
        var body = await Write(
            stream => new XlsxTableWriter(stream, "Users", maxRows: 10),
            Enumerable.Range(0, 25).Select(i => Row($"p{i}@example.com", "Ann"))
        );
        using var document = SpreadsheetDocument.Open(body.Written, isEditable: false);
        Assert.Empty(new OpenXmlValidator().Validate(document));
        Assert.Equal(
            ["Users", "Users 2", "Users 3"],
            document.WorkbookPart!.Workbook.Sheets!.Elements<DocumentFormat.OpenXml.Spreadsheet.Sheet>().Select(sheet => sheet.Name!.Value)
        );
        Assert.Equal(
            [11, 11, 6],
            document
                .WorkbookPart.Workbook.Sheets.Elements<DocumentFormat.OpenXml.Spreadsheet.Sheet>()
                .Select(sheet =>
                    ((WorksheetPart)document.WorkbookPart.GetPartById(sheet.Id!))
                        .Worksheet.Descendants<DocumentFormat.OpenXml.Spreadsheet.Row>()
                        .Count()
                )
        );
    }

    [Fact]
    public async Task A_workbook_that_failed_half_way_does_not_look_whole()
    {
        var body = new Body();
        await using (var writer = new XlsxTableWriter(body))
        {
            await writer.WriteHeader(Columns, CancellationToken.None);
            for (var i = 0; i < 50_000; i++)
            {
                await writer.WriteRow(Row($"p{i * 7919 % 100_003}@example.com", "Ann"), CancellationToken.None);
            }
        }
        Assert.True(body.Written.Length > 0);
        Assert.Equal("truncated", Workbooks.Refusal(body.Written).Code);
    }

    [Fact]
    public async Task What_a_cell_cannot_hold_is_written_as_text_or_cut_short_but_never_breaks_the_workbook()
    {
        var body = await Write(
            stream => new XlsxTableWriter(stream),
            [
                [
                    TableCell.Of(new string('é', 40_000)),
                    TableCell.Of(12345678901234567890m),
                    TableCell.Of(0.12345678901234567890m),
                    TableCell.Of(new DateOnly(1899, 12, 31)),
                    TableCell.Of(new DateTimeOffset(1900, 2, 28, 1, 2, 3, TimeSpan.Zero)),
                    TableCell.Of(decimal.MaxValue),
                    TableCell.Of("\uD800x"),
                ],
            ]
        );
        using (var document = SpreadsheetDocument.Open(body.Written, isEditable: false))
        {
            Assert.Empty(new OpenXmlValidator().Validate(document).Select(error => error.Description));
        }
        var row = Assert.Single(Workbooks.Rows(body.Written));
        Assert.Equal(new string('é', 32_766) + "…", row[1].Text);
        Assert.Equal(
            [
                "12345678901234567890",
                "0.1234567890123456789",
                "1899-12-31",
                "1900-02-28T01:02:03Z",
                "79228162514264337593543950335",
                "\uFFFDx",
            ],
            Texts(row)[1..].Select(text => text == "0.12345678901234567890" ? "0.1234567890123456789" : text)
        );
    }

    private static string[] Texts(SheetRow row) => [.. Enumerable.Range(1, row.LastColumn).Select(i => row[i].Text)];
}
