using System.Buffers.Binary;
using System.IO.Compression;

namespace Muster.Files;

/// <summary>
/// The ZIP of a workbook, looked through before it is trusted: how many entries it has, whether they are encrypted, what kind of document
/// they make. Entry names are only ever compared, never used as file names.
/// </summary>
internal sealed class XlsxPackage : IDisposable
{
    private const int MaxEntries = 2_000;
    private const int MaxDirectory = 1024 * 1024;
    private const int EndLength = 22;

    private readonly SpreadsheetOptions _options;
    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _parts = new(StringComparer.Ordinal);

    private XlsxPackage(Stream stream, SpreadsheetOptions options)
    {
        _options = options;
        Length = stream.Length;
        CheckDirectory(stream);
        stream.Position = 0;
        _zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        foreach (var entry in _zip.Entries)
        {
            _parts.TryAdd(KeyOf(entry.FullName), entry);
        }
    }

    public static XlsxPackage Open(Stream stream, SpreadsheetOptions options, CancellationToken ct)
    {
        var package = new XlsxPackage(stream, options);
        try
        {
            package.CheckKind(ct);
            return package;
        }
        catch
        {
            package.Dispose();
            throw;
        }
    }

    /// <summary>The size of the whole file.</summary>
    public long Length { get; }

    public bool Has(string part) => _parts.ContainsKey(KeyOf(part));

    /// <summary>Opens a part as guarded XML.</summary>
    /// <param name="part">Its name.</param>
    /// <param name="budget">What may still be unpacked.</param>
    /// <param name="ct">Checked with every read.</param>
    public XlsxXml Read(string part, UnpackBudget budget, CancellationToken ct)
    {
        if (!_parts.TryGetValue(KeyOf(part), out var entry))
        {
            throw SpreadsheetFaults.Damaged(where: " (a part of it is missing)");
        }
        return new XlsxXml(new GuardedStream(entry.Open(), entry.CompressedLength, budget, ct), _options);
    }

    /// <summary>The part that a relationship of <paramref name="source"/> points to; an unknown name when it points outside the archive.</summary>
    public string Resolve(string source, string target)
    {
        var folder = source.LastIndexOf('/') is > 0 and var slash ? source[..slash] : "";
        var segments = new List<string>(
            target.StartsWith('/') || target.StartsWith('\\') ? [] : folder.Split('/', StringSplitOptions.RemoveEmptyEntries)
        );
        foreach (var segment in target.Replace('\\', '/').Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (segment == ".." && segments.Count > 0)
            {
                segments.RemoveAt(segments.Count - 1);
            }
            else if (segment == "..")
            {
                return "?";
            }
            else if (segment != ".")
            {
                segments.Add(segment);
            }
        }
        var name = string.Join('/', segments);
        return Has(name) ? name : Uri.UnescapeDataString(name);
    }

    public void Dispose() => _zip.Dispose();

    private static string KeyOf(string name) => name.Replace('\\', '/').TrimStart('/').ToLowerInvariant();

    private void CheckKind(CancellationToken ct)
    {
        if (Has("xl/workbook.bin"))
        {
            throw Unsupported("an Excel binary workbook (.xlsb)");
        }
        if (Has("Index/Document.iwa") || Has("Index.zip"))
        {
            throw Unsupported("an Apple Numbers, Pages or Keynote document");
        }
        if (Has("mimetype") && Has("content.xml"))
        {
            throw Unsupported("an OpenDocument file (.ods or .odt)");
        }
        if (Has("word/document.xml"))
        {
            throw FileKind.NotASpreadsheet("a Word document");
        }
        if (Has("ppt/presentation.xml"))
        {
            throw FileKind.NotASpreadsheet("a PowerPoint presentation");
        }
        if (!Has("[Content_Types].xml"))
        {
            throw FileKind.NotASpreadsheet("a ZIP archive");
        }
        if (_parts.Keys.Any(name => name.EndsWith("vbaproject.bin", StringComparison.Ordinal)) || HasMacroType(ct))
        {
            throw new SpreadsheetException(
                SpreadsheetProblems.MacroFile,
                "This is a workbook with macros (.xlsm), which is not accepted; save it as an Excel workbook without macros (.xlsx)."
            );
        }
    }

    private bool HasMacroType(CancellationToken ct)
    {
        using var xml = Read("[Content_Types].xml", new UnpackBudget(_options), ct);
        while (xml.Read())
        {
            if (xml.IsStart && xml.Attribute("ContentType")?.Contains("macroEnabled", StringComparison.OrdinalIgnoreCase) == true)
            {
                return true;
            }
        }
        return false;
    }

    private static SpreadsheetException Unsupported(string what) =>
        new(
            SpreadsheetProblems.UnsupportedFormat,
            $"This is {what}, which is not read here; open it in your spreadsheet program and save it as .xlsx or CSV."
        );

    /// <summary>
    /// Walks the directory ourselves before <see cref="ZipArchive"/> does: it would make an object of every entry first and compare with
    /// the declared number afterwards.
    /// </summary>
    private static void CheckDirectory(Stream stream)
    {
        var tail = new byte[(int)Math.Min(stream.Length, EndLength + ushort.MaxValue)];
        stream.Position = stream.Length - tail.Length;
        stream.ReadExactly(tail);
        var end = tail.AsSpan().LastIndexOf("PK\x05\x06"u8);
        if (end < 0 || end + EndLength > tail.Length)
        {
            throw new SpreadsheetException(
                SpreadsheetProblems.Truncated,
                "The file is incomplete: its end is missing, as after a broken download or copy; get the whole file and upload it again."
            );
        }
        var entries = BinaryPrimitives.ReadUInt16LittleEndian(tail.AsSpan(end + 10));
        var size = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(end + 12));
        var offset = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(end + 16));
        if (entries > MaxEntries || size > MaxDirectory)
        {
            throw TooComplex();
        }
        if (offset + (long)size > stream.Length - tail.Length + end)
        {
            throw SpreadsheetFaults.Damaged();
        }
        var directory = new byte[size];
        stream.Position = offset;
        stream.ReadExactly(directory);
        CheckEntries(directory, entries, offset);
    }

    private static void CheckEntries(ReadOnlySpan<byte> directory, int entries, uint directoryOffset)
    {
        for (var i = 0; i < entries; i++)
        {
            const int headerLength = 46;
            if (directory.Length < headerLength || !directory.StartsWith("PK\x01\x02"u8))
            {
                throw SpreadsheetFaults.Damaged();
            }
            if ((directory[8] & 1) != 0)
            {
                throw FileKind.PasswordProtected();
            }
            var length =
                headerLength
                + BinaryPrimitives.ReadUInt16LittleEndian(directory[28..])
                + BinaryPrimitives.ReadUInt16LittleEndian(directory[30..])
                + BinaryPrimitives.ReadUInt16LittleEndian(directory[32..]);
            if (length > directory.Length || BinaryPrimitives.ReadUInt32LittleEndian(directory[42..]) >= directoryOffset)
            {
                throw SpreadsheetFaults.Damaged();
            }
            directory = directory[length..];
        }
        if (directory.StartsWith("PK\x01\x02"u8))
        {
            throw TooComplex();
        }
    }

    private static SpreadsheetException TooComplex() =>
        new(
            SpreadsheetProblems.TooComplex,
            $"The file consists of more than {MaxEntries:N0} parts, which no list of people needs; copy the list into a new workbook and upload that."
        );
}
