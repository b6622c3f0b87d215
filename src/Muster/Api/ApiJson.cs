using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Muster.Api;

/// <summary>How answers are written: camelCase, enum members as words, nothing that is null.</summary>
public static class ApiJson
{
    /// <summary>The options of answers, for those who write one outside a request.</summary>
    public static readonly JsonSerializerOptions Options = Configured();

    internal static void Configure(JsonSerializerOptions json)
    {
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        // Answers are JSON and never sniffed as anything else, so names may stand as they are.
        json.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
    }

    private static JsonSerializerOptions Configured()
    {
        var json = new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true };
        Configure(json);
        json.MakeReadOnly(populateMissingResolver: true);
        return json;
    }
}
