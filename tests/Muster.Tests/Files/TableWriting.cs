using Muster.Files;

namespace Muster.Tests;

/// <summary>A table with a column of every kind, written into a response that can only go forward.</summary>
internal static class TableWriting
{
    public static readonly TableColumn[] Columns =
    [
        new("Email"),
        new("=First name"),
        new("Note, with comma"),
        new("Expiry date", TableCellKind.Date),
        new("Last active", TableCellKind.Timestamp),
        new("Number", TableCellKind.Number),
        new("Manager", TableCellKind.YesNo),
    ];

    /// <summary>A response body: forward only, asynchronous only.</summary>
    public sealed class Body : Stream
    {
        public MemoryStream Written { get; } = new();
        public int LargestPiece { get; private set; }
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            LargestPiece = Math.Max(LargestPiece, buffer.Length);
            Written.Write(buffer.Span);
            return ValueTask.CompletedTask;
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override void Write(byte[] buffer, int offset, int count) => throw new InvalidOperationException("synchronous");

        public override void Flush() => throw new InvalidOperationException("synchronous");

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }

    public static async Task<Body> Write(Func<Stream, ITableWriter> create, IEnumerable<TableCell[]> rows)
    {
        var body = new Body();
        await using var writer = create(body);
        await writer.WriteHeader(Columns, CancellationToken.None);
        foreach (var row in rows)
        {
            await writer.WriteRow(row, CancellationToken.None);
        }
        await writer.Complete(CancellationToken.None);
        body.Written.Position = 0;
        return body;
    }

    public static TableCell[] Row(string email, string name, string note = "") =>
        [
            TableCell.Of(email),
            TableCell.Of(name),
            TableCell.Of(note),
            TableCell.Of(new DateOnly(2026, 11, 23)),
            TableCell.Of(new DateTimeOffset(2026, 11, 23, 10, 30, 15, TimeSpan.FromHours(1))),
            TableCell.Of(-12.50m),
            TableCell.Of(true),
        ];
}
