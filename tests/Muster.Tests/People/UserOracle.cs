using System.Globalization;
using System.Text;
using Muster.People;

namespace Muster.Tests;

/// <summary>The users list's filters once more, as plainly as they can be said, over people in memory.</summary>
internal static class UserOracle
{
    /// <summary>
    /// Every word stands in the name or the e-mail address. Words of one or two characters alone are too common to look for everywhere:
    /// then the first or the last of them must begin the last name.
    /// </summary>
    public static bool Matches(Profile person, string search)
    {
        var words = Upper(search).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        string[] texts = [Upper(person.FirstName), Upper(person.LastName), Upper(person.Email)];
        bool IsLong(string word) => word.EnumerateRunes().Count() > 2;
        return words.All(word => texts.Any(text => text.Contains(word, StringComparison.Ordinal)))
            && (
                words.Length == 0
                || words.Any(IsLong)
                || new[] { words[0], words[^1] }.Any(word => texts[1].StartsWith(word, StringComparison.Ordinal))
            );
    }

    /// <summary>The status people see.</summary>
    public static StatusFilter Standing(Profile person, DateOnly today) =>
        person.Status switch
        {
            ProfileStatus.Invited => StatusFilter.Invited,
            ProfileStatus.Archived => StatusFilter.Archived,
            ProfileStatus.Cancelled => StatusFilter.Cancelled,
            _ => person.ExpiresOn is { } last && last.DayNumber < today.DayNumber ? StatusFilter.Expired : StatusFilter.Active,
        };

    /// <summary>Whether a unit is the one asked for or stands below it.</summary>
    public static bool IsIn(IReadOnlyList<OrganisationUnit> units, long? unit, long asked, bool orBelow) =>
        unit is { } id && (id == asked || (orBelow && IsIn(units, units.Single(u => u.Id == id).ParentId, asked, orBelow)));

    /// <summary>Upper-cased, where the product lower-cases, and without accents.</summary>
    private static string Upper(string text) =>
        string.Concat(
                text.Normalize(NormalizationForm.FormD).Where(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)
            )
            .ToUpperInvariant();
}
