using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Muster.Bulk;

/// <summary>An item's before and after, which are stored as flat JSON, in words.</summary>
public static class StateWords
{
    /// <summary><c>{"status":"Active","openEnrolments":3}</c> becomes "Status: Active; open enrolments: 3".</summary>
    public static string Of(string? json)
    {
        if (string.IsNullOrEmpty(json))
        {
            return "";
        }

        try
        {
            using var state = JsonDocument.Parse(json);
            return state.RootElement.ValueKind == JsonValueKind.Object
                ? Sentence(state.RootElement.EnumerateObject().Where(p => p.Value.ValueKind != JsonValueKind.Null))
                : json;
        }
        catch (JsonException)
        {
            return json;
        }
    }

    private static string Sentence(IEnumerable<JsonProperty> properties)
    {
        var words = string.Join("; ", properties.Select(p => $"{Spaced(p.Name)}: {Value(p.Value)}"));
        return words.Length == 0 ? "" : char.ToUpper(words[0], CultureInfo.InvariantCulture) + words[1..];
    }

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
