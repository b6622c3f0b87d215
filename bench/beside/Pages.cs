using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Muster.People;

namespace Muster.Bench;

/// <summary>The pages that are read: every filter of the users list in the large workspace A, its operations, and the lists of the small one B.</summary>
public static class Pages
{
    /// <param name="live">The server.</param>
    /// <param name="work">The large operation.</param>
    /// <param name="waiting">An operation on everybody in A whose preview waits for a person.</param>
    public static async Task<IReadOnlyList<Page>> Of(Live live, LargeWork work, long waiting)
    {
        ArgumentNullException.ThrowIfNull(live);
        ArgumentNullException.ThrowIfNull(work);
        var (a, b) = (live.Large, live.Small);
        await using var db = live.Open(a);
        var middle = await db
            .Profiles.Where(p => p.WorkspaceId == a.Id)
            .InListOrder()
            .Skip(a.Ground.Users / 2)
            .Select(p => p.Id)
            .FirstAsync();
        var unit = await db.Units.Where(u => u.WorkspaceId == a.Id && u.Tier == 1).Select(u => u.Id).FirstAsync();
        var field = await db.Fields.Where(f => f.WorkspaceId == a.Id).Select(f => f.Id).SingleAsync();
        var ordinal = a.Ground.Users / 2;
        return
        [
            .. new (string What, FormattableString Query)[]
            {
                ("first page", $""),
                ("descending", $"?sort=desc"),
                ("deep page", $"?after={middle}"),
                ("page before a deep one", $"?before={middle}"),
                ("search, a first name", $"?search=anna"),
                ("search, two words", $"?search=anna+ross"),
                ("search, one e-mail", $"?search={Seed.Email(ordinal)}"),
                ("search, nobody", $"?search=qqqxyz"),
                ("search, two letters", $"?search=ro"),
                ("role Admin", $"?role=admin"),
                ("role Manager (nobody)", $"?role=manager"),
                ("unit with those below", $"?unit={unit}"),
                ("unit alone", $"?unit={unit}&exact=true"),
                ("group", $"?group={a.Ground.Groups[5]}"),
                ("group that is being filled", $"?group={a.Group}"),
                ("status Invited", $"?status=invited"),
                ("status Active", $"?status=active"),
                ("status Expired (nobody)", $"?status=expired"),
                ("status Archived (nobody)", $"?status=archived"),
                ("any status, deep page", $"?status=all&after={middle}"),
                ("course", $"?course={a.Ground.Courses[0]}"),
                ("custom field", $"?field={field}&is=Site+7"),
                ("last active", $"?activeFrom=2026-02-01&activeTo=2026-02-07"),
                ("registered", $"?registeredFrom=2026-01-01&registeredTo=2026-01-31"),
                ("group, status and search", $"?group={a.Ground.Groups[5]}&status=active&search=anna"),
                ("unit, custom field, deep page", $"?unit={unit}&field={field}&is=Site+7&after={middle}"),
            }.Select(page => new Page($"A, users: {page.What}", () => In(a, "users" + FormattableString.Invariant(page.Query)))),
            new("A, operations", () => In(a, "operations")),
            new("A, operation while it runs", () => work.IsRunning ? In(a, Api.At(work.Current)) : null, IsFleeting: true),
            new(
                "A, operation while it is previewed",
                () => work is { IsRunning: false, Current: not 0 } ? In(a, Api.At(work.Current)) : null,
                IsFleeting: true
            ),
            new(
                "A, operation's progress alone",
                () => work.Current == 0 ? null : In(a, Api.At(work.Current, "progress")),
                IsFleeting: true
            ),
            new("A, summary of an operation on everybody", () => work.Last == 0 ? null : In(a, Api.At(work.Last)), IsFleeting: true),
            new("A, preview of everybody", () => In(a, Api.At(waiting))),
            new("A, preview, deep page", () => In(a, FormattableString.Invariant($"operations/{waiting}?after={ordinal}.0"))),
            new("A, preview, will change", () => In(a, Api.At(waiting) + "?verdict=willChange")),
            new("A, preview, skipped", () => In(a, Api.At(waiting) + "?verdict=skipped")),
            new("A, preview, search", () => In(a, Api.At(waiting) + "?search=anna")),
            new("B, users: first page", () => In(b, "users")),
            new("B, users: search", () => In(b, "users?search=anna")),
            new("B, users: group", () => In(b, FormattableString.Invariant($"users?group={b.Ground.Groups[5]}"))),
            new("B, operations", () => In(b, "operations")),
        ];
    }

    private static string In(Place place, string path) => string.Create(CultureInfo.InvariantCulture, $"w/{place.Id}/{path}");
}
