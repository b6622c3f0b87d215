using System.Globalization;
using System.Net;

namespace Muster.Mail;

/// <summary>A message as its reader will see it: subject, plain text, and the same as HTML.</summary>
/// <param name="Subject">One line.</param>
/// <param name="Text">For readers and programs that want no HTML.</param>
/// <param name="Html">A whole document with its styles in place, as mail programs need it.</param>
/// <param name="Link">What the reader is asked to follow.</param>
public sealed record Letter(string Subject, string Text, string Html, string Link)
{
    /// <summary>The invitation to a workspace.</summary>
    /// <param name="workspace">Its name.</param>
    /// <param name="firstName">The invited person's.</param>
    /// <param name="until">When the link stops working, on the workspace's clock.</param>
    /// <param name="link">Where to accept.</param>
    public static Letter Invitation(string workspace, string firstName, DateTime until, string link)
    {
        var day = until.ToString("dddd, d MMMM yyyy", CultureInfo.InvariantCulture);
        return Compose(
            $"Your invitation to {workspace}",
            $"Hello {firstName},",
            $"you are invited to join {workspace}. Accept the invitation to choose your password and get started.",
            ("Accept invitation", link),
            $"The link is meant for you alone, works once, and until {day}.",
            "If you did not expect this invitation, you can ignore it; nothing happens unless you accept."
        );
    }

    /// <summary>What somebody has been enrolled in.</summary>
    /// <param name="workspace">Its name.</param>
    /// <param name="firstName">The person's.</param>
    /// <param name="courses">Titles of the courses, one or more.</param>
    /// <param name="link">Their courses.</param>
    public static Letter Enrolment(string workspace, string firstName, IReadOnlyList<string> courses, string link)
    {
        ArgumentNullException.ThrowIfNull(courses);
        return Compose(
            courses.Count switch
            {
                0 => $"Your courses in {workspace}",
                1 => $"You are enrolled in {courses[0]}",
                _ => $"You are enrolled in {courses.Count} courses",
            },
            $"Hello {firstName},",
            $"you have been enrolled in {workspace}: {string.Join("; ", courses)}.",
            ("My courses", link),
            "Sign in to see when each course begins and to start it.",
            "You receive this message because an administrator enrolled you."
        );
    }

    /// <summary>The way back in for somebody who forgot their password.</summary>
    /// <param name="site">Where.</param>
    /// <param name="firstName">The person's.</param>
    /// <param name="link">Where to choose a new password.</param>
    public static Letter PasswordReset(string site, string firstName, string link) =>
        Compose(
            $"Choose a new password for {site}",
            $"Hello {firstName},",
            $"somebody, probably you, asked for a new password for {site}.",
            ("Choose a new password", link),
            "The link works once and for a short time.",
            "If it was not you, you can ignore this message; your password stays as it is."
        );

    private static Letter Compose(
        string subject,
        string greeting,
        string body,
        (string Label, string Address) link,
        string terms,
        string otherwise
    )
    {
        var (lineSubject, lineGreeting, lineBody) = (OneLine(subject), OneLine(greeting), OneLine(body));
        var text = $"""
            {lineGreeting}

            {lineBody}

            {link.Label}:
            {link.Address}

            {terms}

            {otherwise}

            """;
        return new(
            lineSubject,
            text.ReplaceLineEndings("\n"),
            Document(lineSubject, lineGreeting, lineBody, link, terms, otherwise),
            link.Address
        );
    }

    private static string Document(
        string subject,
        string greeting,
        string body,
        (string Label, string Address) link,
        string terms,
        string otherwise
    )
    {
        static string E(string text) => WebUtility.HtmlEncode(text);
        const string paragraph = "margin:0 0 16px;font-size:16px;line-height:24px;color:#1f2937";
        const string small = "margin:0 0 8px;font-size:13px;line-height:20px;color:#4b5563";
        return $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <meta name="color-scheme" content="light">
            <title>{E(subject)}</title>
            </head>
            <body style="margin:0;padding:0;background:#f3f4f6;font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif">
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f3f4f6"><tr><td align="center" style="padding:32px 16px">
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:12px"><tr><td style="padding:32px">
            <h1 style="margin:0 0 24px;font-size:22px;line-height:30px;font-weight:600;color:#111827">{E(subject)}</h1>
            <p style="{paragraph}">{E(greeting)}</p>
            <p style="{paragraph}">{E(body)}</p>
            <p style="margin:24px 0"><a href="{E(
                link.Address
            )}" style="display:inline-block;padding:12px 24px;background:#1d4ed8;border-radius:8px;color:#ffffff;font-size:16px;line-height:24px;font-weight:600;text-decoration:none">{E(
                link.Label
            )}</a></p>
            <p style="{small}">{E(terms)}</p>
            <p style="{small}">{E(otherwise)}</p>
            <p style="margin:24px 0 0;font-size:13px;line-height:20px;color:#4b5563">If the button does not work, open this address:<br><a href="{E(
                link.Address
            )}" style="color:#1d4ed8;word-break:break-all">{E(link.Address)}</a></p>
            </td></tr></table>
            </td></tr></table>
            </body>
            </html>
            """.ReplaceLineEndings(
            "\n"
        );
    }

    /// <summary>Names come from people: no line of theirs may become a line of ours.</summary>
    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
