using System.Globalization;

namespace Muster.Files;

/// <summary>
/// A workbook written row by row: inline strings, typed dates and numbers, a bold frozen heading. It goes on in a further sheet before
/// the format's limits are reached.
/// </summary>
public sealed class XlsxTableWriter : ITableWriter
{
    /// <summary>Rows of a sheet below its heading.</summary>
    private const int MaxRows = 1_048_575;

    /// <summary>Below what a streamed ZIP entry can say without Zip64, which some readers do not know.</summary>
    private const long MaxPartLength = 3_500L * 1024 * 1024;

    private readonly XlsxArchive _archive;
    private readonly XlsxSheetXml _sheet;
    private readonly string _sheetName;
    private readonly int _maxRows;
    private IReadOnlyList<TableColumn> _columns = [];
    private int _sheets;
    private int _row;

    /// <summary>Creates a writer to <paramref name="output"/>, which stays open.</summary>
    /// <param name="output">Where to; need not be seekable.</param>
    /// <param name="sheetName">The name of the first sheet; further ones get a number.</param>
    public XlsxTableWriter(Stream output, string sheetName = "Sheet")
        : this(output, sheetName, MaxRows) { }

    internal XlsxTableWriter(Stream output, string sheetName, int maxRows)
    {
        _archive = new XlsxArchive(output);
        _sheet = new XlsxSheetXml(_archive.Xml);
        _sheetName = XlsxWorkbookXml.SheetName(sheetName, 26);
        _maxRows = maxRows;
    }

    /// <inheritdoc/>
    public string ContentType => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <inheritdoc/>
    public string FileExtension => ".xlsx";

    /// <inheritdoc/>
    public ValueTask WriteHeader(IReadOnlyList<TableColumn> columns, CancellationToken ct)
    {
        _columns = [.. columns];
        BeginSheet();
        return _archive.Flush(ct);
    }

    /// <inheritdoc/>
    public ValueTask WriteRow(ReadOnlySpan<TableCell> cells, CancellationToken ct)
    {
        if (_row > _maxRows || _archive.PartLength >= MaxPartLength)
        {
            EndSheet();
            BeginSheet();
        }
        _row++;
        _sheet.BeginRow(_row);
        for (var i = 0; i < cells.Length; i++)
        {
            _sheet.Cell(i + 1, _row, in cells[i]);
        }
        _sheet.EndRow();
        return _archive.IsFlushDue ? _archive.Flush(ct) : ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask Complete(CancellationToken ct)
    {
        if (_sheets == 0)
        {
            BeginSheet();
        }
        EndSheet();
        XlsxWorkbookXml.AddTo(_archive, [.. Enumerable.Range(1, _sheets).Select(NameOf)]);
        return _archive.Complete(ct);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _archive.Dispose();
        return ValueTask.CompletedTask;
    }

    private string NameOf(int sheet) => sheet == 1 ? _sheetName : _sheetName + " " + sheet.ToString(CultureInfo.InvariantCulture);

    private void BeginSheet()
    {
        _sheets++;
        _archive.BeginPart(XlsxWorkbookXml.SheetPart(_sheets));
        _sheet.Begin(_columns.Select(column => (WidthOf(column), StyleOf(column.Kind))));
        _row = 1;
        _sheet.BeginRow(1);
        for (var i = 0; i < _columns.Count; i++)
        {
            _sheet.Text(i + 1, 1, _columns[i].Title, XlsxStyles.Header);
        }
        _sheet.EndRow();
    }

    private void EndSheet()
    {
        _sheet.Raw("</sheetData></worksheet>"u8);
        _archive.EndPart();
    }

    internal static double WidthOf(TableColumn column)
    {
        var usual = column.Kind switch
        {
            TableCellKind.Date => 12,
            TableCellKind.Timestamp => 20,
            TableCellKind.Number or TableCellKind.YesNo => 10,
            _ => 22,
        };
        return column.Width ?? Math.Clamp(new StringInfo(column.Title).LengthInTextElements + 4, usual, 60);
    }

    internal static int StyleOf(TableCellKind kind) =>
        kind switch
        {
            TableCellKind.Text => XlsxStyles.Text,
            TableCellKind.Date => XlsxStyles.Date,
            TableCellKind.Timestamp => XlsxStyles.Timestamp,
            _ => XlsxStyles.Normal,
        };
}
