using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.Files;

namespace Muster.People;

/// <summary>The workbook people fill in to invite others: this workspace's units, groups and roles as drop-downs, one column per custom field.</summary>
public static class InvitationTemplate
{
    /// <summary>The name to download it under.</summary>
    public const string FileName = "invite-users.xlsx";

    private const string SheetName = "People";

    /// <summary>Writes the empty template.</summary>
    public static Task Write(MusterDb db, long workspaceId, Stream output, CancellationToken ct) =>
        Write(db, workspaceId, output, null, ct);

    /// <summary>Writes the template with rows to be mended, whose cells stand in the order of <see cref="Columns"/>.</summary>
    public static async Task Write(
        MusterDb db,
        long workspaceId,
        Stream output,
        IAsyncEnumerable<TemplateRow>? rows,
        CancellationToken ct
    ) => await XlsxTemplate.Write(output, SheetName, await Columns(db, workspaceId, ct), rows, ct);

    /// <summary>The template's columns in their order.</summary>
    public static async Task<IReadOnlyList<TemplateColumn>> Columns(MusterDb db, long workspaceId, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        var units = await db.Units.Where(u => u.WorkspaceId == workspaceId).OrderBy(u => u.PathKey).Select(u => u.Path).ToListAsync(ct);
        var groups = await db.Groups.Where(g => g.WorkspaceId == workspaceId).OrderBy(g => g.NameKey).Select(g => g.Name).ToListAsync(ct);
        var fields = await InvitationColumns.Fields(db, workspaceId, ct);
        return
        [
            new(
                InvitationColumns.Email,
                Required: true,
                Note: "One e-mail address. The invitation is sent to it, and the person signs in with it."
            ),
            new(InvitationColumns.FirstName, Required: true, Note: $"At most {Profile.MaxName} characters."),
            new(InvitationColumns.LastName, Required: true, Note: $"At most {Profile.MaxName} characters."),
            new(InvitationColumns.Role, Note: "Learner, Manager or Admin. Empty means Learner.", Choices: Enum.GetNames<ProfileRole>()),
            new(
                InvitationColumns.Unit,
                Note: "The unit's full path, such as Sales / North. Choose from the list, or leave it empty.",
                Choices: units
            ),
            new(
                InvitationColumns.Groups,
                Note: "One group, or several with a semicolon between them: First aiders; Night shift.",
                Choices: groups
            ),
            new(
                InvitationColumns.Manages,
                Note: "Only for Managers: the units they manage, with all units below, a semicolon between several. Empty means their own unit.",
                Choices: units
            ),
            new(InvitationColumns.Expiry, TableCellKind.Date, Note: "The last day of access, such as 2027-06-30. Empty means no end."),
            .. fields.Where(InvitationColumns.IsColumn).Select(Of),
        ];
    }

    private static TemplateColumn Of(CustomField field) =>
        field.Kind switch
        {
            FieldKind.Number => new(field.Name, TableCellKind.Number, field.IsRequired, "A number such as 1234.5."),
            FieldKind.Date => new(field.Name, TableCellKind.Date, field.IsRequired, "A date such as 2026-11-23."),
            FieldKind.YesNo => new(field.Name, TableCellKind.Text, field.IsRequired, "Yes or no.", ["Yes", "No"]),
            FieldKind.Choice => new(
                field.Name,
                TableCellKind.Text,
                field.IsRequired,
                "Choose from the list.",
                InvitationColumns.ChoicesOf(field)
            ),
            _ => new(field.Name, TableCellKind.Text, field.IsRequired, $"Text of at most {FieldValue.MaxText} characters."),
        };
}
