using Muster.Bulk;

namespace Muster.Web;

/// <summary>What an item changes, member by member: "Status: Active → Archived".</summary>
public static class StateChange
{
    /// <summary>The members that differ first, then what else the preview saw.</summary>
    public static IReadOnlyList<string> Of(OperationItem item, IReadOnlyDictionary<long, string> names)
    {
        ArgumentNullException.ThrowIfNull(item);
        var before = StateWords.Members(item.Before, names, [.. StateWords.IdsIn(item.After)]).ToDictionary(StringComparer.Ordinal);
        var after = StateWords.Members(item.After, names).ToDictionary(StringComparer.Ordinal);
        return
        [
            .. after
                .Where(now => (before.GetValueOrDefault(now.Key) ?? "") != now.Value)
                .Select(now => Line(now.Key, before.GetValueOrDefault(now.Key), now.Value)),
            .. before
                .Where(was => was.Value.Length > 0 && !after.ContainsKey(was.Key) && !IsNoSeat(was.Key))
                .Select(was => Line(was.Key, null, was.Value)),
        ];
    }

    /// <summary>Said of what will be; a seat that was missing then is no news when the change is taken back.</summary>
    private static bool IsNoSeat(string name) => name.StartsWith(StateWords.NoSeat, StringComparison.Ordinal);

    /// <summary>Memberships and the enrolments they bring are said in words of their own; everything else as name and value.</summary>
    private static string Line(string name, string? was, string now) =>
        (name, was, now) switch
        {
            ("member", _, "yes") => "Added to the group",
            ("member", _, "no") => "Taken out of the group",
            ("enrolsNow", _, _) => $"Enrolled in {now}",
            ("enrolsOnAcceptance", _, _) => $"Enrolled in {now} on acceptance",
            _ when IsNoSeat(name) => $"No seat in {now}",
            (_, null or "", _) => $"{Labels.OfMember(name)}: {now}",
            _ => $"{Labels.OfMember(name)}: {was} → {(now.Length == 0 ? "none" : now)}",
        };
}
