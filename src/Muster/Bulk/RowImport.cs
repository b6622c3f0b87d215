using Muster.Data;
using Muster.Files;

namespace Muster.Bulk;

/// <summary>How the rows of a file become users of an operation. Made anew for each reading.</summary>
public abstract class RowImport
{
    /// <summary>True when unmatched addresses are people to be made, not people to be found.</summary>
    public virtual bool MakesPeople => false;

    /// <summary>Whether a row of the file is the header row.</summary>
    public abstract bool LooksLikeHeader(IReadOnlyList<string> texts);

    /// <summary>Takes the header in.</summary>
    /// <param name="headers">The header's cells.</param>
    /// <param name="headerRow">The spreadsheet's own number of the header row.</param>
    /// <returns>Warnings, such as unknown columns.</returns>
    /// <exception cref="SpreadsheetException">A needed column is missing or named twice.</exception>
    public abstract IReadOnlyList<string> Begin(IReadOnlyList<HeaderCell> headers, int headerRow);

    /// <summary>Reads one row; what the action needs beyond the address is kept until <see cref="Flush"/>.</summary>
    /// <param name="row">The row.</param>
    /// <param name="ordinal">Its place in the operation.</param>
    /// <param name="emailKey">The address's unique key, null when it could not be read.</param>
    /// <returns>What is wrong with it; empty when nothing is.</returns>
    public abstract IReadOnlyList<RowProblem> Read(SheetRow row, long ordinal, out string? emailKey);

    /// <summary>Writes what was kept since the last call, in the caller's transaction.</summary>
    public virtual Task Flush(MusterDb db, CancellationToken ct) => Task.CompletedTask;
}

/// <summary>A file that names people of the workspace by their e-mail address; other columns are of no concern.</summary>
public sealed class EmailColumnImport : RowImport
{
    /// <summary>Title of the one column that is read.</summary>
    public const string Column = "Email";

    private static readonly KnownColumn Email = new(Column, Required: true, "e-mail", "e-mail address", "email address", "mail");

    private int column;

    public override bool LooksLikeHeader(IReadOnlyList<string> texts) => HeaderMap.Names(texts, Email);

    public override IReadOnlyList<string> Begin(IReadOnlyList<HeaderCell> headers, int headerRow)
    {
        column = HeaderMap.Match(headers, [Email], headerRow).ColumnOf(Column);
        return [];
    }

    public override IReadOnlyList<RowProblem> Read(SheetRow row, long ordinal, out string? emailKey)
    {
        ArgumentNullException.ThrowIfNull(row);
        emailKey = null;
        var cell = row[column];
        if (!CellValues.TryText(cell, out _, out var problem) || !EmailAddress.TryParse(cell.Text, out var address, out problem))
        {
            return [new("bad-email", row.AddressOf(column), problem)];
        }

        emailKey = address.Key;
        return [];
    }
}
