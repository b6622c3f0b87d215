using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Muster.Tests;

/// <summary>One thing a person does to a cell; rows and columns count from 1.</summary>
public sealed record CellEntry(int Row, int Column, string Kind, object Value)
{
    /// <summary>Exactly this text, whatever it looks like.</summary>
    public static CellEntry Text(int row, int column, string value) => new(row, column, "text", value);

    /// <summary>As typed at the keyboard: LibreOffice decides whether it is a number, a date, a formula or text.</summary>
    public static CellEntry Typed(int row, int column, string value) => new(row, column, "typed", value);

    /// <summary>A real date, in a cell formatted as one.</summary>
    public static CellEntry Date(int row, int column, DateOnly value) =>
        new(row, column, "date", value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    /// <summary>A number.</summary>
    public static CellEntry Number(int row, int column, double value) => new(row, column, "number", value);

    /// <summary>Nothing any more.</summary>
    public static CellEntry Clear(int row, int column) => new(row, column, "clear", "");
}

/// <summary>What LibreOffice shows in a cell: kind <c>text</c>, <c>number</c>, <c>date</c> (an ISO value) or <c>formula</c> (the result as value).</summary>
public sealed record ShownCell(string Sheet, bool Visible, int Row, int Column, string Kind, string Value, string? Formula);

/// <summary>A real LibreOffice, worked by a script as a person would: the judge of the files we write and the maker of the files we read.</summary>
public static class LibreOffice
{
    private static readonly string Script = Checkout.PathTo("tests", "Muster.Tests", "Support", "spreadsheet.py");
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Opens a spreadsheet, fills cells in its first visible (or the named) sheet, and saves it as XLSX elsewhere.</summary>
    public static async Task Fill(
        string open,
        string save,
        IEnumerable<CellEntry> entries,
        string? sheet = null,
        CancellationToken ct = default
    )
    {
        var cells = entries.Select(entry => new[] { entry.Row, entry.Column, entry.Kind, entry.Value });
        var order = new Dictionary<string, object?>
        {
            ["do"] = "fill",
            ["open"] = open,
            ["save"] = save,
            ["sheet"] = sheet,
            ["cells"] = cells,
        };
        (await Work(order, ct)).OrThrow("LibreOffice");
    }

    /// <summary>Opens an XLSX or CSV file and says what every cell that is not empty shows; in a CSV file formulas come alive.</summary>
    public static async Task<IReadOnlyList<ShownCell>> Read(string open, char separator = ',', CancellationToken ct = default)
    {
        var order = new Dictionary<string, object?>
        {
            ["do"] = "read",
            ["open"] = open,
            ["separator"] = separator.ToString(),
        };
        var result = (await Work(order, ct)).OrThrow("LibreOffice");
        return
        [
            .. result
                .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonSerializer.Deserialize<ShownCell>(line, Json)!),
        ];
    }

    private static Task<CommandResult> Work(Dictionary<string, object?> order, CancellationToken ct) =>
        Command.Run(
            "/usr/bin/python3",
            [Script],
            new Dictionary<string, string?> { ["PYTHONIOENCODING"] = "utf-8", ["PYTHONDONTWRITEBYTECODE"] = "1" },
            JsonSerializer.Serialize(order, Json),
            ct
        );
}
