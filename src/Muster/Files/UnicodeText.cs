using System.Text;

namespace Muster.Files;

/// <summary>Text from outside, made safe to compare and store.</summary>
internal static class UnicodeText
{
    /// <summary>Normalises any text; what is no character (half a surrogate pair, U+FFFE) becomes U+FFFD instead of an exception.</summary>
    public static string Compose(string text, NormalizationForm form = NormalizationForm.FormC)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }
        var valid = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\uFFFE', '\uFFFD').Replace('\uFFFF', '\uFFFD');
        return valid.Normalize(form);
    }

    /// <summary>Takes spaces of every kind, zero-width characters and byte order marks off both ends.</summary>
    public static string TrimInvisible(string text)
    {
        var start = 0;
        var end = text.Length;
        while (start < end && IsEdge(text[start]))
        {
            start++;
        }
        while (end > start && IsEdge(text[end - 1]))
        {
            end--;
        }
        return end - start == text.Length ? text : text[start..end];
    }

    /// <summary>A text for a sentence: cut short when it is long.</summary>
    public static string Shorten(string text) => text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 57), "…");

    private static bool IsEdge(char c) => char.IsWhiteSpace(c) || c is (>= '\u200B' and <= '\u200D') or '\u2060' or '\uFEFF';
}
