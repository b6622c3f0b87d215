using Muster.Files;
using Xunit;

namespace Muster.Tests;

/// <summary>What we write, opened by a real spreadsheet program; what it saves, read by us.</summary>
public sealed class SpreadsheetInLibreOfficeTests
{
    private static readonly string[] Names =
    [
        "=1+1",
        "Ünïcode",
        "O\"Neill, Ann",
        "'quoted'",
        "''",
        "+44 20 7946 0000",
        "@SUM(1)",
        "-2+3",
        "=HYPERLINK(\"http://x\")",
        "00123",
        "a_x0041_b",
        "＝1",
    ];

    [Fact]
    public async Task A_template_filled_in_there_is_read_with_every_cell_as_it_was_meant()
    {
        var folder = Reaper.NewFolder("template");
        var (template, filled) = (Path.Combine(folder, "template.xlsx"), Path.Combine(folder, "filled.xlsx"));
        await using (var file = File.Create(template))
        {
            await XlsxTemplate.Write(
                file,
                "Invite users",
                [
                    new("Email", Required: true, Note: "One address per row."),
                    new("First name", Required: true),
                    new("Unit", Choices: ["Sales / North", "=1+1"]),
                    new("Expiry date", TableCellKind.Date, Note: "Like 2026-11-23."),
                    new("Shoe size", TableCellKind.Number),
                ],
                rows: null,
                CancellationToken.None
            );
        }
        await LibreOffice.Fill(
            template,
            filled,
            [
                CellEntry.Typed(2, 1, " Zoë@Example.com "),
                CellEntry.Typed(2, 2, "00123"),
                CellEntry.Text(2, 3, "=1+1"),
                CellEntry.Date(2, 4, new(2027, 2, 28)),
                CellEntry.Number(2, 5, 42.5),
                CellEntry.Typed(7, 1, "ann@example.com"),
                CellEntry.Text(7, 4, "31/02/2026"),
                CellEntry.Typed(7, 5, "=6*7"),
            ]
        );
        await using var stream = File.OpenRead(filled);
        using var sheet = Workbooks.Open(stream);
        Assert.Equal("Invite users", sheet.SheetName);
        var map = HeaderMap.Match(sheet.Headers, [Workbooks.Email, new("First name"), new("Unit"), new("Expiry date"), new("Shoe size")]);
        Assert.Empty(map.Unknown);
        var rows = sheet.Rows(CancellationToken.None).ToList();
        Assert.Equal([2, 7], rows.Select(row => row.Number));
        Assert.Equal(
            [" Zoë@Example.com ", "00123", "=1+1", "2027-02-28", "42.5"],
            Enumerable.Range(1, 5).Select(column => rows[0][column].Text)
        );
        Assert.Equal(CellKind.Date, rows[0][4].Kind);
        Assert.Equal((CellKind.Text, "31/02/2026"), (rows[1][4].Kind, rows[1][4].Text));
        Assert.Equal((CellKind.Number, "42"), (rows[1][5].Kind, rows[1][5].Text));
    }

    [Theory]
    [InlineData("xlsx")]
    [InlineData("csv")]
    public async Task An_export_opened_there_runs_nothing_and_comes_back_unchanged(string format)
    {
        var path = Path.Combine(Reaper.NewFolder("export"), "users." + format);
        await using (var file = File.Create(path))
        {
            await using ITableWriter writer = format == "xlsx" ? new XlsxTableWriter(file, "Users") : new CsvTableWriter(file);
            await writer.WriteHeader(
                [
                    new("Email"),
                    new("Name"),
                    new("Expiry date", TableCellKind.Date),
                    new("Last active", TableCellKind.Timestamp),
                    new("Id", TableCellKind.Number),
                ],
                CancellationToken.None
            );
            foreach (var name in Names)
            {
                await writer.WriteRow(
                    [
                        TableCell.Of("ann@example.com"),
                        TableCell.Of(name),
                        TableCell.Of(new DateOnly(2026, 11, 23)),
                        TableCell.Of(new DateTimeOffset(2026, 11, 23, 9, 30, 15, TimeSpan.Zero)),
                        TableCell.Of(-7L),
                    ],
                    CancellationToken.None
                );
            }
            await writer.Complete(CancellationToken.None);
        }
        var shown = await LibreOffice.Read(path);
        Assert.DoesNotContain(shown, cell => cell.Kind == "formula" || cell.Formula is not null);
        Assert.Equal(5 * (Names.Length + 1), shown.Count);
        var ofNames = shown.Where(cell => cell.Column == 2 && cell.Row > 1).Select(cell => cell.Value);
        if (format == "xlsx")
        {
            // Only a text that import would strip carries one more apostrophe.
            Assert.Equal(Names.Select(FormulaGuard.KeepRestorable), ofNames);
            Assert.All(
                shown.Where(cell => cell.Column is 3 && cell.Row > 1),
                cell => Assert.Equal(("date", "2026-11-23"), (cell.Kind, cell.Value))
            );
        }
        await using var stream = File.OpenRead(path);
        Assert.Equal(Names, Workbooks.Rows(stream).Select(row => row[2].Text));
    }
}
