using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Muster.Files;
using Xunit;

namespace Muster.Tests;

/// <summary>Small workbooks made part by part, as other programs and attackers would make them.</summary>
internal static class Workbooks
{
    public const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    public const string Strict = "http://purl.oclc.org/ooxml/spreadsheetml/main";
    public const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    public const string HeaderRow =
        """<row r="1"><c r="A1" t="inlineStr"><is><t>Email</t></is></c><c r="B1" t="inlineStr"><is><t>First name</t></is></c></row>""";

    /// <summary>A sheet of people up to and with its heading, and what comes after them.</summary>
    public const string PeopleHead =
        $"""<worksheet xmlns="{Main}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Email</t></is></c><c r="B1" t="inlineStr"><is><t>First name</t></is></c><c r="C1" t="inlineStr"><is><t>Last name</t></is></c></row>""";
    public const string PeopleTail = "</sheetData></worksheet>";

    public static readonly KnownColumn Email = new("Email", Required: true, "E-mail");

    public static readonly SpreadsheetOptions Options = new()
    {
        LooksLikeHeader = texts => HeaderMap.Names(texts, Email),
        HeaderAdvice = "name the columns, one of them “Email”",
    };

    /// <summary>A sheet around rows.</summary>
    public static string Sheet(string rows, string ns = Main) => $"""<worksheet xmlns="{ns}"><sheetData>{rows}</sheetData></worksheet>""";

    /// <summary>A workbook with one sheet of these rows below the usual heading.</summary>
    public static MemoryStream WithRows(string rows, string? styles = null, string? strings = null, string workbookPr = "") =>
        Zip(Parts(Sheet(HeaderRow + rows), styles, strings, workbookPr));

    public static Dictionary<string, string> Parts(string sheet, string? styles = null, string? strings = null, string workbookPr = "") =>
        new(StringComparer.Ordinal)
        {
            ["[Content_Types].xml"] =
                """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>""",
            ["_rels/.rels"] = RelationPart(("rId1", "officeDocument", "xl/workbook.xml")),
            ["xl/workbook.xml"] =
                $"""<workbook xmlns="{Main}" xmlns:r="{Relations}">{workbookPr}<sheets><sheet name="People" sheetId="1" r:id="rId1"/></sheets></workbook>""",
            ["xl/_rels/workbook.xml.rels"] = RelationPart(
                ("rId1", "worksheet", "worksheets/sheet1.xml"),
                ("rId2", "styles", "styles.xml"),
                ("rId3", "sharedStrings", "sharedStrings.xml")
            ),
            ["xl/worksheets/sheet1.xml"] = sheet,
            ["xl/styles.xml"] = styles ?? $"""<styleSheet xmlns="{Main}"/>""",
            ["xl/sharedStrings.xml"] = strings ?? $"""<sst xmlns="{Main}"/>""",
        };

    public static string RelationPart(params (string Id, string Type, string Target)[] relations) =>
        $"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{string.Concat(
            relations.Select(r => $"<Relationship Id=\"{r.Id}\" Type=\"{Relations}/{r.Type}\" Target=\"{r.Target}\"/>")
        )}</Relationships>""";

    public static string Styles(params string[] formats) =>
        $"""
            <styleSheet xmlns="{Main}"><numFmts>{string.Concat(
                formats.Select((code, i) => $"<numFmt numFmtId=\"{164 + i}\" formatCode=\"{System.Security.SecurityElement.Escape(code)}\"/>")
            )}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/>{string.Concat(
                formats.Select((_, i) => $"<xf numFmtId=\"{164 + i}\"/>")
            )}</cellXfs></styleSheet>
            """;

    public static MemoryStream Zip(IEnumerable<KeyValuePair<string, string>> parts) =>
        Zip(parts.Select(part => (part.Key, (Action<Stream>)(stream => stream.Write(Encoding.UTF8.GetBytes(part.Value))))));

    /// <summary>A ZIP whose parts are written by code, so that huge ones never exist in memory.</summary>
    public static MemoryStream Zip(
        IEnumerable<(string Name, Action<Stream> Write)> parts,
        CompressionLevel level = CompressionLevel.SmallestSize
    )
    {
        var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, write) in parts)
            {
                using var stream = zip.CreateEntry(name, level).Open();
                write(stream);
            }
        }
        return file;
    }

    /// <summary>A good workbook with one part replaced by something written by code.</summary>
    public static MemoryStream With(string part, Action<Stream> write, CompressionLevel level = CompressionLevel.SmallestSize) =>
        With([(part, write)], level);

    /// <summary>The same with several.</summary>
    public static MemoryStream With(
        IReadOnlyCollection<(string Name, Action<Stream> Write)> parts,
        CompressionLevel level = CompressionLevel.SmallestSize
    ) =>
        Zip(
            Parts(Sheet(HeaderRow))
                .Where(pair => parts.All(part => part.Name != pair.Key))
                .Select(pair => (pair.Key, (Action<Stream>)(stream => stream.Write(Encoding.UTF8.GetBytes(pair.Value)))))
                .Concat(parts),
            level
        );

    /// <summary>A row of a sheet of people: a person, and perhaps more cells.</summary>
    public static string Person(int row, string more = "") =>
        $"<row r=\"{row}\">{Cell(1, row, $"p{row}@x.example.org")}{Cell(2, row, "Ann")}{Cell(3, row, "Lee")}{more}</row>";

    public static string Cell(int column, int row, string text) =>
        $"<c r=\"{CellReference.Of(column, row)}\" t=\"inlineStr\"><is><t>{text}</t></is></c>";

    /// <summary>Text of many different lines.</summary>
    public static Action<Stream> Lines(string head, int count, Func<int, string> line, string tail) =>
        stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(false), 65_536, leaveOpen: true);
            writer.Write(head);
            for (var i = 0; i < count; i++)
            {
                writer.Write(line(i));
            }

            writer.Write(tail);
        };

    public static Action<Stream> Repeat(string head, string repeated, long times, string tail) =>
        stream =>
        {
            stream.Write(Encoding.UTF8.GetBytes(head));
            var perBlock = (int)Math.Clamp(65_536 / repeated.Length, 1, Math.Max(times, 1));
            var block = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(repeated, perBlock)));
            for (var left = times; left > 0; left -= perBlock)
            {
                stream.Write(block.AsSpan(0, (int)(Math.Min(left, perBlock) * (block.Length / perBlock))));
            }
            stream.Write(Encoding.UTF8.GetBytes(tail));
        };

    /// <summary>The container of old Office files and of encrypted new ones, with one stream in it.</summary>
    public static byte[] OldOffice(string stream)
    {
        var file = new byte[4096];
        new byte[] { 0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1 }.CopyTo(file, 0);
        var entry = file.AsSpan(1024 + (3 * 128));
        Encoding.Unicode.GetBytes(stream).CopyTo(entry);
        BinaryPrimitives.WriteUInt16LittleEndian(entry[64..], (ushort)((2 * stream.Length) + 2));
        entry[66] = 2;
        return file;
    }

    public static Spreadsheet Open(Stream file) => Spreadsheet.Open(file, Options, CancellationToken.None);

    public static Spreadsheet Open(byte[] file) => Open(new MemoryStream(file));

    public static List<SheetRow> Rows(Stream file)
    {
        using var sheet = Open(file);
        return [.. sheet.Rows(CancellationToken.None)];
    }

    /// <summary>The code of the refusal after reading a file to its end.</summary>
    public static SpreadsheetException Refusal(Stream file)
    {
        var refusal = Assert.Throws<SpreadsheetException>(() =>
        {
            using var sheet = Open(file);
            foreach (var row in sheet.Rows(CancellationToken.None))
            {
                _ = row.Number;
            }
        });
        Assert.EndsWith(".", refusal.Message, StringComparison.Ordinal);
        return refusal;
    }
}
