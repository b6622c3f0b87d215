using System.Buffers;
using System.IO.Compression;

namespace Muster.Files;

/// <summary>
/// A workbook's ZIP while it is being written. The archive writes synchronously into memory and only whole pieces of it go on to the output,
/// asynchronously: a response body refuses synchronous writes, and memory stays flat.
/// </summary>
internal sealed class XlsxArchive : IDisposable
{
    private const int PieceSize = 64 * 1024;

    // ZIP knows no time zone and cannot say "unknown"; a fixed time also makes equal content equal files.
    private static readonly DateTimeOffset Stamp = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Staging _staging = new();
    private readonly ZipArchive _zip;
    private readonly Stream _output;
    private Stream? _part;

    public XlsxArchive(Stream output)
    {
        _output = output;
        _zip = new ZipArchive(_staging, ZipArchiveMode.Create, leaveOpen: true);
    }

    /// <summary>What has been written to the current part and not yet been compressed.</summary>
    public ArrayBufferWriter<byte> Xml { get; } = new(PieceSize + 4096);

    /// <summary>The unpacked size of the current part so far.</summary>
    public long PartLength { get; private set; }

    /// <summary>Whether <see cref="Flush"/> has enough to do to be worth calling.</summary>
    public bool IsFlushDue => Xml.WrittenCount >= PieceSize;

    public void BeginPart(string name)
    {
        var entry = _zip.CreateEntry(name, CompressionLevel.Fastest);
        entry.LastWriteTime = Stamp;
        _part = entry.Open();
        PartLength = 0;
    }

    public void EndPart()
    {
        Drain();
        _part!.Dispose();
        _part = null;
    }

    /// <summary>Writes a small part in one go.</summary>
    public void Add(string name, ReadOnlySpan<byte> content)
    {
        BeginPart(name);
        Xml.Write(content);
        EndPart();
    }

    /// <summary>Compresses what is waiting and passes it on.</summary>
    public async ValueTask Flush(CancellationToken ct)
    {
        Drain();
        if (_staging.Buffer.WrittenCount >= PieceSize)
        {
            await Pass(ct);
        }
    }

    public async ValueTask Complete(CancellationToken ct)
    {
        _zip.Dispose();
        await Pass(ct);
        await _output.FlushAsync(ct);
    }

    /// <summary>Releases the compressor; an archive that was not completed gets no end, so that it does not look whole.</summary>
    public void Dispose()
    {
        _staging.IsClosed = true;
        _part?.Dispose();
        _zip.Dispose();
        _staging.Dispose();
    }

    private void Drain()
    {
        if (_part is not null)
        {
            _part.Write(Xml.WrittenSpan);
            PartLength += Xml.WrittenCount;
            Xml.ResetWrittenCount();
        }
    }

    private async ValueTask Pass(CancellationToken ct)
    {
        await _output.WriteAsync(_staging.Buffer.WrittenMemory, ct);
        _staging.Buffer.ResetWrittenCount();
    }

    /// <summary>Memory as the write-only, non-seekable stream that <see cref="ZipArchive"/> streams into.</summary>
    private sealed class Staging : Stream
    {
        private long _position;

        public ArrayBufferWriter<byte> Buffer { get; } = new(2 * PieceSize);
        public bool IsClosed { get; set; }
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => _position;
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (!IsClosed)
            {
                Buffer.Write(buffer);
                _position += buffer.Length;
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush() { }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
