using System.IO.Compression;

namespace Muster.Tests;

/// <summary>Honest files as large as they may be.</summary>
internal static class LargeUploads
{
    private const string SheetPart = "xl/worksheets/sheet1.xml";
    private const string StringsPart = "xl/sharedStrings.xml";
    private const string CsvHead = "Email,First name,Last name";

    /// <summary>At one limit of the reader each, which must then hold as much of them as it ever does; with the number of their people.</summary>
    public static readonly Dictionary<string, (HostileUpload File, int People)> AtTheLimits = new(StringComparer.Ordinal)
    {
        ["as many texts as a workbook may have"] = (new("people.xlsx", ManyTexts), 1),
        ["rows of a CSV as long as they may be"] = (new("people.csv", LongRecords), 90),
        ["rows of a workbook as long as they may be"] = (new("people.xlsx", LongRows), 80),
    };

    /// <summary>A CSV of so many people.</summary>
    public static byte[] Csv(int people) =>
        Written(Workbooks.Lines(CsvHead + "\r\n", people, i => $"p{i}@many.example.org,Ann,Lee\r\n", ""));

    /// <summary>A workbook of so many people, whose texts are shared as Excel writes them.</summary>
    public static byte[] Workbook(int people) =>
        Workbooks
            .With(
                [
                    (
                        StringsPart,
                        Workbooks.Lines(
                            $"<sst xmlns=\"{Workbooks.Main}\"><si><t>Ann</t></si><si><t>Lee</t></si>",
                            people,
                            i => $"<si><t>p{i}@many.example.org</t></si>",
                            "</sst>"
                        )
                    ),
                    (
                        SheetPart,
                        Workbooks.Lines(
                            Workbooks.PeopleHead,
                            people,
                            i => $"<row r=\"{i + 2}\"><c t=\"s\"><v>{i + 2}</v></c><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c></row>",
                            Workbooks.PeopleTail
                        )
                    ),
                ],
                CompressionLevel.Fastest
            )
            .ToArray();

    private static byte[] ManyTexts() =>
        Workbooks
            .With(
                [
                    (SheetPart, Workbooks.Lines(Workbooks.PeopleHead + Workbooks.Person(2), 0, _ => "", Workbooks.PeopleTail)),
                    (
                        StringsPart,
                        Workbooks.Lines($"<sst xmlns=\"{Workbooks.Main}\">", 5_500_000, i => $"<si><t>{i:D18}</t></si>", "</sst>")
                    ),
                ],
                CompressionLevel.Fastest
            )
            .ToArray();

    private static byte[] LongRecords() =>
        Written(
            Workbooks.Lines(
                $"{CsvHead}{string.Concat(Enumerable.Range(0, 26).Select(i => $",x{i}"))}\r\n",
                90,
                i => $"p{i}@long.example.org,Ann,Lee{string.Concat(Enumerable.Repeat("," + new string('é', 10_000), 26))}\r\n",
                ""
            )
        );

    private static byte[] LongRows() =>
        Workbooks
            .With(
                SheetPart,
                Workbooks.Lines(
                    Workbooks.PeopleHead,
                    80,
                    i =>
                        Workbooks.Person(
                            i + 2,
                            string.Concat(Enumerable.Range(4, 8).Select(column => Workbooks.Cell(column, i + 2, Letters(32_000))))
                        ),
                    Workbooks.PeopleTail
                ),
                CompressionLevel.Fastest
            )
            .ToArray();

    /// <summary>Text that packs badly, so that much of it is no zip bomb.</summary>
    private static string Letters(int length)
    {
        var random = new Random(length);
        return string.Concat(Enumerable.Range(0, length).Select(_ => (char)random.Next('À', 'ÿ')));
    }

    private static byte[] Written(Action<Stream> write)
    {
        using var file = new MemoryStream();
        write(file);
        return file.ToArray();
    }
}
