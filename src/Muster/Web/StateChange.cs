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
            .. before.Where(was => was.Value.Length > 0 && !after.ContainsKey(was.Key)).Select(was => Line(was.Key, null, was.Value)),
        ];
    }

    private static string Line(string name, string? was, string now) =>
        string.IsNullOrEmpty(was)
            ? $"{Labels.OfMember(name)}: {now}"
            : $"{Labels.OfMember(name)}: {was} → {(now.Length == 0 ? "none" : now)}";

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
