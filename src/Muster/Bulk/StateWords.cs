using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Muster.Bulk;

/// <summary>
/// An item's before and after, which are stored as flat JSON, in words. Under a name that begins with "enrols" or "noSeat" stand ids of courses, each behind a
/// space: stored by id, a new title is no change. A name that begins with "#" is compared when the item runs and shown to nobody.
/// </summary>
public static class StateWords
{
    /// <summary>What the name of a member begins with that says at which course there is no seat; the course's id follows, so that there can be several.</summary>
    public const string NoSeat = "noSeat";

    /// <summary>The members of a state with their values in words; none for null or what is not an object.</summary>
    /// <param name="json">The stored state.</param>
    /// <param name="names">Groups and courses by id, with those of <see cref="IdsIn"/> among them.</param>
    /// <param name="without">Ids to leave out.</param>
    public static IReadOnlyList<(string Name, string Value)> Members(
        string? json,
        IReadOnlyDictionary<long, string> names,
        IReadOnlyCollection<long>? without = null
    ) =>
        [
            .. Read(json)
                .Where(member => member.Name[0] != '#')
                .Select(member =>
                    (
                        member.Name,
                        IsCourses(member)
                            ? string.Join(", ", Ids(member.Value).Except(without ?? []).Select(id => NameOf(id, names)))
                            : Value(member.Value)
                    )
                ),
        ];

    /// <summary><c>{"status":"Active","openEnrolments":3}</c> becomes "Status: Active; open enrolments: 3".</summary>
    public static string Of(string? json, IReadOnlyDictionary<long, string> names, IReadOnlyCollection<long>? without = null)
    {
        var words = string.Join(
            "; ",
            Members(json, names)
                .Where(member => member.Value.Length > 0)
                .Select(member =>
                    $"{Spaced(member.Name.StartsWith(NoSeat, StringComparison.Ordinal) ? NoSeat : member.Name)}: {member.Value}"
                )
        );
        return words.Length == 0 ? "" : char.ToUpper(words[0], CultureInfo.InvariantCulture) + words[1..];
    }

    /// <summary>The ids that stand in a state.</summary>
    public static IEnumerable<long> IdsIn(string? json) => Read(json).Where(IsCourses).SelectMany(member => Ids(member.Value));

    private static List<JsonProperty> Read(string? json)
    {
        if (string.IsNullOrEmpty(json))
        {
            return [];
        }

        try
        {
            var state = JsonElement.Parse(json);
            return state.ValueKind == JsonValueKind.Object ? [.. state.EnumerateObject()] : [];
        }
        catch (JsonException)
        {
            // The database writes these texts; one that is broken must not take the page of all the others with it.
            return [];
        }
    }

    private static bool IsCourses(JsonProperty member) =>
        (member.Name.StartsWith("enrols", StringComparison.Ordinal) || member.Name.StartsWith(NoSeat, StringComparison.Ordinal))
        && member.Value.ValueKind == JsonValueKind.String;

    private static IEnumerable<long> Ids(JsonElement value) =>
        value
            .GetString()!
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(id => long.Parse(id, NumberStyles.None, CultureInfo.InvariantCulture));

    private static string NameOf(long id, IReadOnlyDictionary<long, string> names) => names.GetValueOrDefault(id, $"(removed, {id})");

    private static string Value(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.True => "yes",
            JsonValueKind.False => "no",
            JsonValueKind.Null => "",
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
