using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json;
using Muster.Bulk;

namespace Muster.Api;

/// <summary>Reads a request's JSON strictly: an unknown member or a wrong kind of value is named, and what annotations say is checked.</summary>
internal static class RequestBody
{
    /// <summary>The body as a value and as the text it came in, which is what an idempotency key is bound to.</summary>
    /// <exception cref="ParametersException">Names each wrong member.</exception>
    public static async Task<(T Value, string Text)> Read<T>(HttpRequest request, CancellationToken ct)
        where T : class
    {
        if (!request.HasJsonContentType())
        {
            throw new BadHttpRequestException(
                "Send JSON, with the header Content-Type: application/json.",
                StatusCodes.Status415UnsupportedMediaType
            );
        }

        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(ct);
        return (Parse<T>(text), text);
    }

    /// <summary>The same where the body may be left out.</summary>
    public static async Task<(T Value, string Text)> ReadOrDefault<T>(HttpRequest request, CancellationToken ct)
        where T : class, new()
    {
        if (request.ContentLength is > 0 || request.Headers.TransferEncoding.Count > 0)
        {
            return await Read<T>(request, ct);
        }

        return (new T(), "");
    }

    private static T Parse<T>(string text)
        where T : class
    {
        T? value;
        try
        {
            value = JsonSerializer.Deserialize<T>(text, Json.Strict);
        }
        catch (JsonException e)
        {
            var field = e.Path is { Length: > 2 } path ? path[2..] : "body";
            throw new ParametersException(field, Explain(e, field));
        }

        if (value is null)
        {
            throw new ParametersException("body", "Send a JSON object, not null.");
        }

        var wrong = new List<ValidationResult>();
        if (!Validator.TryValidateObject(value, new ValidationContext(value), wrong, validateAllProperties: true))
        {
            throw new ParametersException(
                wrong
                    .SelectMany(
                        result => result.MemberNames.DefaultIfEmpty("body"),
                        (result, member) => (Member: JsonNamingPolicy.CamelCase.ConvertName(member), Text: result.ErrorMessage!)
                    )
                    .GroupBy(pair => pair.Member)
                    .ToDictionary(group => group.Key, group => group.Select(pair => pair.Text).ToArray())
            );
        }

        return value;
    }

    /// <summary>In words without the names of our types.</summary>
    private static string Explain(JsonException e, string field)
    {
        if (e.Message.Contains("could not be mapped", StringComparison.Ordinal))
        {
            return $"There is no member '{field}'.";
        }

        return e.Message.Contains("could not be converted", StringComparison.Ordinal)
            ? $"The value of '{field}' is not of the kind that is expected there."
            : $"This is not JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.";
    }
}
