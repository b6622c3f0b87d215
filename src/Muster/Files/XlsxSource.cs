namespace Muster.Files;

internal sealed class XlsxSource : ISheetSource
{
    public string? SheetName => throw SpreadsheetFaults.Damaged();
    public string? Encoding => null;
    public char? Delimiter => null;
    public SheetRow Header => throw SpreadsheetFaults.Damaged();

    public static XlsxSource Open(Stream stream, SpreadsheetOptions options, CancellationToken ct) => throw SpreadsheetFaults.Damaged();

    public ISheetRows ReadRows(CancellationToken ct) => throw SpreadsheetFaults.Damaged();

    public void Dispose() { }
}
