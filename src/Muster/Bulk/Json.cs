using System.Text.Json;
using System.Text.Json.Serialization;

namespace Muster.Bulk;

/// <summary>How JSON is read and written everywhere: camelCase names, enum names as words, unknown members refused.</summary>
public static class Json
{
    public static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowTrailingCommas = false,
        NumberHandling = JsonNumberHandling.Strict,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Strict);

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Strict)!;
}
