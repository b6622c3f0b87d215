using System.Globalization;
using Muster.Bulk;
using Muster.People;

namespace Muster.Mail;

/// <summary>A message of the outbox with all that its text needs; every member is assigned in the query.</summary>
public sealed class DueMessage
{
    public required long WorkspaceId { get; init; }
    public required long OperationId { get; init; }
    public required long ProfileId { get; init; }
    public required MessagePurpose Purpose { get; init; }
    public required MessageStatus Status { get; init; }
    public required string? Secret { get; init; }
    public required int Attempts { get; init; }
    public required DateTime CreatedAt { get; init; }
    public required DateTime? SentAt { get; init; }
    public required string? Error { get; init; }
    public required string Email { get; init; }
    public required string FirstName { get; init; }
    public required string LastName { get; init; }
    public required string Workspace { get; init; }
    public required string TimeZone { get; init; }

    /// <summary>Whether the database came back from a backup after its operation was confirmed, or begun by a schedule: it may have been sent already.</summary>
    public required bool IsHeld { get; init; }

    /// <summary>When the invitation lapses; null when there is none.</summary>
    public required DateTime? ExpiresAt { get; init; }

    /// <summary>For an <see cref="MessagePurpose.Enrolment"/>: titles of the courses that its operation enrolled the person in, still open ones only.</summary>
    public required IReadOnlyList<string> Courses { get; init; }

    /// <summary>For an <see cref="MessagePurpose.Approval"/>: the key of its operation's action, whether that is an undo, how many users will change, and who asks.</summary>
    public required string? Action { get; init; }
    public required bool IsUndo { get; init; }
    public required long Users { get; init; }
    public required string? AskedBy { get; init; }

    /// <summary>The workspace's own words for such messages; null for the standard ones.</summary>
    public required string? OwnSubject { get; init; }
    public required string? OwnBody { get; init; }

    /// <summary>Whether a link with a token of its own stands in it.</summary>
    public bool HasLink => Purpose is MessagePurpose.Invitation or MessagePurpose.PasswordReset;

    /// <summary>The same for every attempt, so that a copy sent twice is known as one; another for each confirmation that asks for an approval.</summary>
    public string MessageId(string domain)
    {
        var confirmation = Purpose == MessagePurpose.Approval ? $".{CreatedAt.Ticks}" : "";
        return $"{Purpose.ToString().ToLowerInvariant()}.{WorkspaceId}.{OperationId}.{ProfileId}{confirmation}@{domain}";
    }

    /// <summary>The text of the message around its token.</summary>
    public Letter Write(SiteAddress site, ActionCatalog actions, string token)
    {
        ArgumentNullException.ThrowIfNull(site);
        ArgumentNullException.ThrowIfNull(actions);
        var action = Action is null ? "" : actions.Find(Action)?.Title ?? Action;
        var standard = StandardLetters.Of(Purpose);
        var until = ExpiresAt ?? CreatedAt;
        return Letter.Write(
            new(OwnSubject ?? standard.Subject, OwnBody ?? standard.Body),
            new(
                FirstName,
                Workspace,
                site.LinkOf(Purpose, WorkspaceId, OperationId, token),
                Math.Max(0, (int)Math.Round((until - CreatedAt).TotalDays)),
                until.InZone(TimeZone).ToString("dddd, d MMMM yyyy", CultureInfo.InvariantCulture),
                Courses,
                IsUndo ? $"Undo: {action}" : action,
                LetterValues.UsersInWords(Users),
                AskedBy?.Trim() is { Length: > 0 } name ? name : "Somebody"
            )
        );
    }
}
