using Muster.Files;
using Xunit;
using static Muster.Tests.HostileFiles;

namespace Muster.Tests;

/// <summary>Lists with more bytes, rows, columns or text than any list of people has, and the most that is still read.</summary>
public sealed class HostileSizeTests
{
    [Fact]
    public void A_file_that_is_too_large_is_not_even_looked_at()
    {
        using var file = Text("Email\r\nann@example.com\r\n");
        var refusal = Assert.Throws<SpreadsheetException>(() =>
            Spreadsheet.Open(file, Workbooks.Options with { MaxBytes = 10 }, CancellationToken.None)
        );
        Assert.Equal("too-large", refusal.Code);
        Assert.Equal(0, file.Position);
    }

    [Fact]
    public void A_million_declared_rows_are_nothing_until_they_come()
    {
        using var file = Workbooks.Zip(
            Workbooks.Parts(
                $"""<worksheet xmlns="{Workbooks.Main}"><dimension ref="A1:XFD1048576"/><sheetData>{Workbooks.HeaderRow}<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData></worksheet>"""
            )
        );
        Assert.Equal(1048576, Assert.Single(Workbooks.Rows(file)).Number);
    }

    [Theory]
    [InlineData("<row r=\"2000000000\"><c r=\"A2000000000\"><v>1</v></c></row>")]
    [InlineData("<row r=\"1048577\"/>")]
    [InlineData("<row r=\"99999999999999999999\"/>")]
    public void A_row_beyond_every_sheet(string row) => Refused("too-many-rows", Workbooks.WithRows(row));

    [Fact]
    public void Rows_without_end() => Refused("too-many-rows", Workbooks.With(SheetPart, SheetOf("<row/>", 1_200_000)), "1,048,57");

    [Fact]
    public void More_rows_than_allowed()
    {
        using var file = Workbooks.WithRows(string.Concat(Enumerable.Repeat("<row><c><v>1</v></c></row>", 11)));
        using var sheet = Spreadsheet.Open(file, Workbooks.Options with { MaxRows = 10 }, CancellationToken.None);
        var read = 0;
        var refusal = Assert.Throws<SpreadsheetException>(() =>
        {
            foreach (var row in sheet.Rows(CancellationToken.None))
            {
                read++;
            }
        });
        Assert.Equal((10, "too-many-rows"), (read, refusal.Code));
    }

    [Fact]
    public void A_cell_in_the_last_column_of_all()
    {
        Refused("too-many-columns", Workbooks.WithRows("""<row r="2"><c r="A2"><v>1</v></c><c r="XFD2"><v>1</v></c></row>"""), "XFD2");
        Assert.Single(Workbooks.Rows(Workbooks.WithRows("""<row r="2"><c r="A2"><v>1</v></c><c r="XFD2" s="3"/></row>""")));
        Refused("damaged", Workbooks.WithRows("""<row r="2"><c r="ZZZZZZZ2"><v>1</v></c></row>"""));
    }

    [Theory]
    [InlineData("<row r=\"2\"><c r=\"B2\" t=\"inlineStr\"><is><t>", "</t></is></c></row>")]
    [InlineData("<row r=\"2\"><c r=\"B2\"><v>", "</v></c></row>")]
    [InlineData("<row r=\"2\"><c r=\"B2\" t=\"inlineStr\"><is><t><![CDATA[", "]]></t></is></c></row>")]
    [InlineData("<!--", "-->")]
    [InlineData("<?a ", "?>")]
    [InlineData("<row r=\"2\" a=\"", "\"/>")]
    public void Fifty_mebibytes_in_one_cell_or_node(string head, string tail) =>
        Refused("cell-too-long", Workbooks.With(SheetPart, SheetOf("0123456789abcdef", 50 * 1024 * 1024 / 16, head, tail)));

    [Fact]
    public void A_cell_of_many_short_runs()
    {
        Refused(
            "cell-too-long",
            Workbooks.With(
                SheetPart,
                SheetOf("<r><t>0123456789</t></r>", 1_000_000, "<row r=\"2\"><c r=\"B2\" t=\"inlineStr\"><is>", "</is></c></row>")
            ),
            "B2"
        );
        Refused(
            "cell-too-long",
            Workbooks.With(
                "xl/sharedStrings.xml",
                Workbooks.Repeat($"<sst xmlns=\"{Workbooks.Main}\"><si>", "<r><t>0123456789</t></r>", 1_000_000, "</si></sst>")
            )
        );
    }

    [Fact]
    public void The_longest_cell_is_read_and_one_more_character_is_not()
    {
        static string Row(int length) => $"<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>{new string('é', length)}</t></is></c></row>";
        Assert.Equal(32_767, Assert.Single(Workbooks.Rows(Workbooks.WithRows(Row(32_767))))[1].Text.Length);
        Refused("cell-too-long", Workbooks.WithRows(Row(32_768)), "A2");
    }

    [Fact]
    public void A_row_of_far_more_text_than_a_person_has()
    {
        static string Row(int cells) =>
            $"<row r=\"2\">{string.Concat(Enumerable.Range(1, cells).Select(i => Workbooks.Cell(i, 2, new string('a', 32_000))))}</row>";
        Assert.Single(Workbooks.Rows(Workbooks.WithRows(Row(8))));
        Refused("row-too-long", Workbooks.WithRows(Row(9)), "row 2");
        static string Record(int cells) => string.Join(',', Enumerable.Repeat(new string('a', 32_000), cells));
        Assert.Single(Workbooks.Rows(Text($"Email\r\n{Record(8)}\r\n")));
        Refused("row-too-long", Text($"Email\r\n{Record(9)}\r\n"), "row 2");
        Refused("row-too-long", Text($"Email\r\n{Record(200)}\r\n"), "row 2");
    }

    [Fact]
    public void Cancelling_stops_the_reading()
    {
        using var cancel = new CancellationTokenSource();
        using var sheet = Workbooks.Open(Workbooks.With(SheetPart, SheetOf("<row><c><v>1</v></c></row>", 200_000)));
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (var row in sheet.Rows(cancel.Token))
            {
                cancel.Cancel();
            }
        });
    }
}
