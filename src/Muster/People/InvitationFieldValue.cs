namespace Muster.People;

/// <summary>Reads a custom field's cell by the field's kind.</summary>
internal static class InvitationFieldValue
{
    /// <summary>The value to stage, or null when the cell is empty or wrong.</summary>
    public static InvitationRowValue? Read(InvitationCells cells, CustomField field)
    {
        if (cells.IsBlank(field.Name))
        {
            if (field.IsRequired)
            {
                cells.Wrong(InvitationProblems.FieldMissing, field.Name, $"“{field.Name}” is required; write {FieldContent.Right(field)}.");
            }

            return null;
        }

        if (FieldContent.Read(field, cells[field.Name], out var problem) is not { } value)
        {
            cells.Wrong(InvitationProblems.Field, field.Name, problem);
            return null;
        }

        return new InvitationRowValue
        {
            FieldId = field.Id,
            Text = value.Text,
            Number = value.Number,
            Date = value.Date,
            YesNo = value.YesNo,
        };
    }
}
