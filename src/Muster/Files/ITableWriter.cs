namespace Muster.Files;

/// <summary>
/// Writes a table row by row to a stream that need not be seekable, such as a response, in memory that does not grow with the rows.
/// Only <see cref="Complete"/> finishes the file: one that failed half-way and was merely disposed of stays visibly cut off.
/// </summary>
public interface ITableWriter : IAsyncDisposable
{
    /// <summary>The media type of the file.</summary>
    string ContentType { get; }

    /// <summary>The file name's ending with its dot, such as <c>.csv</c>.</summary>
    string FileExtension { get; }

    /// <summary>Writes the heading; once, and first.</summary>
    ValueTask WriteHeader(IReadOnlyList<TableColumn> columns, CancellationToken ct);

    /// <summary>Writes a row; the cells are copied before this returns, so that the caller may reuse their array.</summary>
    ValueTask WriteRow(ReadOnlySpan<TableCell> cells, CancellationToken ct);

    /// <summary>Writes what is left and completes the file. The stream stays open.</summary>
    ValueTask Complete(CancellationToken ct);
}
