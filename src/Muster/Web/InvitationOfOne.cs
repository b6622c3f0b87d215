using Muster.Files;
using Muster.People;

namespace Muster.Web;

/// <summary>Writes what a form says of one person as the file that the template would make, so that inviting one is the same operation as inviting many.</summary>
internal static class InvitationOfOne
{
    /// <summary>The name the file has in the operation.</summary>
    public const string FileName = "one-user.csv";

    /// <summary>Says what is wrong with the e-mail address, the names and the custom fields; where a file names a cell, a form marks the field.</summary>
    public static void Check(PersonForm form, string email, FieldErrors errors)
    {
        if (!EmailAddress.TryParse(email, out _, out var problem))
        {
            errors.Add("email", problem);
        }

        Name("firstName", "first name", form.FirstName);
        Name("lastName", "last name", form.LastName);
        foreach (var field in form.Fields)
        {
            var typed = form.Values.GetValueOrDefault(field.Id) ?? "";
            if (string.IsNullOrWhiteSpace(typed))
            {
                if (field.IsRequired)
                {
                    errors.Add(PersonForm.NameOf(field), $"“{field.Name}” is required; give {FieldContent.Right(field)}.");
                }
            }
            else if (FieldContent.Read(field, SheetCell.OfText(typed), out var wrong) is null)
            {
                errors.Add(PersonForm.NameOf(field), $"“{field.Name}”: {wrong}");
            }
        }

        void Name(string field, string what, string name)
        {
            if (string.IsNullOrWhiteSpace(name) || name.Trim().Length > Profile.MaxName)
            {
                errors.Add(field, $"Enter the {what}, of at most {Profile.MaxName} characters.");
            }
        }
    }

    /// <summary>One row below the template's headings, as CSV.</summary>
    public static async Task<byte[]> Write(PersonForm form, string email, PersonDetails person, CancellationToken ct)
    {
        (string Title, string? Text)[] cells =
        [
            (InvitationColumns.Email, email),
            (InvitationColumns.FirstName, person.FirstName),
            (InvitationColumns.LastName, person.LastName),
            (InvitationColumns.Role, $"{person.Role}"),
            (InvitationColumns.Unit, form.Units.FirstOrDefault(unit => unit.Id == person.Unit).Text),
            (InvitationColumns.Groups, Named(form.Groups, person.Groups)),
            (InvitationColumns.Manages, person.Role == ProfileRole.Manager ? Named(form.Units, person.Manages) : ""),
            (InvitationColumns.Expiry, person.ExpiresOn is { } day ? $"{day:yyyy-MM-dd}" : ""),
            .. form.Fields.Select(field => (field.Name, person.Fields.GetValueOrDefault(field.Id))),
        ];
        using var content = new MemoryStream();
        await using var table = new CsvTableWriter(content);
        await table.WriteHeader([.. cells.Select(cell => new TableColumn(cell.Title))], ct);
        await table.WriteRow([.. cells.Select(cell => TableCell.Of(cell.Text))], ct);
        await table.Complete(ct);
        return content.ToArray();
    }

    private static string Named(IReadOnlyList<(long Id, string Text)> all, IReadOnlyList<long> chosen) =>
        string.Join($"{InvitationColumns.Between} ", all.Where(one => chosen.Contains(one.Id)).Select(one => one.Text));
}
