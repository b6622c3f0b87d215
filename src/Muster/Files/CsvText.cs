using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Muster.Files;

/// <summary>How a CSV says what it says: the encoding of its text and the delimiter of its cells, found by looking.</summary>
/// <param name="Encoding">The encoding; UTF-8 unless the bytes say otherwise.</param>
/// <param name="Name">The encoding's name for people.</param>
/// <param name="Start">Where the text begins, after a byte order mark.</param>
internal sealed record CsvText(Encoding Encoding, string Name, int Start)
{
    private const int SampleBytes = 64 * 1024;
    private const int SampleChars = 128 * 1024;

    private static readonly Encoding Windows1252 = RegisteredWindows1252();

    /// <summary>Byte order mark, else the pattern of NULs of UTF-16, else UTF-8 if the whole file is, else Windows-1252.</summary>
    public static CsvText Of(Stream stream, CancellationToken ct)
    {
        var head = new byte[(int)Math.Min(SampleBytes, stream.Length)];
        stream.Position = 0;
        stream.ReadExactly(head);
        if (OfMark(head) is { } marked)
        {
            return marked;
        }
        if (OfNuls(head) is { } wide)
        {
            return wide;
        }
        if (LooksBinary(head))
        {
            throw FileKind.NotASpreadsheet("a file that holds no text");
        }
        return IsUtf8(stream, ct) ? new(Encoding.UTF8, "UTF-8", 0) : new(Windows1252, "Windows-1252", 0);
    }

    /// <summary>A reader over the text from its beginning; the stream stays open.</summary>
    public StreamReader Reader(Stream stream)
    {
        stream.Position = Start;
        return new StreamReader(stream, Encoding, detectEncodingFromByteOrderMarks: false, bufferSize: 16 * 1024, leaveOpen: true);
    }

    /// <summary>The beginning of the text, to find the delimiter in.</summary>
    public string Sample(Stream stream)
    {
        using var reader = Reader(stream);
        var sample = new char[SampleChars];
        return new string(sample, 0, reader.ReadBlock(sample));
    }

    private static CsvText? OfMark(ReadOnlySpan<byte> head) =>
        head switch
        {
            [0xEF, 0xBB, 0xBF, ..] => new(Encoding.UTF8, "UTF-8", 3),
            [0xFF, 0xFE, 0, 0, ..] => new(Encoding.UTF32, "UTF-32", 4),
            [0xFF, 0xFE, ..] => new(Encoding.Unicode, "UTF-16", 2),
            [0xFE, 0xFF, ..] => new(Encoding.BigEndianUnicode, "UTF-16 BE", 2),
            _ => null,
        };

    private static CsvText? OfNuls(ReadOnlySpan<byte> head)
    {
        var pairs = Math.Min(head.Length, 4096) / 2;
        var (even, odd) = (0, 0);
        for (var i = 0; i < pairs; i++)
        {
            even += head[2 * i] == 0 ? 1 : 0;
            odd += head[2 * i + 1] == 0 ? 1 : 0;
        }
        return pairs < 2 ? null
            : odd > pairs * 0.4 && even < pairs * 0.05 ? new(Encoding.Unicode, "UTF-16", 0)
            : even > pairs * 0.4 && odd < pairs * 0.05 ? new(Encoding.BigEndianUnicode, "UTF-16 BE", 0)
            : null;
    }

    private static bool LooksBinary(ReadOnlySpan<byte> head)
    {
        var controls = 0;
        foreach (var b in head)
        {
            controls += b < 0x20 && b is not ((byte)'\t' or (byte)'\r' or (byte)'\n' or 0x0C or 0x1A) ? 1 : 0;
        }
        return controls > 4 && controls > head.Length / 100;
    }

    private static bool IsUtf8(Stream stream, CancellationToken ct)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(SampleBytes);
        var chars = ArrayPool<char>.Shared.Rent(SampleBytes);
        try
        {
            stream.Position = 0;
            for (var kept = 0; ; )
            {
                ct.ThrowIfCancellationRequested();
                var read = stream.Read(bytes, kept, SampleBytes - kept);
                var status = Utf8.ToUtf16(
                    bytes.AsSpan(0, kept + read),
                    chars,
                    out var used,
                    out _,
                    replaceInvalidSequences: false,
                    isFinalBlock: read == 0
                );
                if (status == OperationStatus.InvalidData)
                {
                    return false;
                }
                if (read == 0)
                {
                    return true;
                }
                kept = kept + read - used;
                bytes.AsSpan(used, kept).CopyTo(bytes);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<char>.Shared.Return(chars);
        }
    }

    private static Encoding RegisteredWindows1252()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        return Encoding.GetEncoding(1252);
    }
}
