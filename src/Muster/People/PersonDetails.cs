using Microsoft.EntityFrameworkCore;
using Muster.Data;

namespace Muster.People;

/// <summary>What an administrator can say of a user: all of it, as it is or as it should be.</summary>
public sealed record PersonDetails
{
    public string FirstName { get; init; } = "";

    public string LastName { get; init; } = "";

    public ProfileRole Role { get; init; }

    /// <summary>Ids of the units a Manager manages, with all below; of no meaning for the other roles.</summary>
    public IReadOnlyList<long> Manages { get; init; } = [];

    public long? Unit { get; init; }

    /// <summary>Ids of the groups.</summary>
    public IReadOnlyList<long> Groups { get; init; } = [];

    /// <summary>Last day of access; null for no end.</summary>
    public DateOnly? ExpiresOn { get; init; }

    /// <summary>Custom field values as typed, by the field's id; no member for a field without a value.</summary>
    public IReadOnlyDictionary<long, string> Fields { get; init; } = new Dictionary<long, string>();

    /// <summary>How somebody is now, lists in id order.</summary>
    public static async Task<PersonDetails> Of(MusterDb db, Profile person, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(person);
        var (workspaceId, id) = (person.WorkspaceId, person.Id);
        var groups = await db
            .Memberships.Where(m => m.WorkspaceId == workspaceId && m.ProfileId == id)
            .Select(m => m.GroupId)
            .OrderBy(group => group)
            .ToListAsync(ct);
        var manages = await db
            .ManagedUnits.Where(m => m.WorkspaceId == workspaceId && m.ProfileId == id)
            .Select(m => m.UnitId)
            .OrderBy(unit => unit)
            .ToListAsync(ct);
        var values = await db.FieldValues.AsNoTracking().Where(v => v.WorkspaceId == workspaceId && v.ProfileId == id).ToListAsync(ct);
        return new()
        {
            FirstName = person.FirstName,
            LastName = person.LastName,
            Role = person.Role,
            Manages = manages,
            Unit = person.UnitId,
            Groups = groups,
            ExpiresOn = person.ExpiresOn,
            Fields = values.OrderBy(v => v.FieldId).ToDictionary(v => v.FieldId, v => FieldContent.Of(v).Typed()),
        };
    }

    /// <summary>What differs from another state of the same user, in words for a sentence, beside the member's name for the audit log.</summary>
    /// <param name="other">The other state.</param>
    /// <param name="fields">The workspace's custom fields, for their names.</param>
    public IReadOnlyList<(string Member, string Words)> Differences(PersonDetails other, IReadOnlyList<CustomField> fields)
    {
        ArgumentNullException.ThrowIfNull(other);
        ArgumentNullException.ThrowIfNull(fields);
        var found = new List<(string, string)>();
        Compare(FirstName != other.FirstName, "firstName", "first name");
        Compare(LastName != other.LastName, "lastName", "last name");
        Compare(Role != other.Role, "role", "role");
        Compare(!Manages.ToHashSet().SetEquals(other.Manages), "manages", "managed units");
        Compare(Unit != other.Unit, "unit", "organisation unit");
        Compare(!Groups.ToHashSet().SetEquals(other.Groups), "groups", "groups");
        Compare(ExpiresOn != other.ExpiresOn, "expiresOn", "last day of access");
        foreach (var field in fields)
        {
            Compare(Fields.GetValueOrDefault(field.Id) != other.Fields.GetValueOrDefault(field.Id), $"field {field.Id}", $"“{field.Name}”");
        }

        return found;

        void Compare(bool differs, string member, string words)
        {
            if (differs)
            {
                found.Add((member, words));
            }
        }
    }
}
