using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Muster.Mail;

/// <summary>A message as its reader will see it: subject, plain text, and the same as HTML.</summary>
/// <param name="Subject">One line.</param>
/// <param name="Text">For readers and programs that want no HTML.</param>
/// <param name="Html">A whole document with its styles in place, as mail programs need it.</param>
/// <param name="Link">What the reader is asked to follow.</param>
public sealed partial record Letter(string Subject, string Text, string Html, string Link)
{
    private const string Paragraph = "margin:0 0 16px;font-size:16px;line-height:24px;color:#1f2937";
    private const string Small = "margin:0 0 8px;font-size:13px;line-height:20px;color:#4b5563";

    /// <summary>
    /// Fills in a text. An empty line ends a paragraph; a paragraph that is the link alone, or a line ending in a colon and then the link, becomes a button in the HTML,
    /// and what follows it is in small print. Everything else is escaped: neither the text nor what is filled in can bring HTML or another line of the head.
    /// </summary>
    /// <param name="wording">Subject and body with placeholders.</param>
    /// <param name="values">What they stand for, for this reader.</param>
    public static Letter Write(LetterWording wording, LetterValues values)
    {
        ArgumentNullException.ThrowIfNull(wording);
        ArgumentNullException.ThrowIfNull(values);
        // One pass, so that what is filled in is never looked at for placeholders itself.
        var subject = OneLine(
            LetterPlaceholders.InBraces().Replace(wording.Subject, found => values.InSubject(found.Groups["name"].Value) ?? found.Value)
        );
        var body = wording.Body.ReplaceLineEndings("\n").Trim();
        var text = LetterPlaceholders
            .InBraces()
            .Replace(body, found => values.InBody(found.Groups["name"].Value) is { } value ? OneLine(value) : found.Value);
        return new(subject, text + "\n", Document(subject, HtmlOf(body, values)), values.Link);
    }

    private static string HtmlOf(string body, LetterValues values)
    {
        var (parts, hasButton) = (new List<string>(), false);
        foreach (var paragraph in EmptyLines().Split(body).Where(paragraph => paragraph.Length > 0))
        {
            if (!hasButton && ButtonIn().Match(paragraph) is { Success: true } button)
            {
                hasButton = true;
                var label = button.Groups["label"];
                parts.Add(Button(label.Success ? Fill(label.Value, values) : "Open", values.Link));
            }
            else
            {
                var lines = paragraph.Split('\n').Select(line => Fill(line, values));
                parts.Add($"<p style=\"{(hasButton ? Small : Paragraph)}\">{string.Join("<br>", lines)}</p>");
            }
        }

        if (hasButton)
        {
            parts.Add($"<p style=\"{Small};margin-top:24px\">If the button does not work, open this address:<br>{Anchor(values.Link)}</p>");
        }

        return string.Join('\n', parts);
    }

    /// <summary>A line with its placeholders filled in and all else escaped.</summary>
    private static string Fill(string line, LetterValues values)
    {
        var (html, from) = (new StringBuilder(), 0);
        foreach (Match found in LetterPlaceholders.InBraces().Matches(line))
        {
            html.Append(WebUtility.HtmlEncode(line[from..found.Index]));
            html.Append(
                LetterPlaceholders.Normal(found.Groups["name"].Value) == LetterPlaceholders.Link
                    ? Anchor(values.Link)
                    : WebUtility.HtmlEncode(values.InBody(found.Groups["name"].Value) is { } value ? OneLine(value) : found.Value)
            );
            from = found.Index + found.Length;
        }

        return html.Append(WebUtility.HtmlEncode(line[from..])).ToString();
    }

    private static string Anchor(string address)
    {
        var escaped = WebUtility.HtmlEncode(address);
        return $"<a href=\"{escaped}\" style=\"color:#1d4ed8;word-break:break-all\">{escaped}</a>";
    }

    private static string Button(string label, string address) =>
        $"<p style=\"margin:24px 0\"><a href=\"{WebUtility.HtmlEncode(address)}\" style=\"display:inline-block;padding:12px 24px;background:#1d4ed8;border-radius:8px;color:#ffffff;font-size:16px;line-height:24px;font-weight:600;text-decoration:none\">{label}</a></p>";

    private static string Document(string subject, string body)
    {
        var title = WebUtility.HtmlEncode(subject);
        return $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <meta name="color-scheme" content="light">
            <title>{title}</title>
            </head>
            <body style="margin:0;padding:0;background:#f3f4f6;font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif">
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f3f4f6"><tr><td align="center" style="padding:32px 16px">
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:12px"><tr><td style="padding:32px">
            <h1 style="margin:0 0 24px;font-size:22px;line-height:30px;font-weight:600;color:#111827">{title}</h1>
            {body}
            </td></tr></table>
            </td></tr></table>
            </body>
            </html>
            """.ReplaceLineEndings("\n");
    }

    /// <summary>Names come from people: no line of theirs may become a line of ours.</summary>
    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    [GeneratedRegex(@"\n[ \t]*\n\s*", RegexOptions.None, 1000)]
    private static partial Regex EmptyLines();

    [GeneratedRegex(@"^((?<label>[^\n{}]+?)\s*:\s*\n)?\s*\{\s*link\s*\}\s*$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ButtonIn();
}
