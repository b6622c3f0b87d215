using System.Buffers;
using System.Globalization;
using System.Text;

namespace Muster.Files;

/// <summary>The XML of one worksheet: the head with the frozen heading row, then rows of cells.</summary>
internal sealed class XlsxSheetXml(ArrayBufferWriter<byte> xml)
{
    // Serial numbers count from here; sheets believe that 1900 was a leap year, so days before March 1900 have no number all agree on.
    private static readonly DateTime Epoch = new(1899, 12, 30, 0, 0, 0, DateTimeKind.Unspecified);
    private static readonly DateTime FirstSafeDay = new(1900, 3, 1, 0, 0, 0, DateTimeKind.Unspecified);

    private readonly List<byte[]> _columnNames = [];

    /// <summary>Opens the worksheet up to its rows.</summary>
    /// <param name="columns">Width in characters and style of each column.</param>
    public void Begin(IEnumerable<(double Width, int Style)> columns)
    {
        Raw(
            """
            <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
            <worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>
            """u8
        );
        var number = 0;
        foreach (var (width, style) in columns)
        {
            Raw(number == 0 ? "<cols>"u8 : default);
            number++;
            Raw(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"<col min=\"{number}\" max=\"{number}\" width=\"{width:0.##}\" style=\"{style}\" customWidth=\"1\"/>"
                )
            );
        }
        Raw(number > 0 ? "</cols>"u8 : default);
        Raw("<sheetData>"u8);
    }

    /// <summary>Opens a worksheet without heading or columns.</summary>
    public void BeginPlain() =>
        Raw(
            """<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"""u8
        );

    public void BeginRow(int row)
    {
        Raw("<row r=\""u8);
        Number(row);
        Raw("\">"u8);
    }

    public void EndRow() => Raw("</row>"u8);

    /// <summary>Writes a cell of any kind; nothing for an empty one.</summary>
    public void Cell(int column, int row, in TableCell cell)
    {
        switch (cell.Kind)
        {
            case TableCellKind.Text:
                Text(column, row, cell.Text, FormulaGuard.IsDangerous(cell.Text) ? XlsxStyles.QuotedText : XlsxStyles.Text);
                break;
            case TableCellKind.Date or TableCellKind.Timestamp:
                Moment(column, row, cell);
                break;
            case TableCellKind.Number:
                Numeric(column, row, cell.Number);
                break;
            case TableCellKind.YesNo:
                Open(column, row);
                Raw(cell.Number == 0 ? "\" t=\"b\"><v>0</v></c>"u8 : "\" t=\"b\"><v>1</v></c>"u8);
                break;
            case TableCellKind.Empty:
            default:
                break;
        }
    }

    /// <summary>Writes a text cell: an inline string, which no spreadsheet runs, whatever it begins with.</summary>
    public void Text(int column, int row, string text, int style)
    {
        var meant = FormulaGuard.KeepRestorable(text);
        Open(column, row);
        Raw("\" s=\""u8);
        Number(style);
        Raw("\" t=\"inlineStr\"><is><t xml:space=\"preserve\">"u8);
        if (meant.Length <= XlsxText.MaxCellLength)
        {
            XlsxText.Write(xml, meant);
        }
        else
        {
            // A workbook with a longer cell does not open at all.
            XlsxText.Write(xml, meant.AsSpan(0, XlsxText.MaxCellLength - 1));
            XlsxText.Write(xml, "…");
        }
        Raw("</t></is></c>"u8);
    }

    public void Raw(ReadOnlySpan<byte> utf8) => xml.Write(utf8);

    public void Raw(string text) => XlsxText.WriteUtf8(xml, text);

    private void Moment(int column, int row, in TableCell cell)
    {
        var isDate = cell.Kind == TableCellKind.Date;
        if (cell.Moment < FirstSafeDay)
        {
            var format = isDate ? "yyyy-MM-dd" : "yyyy-MM-ddTHH:mm:ssZ";
            Text(column, row, cell.Moment.ToString(format, CultureInfo.InvariantCulture), XlsxStyles.Text);
            return;
        }
        Open(column, row);
        Raw("\" s=\""u8);
        Number(isDate ? XlsxStyles.Date : XlsxStyles.Timestamp);
        Raw("\"><v>"u8);
        var seconds = (cell.Moment.Ticks - Epoch.Ticks) / TimeSpan.TicksPerSecond;
        Number(isDate ? seconds / 86_400 : seconds / 86_400d);
        Raw("</v></c>"u8);
    }

    private void Numeric(int column, int row, decimal number)
    {
        // Sheets keep 15 digits; what has more would come back changed, so it goes in as text.
        if (Math.Abs(number) >= 1_000_000_000_000_000m || (decimal)(double)number != number)
        {
            Text(column, row, number.ToString(CultureInfo.InvariantCulture), XlsxStyles.Text);
            return;
        }
        Open(column, row);
        Raw("\"><v>"u8);
        Number(number);
        Raw("</v></c>"u8);
    }

    private void Open(int column, int row)
    {
        while (_columnNames.Count < column)
        {
            _columnNames.Add(Encoding.ASCII.GetBytes(CellReference.ColumnName(_columnNames.Count + 1)));
        }
        Raw("<c r=\""u8);
        Raw(_columnNames[column - 1]);
        Number(row);
    }

    private void Number<T>(T value)
        where T : IUtf8SpanFormattable
    {
        value.TryFormat(xml.GetSpan(40), out var written, default, CultureInfo.InvariantCulture);
        xml.Advance(written);
    }
}
