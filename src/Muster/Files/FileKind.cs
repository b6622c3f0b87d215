using System.Buffers.Binary;
using System.Text;

namespace Muster.Files;

/// <summary>Tells by the content what a file is. Names and declared media types are not asked: they are wrong too often.</summary>
internal static class FileKind
{
    private const string SaveAs = "open it in your spreadsheet program and save it as .xlsx or CSV.";

    public static SpreadsheetKind Of(Stream stream, CancellationToken ct)
    {
        Span<byte> head = stackalloc byte[4096];
        stream.Position = 0;
        head = head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        if (head.IsEmpty)
        {
            throw new SpreadsheetException(SpreadsheetProblems.Empty, "The file is empty; choose the file with your list.");
        }
        if (head.StartsWith("PK\x03\x04"u8) || head.StartsWith("PK\x05\x06"u8))
        {
            return SpreadsheetKind.Xlsx;
        }
        if (head.StartsWith(stackalloc byte[] { 0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1 }))
        {
            throw OfOle(stream, ct);
        }
        if (Foreign(head) is { } what)
        {
            throw NotASpreadsheet(what);
        }
        return SpreadsheetKind.Csv;
    }

    public static SpreadsheetException NotASpreadsheet(string what) =>
        new(SpreadsheetProblems.NotASpreadsheet, $"This is {what}, not a spreadsheet; if your list is in it, {SaveAs}");

    public static SpreadsheetException PasswordProtected() =>
        new(
            SpreadsheetProblems.PasswordProtected,
            "The file is protected with a password; open it, remove the password (File, Info, Protect Workbook) and save it again."
        );

    public static SpreadsheetException OldExcel(string what) =>
        new(SpreadsheetProblems.OldExcel, $"This is {what}, which is not read here; {SaveAs}");

    private static string? Foreign(ReadOnlySpan<byte> head)
    {
        (byte[] Magic, string What)[] signatures =
        [
            ("%PDF"u8.ToArray(), "a PDF document"),
            ([0x89, (byte)'P', (byte)'N', (byte)'G'], "a picture"),
            ([0xFF, 0xD8, 0xFF], "a picture"),
            ("GIF8"u8.ToArray(), "a picture"),
            ("RIFF"u8.ToArray(), "a picture, sound or film"),
            ([0x1F, 0x8B], "a compressed file"),
            ([(byte)'7', (byte)'z', 0xBC, 0xAF], "a compressed file"),
            ("Rar!"u8.ToArray(), "a compressed file"),
            ("BZh"u8.ToArray(), "a compressed file"),
            ("{\\rtf"u8.ToArray(), "a text document"),
            ("SQLite format 3"u8.ToArray(), "a database"),
            ([0x7F, (byte)'E', (byte)'L', (byte)'F'], "a program"),
            ([(byte)'M', (byte)'Z', 0x90, 0x00], "a program"),
        ];
        foreach (var (magic, what) in signatures)
        {
            if (head.StartsWith(magic))
            {
                return what;
            }
        }
        if (head.Length >= 4 && head[0] == 9 && head[1] is 0 or 2 or 4 or 8 && head[2] is 4 or 6 or 8 or 16 && head[3] == 0)
        {
            throw OldExcel("a file of a very old Excel");
        }
        return Markup(head);
    }

    private static string? Markup(ReadOnlySpan<byte> head)
    {
        var text = Encoding
            .Latin1.GetString(head)
            .Replace("\0", "", StringComparison.Ordinal)
            .TrimStart('\u00EF', '\u00BB', '\u00BF', '\u00FE', '\u00FF', ' ', '\t', '\r', '\n');
        if (text.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase))
        {
            return text.Contains("Excel.Sheet", StringComparison.Ordinal) || text.Contains(":spreadsheet", StringComparison.Ordinal)
                ? "an XML file of an old Excel"
                : "an XML file";
        }
        return
            text.StartsWith("<!doctype", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("<table", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("<head", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("<!--", StringComparison.Ordinal)
            ? "a web page"
            : null;
    }

    /// <summary>
    /// Old Office files and encrypted new ones are the same container. Its directory entries lie on 128-byte boundaries: a name in UTF-16,
    /// its length at 64, 2 for a stream at 66.
    /// </summary>
    private static SpreadsheetException OfOle(Stream stream, CancellationToken ct)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var buffer = new byte[64 * 1024];
        stream.Position = 0;
        for (int read; (read = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)) > 0; )
        {
            ct.ThrowIfCancellationRequested();
            for (var at = 0; at + 128 <= read; at += 128)
            {
                var entry = buffer.AsSpan(at, 128);
                var length = BinaryPrimitives.ReadUInt16LittleEndian(entry[64..]);
                if (length is >= 4 and <= 64 && length % 2 == 0 && entry[66] == 2 && entry[length - 2] == 0 && names.Count < 1000)
                {
                    names.Add(Encoding.Unicode.GetString(entry[..(length - 2)]));
                }
            }
            if (read < buffer.Length)
            {
                break;
            }
        }
        return names switch
        {
            _ when names.Contains("EncryptedPackage") => PasswordProtected(),
            _ when names.Contains("Workbook") || names.Contains("Book") => OldExcel("an Excel 97-2003 file (.xls)"),
            _ when names.Contains("WordDocument") => NotASpreadsheet("a Word document"),
            _ when names.Contains("PowerPoint Document") => NotASpreadsheet("a PowerPoint presentation"),
            _ => NotASpreadsheet("a file of an old Office program"),
        };
    }
}
