using Muster.Files;
using Xunit;

namespace Muster.Tests;

public sealed class XlsxReadingTests
{
    private static SheetCell Second(string cell, string? styles = null, string? strings = null, string workbookPr = "") =>
        Workbooks.Rows(Workbooks.WithRows($"""<row r="2">{cell}<c r="Z2"><v>1</v></c></row>""", styles, strings, workbookPr))[0][1];

    private static string Date(string serial, int style = 1, string workbookPr = "", params string[] formats)
    {
        var cell = Second($"""<c r="A2" s="{style}"><v>{serial}</v></c>""", Workbooks.Styles(formats), workbookPr: workbookPr);
        return $"{cell.Kind} {cell.Text}";
    }

    [Fact]
    public void Rows_keep_the_spreadsheets_own_numbers_and_blank_ones_are_passed_over()
    {
        var rows = Workbooks.Rows(
            Workbooks.WithRows(
                """
                <row r="2"><c r="A2"><v>1</v></c></row>
                <row r="3"/><row r="4" spans="1:2"><c r="A4" s="1"/><c r="B4" t="inlineStr"><is><t xml:space="preserve">  </t></is></c></row>
                <row r="900000"><c r="B900000"><v>2</v></c></row>
                """
            )
        );
        Assert.Equal([2, 900000], rows.Select(row => row.Number));
        Assert.Equal("", rows[1][1].Text);
        Assert.Equal(CellKind.Empty, rows[1][1].Kind);
        Assert.Equal("2", rows[1][2].Text);
        Assert.Equal(CellKind.Empty, rows[1][3].Kind);
        Assert.Equal("B900000", rows[1].AddressOf(2));
    }

    [Fact]
    public void Rows_and_cells_without_addresses_follow_each_other()
    {
        var rows = Workbooks.Rows(
            Workbooks.Zip(
                Workbooks.Parts(
                    Workbooks.Sheet(
                        """
                        <row><c t="inlineStr"><is><t>Email</t></is></c></row><row><c><v>1</v></c><c/><c><v>3</v></c></row><row/><row><c r="C4"><v>4</v></c><c><v>5</v></c></row>
                        """
                    )
                )
            )
        );
        Assert.Equal([2, 4], rows.Select(row => row.Number));
        Assert.Equal(["1", "", "3"], new[] { rows[0][1].Text, rows[0][2].Text, rows[0][3].Text });
        Assert.Equal(["4", "5"], new[] { rows[1][3].Text, rows[1][4].Text });
    }

    [Fact]
    public void The_first_visible_sheet_with_a_header_in_its_first_20_rows_is_read()
    {
        var parts = Workbooks.Parts(Workbooks.Sheet("""<row r="1"><c r="A1" t="inlineStr"><is><t>Notes</t></is></c></row>"""));
        parts["xl/workbook.xml"] = $"""
            <workbook xmlns="{Workbooks.Main}" xmlns:r="{Workbooks.Relations}"><sheets><sheet name="Notes" sheetId="1" r:id="rId1"/>
            <sheet name="Old" sheetId="2" state="hidden" r:id="rId4"/><sheet name="Gone" sheetId="3" state="veryHidden" r:id="rId4"/>
            <sheet name="Late" sheetId="4" r:id="rId5"/><sheet name="Pie" sheetId="5" r:id="rId7"/><sheet name="Staff &amp; co" sheetId="6" r:id="rId6"/></sheets></workbook>
            """;
        parts["xl/_rels/workbook.xml.rels"] = Workbooks.RelationPart(
            ("rId1", "worksheet", "worksheets/sheet1.xml"),
            ("rId4", "worksheet", "worksheets/hidden.xml"),
            ("rId5", "worksheet", "worksheets/late.xml"),
            ("rId6", "worksheet", "/xl/worksheets/../worksheets/./staff.xml"),
            ("rId7", "chartsheet", "chartsheets/sheet1.xml")
        );
        parts["xl/worksheets/hidden.xml"] = Workbooks.Sheet(Workbooks.HeaderRow);
        parts["xl/worksheets/late.xml"] = Workbooks.Sheet(Workbooks.HeaderRow.Replace("r=\"1\"", "r=\"21\"", StringComparison.Ordinal));
        parts["xl\\worksheets\\Staff.xml"] = Workbooks.Sheet(
            Workbooks.HeaderRow.Replace("1\"", "20\"", StringComparison.Ordinal) + """<row r="21"><c r="A21"><v>7</v></c></row>"""
        );
        using var sheet = Workbooks.Open(Workbooks.Zip(parts));
        Assert.Equal(SpreadsheetKind.Xlsx, sheet.Kind);
        Assert.Equal("Staff & co", sheet.SheetName);
        Assert.Equal(20, sheet.HeaderRow);
        Assert.Equal([new HeaderCell(1, "Email"), new HeaderCell(2, "First name")], sheet.Headers);
        Assert.Equal(21, Assert.Single(sheet.Rows(CancellationToken.None)).Number);
    }

    [Fact]
    public void Without_a_header_the_refusal_says_what_the_first_row_needs()
    {
        var refusal = Workbooks.Refusal(Workbooks.Zip(Workbooks.Parts(Workbooks.Sheet(""))));
        Assert.Equal("no-header", refusal.Code);
        Assert.Contains("one of them “Email”", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hidden_rows_are_read_and_counted()
    {
        using var sheet = Workbooks.Open(
            Workbooks.WithRows("""<row r="2" hidden="1"><c r="A2"><v>1</v></c></row><row r="3"><c r="A3"><v>2</v></c></row>""")
        );
        Assert.Equal([true, false], sheet.Rows(CancellationToken.None).Select(row => row.Hidden));
        Assert.Equal(1, sheet.HiddenRows);
        Assert.Equal(2, sheet.Rows(CancellationToken.None).Count());
        Assert.Equal(1, sheet.HiddenRows);
    }

    [Theory]
    [InlineData("""<c r="A2"><v>12</v></c>""", CellKind.Number, "12")]
    [InlineData("""<c r="A2"><v>12.50</v></c>""", CellKind.Number, "12.5")]
    [InlineData("""<c r="A2"><v>0.10000000000000001</v></c>""", CellKind.Number, "0.1")]
    [InlineData("""<c r="A2"><v>447700900123</v></c>""", CellKind.Number, "447700900123")]
    [InlineData("""<c r="A2"><v>4.47700900123E+17</v></c>""", CellKind.Number, "447700900123000000")]
    [InlineData("""<c r="A2"><v>1E-05</v></c>""", CellKind.Number, "0.00001")]
    [InlineData("""<c r="A2"><v>1E+300</v></c>""", CellKind.Number, "1E+300")]
    [InlineData("""<c r="A2"><v>-3</v></c>""", CellKind.Number, "-3")]
    [InlineData("""<c r="A2" t="b"><v>1</v></c>""", CellKind.Boolean, "TRUE")]
    [InlineData("""<c r="A2" t="b"><v>0</v></c>""", CellKind.Boolean, "FALSE")]
    [InlineData("""<c r="A2" t="e"><f>1/0</f><v>#DIV/0!</v></c>""", CellKind.Error, "#DIV/0!")]
    [InlineData("""<c r="A2" t="str"><f>A1</f><v>Ann</v></c>""", CellKind.Text, "Ann")]
    [InlineData("""<c r="A2" t="str"><f>""</f><v></v></c>""", CellKind.Empty, "")]
    [InlineData("""<c r="A2"><f>SUM(1,2)</f><v>3</v></c>""", CellKind.Number, "3")]
    [InlineData("""<c r="A2"><f>SUM(1,2)</f></c>""", CellKind.FormulaWithoutValue, "")]
    [InlineData("""<c r="A2"><f>SUM(1,2)</f><v/></c>""", CellKind.FormulaWithoutValue, "")]
    [InlineData("""<c r="A2" t="s"><v></v></c>""", CellKind.Empty, "")]
    [InlineData("""<c r="A2" t="s"><v>0</v></c>""", CellKind.Text, "Zoë")]
    [InlineData("""<c r="A2" t="s"><v>1</v></c>""", CellKind.Text, "Rich text")]
    [InlineData("""<c r="A2" t="s"><v>2</v></c>""", CellKind.Empty, "")]
    [InlineData("""<c r="A2" t="s"><v>3</v></c>""", CellKind.Text, " edge ")]
    [InlineData("""<c r="A2" t="s"><v>4</v></c>""", CellKind.Text, "a\r\nb_x0041_c")]
    [InlineData("""<c r="A2" t="s"><v>5</v></c>""", CellKind.Text, "課長")]
    [InlineData("""<c r="A2" t="inlineStr"><is><t>a<!-- no -->b<![CDATA[<c>]]></t></is></c>""", CellKind.Text, "ab<c>")]
    [InlineData("""<c r="A2" t="inlineStr"><is><t>_x0000_x_x00_</t></is></c>""", CellKind.Text, "x_x00_")]
    [InlineData("""<c r="A2" t="inlineStr"><is><t>'=1+1</t></is></c>""", CellKind.Text, "=1+1")]
    [InlineData("""<c r="A2" t="inlineStr"><is><t>'quoted'</t></is></c>""", CellKind.Text, "'quoted'")]
    [InlineData("""<c r="A2" t="d"><v>2026-11-23T00:00:00Z</v></c>""", CellKind.Date, "2026-11-23")]
    [InlineData("""<c r="A2" t="d"><v>2026-11-23T09:30:00</v></c>""", CellKind.Date, "2026-11-23T09:30:00")]
    [InlineData("""<c r="A2"><v>NaN</v></c>""", CellKind.Error, "#NUM!")]
    public void A_cell_is_what_its_type_says(string cell, CellKind kind, string text)
    {
        const string strings = $"""
            <sst xmlns="{Workbooks.Main}" count="99" uniqueCount="1"><si><t>Zoë</t></si><si><r><rPr><b/></rPr><t xml:space="preserve">Rich </t></r><r><t>text</t></r></si><si><t/></si>
            <si><t xml:space="preserve"> edge </t></si><si><t>a_x000D_&#10;b_x005F_x0041_c</t></si><si><t>課長</t><rPh sb="0" eb="2"><t>カチョウ</t></rPh><phoneticPr fontId="1"/></si></sst>
            """;
        var read = Second(cell, strings: strings);
        Assert.Equal((kind, text), (read.Kind, read.Text));
    }

    [Theory]
    [InlineData("46349", "Date 2026-11-23")]
    [InlineData("46349.395833333336", "Date 2026-11-23T09:30:00")]
    [InlineData("46349.99998842593", "Date 2026-11-23T23:59:59")]
    [InlineData("46349.999999999", "Date 2026-11-24")]
    [InlineData("1", "Date 1900-01-01")]
    [InlineData("59", "Date 1900-02-28")]
    [InlineData("60", "Number 60")]
    [InlineData("61", "Date 1900-03-01")]
    [InlineData("0.5", "Text 12:00:00")]
    [InlineData("-1", "Number -1")]
    [InlineData("2958465", "Date 9999-12-31")]
    [InlineData("2958465.9999999999", "Number 2958466")]
    [InlineData("2958466", "Number 2958466")]
    [InlineData("1E+300", "Number 1E+300")]
    public void A_serial_number_with_a_date_format_is_a_day(string serial, string expected) => Assert.Equal(expected, Date(serial));

    [Theory]
    [InlineData("0", "Date 1904-01-01")]
    [InlineData("44887", "Date 2026-11-23")]
    [InlineData("-1", "Number -1")]
    public void Workbooks_of_1904_count_from_there(string serial, string expected) =>
        Assert.Equal(expected, Date(serial, workbookPr: """<workbookPr date1904="1"/>"""));

    [Fact]
    public void An_extension_that_reuses_a_name_does_not_change_the_calendar() =>
        Assert.Equal(
            "Date 2026-11-23",
            Date("46349", workbookPr: """<workbookPr/><ext><x15:workbookPr xmlns:x15="urn:x15" date1904="1"/></ext>""")
        );

    [Theory]
    [InlineData("yyyy-mm-dd", true)]
    [InlineData("d/m/yy", true)]
    [InlineData("[$-409]dddd, mmmm dd, yyyy", true)]
    [InlineData("hh:mm", true)]
    [InlineData("[h]:mm", false)]
    [InlineData("General", false)]
    [InlineData("0.00", false)]
    [InlineData("0\" days\"", false)]
    [InlineData("\\d0", false)]
    [InlineData("[Red]0", false)]
    [InlineData("#,##0;[Red]-#,##0;\"dd\"", false)]
    [InlineData("0;yyyy", false)]
    [InlineData("\"unclosed", false)]
    [InlineData("[unclosed", false)]
    [InlineData("@", false)]
    public void A_format_shows_a_date_by_its_letters(string code, bool isDate) =>
        Assert.Equal(isDate ? "Date 2026-11-23" : "Number 46349", Date("46349", 3, "", code));

    [Fact]
    public void Strict_workbooks_are_read_like_others()
    {
        var parts = Workbooks.Parts(Workbooks.Sheet(Workbooks.HeaderRow + """<row r="2"><c r="A2" t="d"><v>2026-11-23</v></c></row>"""));
        var strict = parts.ToDictionary(
            part => part.Key,
            part =>
                part.Value.Replace(Workbooks.Main, Workbooks.Strict, StringComparison.Ordinal)
                    .Replace(Workbooks.Relations, "http://purl.oclc.org/ooxml/officeDocument/relationships", StringComparison.Ordinal)
        );
        Assert.Equal("2026-11-23", Assert.Single(Workbooks.Rows(Workbooks.Zip(strict)))[1].Text);
    }

    [Fact]
    public void Elements_of_other_namespaces_are_not_cells() =>
        Assert.Equal(
            "1",
            Assert
                .Single(
                    Workbooks.Rows(
                        Workbooks.WithRows(
                            """<row r="2"><c r="A2"><v>1</v><x:v xmlns:x="urn:x">2</x:v></c><x:c xmlns:x="urn:x" r="B2"><x:v>3</x:v></x:c></row>"""
                        )
                    )
                )[1]
                .Text
        );

    [Theory]
    [InlineData("""<row r="2"><c r="A2"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>""")]
    [InlineData("""<row r="5"><c r="A5"><v>1</v></c></row><row r="4"><c r="A4"><v>1</v></c></row>""")]
    [InlineData("""<row r="0"><c r="A0"><v>1</v></c></row>""")]
    [InlineData("""<row r="-3"><c r="A2"><v>1</v></c></row>""")]
    [InlineData("""<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>""")]
    [InlineData("""<row r="2"><c r="22"><v>1</v></c></row>""")]
    [InlineData("""<row r="2"><c r="A2" t="s"><v>7</v></c></row>""")]
    [InlineData("""<row r="2"><c r="A2" t="s"><v>-1</v></c></row>""")]
    [InlineData("""<row r="2"><c r="A2"><v>1</v></row>""")]
    public void What_could_be_read_in_two_ways_or_not_at_all_is_damaged(string rows) =>
        Assert.Equal("damaged", Workbooks.Refusal(Workbooks.WithRows(rows)).Code);
}
