namespace Muster.Files;

/// <summary>
/// The whole file cannot be used. The message is a sentence for the person who sent it (what, where, what would be right);
/// <see cref="Code"/> is stable and for programs.
/// </summary>
public sealed class SpreadsheetException : Exception
{
    /// <summary>Creates the refusal.</summary>
    public SpreadsheetException(string code, string message, Exception? cause = null)
        : base(message, cause) => Code = code;

    /// <summary>One of <see cref="SpreadsheetProblems"/>.</summary>
    public string Code { get; }
}

/// <summary>The codes of <see cref="SpreadsheetException"/>.</summary>
public static class SpreadsheetProblems
{
    public const string CellTooLong = "cell-too-long";
    public const string Damaged = "damaged";
    public const string DuplicateHeader = "duplicate-header";
    public const string Empty = "empty-file";
    public const string MacroFile = "macro-file";
    public const string MissingColumn = "missing-column";
    public const string NoHeader = "no-header";
    public const string NotASpreadsheet = "not-a-spreadsheet";
    public const string OldExcel = "old-excel";
    public const string PasswordProtected = "password-protected";
    public const string RowTooLong = "row-too-long";
    public const string TooComplex = "too-complex";
    public const string TooLarge = "too-large";
    public const string TooManyColumns = "too-many-columns";
    public const string TooManyRows = "too-many-rows";
    public const string Truncated = "truncated";
    public const string UnclosedQuote = "unclosed-quote";
    public const string UnsupportedFormat = "unsupported-format";
    public const string XmlEntities = "xml-entities";
    public const string ZipBomb = "zip-bomb";
}
