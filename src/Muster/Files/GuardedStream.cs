namespace Muster.Files;

/// <summary>How much may be unpacked in one pass over a workbook.</summary>
internal sealed class UnpackBudget(SpreadsheetOptions options)
{
    private long _total = options.MaxUnpackedBytes;

    public long MaxPart => options.MaxPartBytes;

    public void Spend(int bytes)
    {
        _total -= bytes;
        if (_total < 0)
        {
            throw GuardedStream.Bomb();
        }
    }
}

/// <summary>
/// A part's unpacked bytes, counted: a small upload must not become gigabytes, and no piece of it may be so large that the XML parser,
/// which has no limits of its own, keeps it whole.
/// </summary>
internal sealed class GuardedStream(Stream inner, long packedLength, UnpackBudget budget, CancellationToken ct) : Stream
{
    /// <summary>Up to here any ratio is fine: a few repetitive rows pack very well.</summary>
    private const long FreeLength = 8 * 1024 * 1024;
    private const int MaxRatio = 250;

    /// <summary>
    /// The most bytes without a <c>&lt;</c>. That character can stand neither in text nor in an attribute, so this bounds both: the parser
    /// compares every attribute of an element with every other one.
    /// </summary>
    private const int MaxPiece = 512 * 1024;

    private long _length;
    private int _piece;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    /// <summary>Whether so much cannot honestly have been packed into so little.</summary>
    public static bool IsBomb(long length, long packedLength) => length > FreeLength && length / MaxRatio > packedLength;

    public static SpreadsheetException Bomb() =>
        new(
            SpreadsheetProblems.ZipBomb,
            "The file unpacks to far more than a list of people can need; copy the list into a new workbook and upload that."
        );

    public override int Read(Span<byte> buffer)
    {
        ct.ThrowIfCancellationRequested();
        var read = inner.Read(buffer);
        _length += read;
        budget.Spend(read);
        if (_length > budget.MaxPart || IsBomb(_length, packedLength))
        {
            throw Bomb();
        }
        var bytes = buffer[..read];
        var last = bytes.LastIndexOf((byte)'<');
        var first = last < 0 ? read : bytes.IndexOf((byte)'<');
        if (_piece + first > MaxPiece)
        {
            throw new SpreadsheetException(
                SpreadsheetProblems.CellTooLong,
                "A single cell or entry of the file is larger than 512 KiB, more than a spreadsheet cell can have; shorten its text."
            );
        }
        _piece = last < 0 ? _piece + read : read - last;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }
        base.Dispose(disposing);
    }
}
