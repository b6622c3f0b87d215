namespace Muster.Files;

/// <summary>How far <see cref="Spreadsheet"/> goes with a file, and how it knows the header row.</summary>
public sealed record SpreadsheetOptions
{
    /// <summary>Whether a row, given as its texts, is the header that the caller is looking for.</summary>
    public required Func<IReadOnlyList<string>, bool> LooksLikeHeader { get; init; }

    /// <summary>What a header needs, to finish the sentence "The first row must …" in the refusal of a file without one.</summary>
    public string HeaderAdvice { get; init; } = "name the columns";

    /// <summary>The largest file, in bytes.</summary>
    public long MaxBytes { get; init; } = 50L * 1024 * 1024;

    /// <summary>The most rows with content below the header.</summary>
    public int MaxRows { get; init; } = 1_000_000;

    /// <summary>The most columns.</summary>
    public int MaxColumns { get; init; } = 256;

    /// <summary>The longest text of a cell, in characters.</summary>
    public int MaxCellLength { get; init; } = 32_767;

    /// <summary>The longest row, in characters of all its cells: far more than a person's, and little enough to hold several rows at once.</summary>
    public int MaxRowLength { get; init; } = 256 * 1024;

    /// <summary>How many rows from the top may hold the header.</summary>
    public int HeaderSearchRows { get; init; } = 20;

    /// <summary>The last row number that a sheet can have at all.</summary>
    internal int LastRowNumber => Math.Max(1_048_576, MaxRows + 1000);

    // The guards below follow from the rows: a kibibyte of XML per row and eight different texts per row are generous for people's lists.
    internal long MaxPartBytes => Math.Max(16L * 1024 * 1024, MaxRows * 1024L);
    internal long MaxUnpackedBytes => 2 * MaxPartBytes;
    internal int MaxSharedStrings => (int)Math.Min(8L * MaxRows + 100_000, 16_000_000);
    internal int MaxSharedStringBytes => 128 * 1024 * 1024;
}
