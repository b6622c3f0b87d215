using Muster.Bulk;
using Muster.Files;

namespace Muster.Api;

/// <summary>What was asked for is not there, or in another workspace, which looks the same (404).</summary>
public sealed class MissingException(string message) : Exception(message);

/// <summary>Turns what is refused into RFC 9457 problem details: what is wrong, where, and what would be right.</summary>
internal sealed class Problems : IEndpointFilter
{
    /// <summary>The field of <see cref="ParametersException"/> under which a used-up idempotency key is refused.</summary>
    private const string KeyField = "Idempotency-Key";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (ParametersException wrong)
        {
            var isKey = wrong.Errors.ContainsKey(KeyField);
            return TypedResults.Problem(
                new HttpValidationProblemDetails(wrong.Errors.ToDictionary())
                {
                    Status = isKey ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status400BadRequest,
                    Title = "The request is wrong.",
                    Detail = wrong.Message,
                }
            );
        }
        catch (ConflictException conflict)
        {
            return TypedResults.Problem(
                conflict.Message,
                statusCode: StatusCodes.Status409Conflict,
                title: "This does not fit how things are."
            );
        }
        catch (MissingException missing)
        {
            return TypedResults.Problem(missing.Message, statusCode: StatusCodes.Status404NotFound, title: "Not found.");
        }
        catch (SpreadsheetException file)
        {
            return Unprocessable(file.Message, "The file cannot be used.", file.Code);
        }
        catch (BadHttpRequestException bad)
        {
            return TypedResults.Problem(bad.Message, statusCode: bad.StatusCode, title: "The request cannot be read.");
        }
    }

    public static IResult Unprocessable(string sentence, string title, string code) =>
        TypedResults.Problem(
            sentence,
            statusCode: StatusCodes.Status422UnprocessableEntity,
            title: title,
            extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["code"] = code }
        );
}
