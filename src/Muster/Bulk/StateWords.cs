using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Muster.Bulk;

/// <summary>
/// An item's before and after, which are stored as flat JSON, in words. Under a name that begins with "enrols" stand ids of courses, each behind a space:
/// stored by id, a new title is no change. A name that begins with "#" is compared when the item runs and shown to nobody.
/// </summary>
public static class StateWords
{
    private const string Courses = "enrols";

    /// <summary><c>{"status":"Active","openEnrolments":3}</c> becomes "Status: Active; open enrolments: 3".</summary>
    /// <param name="json">The stored state; null is none.</param>
    /// <param name="names">Groups and courses by id, with those of <see cref="IdsIn"/> among them.</param>
    public static string Of(string? json, IReadOnlyDictionary<long, string> names) =>
        string.IsNullOrEmpty(json) ? ""
        : Read(json) is { } state ? Sentence(state, names)
        : json;

    /// <summary>The ids that stand in a state.</summary>
    public static IEnumerable<long> IdsIn(string? json) =>
        json is not null && json.Contains(Courses, StringComparison.Ordinal) && Read(json) is { } state
            ? state.Where(IsCourses).SelectMany(p => Ids(p.Value))
            : [];

    private static List<JsonProperty>? Read(string json)
    {
        try
        {
            var state = JsonElement.Parse(json);
            return state.ValueKind == JsonValueKind.Object ? [.. state.EnumerateObject()] : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsCourses(JsonProperty property) =>
        property.Name.StartsWith(Courses, StringComparison.Ordinal) && property.Value.ValueKind == JsonValueKind.String;

    private static IEnumerable<long> Ids(JsonElement value) =>
        value
            .GetString()!
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(id => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0);

    private static string Sentence(List<JsonProperty> state, IReadOnlyDictionary<long, string> names)
    {
        var words = string.Join(
            "; ",
            state
                .Where(p => p.Value.ValueKind != JsonValueKind.Null && p.Name[0] != '#')
                .Select(p => (p.Name, Value: IsCourses(p) ? Named(p.Value, names) : Value(p.Value)))
                .Where(p => p.Value.Length > 0)
                .Select(p => $"{Spaced(p.Name)}: {p.Value}")
        );
        return words.Length == 0 ? "" : char.ToUpper(words[0], CultureInfo.InvariantCulture) + words[1..];
    }

    private static string Named(JsonElement ids, IReadOnlyDictionary<long, string> names) =>
        string.Join(", ", Ids(ids).Select(id => names.GetValueOrDefault(id, $"(removed, {id})")));

    private static string Value(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.True => "yes",
            JsonValueKind.False => "no",
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Value)),
            _ => value.GetRawText(),
        };

    private static string Spaced(string name)
    {
        var words = new StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            if (char.IsUpper(c))
            {
                words.Append(' ');
            }

            words.Append(char.ToLowerInvariant(c));
        }

        return words.ToString();
    }
}
