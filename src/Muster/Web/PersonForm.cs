using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Data;
using Muster.Files;
using Muster.People;

namespace Muster.Web;

/// <summary>The fields by which a person is described: what can be chosen, and what is typed so far. <c>PersonFields</c> shows them.</summary>
public sealed class PersonForm
{
    /// <summary>The units with their paths, in tree order.</summary>
    public required IReadOnlyList<(long Id, string Text)> Units { get; init; }

    /// <summary>The groups by name.</summary>
    public required IReadOnlyList<(long Id, string Text)> Groups { get; init; }

    /// <summary>The custom fields in their order.</summary>
    public required IReadOnlyList<CustomField> Fields { get; set; }

    /// <summary>The roles this reader may give.</summary>
    public required IReadOnlyList<ProfileRole> Roles { get; init; }

    /// <summary>A role that this reader cannot change here, because it is their own.</summary>
    public bool RoleStays { get; set; }

    public string FirstName { get; private set; } = "";

    public string LastName { get; private set; } = "";

    public ProfileRole Role { get; private set; }

    public long? Unit { get; private set; }

    public IReadOnlyList<long> InGroups { get; private set; } = [];

    public IReadOnlyList<long> Manages { get; private set; } = [];

    /// <summary>As typed.</summary>
    public string ExpiresOn { get; private set; } = "";

    /// <summary>Values as typed, by the field's id.</summary>
    public IReadOnlyDictionary<long, string> Values { get; private set; } = new Dictionary<long, string>();

    /// <summary>The name of a custom field's control.</summary>
    public static string NameOf(CustomField field)
    {
        ArgumentNullException.ThrowIfNull(field);
        return string.Create(CultureInfo.InvariantCulture, $"field-{field.Id}");
    }

    /// <summary>An empty form with the choices of the workspace.</summary>
    public static async Task<PersonForm> Load(MusterDb db, Here here, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(here);
        var workspaceId = here.Id;
        var units = await db
            .Units.Where(u => u.WorkspaceId == workspaceId)
            .OrderBy(u => u.PathKey)
            .Select(u => new { u.Id, u.Path })
            .ToListAsync(ct);
        var groups = await db
            .Groups.Where(g => g.WorkspaceId == workspaceId)
            .OrderBy(g => g.NameKey)
            .Select(g => new { g.Id, g.Name })
            .ToListAsync(ct);
        return new()
        {
            Units = [.. units.Select(u => (u.Id, u.Path))],
            Groups = [.. groups.Select(g => (g.Id, g.Name))],
            Fields = await InvitationColumns.Fields(db, workspaceId, ct),
            Roles = [.. Enum.GetValues<ProfileRole>().Where(role => Actor.RankOf(role) <= here.Actor.Rank)],
        };
    }

    /// <summary>Shows somebody as they are.</summary>
    public void Show(PersonDetails person)
    {
        ArgumentNullException.ThrowIfNull(person);
        (FirstName, LastName, Role, Unit) = (person.FirstName, person.LastName, person.Role, person.Unit);
        (InGroups, Manages, Values) = (person.Groups, person.Manages, person.Fields);
        ExpiresOn = person.ExpiresOn is { } day ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "";
    }

    /// <summary>Takes what was posted and says what of it cannot be read at all.</summary>
    public PersonDetails Take(IFormCollection form, FieldErrors errors)
    {
        ArgumentNullException.ThrowIfNull(form);
        ArgumentNullException.ThrowIfNull(errors);
        (FirstName, LastName) = (form["firstName"].ToString(), form["lastName"].ToString());
        Role =
            RoleStays ? Role
            : Enum.TryParse<ProfileRole>(form["role"], out var role) ? role
            : ProfileRole.Learner;
        Unit = long.TryParse(form["unit"], NumberStyles.None, CultureInfo.InvariantCulture, out var unit) ? unit : null;
        (InGroups, Manages) = (Ticks.Read(form, "groups"), Ticks.Read(form, "manages"));
        ExpiresOn = form["expiresOn"].ToString().Trim();
        Values = Fields
            .Select(field => (field.Id, Text: form[NameOf(field)].ToString().ReplaceLineEndings("\n")))
            .Where(value => value.Text.Length > 0)
            .ToDictionary(value => value.Id, value => value.Text);
        DateOnly expiresOn = default;
        if (ExpiresOn.Length > 0 && !DateText.TryParse(ExpiresOn, out expiresOn, out var problem))
        {
            errors.Add("expiresOn", problem);
        }

        return new()
        {
            FirstName = FirstName,
            LastName = LastName,
            Role = Role,
            Unit = Unit,
            Groups = InGroups,
            Manages = Manages,
            ExpiresOn = ExpiresOn.Length == 0 ? null : expiresOn,
            Fields = Values,
        };
    }
}
