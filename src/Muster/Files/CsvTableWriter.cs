using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Muster.Files;

/// <summary>
/// CSV as spreadsheets open it best: UTF-8 with byte order mark, RFC 4180, CRLF, ISO 8601 dates, text guarded by <see cref="FormulaGuard"/>.
/// </summary>
public sealed class CsvTableWriter(Stream output, char delimiter = ',') : ITableWriter
{
    private const int FlushAt = 64 * 1024;
    private const int LongestValue = 64;

    private static readonly SearchValues<char> Quoted = SearchValues.Create(",;\t|\"\r\n");

    private readonly ArrayBufferWriter<byte> _buffer = new(FlushAt + 4096);

    /// <inheritdoc/>
    public string ContentType => "text/csv; charset=utf-8";

    /// <inheritdoc/>
    public string FileExtension => ".csv";

    /// <inheritdoc/>
    public ValueTask WriteHeader(IReadOnlyList<TableColumn> columns, CancellationToken ct)
    {
        _buffer.Write(Encoding.UTF8.Preamble);
        for (var i = 0; i < columns.Count; i++)
        {
            Separate(i);
            WriteText(columns[i].Title);
        }
        return EndRow(ct);
    }

    /// <inheritdoc/>
    public ValueTask WriteRow(ReadOnlySpan<TableCell> cells, CancellationToken ct)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            Separate(i);
            WriteCell(in cells[i]);
        }
        return EndRow(ct);
    }

    /// <inheritdoc/>
    public async ValueTask Complete(CancellationToken ct)
    {
        await Flush(ct);
        await output.FlushAsync(ct);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void WriteCell(in TableCell cell)
    {
        var span = _buffer.GetSpan(LongestValue);
        var written = 0;
        switch (cell.Kind)
        {
            case TableCellKind.Text:
                WriteText(cell.Text);
                break;
            case TableCellKind.Date:
                cell.Moment.TryFormat(span, out written, "yyyy-MM-dd", CultureInfo.InvariantCulture);
                break;
            case TableCellKind.Timestamp:
                cell.Moment.TryFormat(span, out written, "yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
                break;
            case TableCellKind.Number:
                cell.Number.TryFormat(span, out written, default, CultureInfo.InvariantCulture);
                break;
            case TableCellKind.YesNo:
                written = Encoding.UTF8.GetBytes(cell.Number == 0 ? "no" : "yes", span);
                break;
            case TableCellKind.Empty:
            default:
                break;
        }
        _buffer.Advance(written);
    }

    private void WriteText(string text)
    {
        // PostgreSQL and XML cannot hold NUL, and no spreadsheet shows it.
        var clean = text.Contains('\0', StringComparison.Ordinal) ? text.Replace("\0", "", StringComparison.Ordinal) : text;
        if (clean.Length == 0)
        {
            return;
        }
        var dangerous = FormulaGuard.IsDangerous(clean);
        if (!dangerous && clean.AsSpan().IndexOfAny(Quoted) < 0 && clean[0] != ' ' && clean[^1] != ' ')
        {
            WriteUtf8(clean);
            return;
        }
        WriteByte((byte)'"');
        if (dangerous)
        {
            WriteByte((byte)'\'');
        }
        WriteUtf8(clean.Contains('"', StringComparison.Ordinal) ? clean.Replace("\"", "\"\"", StringComparison.Ordinal) : clean);
        WriteByte((byte)'"');
    }

    private void WriteUtf8(string text)
    {
        Utf8.FromUtf16(text, _buffer.GetSpan(text.Length * 3), out _, out var written);
        _buffer.Advance(written);
    }

    private void WriteByte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    private void Separate(int column)
    {
        if (column > 0)
        {
            WriteByte((byte)delimiter);
        }
    }

    private ValueTask EndRow(CancellationToken ct)
    {
        _buffer.Write("\r\n"u8);
        return _buffer.WrittenCount < FlushAt ? ValueTask.CompletedTask : Flush(ct);
    }

    private async ValueTask Flush(CancellationToken ct)
    {
        await output.WriteAsync(_buffer.WrittenMemory, ct);
        _buffer.ResetWrittenCount();
    }
}
