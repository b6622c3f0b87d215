using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;
using Muster.People;

namespace Muster.Web;

/// <summary>One condition of a filter in words: "role Learner".</summary>
/// <param name="Name">Name of the <see cref="UserFilter"/>'s member.</param>
/// <param name="Text">The words.</param>
public sealed record FilterTerm(string Name, string Text);

/// <summary>Says what a filter asks for.</summary>
public static class FilterWords
{
    /// <summary>Its conditions, in the order of the page. A unit or group that the reader may not see has no name here.</summary>
    public static async Task<IReadOnlyList<FilterTerm>> Of(MusterDb db, Here here, UserFilter filter, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(here);
        ArgumentNullException.ThrowIfNull(filter);
        var workspaceId = here.Id;
        var terms = new List<FilterTerm>();
        void Say(string name, string text) => terms.Add(new(name, text));
        if (filter.Search is { } search)
        {
            Say(nameof(filter.Search), $"search “{search}”");
        }

        if (filter.Role is { } role)
        {
            Say(nameof(filter.Role), $"role {role}");
        }

        if (filter.Unit is { } unit)
        {
            Say(nameof(filter.Unit), $"unit {await PathOf(db, here, unit, ct) ?? Gone}{(filter.UnitsBelow == false ? " alone" : "")}");
        }

        if (filter.Group is { } group)
        {
            Say(nameof(filter.Group), $"group {await NameOf(db, here, group, ct) ?? Gone}");
        }

        if (filter.Status is { Count: > 0 } status)
        {
            Say(nameof(filter.Status), $"status {string.Join(" or ", status)}");
        }

        if (filter.Course is { } course)
        {
            var title = await db
                .Courses.Where(c => c.WorkspaceId == workspaceId && c.Id == course)
                .Select(c => c.Title)
                .FirstOrDefaultAsync(ct);
            Say(nameof(filter.Course), $"an open attempt at {title ?? Gone}");
        }

        if (filter.Groups is { } groups)
        {
            Say(nameof(filter.Groups), $"membership of {await Named(db, workspaceId, groups, ct)}");
        }

        if (filter.Courses is { } courses)
        {
            Say(nameof(filter.Courses), $"an open attempt at {await Named(db, workspaceId, courses, ct)}");
        }

        if (filter.Field is { } field)
        {
            var name = await db
                .Fields.Where(f => f.WorkspaceId == workspaceId && f.Id == field.Id)
                .Select(f => f.Name)
                .FirstOrDefaultAsync(ct);
            Say(nameof(filter.Field), $"{name ?? Gone} {Of(field)}");
        }

        foreach (
            var (name, words, days) in new[]
            {
                (nameof(filter.Invited), "invited", filter.Invited),
                (nameof(filter.Registered), "registered", filter.Registered),
                (nameof(filter.LastActive), "last active", filter.LastActive),
                (nameof(filter.Expires), "expires", filter.Expires),
            }
        )
        {
            if (days is { } range && range != new DayRange())
            {
                Say(name, $"{words} {range}");
            }
        }

        return terms;
    }

    private const string Gone = "not there (any more)";

    private static Task<string?> PathOf(MusterDb db, Here here, long unit, CancellationToken ct) =>
        here.Visible(db, db.Units.Where(u => u.WorkspaceId == here.Id && u.Id == unit)).Select(u => u.Path).FirstOrDefaultAsync(ct);

    private static Task<string?> NameOf(MusterDb db, Here here, long group, CancellationToken ct) =>
        here.Visible(db, db.Groups.Where(g => g.WorkspaceId == here.Id && g.Id == group)).Select(g => g.Name).FirstOrDefaultAsync(ct);

    private static string Of(FieldFilter field) =>
        string.Join(
            ' ',
            new[]
            {
                field.Is is { } equal ? $"“{equal}”" : null,
                field.From is { } from ? $"from {from}" : null,
                field.To is { } to ? $"to {to}" : null,
            }
                .OfType<string>()
                .DefaultIfEmpty("with any value")
        );

    private static async Task<string> Named(MusterDb db, long workspaceId, IReadOnlyList<long> ids, CancellationToken ct)
    {
        var names = await ItemList.NamesOf(db, workspaceId, [.. ids], ct);
        return string.Join(" or ", ids.Select(id => names.GetValueOrDefault(id, Gone)));
    }
}
