using System.IO.Compression;
using Muster.Files;
using Xunit;
using static Muster.Tests.HostileFiles;

namespace Muster.Tests;

/// <summary>Archives that unpack to far more than a list, are broken or locked, or hold something else than a workbook.</summary>
public sealed class HostileArchiveTests
{
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
}
