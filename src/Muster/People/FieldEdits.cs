using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;
using Muster.Files;

namespace Muster.People;

/// <summary>What a person can say of a custom field.</summary>
/// <param name="Name">Required, at most 100 characters, unlike every other column of a file.</param>
/// <param name="Kind">Fixed once the field is made; null leaves it (text for a new field).</param>
/// <param name="IsRequired">Whoever is invited or edited from then on needs a value.</param>
/// <param name="Choices">The values of a choice, in their order.</param>
/// <param name="Place">From 1, where it stands among the fields; null leaves it (last for a new field).</param>
public sealed record FieldDetails(string? Name, FieldKind? Kind, bool IsRequired, IReadOnlyList<string>? Choices, int? Place);

/// <summary>How a field is used.</summary>
/// <param name="Values">People who have a value.</param>
/// <param name="Former">Values that are no longer among the choices, with the number of people who have them.</param>
public sealed record FieldUse(long Values, IReadOnlyList<FormerChoice> Former);

/// <summary>A value that is no longer a choice; it stays until somebody chooses another.</summary>
public sealed record FormerChoice(string Text, long People);

/// <summary>Makes, changes and deletes custom fields.</summary>
public sealed class FieldEdits(Databases databases, TimeProvider clock)
{
    /// <summary>The most characters of a name or a choice.</summary>
    public const int MaxName = 100;

    private const int MostChoices = 500;

    /// <summary>How a field is used now.</summary>
    public static async Task<FieldUse> Use(MusterDb db, CustomField field, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(field);
        var (workspaceId, id) = (field.WorkspaceId, field.Id);
        var values = db.FieldValues.Where(v => v.WorkspaceId == workspaceId && v.FieldId == id);
        var count = await values.LongCountAsync(ct);
        if (field.Kind != FieldKind.Choice)
        {
            return new(count, []);
        }

        var choices = InvitationColumns.ChoicesOf(field);
        var former = await values
            .Where(v => v.Text != null && !choices.Contains(v.Text))
            .GroupBy(v => v.Text!)
            .Select(group => new { group.Key, Count = group.LongCount() })
            .OrderBy(group => group.Key)
            .ToListAsync(ct);
        return new(count, [.. former.Select(one => new FormerChoice(one.Key, one.Count))]);
    }

    /// <summary>Saves a field; without an id a new one. Values that people have stay, even those whose choice is gone.</summary>
    /// <returns>Its id; null when there is no such field in the workspace.</returns>
    /// <exception cref="ParametersException">Names each wrong field.</exception>
    public async Task<long?> Save(Requester requester, long? id, FieldDetails details, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(requester);
        ArgumentNullException.ThrowIfNull(details);
        var workspaceId = requester.Actor.WorkspaceId;
        await using var db = databases.Open(workspaceId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.TakeTurn(workspaceId, ct);
        var all = await db.Fields.Where(f => f.WorkspaceId == workspaceId).OrderBy(f => f.Position).ThenBy(f => f.Id).ToListAsync(ct);
        var field = id is null ? null : all.Find(f => f.Id == id);
        if (id is not null && field is null)
        {
            return null;
        }

        var (name, kind) = (CheckName(details.Name, all.Where(f => f.Id != id)), CheckKind(details.Kind, field));
        var choices = kind == FieldKind.Choice ? CheckChoices(details.Choices ?? field?.Choices?.Split('\n') ?? []) : null;
        field ??= db
            .Fields.Add(
                new CustomField
                {
                    WorkspaceId = workspaceId,
                    Id = await db.Reserve(workspaceId, 1, ct),
                    Name = name,
                    NameKey = "",
                    Kind = kind,
                }
            )
            .Entity;
        (field.Name, field.NameKey, field.IsRequired, field.Choices) = (name, Names.Fold(name), details.IsRequired, choices);
        Place(all, field, details.Place);
        await db.SaveChangesAsync(ct);
        await Audit.Write(db, requester, "field.saved", new { field = field.Id }, clock.Now(), ct);
        await transaction.CommitAsync(ct);
        return field.Id;
    }

    /// <summary>Deletes a field with the values that people have.</summary>
    /// <param name="requester">Who asks.</param>
    /// <param name="id">The field.</param>
    /// <param name="expectedValues">How many values the caller knows will be lost.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>False when there is no such field in the workspace.</returns>
    /// <exception cref="ConflictException">There are more values, or fewer, than the caller expects.</exception>
    public async Task<bool> Delete(Requester requester, long id, long expectedValues, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(requester);
        var workspaceId = requester.Actor.WorkspaceId;
        await using var db = databases.Open(workspaceId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.TakeTurn(workspaceId, ct);
        var values = await db.FieldValues.Where(v => v.WorkspaceId == workspaceId && v.FieldId == id).ExecuteDeleteAsync(ct);
        if (await db.Fields.Where(f => f.WorkspaceId == workspaceId && f.Id == id).ExecuteDeleteAsync(ct) == 0)
        {
            return false;
        }

        if (values != expectedValues)
        {
            throw new ConflictException(
                $"Values that would be lost: {values:N0}, not {expectedValues:N0}. Look at the field again before you delete it."
            );
        }

        await Audit.Write(db, requester, "field.deleted", new { field = id, values }, clock.Now(), ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    private static string CheckName(string? typed, IEnumerable<CustomField> others)
    {
        CellValues.TryName(SheetCell.OfText(typed ?? ""), out var name, out _);
        if (name.Length is 0 or > MaxName)
        {
            throw new ParametersException("name", $"Enter a name of at most {MaxName} characters.");
        }

        var probe = new CustomField { Name = name, NameKey = Names.Fold(name) };
        if (!InvitationColumns.IsColumn(probe))
        {
            throw new ParametersException("name", "Every file has a column of this name already; choose another name.");
        }

        if (others.Any(other => other.NameKey == probe.NameKey || HeaderMap.KeyOf(other.Name) == HeaderMap.KeyOf(name)))
        {
            throw new ParametersException("name", "There is a field of this name already; choose another name.");
        }

        return name;
    }

    private static FieldKind CheckKind(FieldKind? wanted, CustomField? field)
    {
        if (wanted is { } kind && (!Enum.IsDefined(kind) || (field is not null && field.Kind != kind)))
        {
            throw new ParametersException(
                "kind",
                field is null ? "Choose what the field holds." : "What a field holds is fixed once it is made; make another field."
            );
        }

        return wanted ?? field?.Kind ?? FieldKind.Text;
    }

    private static string CheckChoices(IReadOnlyList<string> typed)
    {
        var choices = new List<string>();
        foreach (var line in typed.Where(line => !string.IsNullOrWhiteSpace(line)))
        {
            CellValues.TryName(SheetCell.OfText(line), out var choice, out _);
            if (choice.Length > MaxName)
            {
                throw new ParametersException(
                    "choices",
                    $"“{InvitationCells.Shorten(choice)}” is too long; a choice has at most {MaxName} characters."
                );
            }

            choices.Add(choice);
        }

        if (choices.Count is 0 or > MostChoices)
        {
            throw new ParametersException("choices", $"Write the choices, one a line, from one to {MostChoices}.");
        }

        return choices.GroupBy(Names.Fold).FirstOrDefault(same => same.Skip(1).Any()) is { } twice
            ? throw new ParametersException("choices", $"“{twice.First()}” is there twice; keep one of them.")
            : string.Join('\n', choices);
    }

    /// <summary>Numbers the fields anew, with one of them at a place.</summary>
    private static void Place(List<CustomField> all, CustomField field, int? place)
    {
        var stood = all.IndexOf(field);
        all.Remove(field);
        all.Insert(
            Math.Clamp(
                place is { } wanted ? wanted - 1
                    : stood < 0 ? all.Count
                    : stood,
                0,
                all.Count
            ),
            field
        );
        for (var i = 0; i < all.Count; i++)
        {
            all[i].Position = i;
        }
    }
}
