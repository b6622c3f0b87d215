using Muster.Bulk;

namespace Muster.Web;

/// <summary>What is wrong with a posted form, by field name; shown by the fields and by <see cref="ErrorSummary"/>.</summary>
public sealed class FieldErrors
{
    private readonly List<KeyValuePair<string, string>> _errors = [];

    /// <summary>The first error of a field, or null.</summary>
    public string? this[string field] => _errors.Where(error => error.Key == field).Select(error => error.Value).FirstOrDefault();

    /// <summary>True when there is something to say.</summary>
    public bool Any => _errors.Count > 0;

    /// <summary>All errors in the order they were added.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> All => _errors;

    /// <summary>Adds an error to a field; an empty name speaks about the whole form.</summary>
    public void Add(string field, string sentence) => _errors.Add(new(field, sentence));

    /// <summary>Takes over what the domain refused; the answer becomes 422.</summary>
    public void Take(ParametersException refused, HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(refused);
        ArgumentNullException.ThrowIfNull(http);
        foreach (var (field, sentences) in refused.Errors)
        {
            foreach (var sentence in sentences)
            {
                Add(field, sentence);
            }
        }

        http.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
    }
}
