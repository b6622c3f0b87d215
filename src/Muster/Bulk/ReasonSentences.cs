namespace Muster.Bulk;

/// <summary>The words of an action's reasons.</summary>
public sealed class ReasonSentences
{
    private readonly Dictionary<string, string> byCode = new(StringComparer.Ordinal);

    public ReasonSentences(BulkAction action)
    {
        ArgumentNullException.ThrowIfNull(action);
        foreach (var reason in action.Reasons)
        {
            byCode.TryAdd(reason.Code, reason.Sentence);
        }
    }

    /// <summary>The sentence of a code; null when the action declares no such reason.</summary>
    public string? Find(string code) => byCode.GetValueOrDefault(code);

    /// <summary>A code as words: <c>bad-email</c> becomes "Bad email".</summary>
    public static string Spell(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return code.Length == 0 ? "" : char.ToUpperInvariant(code[0]) + code[1..].Replace('-', ' ');
    }
}
