using System.Xml;

namespace Muster.Files;

/// <summary>The kinds of file that can be read.</summary>
public enum SpreadsheetKind
{
    /// <summary>A workbook of Excel 2007 or later, or of any program that writes the same.</summary>
    Xlsx,

    /// <summary>Text with a delimiter between the cells.</summary>
    Csv,
}

/// <summary>
/// A list that somebody uploaded, XLSX or CSV as its content says, read row by row. Files are hostile until proven otherwise: whatever is
/// wrong with the whole file is a <see cref="SpreadsheetException"/>, and nothing in it can use more than bounded time and memory.
/// </summary>
public sealed class Spreadsheet : IDisposable
{
    private readonly ISheetSource _source;

    private Spreadsheet(ISheetSource source, SpreadsheetKind kind)
    {
        _source = source;
        Kind = kind;
        Headers = [.. source.Header.Cells()];
    }

    /// <summary>What the content is.</summary>
    public SpreadsheetKind Kind { get; }

    /// <summary>The sheet that is read: the first visible one with a recognisable header; none for CSV.</summary>
    public string? SheetName => _source.SheetName;

    /// <summary>The row number of the header as the spreadsheet shows it, from 1.</summary>
    public int HeaderRow => _source.Header.Number;

    /// <summary>The headings that are not blank, as they stand in the file.</summary>
    public IReadOnlyList<HeaderCell> Headers { get; }

    /// <summary>How the text of a CSV is encoded, such as <c>UTF-8</c> or <c>Windows-1252</c>.</summary>
    public string? Encoding => _source.Encoding;

    /// <summary>What stands between the cells of a CSV.</summary>
    public char? Delimiter => _source.Delimiter;

    /// <summary>How many of the rows read so far the sheet hides; they are read like the others.</summary>
    public int HiddenRows { get; private set; }

    /// <summary>Looks at a file and finds its header.</summary>
    /// <param name="stream">The file, seekable; it must stay open as long as this, and is not closed by it.</param>
    /// <param name="options">Limits, and how to know the header.</param>
    /// <param name="ct">Checked while reading.</param>
    /// <exception cref="SpreadsheetException">The file cannot be used.</exception>
    public static Spreadsheet Open(Stream stream, SpreadsheetOptions options, CancellationToken ct)
    {
        if (stream.Length > options.MaxBytes)
        {
            throw new SpreadsheetException(
                SpreadsheetProblems.TooLarge,
                $"The file is larger than {options.MaxBytes / 1024 / 1024} MiB; split the list into smaller files."
            );
        }
        return Guarded(() =>
            FileKind.Of(stream, ct) == SpreadsheetKind.Xlsx
                ? new Spreadsheet(XlsxSource.Open(stream, options, ct), SpreadsheetKind.Xlsx)
                : new Spreadsheet(CsvSource.Open(stream, options, ct), SpreadsheetKind.Csv)
        );
    }

    /// <summary>
    /// Streams the rows below the header that have something in them, with their own numbers. Every enumeration starts afresh; one at a time.
    /// </summary>
    /// <exception cref="SpreadsheetException">The file cannot be used any further.</exception>
    public IEnumerable<SheetRow> Rows(CancellationToken ct)
    {
        HiddenRows = 0;
        using var rows = Guarded(() => _source.ReadRows(ct));
        while (Guarded(rows.Next) is { } row)
        {
            HiddenRows += row.Hidden ? 1 : 0;
            yield return row;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    /// <summary>The libraries below report damage in their own ways; a caller gets one.</summary>
    private static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (XmlException e) when (e.Message.Contains("DTD", StringComparison.Ordinal))
        {
            throw new SpreadsheetException(
                SpreadsheetProblems.XmlEntities,
                "The file contains XML entity declarations, which spreadsheets never need and attacks use; save it again as .xlsx with a spreadsheet program.",
                e
            );
        }
        catch (Exception e)
            when (e
                    is XmlException
                        or InvalidDataException
                        or ArgumentException
                        or FormatException
                        or OverflowException
                        or NotSupportedException
                        or EndOfStreamException
            )
        {
            throw SpreadsheetFaults.Damaged(e);
        }
    }
}

/// <summary>What <see cref="Spreadsheet"/> reads from: a format's own part of the work.</summary>
internal interface ISheetSource : IDisposable
{
    string? SheetName { get; }
    string? Encoding { get; }
    char? Delimiter { get; }
    SheetRow Header { get; }

    /// <summary>Starts reading below the header.</summary>
    ISheetRows ReadRows(CancellationToken ct);
}

/// <summary>Rows in order; blank ones are passed over.</summary>
internal interface ISheetRows : IDisposable
{
    SheetRow? Next();
}
