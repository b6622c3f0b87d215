using System.Globalization;
using System.Text;

namespace Muster.People;

/// <summary>The folded forms of names by which people are sorted and found.</summary>
public static class Names
{
    /// <summary>Lower-cased text without diacritics, as used for sorting and searching: "Ünïcode" becomes "unicode".</summary>
    public static string Fold(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Ascii.IsValid(text))
        {
            return text.ToLowerInvariant();
        }

        var folded = new StringBuilder(text.Length);
        foreach (var rune in text.Normalize(NormalizationForm.FormD).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
            {
                // The two small sigmas have one capital: typed in capitals or not, it is the same name.
                folded.Append(rune.Value == 'ς' ? "σ" : Rune.ToLowerInvariant(rune).ToString());
            }
        }

        return folded.ToString().Normalize(NormalizationForm.FormC);
    }

    /// <summary>The key lists sort by: last name, then first name.</summary>
    public static string SortKey(string firstName, string lastName) => $"{Fold(lastName)}, {Fold(firstName)}";

    /// <summary>Compares two sort keys as both databases do: by code point, where .NET's ordinal order has those above U+FFFF before some below.</summary>
    public static int CompareSortNames(string first, string second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var same = first.AsSpan().CommonPrefixLength(second);
        return same == first.Length || same == second.Length ? first.Length - second.Length : Place(first[same]) - Place(second[same]);

        static int Place(char unit) =>
            char.IsSurrogate(unit) ? unit + 0x2000
            : unit >= 0xE000 ? unit - 0x800
            : unit;
    }

    /// <summary>The text that search looks into: first name, last name and e-mail address.</summary>
    public static string SearchText(string firstName, string lastName, string email) => $"{Fold(firstName)} {Fold(lastName)} {Fold(email)}";
}
