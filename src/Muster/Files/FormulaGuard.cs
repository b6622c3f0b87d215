using System.Buffers;

namespace Muster.Files;

/// <summary>
/// Keeps a spreadsheet from running text as a formula: text that begins with a dangerous character gets one apostrophe in front,
/// and import takes exactly that apostrophe away again.
/// </summary>
/// <remarks>The apostrophe itself is in the set, which is what makes the mapping reversible for every text.</remarks>
public static class FormulaGuard
{
    private static readonly SearchValues<char> Dangerous = SearchValues.Create("=+-@\t\r\n\0'＝＋－＠");

    /// <summary>Whether a spreadsheet might run <paramref name="text"/>, judged by its first character.</summary>
    public static bool IsDangerous(ReadOnlySpan<char> text) => !text.IsEmpty && Dangerous.Contains(text[0]);

    /// <summary>The text to write where any text could be run (CSV).</summary>
    public static string Neutralise(string text) => IsDangerous(text) ? "'" + text : text;

    /// <summary>The text to write where text cannot be run (a text cell of a workbook), so that <see cref="Restore"/> still gives it back.</summary>
    public static string KeepRestorable(string text) => IsGuarded(text) ? "'" + text : text;

    /// <summary>The text that was meant by a cell that may carry the apostrophe.</summary>
    public static string Restore(string text) => IsGuarded(text) ? text[1..] : text;

    private static bool IsGuarded(string text) => text is ['\'', _, ..] && Dangerous.Contains(text[1]);
}
