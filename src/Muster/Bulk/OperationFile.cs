namespace Muster.Bulk;

/// <summary>A row of the operation's file, or a line of its pasted list, as it was read.</summary>
public sealed class OperationRow
{
    public long WorkspaceId { get; set; }

    public long OperationId { get; set; }

    /// <summary>The user's place in the operation.</summary>
    public long Ordinal { get; set; }

    /// <summary>The spreadsheet's own row number, or the line of the pasted list.</summary>
    public int RowNumber { get; set; }

    /// <summary>Unique key of the address; null when the address could not be read.</summary>
    public string? EmailKey { get; set; }

    /// <summary>The cells as read, a JSON list of strings in the file's column order.</summary>
    public required string Cells { get; set; }

    /// <summary>What is wrong with the row: a JSON list of <see cref="RowProblem"/>; null when nothing is.</summary>
    public string? Problems { get; set; }
}

/// <summary>What is wrong with one cell of a row, and what would be right.</summary>
/// <param name="Code">Stable name such as <c>bad-email</c>.</param>
/// <param name="Cell">The spreadsheet's own address such as <c>B7</c>; the line number for a pasted list.</param>
/// <param name="Text">A plain sentence: what is wrong and what would be right.</param>
public sealed record RowProblem(string Code, string Cell, string Text);

/// <summary>The file an operation reads its users from.</summary>
public sealed class OperationFile
{
    public long WorkspaceId { get; set; }

    public long OperationId { get; set; }

    public required string Name { get; set; }

    public required byte[] Content { get; set; }

    /// <summary>Header texts by column, a JSON list, once read; row problems point into it.</summary>
    public string? Headers { get; set; }

    /// <summary>What is odd about the file as a whole, a JSON list of sentences, once read.</summary>
    public string? Warnings { get; set; }
}
