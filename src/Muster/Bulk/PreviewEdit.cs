namespace Muster.Bulk;

/// <summary>Somebody whom a person left out of a preview. Kept as long as the selection is, however often the preview is made again.</summary>
public sealed class UntickedUser
{
    public long WorkspaceId { get; set; }

    public long OperationId { get; set; }

    /// <summary>The profile's id; the ordinal where users come from a file or pasted list, whose people may not be there yet.</summary>
    public long Who { get; set; }
}

/// <summary>A row of the operation's file, or a line of its pasted list, that a person put right in the preview: it is read instead of the one that came.</summary>
public sealed class MendedRow
{
    public long WorkspaceId { get; set; }

    public long OperationId { get; set; }

    /// <summary>The spreadsheet's own row number, or the line of the pasted list.</summary>
    public int RowNumber { get; set; }

    /// <summary>The cells, a JSON list of strings from column 1 on.</summary>
    public required string Cells { get; set; }
}
