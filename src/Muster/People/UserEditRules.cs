using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Bulk;
using Muster.Data;
using Muster.Files;

namespace Muster.People;

/// <summary>What an edit of a user must be like; every refusal names the field and says what would be right.</summary>
internal static class UserEditRules
{
    /// <summary>The name under which a custom field's value is refused.</summary>
    public static string NameOf(CustomField field) => $"field-{field.Id}";

    /// <summary>Refuses to touch people whom the caller may not edit, or nobody can at present.</summary>
    /// <exception cref="ConflictException">Says why.</exception>
    public static async Task CheckMayEdit(MusterDb db, Actor actor, Profile person, CancellationToken ct)
    {
        var isAbove =
            Actor.RankOf(person.Role) > actor.Rank
            || (
                actor.Rank < Rank.SiteAdmin
                && await db.Users.AnyAsync(a => a.Id == person.AccountId && a.IsSiteAdmin, ct)
                && person.Id != actor.ProfileId
            );
        if (!actor.IsAdmin || isAbove)
        {
            throw new ConflictException("This user has a role above yours; ask somebody of that role to make the change.");
        }

        if (person.Status is ProfileStatus.Archived or ProfileStatus.Cancelled)
        {
            throw new ConflictException(
                person.Status == ProfileStatus.Archived
                    ? "This profile is archived; reactivate it before you change it."
                    : "This invitation was cancelled; invite the person afresh with what should be different."
            );
        }
    }

    /// <summary>Checks and tidies what is wanted.</summary>
    /// <param name="db">The workspace; its rows are locked.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="person">Whom it is about, as they are.</param>
    /// <param name="current">The same with groups and fields.</param>
    /// <param name="wanted">As it should be.</param>
    /// <param name="fields">The workspace's custom fields.</param>
    /// <param name="today">Today in the workspace's zone.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="ParametersException">Names each wrong field.</exception>
    public static async Task<PersonDetails> Check(
        MusterDb db,
        Actor actor,
        Profile person,
        PersonDetails current,
        PersonDetails wanted,
        IReadOnlyList<CustomField> fields,
        DateOnly today,
        CancellationToken ct
    )
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var tidy = wanted with
        {
            FirstName = Name(errors, "firstName", "first name", wanted.FirstName),
            LastName = Name(errors, "lastName", "last name", wanted.LastName),
            Manages = Managed(wanted),
            Groups = [.. wanted.Groups.Distinct().Order()],
            Fields = Values(errors, fields, current, wanted),
        };
        CheckRole(errors, actor, person, tidy);
        await CheckPlaces(db, errors, person.WorkspaceId, tidy, ct);
        if (tidy.ExpiresOn < today && tidy.ExpiresOn != person.ExpiresOn && person.Id == actor.ProfileId)
        {
            errors["expiresOn"] = ["This would end your own access at once; choose today or later."];
        }

        var leavesAdmin = tidy.Role != ProfileRole.Admin || tidy.ExpiresOn < today;
        if (leavesAdmin && IsAdministering(person, today) && !await AnotherAdmin(db, person, today, ct))
        {
            errors.TryAdd(
                tidy.Role != ProfileRole.Admin ? "role" : "expiresOn",
                ["This is the workspace's last Admin, who has to stay one. Make somebody else an Admin first."]
            );
        }

        return errors.Count == 0 ? tidy : throw new ParametersException(errors);
    }

    private static bool IsAdministering(Profile person, DateOnly today) =>
        person is { Role: ProfileRole.Admin, Status: ProfileStatus.Active } && (person.ExpiresOn is null || person.ExpiresOn >= today);

    private static Task<bool> AnotherAdmin(MusterDb db, Profile person, DateOnly today, CancellationToken ct) =>
        db.Profiles.AnyAsync(
            p =>
                p.WorkspaceId == person.WorkspaceId
                && p.Id != person.Id
                && p.Role == ProfileRole.Admin
                && p.Status == ProfileStatus.Active
                && (p.ExpiresOn == null || p.ExpiresOn >= today),
            ct
        );

    private static string Name(Dictionary<string, string[]> errors, string field, string what, string? typed)
    {
        CellValues.TryName(SheetCell.OfText(typed ?? ""), out var name, out _);
        if (name.Length is 0 or > Profile.MaxName)
        {
            errors[field] =
            [
                name.Length == 0 ? $"Enter the {what}." : $"The {what} has {name.Length} characters; at most {Profile.MaxName} fit.",
            ];
        }

        return name;
    }

    /// <summary>Only Managers manage; without a unit named, their own, as in an invitation.</summary>
    private static IReadOnlyList<long> Managed(PersonDetails wanted) =>
        wanted.Role != ProfileRole.Manager ? []
        : wanted.Manages.Count > 0 ? [.. wanted.Manages.Distinct().Order()]
        : wanted.Unit is { } own ? [own]
        : [];

    private static void CheckRole(Dictionary<string, string[]> errors, Actor actor, Profile person, PersonDetails wanted)
    {
        if (wanted.Role == person.Role)
        {
            return;
        }

        if (person.Id == actor.ProfileId)
        {
            errors["role"] = ["Nobody changes their own role; ask another Admin."];
        }
        else if (!Enum.IsDefined(wanted.Role) || Actor.RankOf(wanted.Role) > actor.Rank)
        {
            errors["role"] = ["Nobody gives a role above their own; choose a lower one."];
        }
    }

    private static async Task CheckPlaces(
        MusterDb db,
        Dictionary<string, string[]> errors,
        long workspaceId,
        PersonDetails wanted,
        CancellationToken ct
    )
    {
        if (wanted.Unit is { } unit && !await db.Units.AnyAsync(u => u.WorkspaceId == workspaceId && u.Id == unit, ct))
        {
            errors["unit"] = ["There is no such unit in this workspace (any more); choose one from the list."];
        }

        var (manages, groups) = (wanted.Manages, wanted.Groups);
        if (await db.Units.CountAsync(u => u.WorkspaceId == workspaceId && manages.Contains(u.Id), ct) != manages.Count)
        {
            errors["manages"] = ["One of these units is not in this workspace (any more); choose from the list."];
        }

        if (await db.Groups.CountAsync(g => g.WorkspaceId == workspaceId && groups.Contains(g.Id), ct) != groups.Count)
        {
            errors["groups"] = ["One of these groups is not in this workspace (any more); choose from the list."];
        }
    }

    /// <summary>A value that stays as it is stays right, even if its choice has been taken out of the field since.</summary>
    private static Dictionary<long, string> Values(
        Dictionary<string, string[]> errors,
        IReadOnlyList<CustomField> fields,
        PersonDetails current,
        PersonDetails wanted
    )
    {
        var values = new Dictionary<long, string>();
        foreach (var field in fields)
        {
            var typed = wanted.Fields.GetValueOrDefault(field.Id) ?? "";
            if (string.IsNullOrWhiteSpace(typed))
            {
                if (field.IsRequired)
                {
                    errors[NameOf(field)] = [$"“{field.Name}” is required; give {FieldContent.Right(field)}."];
                }
            }
            else if (typed == current.Fields.GetValueOrDefault(field.Id))
            {
                values[field.Id] = typed;
            }
            else if (FieldContent.Read(field, SheetCell.OfText(typed), out var problem) is { } content)
            {
                values[field.Id] = content.Typed();
            }
            else
            {
                errors[NameOf(field)] = [$"“{field.Name}”: {problem}"];
            }
        }

        return values;
    }
}
