using System.Globalization;
using Muster.Files;

namespace Muster.People;

/// <summary>What a custom field holds for one person: exactly one member is set.</summary>
public sealed record FieldContent(string? Text = null, decimal? Number = null, DateOnly? Date = null, bool? YesNo = null)
{
    private const int MostChoicesNamed = 12;

    /// <summary>The stored value.</summary>
    public static FieldContent Of(FieldValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(value.Text, value.Number, value.Date, value.YesNo);
    }

    /// <summary>Reads a cell that is not blank by the field's kind.</summary>
    /// <param name="field">Whose value.</param>
    /// <param name="cell">As written.</param>
    /// <param name="problem">What is wrong and what would be right; empty when nothing is.</param>
    /// <returns>The value, or null with a problem.</returns>
    public static FieldContent? Read(CustomField field, SheetCell cell, out string problem)
    {
        ArgumentNullException.ThrowIfNull(field);
        return field.Kind switch
        {
            FieldKind.Number => CellValues.TryNumber(cell, out var number, out problem) ? new(Number: number) : null,
            FieldKind.Date => CellValues.TryDate(cell, out var date, out problem) ? new(Date: date) : null,
            FieldKind.YesNo => CellValues.TryYesNo(cell, out var answer, out problem) ? new(YesNo: answer) : null,
            FieldKind.Choice => Choice(field, cell, out problem),
            _ => LongText(cell, out problem),
        };
    }

    /// <summary>The value as it is typed into a form: the same text reads as the same value.</summary>
    public string Typed() =>
        Text
        ?? Number?.ToString("0.############################", CultureInfo.InvariantCulture)
        ?? Date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        ?? (YesNo == true ? "Yes" : "No");

    /// <summary>What would be right for a field, to finish the sentence "write …".</summary>
    public static string Right(CustomField field)
    {
        ArgumentNullException.ThrowIfNull(field);
        return field.Kind switch
        {
            FieldKind.Number => "a number such as 1234.5",
            FieldKind.Date => "a date such as 2026-11-23",
            FieldKind.YesNo => "yes or no",
            FieldKind.Choice => OneOf(InvitationColumns.ChoicesOf(field)),
            _ => "some text",
        };
    }

    private static FieldContent? LongText(SheetCell cell, out string problem)
    {
        if (!CellValues.TryText(cell, out var text, out problem))
        {
            return null;
        }

        problem =
            text.Length > FieldValue.MaxText
                ? $"The text has {text.Length:N0} characters; at most {FieldValue.MaxText} fit. Shorten it."
                : "";
        return problem.Length > 0 ? null : new(text);
    }

    private static FieldContent? Choice(CustomField field, SheetCell cell, out string problem)
    {
        if (!CellValues.TryName(cell, out var text, out problem))
        {
            return null;
        }

        var key = Names.Fold(text);
        var choice = Array.Find(InvitationColumns.ChoicesOf(field), choice => Names.Fold(choice) == key);
        problem = choice is null ? $"“{InvitationCells.Shorten(text)}” is not one of the choices; write {Right(field)}." : "";
        return choice is null ? null : new(choice);
    }

    private static string OneOf(string[] choices) =>
        choices.Length == 0 ? "one of the field's choices"
        : choices.Length <= MostChoicesNamed ? "one of: " + string.Join(", ", choices)
        : $"one of: {string.Join(", ", choices.Take(MostChoicesNamed))} and {choices.Length - MostChoicesNamed} more (the template lists them)";
}
