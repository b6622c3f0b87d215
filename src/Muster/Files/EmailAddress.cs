using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Muster.Files;

/// <summary>
/// One e-mail address as people type it into a cell or a box, checked and split into the form to deliver to and the form to compare by.
/// </summary>
/// <remarks>
/// Our own grammar, because the common parsers read a cell with two addresses as the second one or let invisible characters through
/// (see ADR 0005). Tags (<c>ann+course@</c>) and dots are kept: they may be different people.
/// </remarks>
public sealed record EmailAddress
{
    private const int MaxText = 1024;
    private const int MaxLocalOctets = 64;
    private const int MaxOctets = 254;
    private const string AtomSymbols = "!#$%&'*+-/=?^_`{|}~";

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    private EmailAddress(string local, string domain)
    {
        Address = local + "@" + domain;
        Key = Address.ToLowerInvariant();
    }

    /// <summary>The address to deliver to: the local part as typed, the domain in its ASCII form.</summary>
    public string Address { get; }

    /// <summary>The address to compare and index by: all lower-case, the domain in its ASCII form.</summary>
    public string Key { get; }

    /// <summary>Whether only a mail server that offers SMTPUTF8 can take this address.</summary>
    public bool NeedsSmtpUtf8 => !Ascii.IsValid(Address);

    /// <summary>The address to deliver to.</summary>
    public override string ToString() => Address;

    /// <summary>Reads one address from <paramref name="text"/>; otherwise says in a sentence what is wrong and what would be right.</summary>
    /// <param name="text">What was typed: <c>ann@example.com</c>, <c>Ann Lee &lt;ann@example.com&gt;</c> or <c>mailto:ann@example.com</c>.</param>
    /// <param name="address">The address, when the text holds exactly one valid address.</param>
    /// <param name="problem">A sentence for the person who typed it; empty when the address is valid.</param>
    /// <param name="allowDotless">Whether a domain without a dot (<c>ann@intranet</c>) is good enough.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out EmailAddress? address, out string problem, bool allowDotless = false)
    {
        address = null;
        if (!TryIsolate(text, out var bare, out problem))
        {
            return false;
        }
        var at = bare.IndexOf('@', StringComparison.Ordinal);
        var local = bare[..at];
        if (!IsLocalPartGood(local, out problem) || !TryDomain(bare[(at + 1)..], allowDotless, out var domain, out problem))
        {
            return false;
        }
        if (Encoding.UTF8.GetByteCount(local) + 1 + domain.Length > MaxOctets)
        {
            problem = $"The address is longer than {MaxOctets} characters; write the person's real, shorter address.";
            return false;
        }
        address = new EmailAddress(local, domain);
        return true;
    }

    /// <summary>Takes away what may stand around an address and makes sure that exactly one is left.</summary>
    private static bool TryIsolate(string? text, out string bare, out string problem)
    {
        bare = "";
        if (text is { Length: > MaxText })
        {
            problem = $"The text is longer than {MaxText} characters; write one e-mail address such as ann@example.com.";
            return false;
        }
        var trimmed = UnicodeText.Compose(UnicodeText.TrimInvisible(text ?? ""));
        if (trimmed.Length == 0)
        {
            problem = "The e-mail address is missing; write one such as ann@example.com.";
            return false;
        }
        if (FindInvisible(trimmed) is { } invisible)
        {
            problem = invisible.Value is '\n' or '\r' or '\t'
                ? "There is a line break or tab in the address; write one e-mail address per row."
                : $"There is an invisible character (U+{invisible.Value:X4}) in the address; delete it or type the address again.";
            return false;
        }
        bare = Unwrap(trimmed, out problem);
        return problem.Length == 0 && HasOneAt(bare, out problem);
    }

    private static string Unwrap(string text, out string problem)
    {
        problem = "";
        var open = text.LastIndexOf('<');
        if (text.EndsWith('>') && open >= 0)
        {
            if (text.AsSpan(0, open).Contains('@'))
            {
                problem = Several;
            }
            text = UnicodeText.TrimInvisible(text[(open + 1)..^1]);
        }
        const string scheme = "mailto:";
        return text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? UnicodeText.TrimInvisible(text[scheme.Length..]) : text;
    }

    private const string Several = "There are several e-mail addresses here; write one address per row.";

    private static bool HasOneAt(string bare, out string problem)
    {
        var first = bare.IndexOf('@', StringComparison.Ordinal);
        var last = bare.LastIndexOf('@');
        problem = "";
        if (first < 0)
        {
            problem = bare.Contains('\uFF20', StringComparison.Ordinal)
                ? "The “＠” is a full-width character; write the address with an ordinary @, such as ann@example.com."
                : $"“{UnicodeText.Shorten(bare)}” has no @; write an e-mail address such as ann@example.com.";
        }
        else if (first != last)
        {
            problem =
                bare.AsSpan(first, last - first).IndexOfAny(",;|/ ") >= 0
                    ? Several
                    : $"“{UnicodeText.Shorten(bare)}” has more than one @; write one e-mail address such as ann@example.com.";
        }
        else if (bare.IndexOfAny([',', ';', ' ']) >= 0 || bare.Any(char.IsWhiteSpace))
        {
            problem =
                $"“{UnicodeText.Shorten(bare)}” has a space, comma or semicolon in it; write one e-mail address such as ann@example.com and nothing else.";
        }
        return problem.Length == 0;
    }

    private static bool IsLocalPartGood(string local, out string problem)
    {
        problem = "";
        if (local.Length == 0)
        {
            problem = "The part before the @ is missing; write an e-mail address such as ann@example.com.";
        }
        else if (Encoding.UTF8.GetByteCount(local) > MaxLocalOctets)
        {
            problem = $"The part before the @ is longer than {MaxLocalOctets} characters; write the person's real, shorter address.";
        }
        else if (local[0] == '.' || local[^1] == '.' || local.Contains("..", StringComparison.Ordinal))
        {
            problem =
                $"The dots in “{UnicodeText.Shorten(local)}” are not allowed at the beginning, at the end or two in a row; check the part before the @.";
        }
        else if (FirstBad(local) is { } bad)
        {
            problem = $"“{bad}” is not allowed in the part before the @; write an e-mail address such as ann@example.com.";
        }
        return problem.Length == 0;
    }

    private static Rune? FirstBad(string local)
    {
        foreach (var rune in local.EnumerateRunes())
        {
            var good = rune.IsAscii
                ? Rune.IsLetterOrDigit(rune) || rune.Value == '.' || AtomSymbols.Contains((char)rune.Value, StringComparison.Ordinal)
                : Rune.GetUnicodeCategory(rune)
                    is <= UnicodeCategory.OtherLetter
                        or UnicodeCategory.NonSpacingMark
                        or UnicodeCategory.SpacingCombiningMark
                        or UnicodeCategory.DecimalDigitNumber;
            if (!good)
            {
                return rune;
            }
        }
        return null;
    }

    private static bool TryDomain(string text, bool allowDotless, out string domain, out string problem)
    {
        domain = "";
        problem = $"“{UnicodeText.Shorten(text)}” is not a mail domain; write what stands after the @ like example.com.";
        if (text.Length is 0 or > 255)
        {
            problem = text.Length == 0 ? "The part after the @ is missing; write an e-mail address such as ann@example.com." : problem;
            return false;
        }
        try
        {
            // Lower-cased and composed first: without it the mapping differs between ICU and invariant globalization.
            domain = Idn.GetAscii(text.ToLowerInvariant().Normalize(NormalizationForm.FormC)).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return false;
        }
        var labels = domain.Split('.');
        if (!Array.TrueForAll(labels, IsLabel) || domain.Length > 253)
        {
            return false;
        }
        if (labels.Length == 1 && !allowDotless)
        {
            problem = $"“{UnicodeText.Shorten(text)}” has no dot; the part after the @ must be complete, like example.com.";
            return false;
        }
        if (labels[^1].All(char.IsAsciiDigit))
        {
            problem =
                $"“{UnicodeText.Shorten(text)}” ends in a number; the part after the @ must be a name like example.com, not an IP address.";
            return false;
        }
        problem = "";
        return true;
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    /// <summary>The first control or format character, or U+FFFD for half a surrogate pair (which no mail server could be sent).</summary>
    private static Rune? FindInvisible(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.Control or UnicodeCategory.Format || rune.Value is 0xA0 or 0xFFFD)
            {
                return rune;
            }
        }
        return null;
    }
}
