using System.Globalization;

namespace Muster.Files;

/// <summary>
/// What a cell means where a text, a yes or no, or a number is asked for. Each says in a sentence what is wrong and what would be right;
/// what could be read in two ways is refused, never guessed.
/// </summary>
public static class CellValues
{
    /// <summary>Text: trimmed of spaces and invisible characters at both ends, composed, without control characters; empty when there is none.</summary>
    public static bool TryText(SheetCell cell, out string text, out string problem)
    {
        text = "";
        problem = Unreadable(cell, "the text itself") ?? "";
        if (problem.Length == 0)
        {
            text = Clean(cell.Text ?? "");
        }
        return problem.Length == 0;
    }

    /// <summary>Text on one line: like <see cref="TryText"/>, with every run of spaces and line breaks made one space, as names need.</summary>
    public static bool TryName(SheetCell cell, out string text, out string problem)
    {
        var good = TryText(cell, out text, out problem);
        text = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return good;
    }

    /// <summary>Yes or no in the ways people write it; not for an empty cell.</summary>
    public static bool TryYesNo(SheetCell cell, out bool answer, out string problem)
    {
        answer = false;
        problem = Unreadable(cell, "yes or no") ?? "";
        if (problem.Length > 0)
        {
            return false;
        }
        var text = Clean(cell.Text ?? "");
        switch (text.ToUpperInvariant())
        {
            case "YES" or "Y" or "TRUE" or "1" or "X" or "✓" or "✔":
                answer = true;
                return true;
            case "NO" or "N" or "FALSE" or "0" or "-":
                return true;
            default:
                problem = $"“{UnicodeText.Shorten(text)}” is neither yes nor no; write yes or no.";
                return false;
        }
    }

    /// <summary>A number; digits with an optional decimal point, not for an empty cell. <c>1,234</c> can mean two numbers and is refused.</summary>
    public static bool TryNumber(SheetCell cell, out decimal number, out string problem)
    {
        number = 0;
        problem = Unreadable(cell, "a number") ?? "";
        if (problem.Length > 0)
        {
            return false;
        }
        var text = Clean(cell.Text ?? "").Replace('\u2212', '-');
        if (cell.Kind is CellKind.Date or CellKind.Boolean)
        {
            problem =
                $"“{UnicodeText.Shorten(text)}” is {(cell.Kind == CellKind.Date ? "a date" : "yes or no")}, not a number; write digits such as 12.5.";
            return false;
        }
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (text.Length > 0 && text[^1] != '.' && decimal.TryParse(text, style, CultureInfo.InvariantCulture, out number))
        {
            return true;
        }
        number = 0;
        problem =
            text.Contains(',', StringComparison.Ordinal) && text.All(c => char.IsAsciiDigit(c) || c is ',' or '.' or '-')
                ? $"The comma in “{UnicodeText.Shorten(text)}” can be read in two ways; write the number without separators and with a point for decimals, such as 1234.5."
                : $"“{UnicodeText.Shorten(text)}” is not a number; write digits such as 1234.5.";
        return false;
    }

    /// <summary>A day; not for an empty cell. See <see cref="DateText"/> for what is understood.</summary>
    public static bool TryDate(SheetCell cell, out DateOnly date, out string problem)
    {
        date = default;
        problem = Unreadable(cell, "a date such as 2026-11-23") ?? "";
        if (problem.Length > 0)
        {
            return false;
        }
        var text = Clean(cell.Text ?? "");
        if (cell.Kind is CellKind.Number && text.Length != 8)
        {
            problem = $"“{UnicodeText.Shorten(text)}” is a number, not a date; format the cell as a date or write it like 2026-11-23.";
            return false;
        }
        return DateText.TryParse(text, out date, out problem);
    }

    private static string? Unreadable(SheetCell cell, string right) =>
        cell.Kind switch
        {
            CellKind.Error => $"The cell holds the error {cell.Text}; write {right} instead.",
            CellKind.FormulaWithoutValue =>
                $"The cell holds a formula whose result was not saved; open the file in a spreadsheet program and save it again, or write {right} instead.",
            _ => null,
        };

    private static string Clean(string text)
    {
        var clean = text.AsSpan().ContainsAnyInRange('\0', '\u001F')
            ? new string([.. text.Where(c => c is '\n' or '\t' || !char.IsControl(c))])
            : text;
        return UnicodeText.TrimInvisible(UnicodeText.Compose(UnicodeText.TrimInvisible(clean)));
    }
}
