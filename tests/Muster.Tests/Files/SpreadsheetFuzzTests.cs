using System.IO.Compression;
using System.Text;
using Muster.Files;
using Xunit;

namespace Muster.Tests;

/// <summary>Thousands of broken files, the same ones every time: whatever is wrong, only a refusal may come out.</summary>
public sealed class SpreadsheetFuzzTests
{
    private static readonly SpreadsheetOptions Options = Workbooks.Options with { MaxRows = 1000 };

    private static readonly string[] Splices =
    [
        "<",
        ">",
        "/>",
        "</c>",
        "</row>",
        "<row>",
        "<c r=\"A3\">",
        "<v>",
        "</v>",
        "<is>",
        "<t>",
        "&amp;",
        "&#0;",
        "&#xFFFF;",
        "&x;",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?x?>",
        "<!DOCTYPE a>",
        " r=\"-1\"",
        " r=\"A\"",
        " t=\"s\"",
        " t=\"d\"",
        " t=\"e\"",
        " s=\"99999999999\"",
        " xmlns=\"\"",
        " xmlns:r=\"x\"",
        "1E999",
        "-1",
        "NaN",
        "99999999999",
        "_x0000_",
        "_xD800_",
        "\0",
        "\uFFFE",
        "\u202E",
        "é",
        "😀",
        "\"",
        "'",
        "",
        "../",
        "/",
        "\\",
        "..",
        "%2e",
        "date1904=\"1\"",
        "state=\"hidden\"",
        "Target=\"\"",
        "Id=\"rId1\"",
    ];

    private static void ReadToTheEnd(byte[] file, string what)
    {
        try
        {
            using var sheet = Spreadsheet.Open(new MemoryStream(file), Options, CancellationToken.None);
            _ = HeaderMap.Match(sheet.Headers, [Workbooks.Email], sheet.HeaderRow);
            foreach (var row in sheet.Rows(CancellationToken.None))
            {
                for (var column = 1; column <= row.LastColumn; column++)
                {
                    _ = CellValues.TryName(row[column], out var text, out _);
                    _ = CellValues.TryDate(row[column], out _, out _);
                    _ = CellValues.TryNumber(row[column], out _, out _);
                    _ = CellValues.TryYesNo(row[column], out _, out _);
                    _ = EmailAddress.TryParse(row[column].Text, out _, out _);
                    Assert.DoesNotContain('\0', text);
                }
            }
        }
        catch (SpreadsheetException refusal)
        {
            Assert.EndsWith(".", refusal.Message, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException(what, e);
        }
    }

    private static Dictionary<string, string> Seed() =>
        Workbooks.Parts(
            Workbooks.Sheet(
                Workbooks.HeaderRow
                    + """
                    <row r="2" hidden="1"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c r="C2" s="1"><v>46349.5</v></c><c r="D2" t="b"><v>1</v></c><c r="E2" t="e"><v>#N/A</v></c></row>
                    <row r="4"><c r="A4" t="inlineStr"><is><r><t>rich_x0041_</t></r><rPh sb="0" eb="1"><t>x</t></rPh></is></c><c r="B4"><f>1+1</f><v>2</v></c><c r="C4" t="d"><v>2026-11-23T00:00:00</v></c><c r="D4" t="str"><f>A1</f><v>x</v></c></row>
                    """
            ),
            Workbooks.Styles("yyyy-mm-dd", "[h]:mm", "0\"d\""),
            $"""<sst xmlns="{Workbooks.Main}"><si><t>ann@example.com</t></si><si><r><t xml:space="preserve"> Zoë </t></r></si></sst>""",
            """<workbookPr date1904="0"/>"""
        );

    [Theory]
    [InlineData(11, 1200)]
    public void Workbooks_with_bytes_changed(int seed, int times)
    {
        var random = new Random(seed);
        var whole = Workbooks.Zip(Seed()).ToArray();
        for (var i = 0; i < times; i++)
        {
            ReadToTheEnd(Broken(whole, random), $"seed {seed}, file {i}");
        }
    }

    [Theory]
    [InlineData(21, 1500)]
    public void Workbooks_with_something_spliced_into_a_part(int seed, int times)
    {
        var random = new Random(seed);
        for (var i = 0; i < times; i++)
        {
            var parts = Seed();
            var names = parts.Keys.ToList();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                var name = names[random.Next(names.Count)];
                var text = parts.GetValueOrDefault(name, "");
                var at = random.Next(text.Length + 1);
                var length = Math.Min(random.Next(3) == 0 ? random.Next(40) : 0, text.Length - at);
                parts[name] = string.Concat(text.AsSpan(0, at), Splices[random.Next(Splices.Length)], text.AsSpan(at + length));
                if (random.Next(15) == 0)
                {
                    parts.Remove(name);
                }
            }
            using var zip = Workbooks.Zip(
                parts.Select(part => (part.Key, (Action<Stream>)(stream => stream.Write(Encoding.UTF8.GetBytes(part.Value))))),
                CompressionLevel.NoCompression
            );
            ReadToTheEnd(zip.ToArray(), $"seed {seed}, file {i}");
        }
    }

    [Theory]
    [InlineData(31, 3000)]
    public void Csv_with_bytes_changed(int seed, int times)
    {
        var random = new Random(seed);
        byte[][] seeds =
        [
            "Email,First name,Date\r\nann@example.com,\"O\"\"Neill, Ann\",2026-11-23\r\n\r\nbob@example.com,\"two\r\nlines\",'=1+1\r\n"u8.ToArray(),
            Encoding.Unicode.GetBytes("Email;First name\r\nann@example.com;Zoë\r\n"),
            Encoding.Latin1.GetBytes("sep=;\r\nEmail;First name\r\nann@example.com;Zoë\r\n"),
            [.. Encoding.UTF8.Preamble, .. "Email\tName\nann@example.com\t\"Ann\"\n"u8],
        ];
        for (var i = 0; i < times; i++)
        {
            ReadToTheEnd(Broken(seeds[random.Next(seeds.Length)], random), $"seed {seed}, file {i}");
        }
    }

    private static byte[] Broken(byte[] whole, Random random)
    {
        var file = whole.ToList();
        for (var change = random.Next(1, 6); change > 0 && file.Count > 0; change--)
        {
            var at = random.Next(file.Count);
            switch (random.Next(5))
            {
                case 0:
                    file[at] = (byte)random.Next(256);
                    break;
                case 1:
                    file[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    file.RemoveRange(at, Math.Min(random.Next(1, 8), file.Count - at));
                    break;
                case 3:
                    file.InsertRange(at, Enumerable.Repeat((byte)"\",;\r\n\0'<"[random.Next(8)], random.Next(1, 4)));
                    break;
                default:
                    file.RemoveRange(random.Next(20) == 0 ? at : file.Count - 1, 1);
                    break;
            }
        }
        return [.. file];
    }
}
