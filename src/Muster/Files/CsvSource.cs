using System.Text;
using CsvHelper;

namespace Muster.Files;

/// <summary>Reads CSV: our own look at encoding and delimiter, then CsvHelper with a limit on the size of a record.</summary>
internal sealed class CsvSource : ISheetSource
{
    /// <summary>Longer records are hostile or broken; CsvHelper without a limit would buffer the whole file.</summary>
    private const int MaxRecordBytes = 4 * 1024 * 1024;

    private readonly Stream _stream;
    private readonly CsvText _text;
    private readonly SpreadsheetOptions _options;
    private readonly char _delimiter;
    private readonly bool _hasHint;

    private CsvSource(Stream stream, SpreadsheetOptions options, CancellationToken ct)
    {
        _stream = stream;
        _options = options;
        _text = CsvText.Of(stream, ct);
        (_delimiter, _hasHint) = CsvDelimiter.Of(_text.Sample(stream), options);
        Header = FindHeader(ct);
    }

    public string? SheetName => null;
    public string? Encoding => _text.Name;
    public char? Delimiter => _delimiter;
    public SheetRow Header { get; }

    public static CsvSource Open(Stream stream, SpreadsheetOptions options, CancellationToken ct) => new(stream, options, ct);

    public ISheetRows ReadRows(CancellationToken ct) => new Reading(this, afterRow: Header.Number, ct);

    public void Dispose() { }

    private SheetRow FindHeader(CancellationToken ct)
    {
        using var rows = new Reading(this, afterRow: 0, ct);
        while (rows.Next(_options.HeaderSearchRows) is { } row)
        {
            if (_options.LooksLikeHeader([.. row.Texts()]))
            {
                return row;
            }
        }
        throw SpreadsheetFaults.NoHeader(_options, "the file");
    }

    private sealed class Reading : ISheetRows
    {
        private readonly CsvSource _source;
        private readonly SpreadsheetOptions _options;
        private readonly CancellationToken _ct;
        private readonly CsvReader _reader;
        private readonly int _afterRow;
        private int _record;
        private int _rows;
        private bool _isMalformed;

        public Reading(CsvSource source, int afterRow, CancellationToken ct)
        {
            (_source, _options, _afterRow, _ct) = (source, source._options, afterRow, ct);
            source._stream.Position = source._text.Start;
            _reader = CsvReader.Create(
                source._stream,
                new CsvReaderOptions
                {
                    HasHeader = false,
                    Separator = source._delimiter,
                    SkipEmptyLines = false,
                    TrimWhitespace = true,
                    TrackLineNumbers = true,
                    DetectSeparatorHint = false,
                    MaxRecordSize = MaxRecordBytes,
                    Encoding = source._text.Encoding is UTF8Encoding ? null : source._text.Encoding,
                    OnMalformedRecord = _ => _isMalformed = true,
                },
                leaveOpen: true
            );
            if (source._hasHint)
            {
                Advance();
                _record = 0;
            }
        }

        public SheetRow? Next() => Next(int.MaxValue);

        /// <summary>The next row with something in it, unless it comes after a row number.</summary>
        public SheetRow? Next(int lastRow)
        {
            while (_record < lastRow && Advance())
            {
                if (_record > _options.LastRowNumber)
                {
                    throw SpreadsheetFaults.TooManyRows(_options.MaxRows);
                }
                if (_record > _afterRow && ReadCells() is { } cells)
                {
                    if (++_rows > _options.MaxRows && _afterRow > 0)
                    {
                        throw SpreadsheetFaults.TooManyRows(_options.MaxRows);
                    }
                    return new SheetRow(_record, hidden: false, cells);
                }
            }
            return null;
        }

        public void Dispose() => _reader.Dispose();

        private bool Advance()
        {
            if ((_record & 0xFF) == 0)
            {
                _ct.ThrowIfCancellationRequested();
            }
            _isMalformed = false;
            try
            {
                if (!_reader.Read())
                {
                    return false;
                }
            }
            catch (CsvFormatException)
            {
                throw WholeFileFault();
            }
            _record++;
            if (_isMalformed)
            {
                using var record = new StringReader(System.Text.Encoding.UTF8.GetString(_reader.RawRecord));
                if (new CsvFault(_source._delimiter, _options).FirstIn(record, (int)_reader.LineNumber, _record) is { } fault)
                {
                    throw fault;
                }
            }
            return true;
        }

        /// <summary>The cells of the current record, or null when there is nothing in them.</summary>
        private SheetCell[]? ReadCells()
        {
            SheetCell[]? cells = null;
            var length = 0;
            for (var i = 0; i < _reader.FieldCount; i++)
            {
                if (_reader.GetSpan(i).IsEmpty)
                {
                    continue;
                }
                var text = Meant(_reader.GetString(i));
                if (text.Length > _options.MaxCellLength)
                {
                    throw SpreadsheetFaults.CellTooLong(
                        _options.MaxCellLength,
                        $"Cell {CellReference.Of(i + 1, _record)} (line {_reader.LineNumber})"
                    );
                }
                length += text.Length;
                if (length > _options.MaxRowLength)
                {
                    throw SpreadsheetFaults.RowTooLong(_options.MaxRowLength, _record);
                }
                var cell = SheetCell.OfText(text);
                if (cell.IsBlank && cells is null)
                {
                    continue;
                }
                if (i >= _options.MaxColumns)
                {
                    if (cell.IsBlank)
                    {
                        continue;
                    }
                    throw SpreadsheetFaults.TooManyColumns(_options.MaxColumns, CellReference.Of(i + 1, _record));
                }
                cells ??= new SheetCell[Math.Min(_reader.FieldCount, _options.MaxColumns)];
                cells[i] = cell;
            }
            return cells;
        }

        /// <summary>Takes away what only spreadsheets need: our own guard, <c>="00123"</c> around digits, NUL, the end-of-file mark of DOS.</summary>
        private static string Meant(string text)
        {
            if (text.AsSpan().ContainsAny('\0', '\u001A'))
            {
                text = text.Replace("\0", "", StringComparison.Ordinal).TrimEnd('\u001A');
            }
            return text is ['=', '"', .., '"'] && text.Length > 2 && !text.AsSpan(2, text.Length - 3).Contains('"')
                ? text[2..^1]
                : FormulaGuard.Restore(text);
        }

        /// <summary>The record does not fit: reads the file once more, character by character, to say why.</summary>
        private SpreadsheetException WholeFileFault()
        {
            using var text = _source._text.Reader(_source._stream);
            return new CsvFault(_source._delimiter, _options).FirstIn(text, line: 1, record: _source._hasHint ? 0 : 1)
                ?? SpreadsheetFaults.RowTooLong(_options.MaxRowLength, _record + 1);
        }
    }
}
