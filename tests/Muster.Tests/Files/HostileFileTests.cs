using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Muster.Files;
using Xunit;

namespace Muster.Tests;

/// <summary>Files that kill or mislead readers, made here in code. Each must be refused with its own reason, in little memory and time.</summary>
public sealed class HostileFileTests
{
    private const string SheetPart = "xl/worksheets/sheet1.xml";
    private const long Allowed = 256L * 1024 * 1024;

    /// <summary>Reads a file to its refusal and checks what it cost: everything that was allocated, kept or not.</summary>
    private static void Refused(string code, Stream file, string? part = null)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var refusal = Workbooks.Refusal(file);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(code, refusal.Code);
        if (part is not null)
        {
            Assert.Contains(part, refusal.Message, StringComparison.Ordinal);
        }
        Assert.InRange(allocated, 0, Allowed);
    }

    private static MemoryStream Text(string text) => new(Encoding.UTF8.GetBytes(text));

    private static Action<Stream> SheetOf(string repeated, long times, string head = "", string tail = "") =>
        Workbooks.Repeat(
            $"<worksheet xmlns=\"{Workbooks.Main}\"><sheetData>{Workbooks.HeaderRow}{head}",
            repeated,
            times,
            tail + "</sheetData></worksheet>"
        );

    [Fact]
    public void A_zip_bomb_of_empty_cells() =>
        Refused("zip-bomb", Workbooks.With(SheetPart, SheetOf("<c s=\"1\"/>", 10_000_000, "<row>", "</row>")));

    [Fact]
    public void A_zip_bomb_in_the_shared_strings() =>
        Refused(
            "zip-bomb",
            Workbooks.With(
                "xl/sharedStrings.xml",
                Workbooks.Repeat($"<sst xmlns=\"{Workbooks.Main}\">", "<si><t>" + new string('a', 1000) + "</t></si>", 20_000, "</sst>")
            )
        );

    [Fact]
    public void More_texts_than_the_rows_can_use()
    {
        using var file = Workbooks.With(
            "xl/sharedStrings.xml",
            Workbooks.Repeat($"<sst xmlns=\"{Workbooks.Main}\">", "<si><t/></si>", 101_000, "</sst>")
        );
        var refusal = Assert.Throws<SpreadsheetException>(() =>
            Spreadsheet.Open(file, Workbooks.Options with { MaxRows = 10 }, CancellationToken.None)
        );
        Assert.Equal("zip-bomb", refusal.Code);
    }

    [Fact]
    public void A_zip_bomb_in_the_styles() =>
        Refused(
            "zip-bomb",
            Workbooks.With(
                "xl/styles.xml",
                Workbooks.Repeat($"<styleSheet xmlns=\"{Workbooks.Main}\"><cellXfs>", "<xf/>", 200_000, "</cellXfs></styleSheet>")
            )
        );

    [Fact]
    public void More_unpacked_than_the_rows_allow_even_when_it_packs_badly()
    {
        using var file = Workbooks.With(
            SheetPart,
            Workbooks.Repeat($"<worksheet xmlns=\"{Workbooks.Main}\">", "<x>y</x>", 2_200_000, "</worksheet>"),
            CompressionLevel.NoCompression
        );
        var refusal = Assert.Throws<SpreadsheetException>(() =>
            Spreadsheet.Open(file, Workbooks.Options with { MaxRows = 1000 }, CancellationToken.None)
        );
        Assert.Equal("zip-bomb", refusal.Code);
    }

    [Theory]
    [InlineData(SheetPart)]
    [InlineData("xl/workbook.xml")]
    [InlineData("xl/sharedStrings.xml")]
    [InlineData("xl/styles.xml")]
    [InlineData("xl/_rels/workbook.xml.rels")]
    [InlineData("[Content_Types].xml")]
    public void Two_million_nested_elements_in_any_part(string part) =>
        Refused("too-complex", Workbooks.With(part, Workbooks.Repeat($"<a xmlns=\"{Workbooks.Main}\">", "<b>", 2_000_000, "")));

    [Theory]
    [InlineData("<row r=\"2\"><c r=\"A2\">")]
    [InlineData("<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is>")]
    [InlineData("<row r=\"2\"><c r=\"A2\"><v>")]
    [InlineData("<row r=\"2\"><c r=\"A2\"><f>")]
    public void Two_million_nested_elements_in_a_cell(string head) =>
        Refused("too-complex", Workbooks.With(SheetPart, SheetOf("<b>", 2_000_000, head)));

    [Theory]
    [InlineData("x", 10, "cell-too-long")]
    [InlineData(">", 10, "cell-too-long")]
    [InlineData("x", 400_000, "too-complex")]
    public void Hundreds_of_thousands_of_attributes_of_one_element(string value, int names, string code) =>
        Refused(
            code,
            Workbooks.With(
                SheetPart,
                stream =>
                {
                    stream.Write(Encoding.UTF8.GetBytes($"<worksheet xmlns=\"{Workbooks.Main}\"><sheetData><row "));
                    for (var i = 0; i < 400_000; i++)
                    {
                        stream.Write(Encoding.UTF8.GetBytes($"a{i % names}=\"{value}\" "));
                    }
                    stream.Write("/></sheetData></worksheet>"u8);
                }
            )
        );

    [Fact]
    public void Hundreds_of_thousands_of_different_names() =>
        Refused(
            "too-complex",
            Workbooks.With(
                SheetPart,
                stream =>
                {
                    stream.Write(Encoding.UTF8.GetBytes($"<worksheet xmlns=\"{Workbooks.Main}\"><sheetData>"));
                    for (var i = 0; i < 400_000; i++)
                    {
                        stream.Write(Encoding.UTF8.GetBytes($"<n{i}/>"));
                    }
                    stream.Write("</sheetData></worksheet>"u8);
                }
            )
        );

    [Theory]
    [InlineData(SheetPart)]
    [InlineData("xl/workbook.xml")]
    [InlineData("xl/sharedStrings.xml")]
    [InlineData("xl/styles.xml")]
    [InlineData("xl/_rels/workbook.xml.rels")]
    [InlineData("_rels/.rels")]
    [InlineData("[Content_Types].xml")]
    public void Entities_of_every_sort_in_any_part(string part)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        string[] declarations =
        [
            "<!DOCTYPE a>",
            """<!DOCTYPE a [<!ENTITY l "lol"><!ENTITY m "&l;&l;&l;&l;&l;&l;&l;&l;"><!ENTITY n "&m;&m;&m;&m;&m;&m;&m;&m;">]>""",
            """<!DOCTYPE a [<!ENTITY l SYSTEM "file:///etc/passwd">]>""",
            $"""<!DOCTYPE a SYSTEM "http://127.0.0.1:{port}/a.dtd">""",
            $"""<!DOCTYPE a [<!ENTITY % l SYSTEM "http://127.0.0.1:{port}/a.dtd"> %l;]>""",
        ];
        foreach (var declaration in declarations)
        {
            Refused(
                "xml-entities",
                Workbooks.With(
                    part,
                    stream => stream.Write(Encoding.UTF8.GetBytes($"{declaration}<a xmlns=\"{Workbooks.Main}\">&l;&n;</a>"))
                )
            );
        }
        Assert.False(listener.Pending());
    }

    [Theory]
    [InlineData("EncryptedPackage", "password-protected")]
    [InlineData("Workbook", "old-excel")]
    [InlineData("Book", "old-excel")]
    [InlineData("WordDocument", "not-a-spreadsheet")]
    [InlineData("Whatever", "not-a-spreadsheet")]
    public void Old_office_containers(string stream, string code) => Refused(code, new MemoryStream(Workbooks.OldOffice(stream)));

    [Theory]
    [InlineData("content.xml", "unsupported-format", "OpenDocument")]
    [InlineData("xl/workbook.bin", "unsupported-format", ".xlsb")]
    [InlineData("Index/Document.iwa", "unsupported-format", "Numbers")]
    [InlineData("word/document.xml", "not-a-spreadsheet", "Word")]
    [InlineData("ppt/presentation.xml", "not-a-spreadsheet", "PowerPoint")]
    [InlineData("photo.jpg", "not-a-spreadsheet", "ZIP archive")]
    [InlineData("[Content_Types].xml", "not-a-spreadsheet", "Office document")]
    public void Other_documents_in_a_zip(string part, string code, string name) =>
        Refused(code, Workbooks.Zip(new Dictionary<string, string>(StringComparer.Ordinal) { ["mimetype"] = "x", [part] = "<x/>" }), name);

    [Fact]
    public void Macro_files()
    {
        var byPart = Workbooks.Parts(Workbooks.Sheet(Workbooks.HeaderRow));
        byPart["xl/vbaProject.bin"] = "x";
        Refused("macro-file", Workbooks.Zip(byPart), ".xlsx");
        var byType = Workbooks.Parts(Workbooks.Sheet(Workbooks.HeaderRow));
        byType["[Content_Types].xml"] =
            """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>""";
        Refused("macro-file", Workbooks.Zip(byType));
    }

    [Theory]
    [InlineData("%PDF-1.7\n", "PDF")]
    [InlineData("\u0089PNG\r\n\u001A\n", "picture")]
    [InlineData("ÿØÿà\0\u0010JFIF", "picture")]
    [InlineData("GIF89a", "picture")]
    [InlineData("\u001F\u008B\b\0", "compressed")]
    [InlineData("7z¼¯'\u001C", "compressed")]
    [InlineData("{\\rtf1", "text document")]
    [InlineData("<!DOCTYPE html><html>", "web page")]
    [InlineData(" \n<HTML><body><table><tr><td>Email", "web page")]
    [InlineData("<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>", "XML file of an old Excel")]
    [InlineData("<?xml version=\"1.0\"?><a/>", "XML file")]
    [InlineData("ÿþ<\0?\0x\0m\0l\0", "XML file")]
    [InlineData("\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007", "no text")]
    public void Files_of_another_kind(string content, string what) =>
        Refused("not-a-spreadsheet", new MemoryStream(Encoding.Latin1.GetBytes(content)), what);

    [Fact]
    public void An_excel_4_file() => Refused("old-excel", new MemoryStream([9, 4, 6, 0, 0, 0, 16, 0]));

    [Fact]
    public void An_empty_file() => Refused("empty-file", new MemoryStream());

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
    public void A_workbook_cut_off_anywhere()
    {
        var whole = Workbooks
            .WithRows(string.Concat(Enumerable.Range(2, 500).Select(i => $"<row r=\"{i}\"><c r=\"A{i}\"><v>{i * 7919}</v></c></row>")))
            .ToArray();
        for (var length = 4; length < whole.Length; length += 97)
        {
            Refused("truncated", new MemoryStream(whole[..length]));
        }
    }

    [Fact]
    public void A_workbook_whose_packed_bytes_are_wrong()
    {
        var file = Workbooks
            .WithRows(string.Concat(Enumerable.Range(2, 500).Select(i => $"<row r=\"{i}\"><c r=\"A{i}\"><v>{i * 7919}</v></c></row>")))
            .ToArray();
        var name = file.AsSpan().IndexOf("xl/worksheets/sheet1.xml"u8);
        file.AsSpan(name + 30, 200).Fill(0xFF);
        Refused("damaged", new MemoryStream(file));
    }

    [Fact]
    public void An_encrypted_entry()
    {
        var file = Workbooks.WithRows("").ToArray();
        file[file.AsSpan().IndexOf("PK\x01\x02"u8) + 8] |= 1;
        Refused("password-protected", new MemoryStream(file));
    }

    [Fact]
    public void Thousands_of_parts()
    {
        var parts = Workbooks.Parts(Workbooks.Sheet(Workbooks.HeaderRow)).AsEnumerable();
        Refused("too-complex", Workbooks.Zip(parts.Concat(Enumerable.Range(0, 3000).Select(i => KeyValuePair.Create($"p{i}", "")))));
    }

    [Fact]
    public void More_parts_than_the_directory_admits()
    {
        var file = Workbooks.Zip(Workbooks.Parts(Workbooks.Sheet(Workbooks.HeaderRow)).Concat([KeyValuePair.Create("p", "")])).ToArray();
        var end = file.AsSpan().LastIndexOf("PK\x05\x06"u8);
        file[end + 8]--;
        file[end + 10]--;
        Refused("too-complex", new MemoryStream(file));
    }

    [Fact]
    public void A_hundred_sheets_too_many()
    {
        var parts = Workbooks.Parts(Workbooks.Sheet(Workbooks.HeaderRow));
        parts["xl/workbook.xml"] =
            $"""<workbook xmlns="{Workbooks.Main}" xmlns:r="{Workbooks.Relations}"><sheets>{string.Concat(Enumerable.Repeat("<sheet name=\"a\" r:id=\"rId1\"/>", 400))}</sheets></workbook>""";
        Refused("too-complex", Workbooks.Zip(parts));
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
    public void A_zip_bomb_of_cells_that_point_to_one_long_text()
    {
        var parts = Workbooks.Parts(
            Workbooks.Sheet(
                Workbooks.HeaderRow + string.Concat(Enumerable.Repeat("<row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>0</v></c></row>", 1_000))
            ),
            strings: $"<sst xmlns=\"{Workbooks.Main}\"><si><t>{new string('a', 32_000)}</t></si></sst>"
        );
        Refused("zip-bomb", Workbooks.Zip(parts));
    }

    [Fact]
    public void Targets_outside_the_archive_are_nowhere()
    {
        var parts = Workbooks.Parts(Workbooks.Sheet(Workbooks.HeaderRow));
        foreach (var target in new[] { "../../../../etc/passwd", "file:///etc/passwd", "http://127.0.0.1/x", "C:\\x" })
        {
            parts["xl/_rels/workbook.xml.rels"] = Workbooks.RelationPart(("rId1", "worksheet", target), ("rId2", "sharedStrings", target));
            Refused("no-header", Workbooks.Zip(parts));
        }
        parts["xl/_rels/workbook.xml.rels"] = Workbooks
            .RelationPart(("rId1", "worksheet", "worksheets/sheet1.xml"))
            .Replace("Target=", "TargetMode=\"External\" Target=", StringComparison.Ordinal);
        Refused("no-header", Workbooks.Zip(parts));
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

    [Fact]
    public void A_csv_named_xlsx_and_a_workbook_named_csv_are_what_they_contain()
    {
        using var csv = Workbooks.Open(Text("Email\r\nann@example.com\r\n"));
        Assert.Equal(SpreadsheetKind.Csv, csv.Kind);
        using var workbook = Workbooks.Open(Workbooks.WithRows("<row r=\"2\"><c r=\"A2\"><v>1</v></c></row>"));
        Assert.Equal(SpreadsheetKind.Xlsx, workbook.Kind);
    }

    [Theory]
    [InlineData(50, "unclosed-quote", "B2 in line 2", "Email,Name\r\nann@example.com,\"", "a", "")]
    [InlineData(50, "cell-too-long", "B2", "Email,Name\r\nann@example.com,\"", "a", "\"\r\n")]
    [InlineData(8, "cell-too-long", "B2", "Email,Name\r\nann@example.com,", "a", "\r\n")]
    [InlineData(8, "unclosed-quote", "B2 in line 2", "Email,Name\r\nann@example.com,\"", "\r\n", "")]
    [InlineData(8, "unclosed-quote", "B2 in line 2", "Email,Name\r\nann@example.com,\"", "\"\"", "")]
    [InlineData(20, "too-many-columns", "IW2", "Email,Name\r\nann@example.com", ",", "\r\n")]
    [InlineData(8, "too-many-rows", "1,000,000", "Email\r\n", "\n", "")]
    [InlineData(8, "not-a-spreadsheet", "no text", "", "\0", "")]
    [InlineData(8, "cell-too-long", "A1", "Email", "x", "")]
    [InlineData(8, "no-header", "first 20 rows", "", "\n", "Email\n")]
    public void Mebibytes_of_the_same_in_a_csv(int mebibytes, string code, string part, string head, string repeated, string tail) =>
        Refused(code, Long(mebibytes, head, repeated, tail), part);

    private static MemoryStream Long(int mebibytes, string head, string repeated, string tail)
    {
        var file = new MemoryStream(mebibytes * 1024 * 1024);
        var length = mebibytes * 1024 * 1024 - head.Length - tail.Length;
        Workbooks.Repeat(head, repeated, length / repeated.Length, tail)(file);
        return file;
    }
}
