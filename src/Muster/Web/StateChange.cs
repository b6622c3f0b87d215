using System.Globalization;
using System.Text.Json;
using Muster.Bulk;

namespace Muster.Web;

/// <summary>What an item changes, member by member: "Status: Active → Archived".</summary>
public static class StateChange
{
    /// <summary>The members that differ first, then what else the preview saw.</summary>
    public static IReadOnlyList<string> Of(OperationItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var (before, after) = (Members(item.Before), Members(item.After));
        return
        [
            .. after
                .Where(now => (before.GetValueOrDefault(now.Key) ?? "") != now.Value)
                .Select(now => Line(now.Key, before.GetValueOrDefault(now.Key), now.Value)),
            .. before
                .Where(was => was.Value.Length > 0 && !after.ContainsKey(was.Key))
                .Select(was => Line(was.Key, null, was.Value))
                .Where(line => line.Length > 0),
        ];
    }

    /// <summary>Memberships and the enrolments they bring are said in words of their own; everything else as name and value.</summary>
    private static string Line(string name, string? was, string now) =>
        (name, was, now.Split(' ')) switch
        {
            ("member", _, ["yes"]) => "Added to the group",
            ("member", _, ["no"]) => "Taken out of the group",
            ("enrolments", null, [.., "0"]) => "",
            ("enrolments", null, ["now", var count]) => NewEnrolments(count),
            ("enrolments", null, ["on", "acceptance", var count]) => NewEnrolments(count) + " on acceptance",
            (_, null or "", _) => $"{Labels.OfMember(name)}: {now}",
            _ => $"{Labels.OfMember(name)}: {was} → {(now.Length == 0 ? "none" : now)}",
        };

    private static string NewEnrolments(string count) =>
        long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? Words.Count(number, "new enrolment")
            : $"New enrolments: {count}";

    private static Dictionary<string, string> Members(string? json)
    {
        if (json is null)
        {
            return [];
        }

        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind != JsonValueKind.Object
            ? []
            : document
                .RootElement.EnumerateObject()
                .ToDictionary(member => member.Name, member => InWords(member.Value), StringComparer.Ordinal);
    }

    private static string InWords(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.True => "yes",
            JsonValueKind.False => "no",
            JsonValueKind.Null => "",
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(InWords)),
            _ => value.GetRawText(),
        };
}
