using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;
using Muster.People;

namespace Muster.Mail;

/// <summary>Reads and changes a workspace's own words for its letters.</summary>
public sealed class LetterTexts(Databases databases, TimeProvider clock)
{
    /// <summary>The words in use for a purpose, and whether they are the workspace's own.</summary>
    public static async Task<(LetterWording Wording, bool IsOwn)> Read(
        MusterDb db,
        long workspaceId,
        MessagePurpose purpose,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(db);
        var own = await db.LetterTexts.AsNoTracking().SingleOrDefaultAsync(t => t.WorkspaceId == workspaceId && t.Purpose == purpose, ct);
        return own is null ? (StandardLetters.Of(purpose), false) : (new(own.Subject, own.Body), true);
    }

    /// <summary>What was typed as it would be kept: line ends alike, and the standard words where nothing was typed.</summary>
    /// <exception cref="ParametersException">Names each wrong field: unknown placeholders by their names, a missing link, too long a text.</exception>
    public static LetterWording Check(MessagePurpose purpose, string? subject, string? body)
    {
        var standard = StandardLetters.Of(purpose);
        var typed = new LetterWording(
            string.IsNullOrWhiteSpace(subject) ? standard.Subject : subject.Trim(),
            string.IsNullOrWhiteSpace(body) ? standard.Body : body.ReplaceLineEndings("\n").Trim()
        );
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var (inSubject, inBody) = (Wrong(purpose, typed.Subject, isSubject: true), Wrong(purpose, typed.Body, isSubject: false));
        if (inSubject is not null)
        {
            errors["subject"] = [inSubject];
        }

        if (inBody is not null)
        {
            errors["body"] = [inBody];
        }

        return errors.Count == 0 ? typed : throw new ParametersException(errors);
    }

    /// <summary>Keeps the workspace's own words; letters that wait are sent with them too. The standard words are kept as none.</summary>
    /// <exception cref="ParametersException">As <see cref="Check"/> says.</exception>
    public async Task Save(Requester requester, MessagePurpose purpose, string? subject, string? body, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(requester);
        var wording = Check(purpose, subject, body);
        var standard = StandardLetters.Of(purpose);
        if (wording == standard with { Body = standard.Body.ReplaceLineEndings("\n") })
        {
            await Restore(requester, purpose, ct);
            return;
        }

        var workspaceId = requester.Actor.WorkspaceId;
        await using var db = databases.Open(workspaceId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.TakeTurn(workspaceId, ct);
        await db.LetterTexts.Where(t => t.WorkspaceId == workspaceId && t.Purpose == purpose).ExecuteDeleteAsync(ct);
        db.LetterTexts.Add(
            new LetterText
            {
                WorkspaceId = workspaceId,
                Purpose = purpose,
                Subject = wording.Subject,
                Body = wording.Body,
            }
        );
        await db.SaveChangesAsync(ct);
        await Audit.Write(db, requester, "letter.saved", new { purpose = purpose.ToString() }, clock.Now(), ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Goes back to the standard words.</summary>
    public async Task Restore(Requester requester, MessagePurpose purpose, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(requester);
        var workspaceId = requester.Actor.WorkspaceId;
        await using var db = databases.Open(workspaceId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.LetterTexts.Where(t => t.WorkspaceId == workspaceId && t.Purpose == purpose).ExecuteDeleteAsync(ct);
        await Audit.Write(db, requester, "letter.restored", new { purpose = purpose.ToString() }, clock.Now(), ct);
        await transaction.CommitAsync(ct);
    }

    private static string? Wrong(MessagePurpose purpose, string text, bool isSubject)
    {
        var most = isSubject ? LetterText.MaxSubject : LetterText.MaxBody;
        var known = LetterPlaceholders.Of(purpose).Where(name => !isSubject || name != LetterPlaceholders.Link).ToList();
        var used = LetterPlaceholders.In(text);
        var unknown = used.Except(known).ToList();
        if (text.Length > most)
        {
            return $"At most {most:N0} characters; these are {text.Length:N0}.";
        }

        if (text.Any(c => char.IsControl(c) && (isSubject || c is not ('\n' or '\t'))))
        {
            return isSubject ? "The subject is one line of text." : "The text holds characters that are no text; type it anew.";
        }

        if (isSubject && unknown.Contains(LetterPlaceholders.Link))
        {
            return "The link is for its reader alone and cannot stand in the subject, which mail servers see and keep. Put {link} into the text.";
        }

        if (unknown.Count > 0)
        {
            return $"There is no {Listed(unknown)} here. You can use {Listed(known)}.";
        }

        return !isSubject && LetterPlaceholders.NeedsLink(purpose) && !used.Contains(LetterPlaceholders.Link)
            ? "The letter needs {link}: without it nobody can follow it."
            : null;
    }

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"{{{name}}}"));
}
