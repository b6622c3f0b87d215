using System.Globalization;

namespace Muster.Files;

/// <summary>
/// The rows of one sheet. Gaps are never filled: only rows with something in them come out, with the number they carry. The sheet's own
/// statements about its size are not read at all.
/// </summary>
internal sealed class XlsxRows(
    XlsxXml xml,
    SpreadsheetOptions options,
    SharedStrings strings,
    CellFormats formats,
    bool is1904,
    int afterRow,
    long fileLength
) : ISheetRows
{
    private readonly SheetCell[] _cells = new SheetCell[options.MaxColumns];
    private int _number;
    private int _rows;
    private int _last;
    private int _length;
    private long _shared;

    public SheetRow? Next() => Next(int.MaxValue);

    /// <summary>The next row with something in it, unless it comes after a row number.</summary>
    public SheetRow? Next(int lastRow)
    {
        while (xml.Read())
        {
            if (!xml.IsSheetElement || xml.LocalName != "row")
            {
                continue;
            }
            BeginRow();
            if (_number > lastRow)
            {
                return null;
            }
            var hidden = XlsxSource.IsTrue(xml.Attribute("hidden"));
            if (_number <= afterRow)
            {
                xml.Skip();
            }
            else if (ReadRow() is { } cells)
            {
                if (++_rows > options.MaxRows && afterRow > 0)
                {
                    throw SpreadsheetFaults.TooManyRows(options.MaxRows);
                }
                return new SheetRow(_number, hidden, cells);
            }
        }
        return null;
    }

    public void Dispose() => xml.Dispose();

    private void BeginRow()
    {
        var declared = xml.Attribute("r");
        var number = declared is null ? _number + 1 : XlsxSource.Number(declared);
        if (number > options.LastRowNumber || (number < 0 && declared!.All(char.IsAsciiDigit)))
        {
            throw new SpreadsheetException(
                SpreadsheetProblems.TooManyRows,
                $"The file has a row {declared ?? number.ToString(CultureInfo.InvariantCulture)}, beyond the last row that a sheet can have ({options.LastRowNumber:N0}); copy the list into a new workbook and upload that."
            );
        }
        // Row numbers are how people and results refer to rows, so two rows must never share one.
        if (number <= _number)
        {
            throw SpreadsheetFaults.Damaged(where: $" (row {declared} comes after row {_number})");
        }
        _number = number;
    }

    private SheetCell[]? ReadRow()
    {
        (_last, _length) = (0, 0);
        if (xml.IsEmptyElement)
        {
            return null;
        }
        var column = 0;
        var hasContent = false;
        for (var depth = xml.Depth; xml.Read() && (xml.Depth > depth || !xml.IsEnd); )
        {
            if (!xml.IsStart)
            {
                continue;
            }
            if (!xml.IsSheetElement || xml.LocalName != "c")
            {
                xml.Skip();
                continue;
            }
            column = ColumnOf(column);
            var cell = ReadCell(column);
            if (cell.Kind == CellKind.Empty)
            {
                continue;
            }
            Keep(column, cell);
            hasContent |= !cell.IsBlank;
        }
        return hasContent ? _cells[.._last] : null;
    }

    private int ColumnOf(int previous)
    {
        if (xml.Attribute("r") is not { } reference)
        {
            return previous + 1;
        }
        var column = CellReference.ColumnOf(reference);
        return column > 0 ? column : throw SpreadsheetFaults.Damaged(where: $" (a cell of row {_number} has no valid address)");
    }

    private void Keep(int column, SheetCell cell)
    {
        if (column > options.MaxColumns)
        {
            throw SpreadsheetFaults.TooManyColumns(options.MaxColumns, CellReference.Of(column, _number));
        }
        if (column <= _last)
        {
            if (_cells[column - 1].Kind != CellKind.Empty)
            {
                throw SpreadsheetFaults.Damaged(where: $" (cell {CellReference.Of(column, _number)} is there twice)");
            }
        }
        else
        {
            Array.Clear(_cells, _last, column - _last);
            _last = column;
        }
        _length += cell.Text.Length;
        if (_length > options.MaxRowLength)
        {
            throw SpreadsheetFaults.RowTooLong(options.MaxRowLength, _number);
        }
        _cells[column - 1] = cell;
    }

    private SheetCell ReadCell(int column)
    {
        if (xml.IsEmptyElement)
        {
            return default;
        }
        var type = xml.Attribute("t");
        var style = xml.Attribute("s");
        var hasFormula = false;
        var fits = true;
        xml.ClearText();
        for (var depth = xml.Depth; fits && xml.Read() && (xml.Depth > depth || !xml.IsEnd); )
        {
            if (!xml.IsStart)
            {
                continue;
            }
            switch (xml.IsSheetElement ? xml.LocalName : "")
            {
                case "v":
                    fits = xml.AppendText();
                    break;
                case "is":
                    fits = xml.AppendRichText();
                    break;
                case "f":
                    hasFormula = true;
                    xml.Skip();
                    break;
                default:
                    xml.Skip();
                    break;
            }
        }
        return fits ? Cell(column, type, style, hasFormula) : throw TooLong(column);
    }

    private SheetCell Cell(int column, string? type, string? style, bool hasFormula)
    {
        var raw = xml.RawText;
        if (type is "str" or "inlineStr")
        {
            return Taken(column);
        }
        raw = raw.Trim();
        if (raw.IsEmpty)
        {
            return hasFormula ? new("", CellKind.FormulaWithoutValue) : default;
        }
        return type switch
        {
            "s" => Shared(column, raw),
            "b" => new(raw is "1" or "true" ? "TRUE" : "FALSE", CellKind.Boolean),
            "e" => new(Short(raw), CellKind.Error),
            "d" => SerialDate.IsoCell(Short(raw)),
            _ => Numeric(column, raw, style),
        };
    }

    private SheetCell Shared(int column, ReadOnlySpan<char> raw)
    {
        var text =
            (int.TryParse(raw, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? strings.Find(index) : null)
            ?? throw SpreadsheetFaults.Damaged(where: $" (the text of cell {CellReference.Of(column, _number)} is missing)");
        // A cell that points to a text takes a few bytes of the sheet, however long the text is: it is unpacked here, not by the ZIP.
        _shared += text.Length;
        return _shared > options.MaxPartBytes || GuardedStream.IsBomb(_shared, fileLength) ? throw GuardedStream.Bomb() : Text(text);
    }

    private SheetCell Numeric(int column, ReadOnlySpan<char> raw, string? style)
    {
        if (!double.TryParse(raw, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return Taken(column);
        }
        if (!double.IsFinite(number))
        {
            return new("#NUM!", CellKind.Error);
        }
        return style is not null && formats.IsDate(XlsxSource.Number(style))
            ? SerialDate.Cell(number, is1904)
            : new(SerialDate.Text(number), CellKind.Number);
    }

    private SheetCell Taken(int column) => xml.TryTakeText(out var text) ? Text(text.ToString()) : throw TooLong(column);

    private static SheetCell Text(string text) => SheetCell.OfText(FormulaGuard.Restore(text));

    private static string Short(ReadOnlySpan<char> raw) => raw[..Math.Min(raw.Length, 100)].ToString();

    private SpreadsheetException TooLong(int column) =>
        SpreadsheetFaults.CellTooLong(options.MaxCellLength, $"Cell {CellReference.Of(column, _number)}");
}
