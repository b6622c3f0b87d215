using System.Text.Json;
using Muster.Bulk;
using Muster.Data;

namespace Muster.Web;

/// <summary>An operation's parameters in words: "Fire safety, First aid; expires on 2027-01-31".</summary>
public static class ParametersInWords
{
    /// <summary>Words, or null where there are no parameters (yet).</summary>
    public static async Task<string?> Of(MusterDb db, Operation operation, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(operation);
        if (operation.Parameters == Operation.NoParametersYet)
        {
            return null;
        }

        var members = JsonElement.Parse(operation.Parameters).EnumerateObject().ToList();
        var ids = members.Where(m => m.Value.ValueKind == JsonValueKind.Array).SelectMany(m => Ids(m.Value)).Distinct().ToList();
        var names = await ItemList.NamesOf(db, operation.WorkspaceId, ids, ct);
        var words = members.Select(m => Word(m, names)).OfType<string>().ToList();
        return words.Count == 0 ? null : string.Join("; ", words);
    }

    private static string? Word(JsonProperty member, IReadOnlyDictionary<long, string> names) =>
        member.Value.ValueKind switch
        {
            JsonValueKind.Array => string.Join(", ", Ids(member.Value).Select(id => names.GetValueOrDefault(id, $"(removed, {id})"))),
            JsonValueKind.String => $"{Labels.OfMember(member.Name).ToLowerInvariant()} {member.Value.GetString()}",
            JsonValueKind.Number => $"{Labels.OfMember(member.Name).ToLowerInvariant()} {member.Value.GetRawText()}",
            JsonValueKind.True => Labels.OfMember(member.Name).ToLowerInvariant(),
            _ => null,
        };

    private static IEnumerable<long> Ids(JsonElement array) =>
        array.EnumerateArray().Where(id => id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out _)).Select(id => id.GetInt64());
}
