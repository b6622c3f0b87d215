using Muster.Files;

namespace Muster.People;

/// <summary>Reads a custom field's cell by the field's kind.</summary>
internal static class InvitationFieldValue
{
    private const int MostChoicesNamed = 12;

    /// <summary>The value to stage, or null when the cell is empty or wrong.</summary>
    public static InvitationRowValue? Read(InvitationCells cells, CustomField field)
    {
        if (cells.IsBlank(field.Name))
        {
            if (field.IsRequired)
            {
                cells.Wrong(InvitationProblems.FieldMissing, field.Name, $"“{field.Name}” is required; write {Right(field)}.");
            }

            return null;
        }

        var value = new InvitationRowValue { FieldId = field.Id };
        var problem = field.Kind switch
        {
            FieldKind.Number => Number(cells[field.Name], value),
            FieldKind.Date => Date(cells[field.Name], value),
            FieldKind.YesNo => YesNo(cells[field.Name], value),
            FieldKind.Choice => Choice(cells[field.Name], value, field),
            _ => Text(cells[field.Name], value),
        };
        if (problem.Length > 0)
        {
            cells.Wrong(InvitationProblems.Field, field.Name, problem);
            return null;
        }

        return value;
    }

    private static string Number(SheetCell cell, InvitationRowValue value)
    {
        var good = CellValues.TryNumber(cell, out var number, out var problem);
        value.Number = good ? number : null;
        return problem;
    }

    private static string Date(SheetCell cell, InvitationRowValue value)
    {
        var good = CellValues.TryDate(cell, out var date, out var problem);
        value.Date = good ? date : null;
        return problem;
    }

    private static string YesNo(SheetCell cell, InvitationRowValue value)
    {
        var good = CellValues.TryYesNo(cell, out var answer, out var problem);
        value.YesNo = good ? answer : null;
        return problem;
    }

    private static string Text(SheetCell cell, InvitationRowValue value)
    {
        var good = CellValues.TryText(cell, out var text, out var problem);
        if (good && text.Length > FieldValue.MaxText)
        {
            return $"The text has {text.Length:N0} characters; at most {FieldValue.MaxText} fit. Shorten it.";
        }

        value.Text = good ? text : null;
        return problem;
    }

    private static string Choice(SheetCell cell, InvitationRowValue value, CustomField field)
    {
        if (!CellValues.TryName(cell, out var text, out var problem))
        {
            return problem;
        }

        var key = Names.Fold(text);
        value.Text = Array.Find(InvitationColumns.ChoicesOf(field), choice => Names.Fold(choice) == key);
        return value.Text is null ? $"“{InvitationCells.Shorten(text)}” is not one of the choices; write {Right(field)}." : "";
    }

    /// <summary>What would be right, to finish the sentence "write …".</summary>
    private static string Right(CustomField field) =>
        field.Kind switch
        {
            FieldKind.Number => "a number such as 1234.5",
            FieldKind.Date => "a date such as 2026-11-23",
            FieldKind.YesNo => "yes or no",
            FieldKind.Choice => OneOf(InvitationColumns.ChoicesOf(field)),
            _ => "some text",
        };

    private static string OneOf(string[] choices) =>
        choices.Length == 0 ? "one of the field's choices"
        : choices.Length <= MostChoicesNamed ? "one of: " + string.Join(", ", choices)
        : $"one of: {string.Join(", ", choices.Take(MostChoicesNamed))} and {choices.Length - MostChoicesNamed} more (the template lists them)";
}
