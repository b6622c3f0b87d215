using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Muster.Tests;

/// <summary>A file that somebody sends to a server, and the words its refusal must have.</summary>
/// <param name="Name">As on the sender's disk.</param>
/// <param name="Content">Made when it is needed: some are large.</param>
/// <param name="Words">What it is, where, and what would be right.</param>
internal sealed record HostileUpload(string Name, Func<byte[]> Content, params string[] Words);

/// <summary>The files that a server must survive, by what they are.</summary>
internal static class HostileUploads
{
    private const string SheetPart = "xl/worksheets/sheet1.xml";
    private const string CsvHead = "Email,First name,Last name\r\n";

    public static readonly Dictionary<string, HostileUpload> All = new(StringComparer.Ordinal)
    {
        ["a zip bomb of cells"] = new(
            "people.xlsx",
            Sheet("<row>", "<c s=\"1\"/>", 10_000_000, "</row>"),
            "unpacks to far more",
            "copy the list into a new workbook"
        ),
        ["a zip bomb of texts"] = new(
            "people.xlsx",
            Part(
                "xl/sharedStrings.xml",
                $"<sst xmlns=\"{Workbooks.Main}\">",
                $"<si><t>{new string('a', 1000)}</t></si>",
                200_000,
                "</sst>"
            ),
            "unpacks to far more",
            "copy the list into a new workbook"
        ),
        ["a long text that every cell points to"] = new(
            "people.xlsx",
            PointsToOneText(rows: 20_000, columns: 8),
            "unpacks to far more",
            "copy the list into a new workbook"
        ),
        ["a long text that two hundred cells of a row point to"] = new(
            "people.xlsx",
            PointsToOneText(rows: 20_000, columns: 200),
            "row 2",
            "262,144 characters",
            "shorten their texts"
        ),
        ["a CSV of rows that are too long"] = new(
            "people.csv",
            () =>
                Written(
                    Workbooks.Lines(
                        CsvHead,
                        80,
                        i => $"p{i}@example.org,Ann,Lee{string.Concat(Enumerable.Repeat("," + new string('é', 30_000), 9))}\r\n",
                        ""
                    )
                ),
            "row 2",
            "262,144 characters",
            "shorten their texts"
        ),
        ["an external entity"] = new(
            "people.xlsx",
            Entity("""<!ENTITY l SYSTEM "file:///etc/passwd">"""),
            "entity",
            "save it again as .xlsx"
        ),
        ["a billion laughs"] = new(
            "people.xlsx",
            Entity("""<!ENTITY l "lol"><!ENTITY m "&l;&l;&l;&l;&l;&l;&l;&l;">"""),
            "entity",
            "save it again as .xlsx"
        ),
        ["a workbook with a password"] = new(
            "people.xlsx",
            () => Workbooks.OldOffice("EncryptedPackage"),
            "password",
            "remove the password"
        ),
        ["an old .xls"] = new("people.xls", () => Workbooks.OldOffice("Workbook"), "Excel 97-2003", "save it as .xlsx or CSV"),
        ["an old .xls named .xlsx"] = new("people.xlsx", () => Workbooks.OldOffice("Workbook"), "Excel 97-2003", "save it as .xlsx or CSV"),
        ["a workbook cut off"] = new("people.xlsx", () => Good()[..^200], "incomplete", "its end is missing", "upload it again"),
        ["a workbook with macros"] = new("people.xlsm", () => Good(("xl/vbaProject.bin", "x")), "macros", ".xlsx"),
        ["rows without end"] = new("people.xlsx", Sheet("", "<row/>", 1_200_000, ""), "row 1048577", "copy the list"),
        ["a row beyond every sheet"] = new(
            "people.xlsx",
            Sheet("<row r=\"2000000000\"><c r=\"A2000000000\"><v>1</v></c></row>", " ", 1, ""),
            "row 2000000000",
            "copy the list"
        ),
        ["50 MiB in a cell"] = new(
            "people.xlsx",
            Sheet("<row r=\"2\"><c r=\"B2\" t=\"inlineStr\"><is><t>", "0123456789abcdef", 50 * 65536, "</t></is></c></row>"),
            "B2",
            "32,767 characters",
            "shorten its text"
        ),
        ["50 MiB in a cell of a CSV"] = new(
            "people.csv",
            Csv("ann@example.org,\"", "0123456789abcdef", 49 * 65536, "\",Lee\r\n"),
            "B2",
            "line 2",
            "shorten"
        ),
        ["two million nested elements"] = new(
            "people.xlsx",
            Sheet("<row r=\"2\"><c r=\"A2\">", "<b>", 2_000_000, ""),
            "nested more than 64",
            "copy the list"
        ),
        ["attributes that take the square of their number"] = new("people.xlsx", ManyAttributes, "larger than 512 KiB", "shorten"),
        ["a quotation mark that opens the list and never closes"] = new(
            "people.csv",
            Csv("ann@example.org,\"Ann,Lee\r\n", "bob@example.org,Bob,Ray\r\n", 100, ""),
            "B2",
            "line 2",
            "close it"
        ),
        ["a quotation mark that never closes far down"] = new("people.csv", UnclosedInLine(5_002), "B5002", "line 5002", "close it"),
        ["a picture"] = new("people.csv", () => [0x89, .. "PNG\r\n\u001A\n\0\0\0\rIHDR"u8], "picture", "save it as .xlsx or CSV"),
        ["a web page"] = new("people.xlsx", () => "<!DOCTYPE html><table><tr><td>Email"u8.ToArray(), "web page", "save it as .xlsx or CSV"),
        ["an OpenDocument sheet"] = new(
            "people.ods",
            () => Good(("mimetype", "x"), ("content.xml", "<x/>")),
            "OpenDocument",
            "save it as .xlsx or CSV"
        ),
        ["a list without a header"] = new(
            "people.csv",
            () => "ann@example.org,Ann,Lee\r\n"u8.ToArray(),
            "first 20 rows",
            "name the columns"
        ),
        ["a list without names"] = new("people.csv", () => "Email\r\nann@example.org\r\n"u8.ToArray(), "First name", "row 1", "template"),
    };

    /// <summary>Files that look wrong and hold a list all the same, with the number of their people.</summary>
    public static readonly Dictionary<string, (HostileUpload File, int People)> Readable = new(StringComparer.Ordinal)
    {
        ["a CSV named .xlsx"] = (new("people.xlsx", () => Encoding.UTF8.GetBytes($"{CsvHead}ann@x.example.org,Ann,Lee\r\n")), 1),
        ["a workbook named .csv"] = (new("people.csv", () => Good()), 1),
        ["a million declared rows"] = (
            new(
                "people.xlsx",
                () =>
                    Workbooks
                        .Zip(
                            Workbooks.Parts(
                                $"<worksheet xmlns=\"{Workbooks.Main}\"><dimension ref=\"A1:XFD1048576\"/>{Workbooks.PeopleHead[Workbooks.PeopleHead.IndexOf("<sheetData>", StringComparison.Ordinal)..]}{Workbooks.Person(2)}{Workbooks.Person(1048576)}{Workbooks.PeopleTail}"
                            )
                        )
                        .ToArray()
            ),
            2
        ),
    };

    /// <summary>Where an external entity would be fetched from; nobody may come.</summary>
    public static byte[] EntityFrom(TcpListener listener) =>
        Entity($"""<!ENTITY l SYSTEM "http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/a.dtd">""")();

    private static Func<byte[]> Csv(string head, string repeated, int times, string tail) =>
        () => Written(Workbooks.Repeat(CsvHead + head, repeated, times, tail));

    private static Func<byte[]> UnclosedInLine(int line) =>
        Csv(
            string.Concat(Enumerable.Range(2, line - 2).Select(i => $"p{i}@example.org,Ann,Lee\r\n")),
            "bob@example.org,\"Bob,Ray\r\n",
            1,
            ""
        );

    private static Func<byte[]> Sheet(string head, string repeated, long times, string tail) =>
        Part(SheetPart, Workbooks.PeopleHead + head, repeated, times, tail + Workbooks.PeopleTail);

    private static Func<byte[]> Part(string part, string head, string repeated, long times, string tail) =>
        () => Workbooks.With(part, Workbooks.Repeat(head, repeated, times, tail)).ToArray();

    private static Func<byte[]> Entity(string declaration) =>
        () =>
            Workbooks
                .With(
                    SheetPart,
                    stream => stream.Write(Encoding.UTF8.GetBytes($"<!DOCTYPE a [{declaration}]><a xmlns=\"{Workbooks.Main}\">&l;&m;</a>"))
                )
                .ToArray();

    private static byte[] ManyAttributes() =>
        Workbooks
            .With(
                SheetPart,
                Workbooks.Lines(
                    $"<worksheet xmlns=\"{Workbooks.Main}\"><sheetData><row ",
                    400_000,
                    i => $"a{i % 10_000}=\"\" ",
                    "/>" + Workbooks.PeopleTail
                )
            )
            .ToArray();

    /// <summary>A sheet costs a few bytes for each cell, however long the text is that they share.</summary>
    private static Func<byte[]> PointsToOneText(int rows, int columns) =>
        () =>
            Workbooks
                .With([
                    (
                        "xl/sharedStrings.xml",
                        Workbooks.Repeat($"<sst xmlns=\"{Workbooks.Main}\"><si><t>", "0123456789abcdef", 2_000, "</t></si></sst>")
                    ),
                    (
                        SheetPart,
                        Workbooks.Repeat(
                            Workbooks.PeopleHead,
                            $"<row>{string.Concat(Enumerable.Repeat("<c t=\"s\"><v>0</v></c>", columns))}</row>",
                            rows,
                            Workbooks.PeopleTail
                        )
                    ),
                ])
                .ToArray();

    private static byte[] Good(params (string Name, string Content)[] more)
    {
        var parts = Workbooks.Parts($"{Workbooks.PeopleHead}{Workbooks.Person(2)}{Workbooks.PeopleTail}");
        foreach (var (name, content) in more)
        {
            parts[name] = content;
        }

        return Workbooks.Zip(parts).ToArray();
    }

    private static byte[] Written(Action<Stream> write)
    {
        using var file = new MemoryStream();
        write(file);
        return file.ToArray();
    }
}
