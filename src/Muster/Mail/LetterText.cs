namespace Muster.Mail;

/// <summary>A workspace's own words for the letters of a purpose; without a row the standard ones are sent.</summary>
public sealed class LetterText
{
    /// <summary>The most characters of a subject.</summary>
    public const int MaxSubject = 200;

    /// <summary>The most characters of a body.</summary>
    public const int MaxBody = 5000;

    public long WorkspaceId { get; set; }

    public MessagePurpose Purpose { get; set; }

    /// <summary>One line, with placeholders in braces.</summary>
    public required string Subject { get; set; }

    /// <summary>Plain text with placeholders in braces; an empty line ends a paragraph.</summary>
    public required string Body { get; set; }
}
