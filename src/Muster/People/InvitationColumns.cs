using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.Files;

namespace Muster.People;

/// <summary>The columns of an invitation file, in the template's order; after them comes one for each custom field.</summary>
internal static class InvitationColumns
{
    public const string Email = "Email";
    public const string FirstName = "First name";
    public const string LastName = "Last name";
    public const string Role = "Role";
    public const string Unit = "Organisation unit";
    public const string Groups = "Groups";
    public const string Manages = "Manages";
    public const string Expiry = "Expiry date";

    /// <summary>What stands between several groups or units in one cell; their names never contain it.</summary>
    public const char Between = ';';

    public static readonly KnownColumn EmailColumn = new(
        Email,
        Required: true,
        "e-mail",
        "e-mail address",
        "email address",
        "mail",
        "mail address"
    );

    private static readonly KnownColumn[] BuiltIn =
    [
        EmailColumn,
        new(FirstName, Required: true, "forename", "given name"),
        new(LastName, Required: true, "surname", "family name"),
        new(Role, false, "roles"),
        new(Unit, false, "organization unit", "organisational unit", "organizational unit", "unit", "ou"),
        new(Groups, false, "group"),
        new(Manages, false, "managed units", "manages units"),
        new(Expiry, false, "expires", "expires on", "expiry", "expiration date"),
    ];

    /// <summary>All columns of a workspace's files. A field whose name another column already has cannot be given in a file.</summary>
    public static IReadOnlyList<KnownColumn> Known(IEnumerable<CustomField> fields) =>
        [.. BuiltIn, .. fields.Where(IsColumn).Select(field => new KnownColumn(field.Name, field.IsRequired))];

    /// <summary>Whether a field has a column of its own.</summary>
    public static bool IsColumn(CustomField field)
    {
        var key = HeaderMap.KeyOf(field.Name);
        return key.Length > 0
            && key != HeaderMap.KeyOf(XlsxTemplate.ProblemTitle)
            && !BuiltIn.Any(column => HeaderMap.KeyOf(column.Title) == key);
    }

    /// <summary>The workspace's custom fields in their order.</summary>
    public static Task<List<CustomField>> Fields(MusterDb db, long workspaceId, CancellationToken ct) =>
        db
            .Fields.AsNoTracking()
            .Where(field => field.WorkspaceId == workspaceId)
            .OrderBy(field => field.Position)
            .ThenBy(field => field.Id)
            .ToListAsync(ct);

    /// <summary>The allowed values of a choice.</summary>
    public static string[] ChoicesOf(CustomField field) =>
        (field.Choices ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
