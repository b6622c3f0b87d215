using Muster.Mail;

namespace Muster.Web;

/// <summary>Messages in words: their status with its tone, and how many of a purpose.</summary>
internal static class MessageLabel
{
    public static (string Text, string Tone) Of(MessageStatus status) =>
        status switch
        {
            MessageStatus.Waiting => ("Waiting", "info"),
            MessageStatus.Sent => ("Sent", "good"),
            MessageStatus.Failed => ("Refused", "bad"),
            MessageStatus.Suppressed => ("Not needed any more", "calm"),
            MessageStatus.Kept => ("Kept here", "warn"),
            MessageStatus.Held => ("Held", "warn"),
            _ => (status.ToString(), "calm"),
        };

    /// <summary>So many messages of a purpose: "3 invitations".</summary>
    public static string Of(MessagePurpose purpose, int count) =>
        Words.Count(
            count,
            purpose switch
            {
                MessagePurpose.Invitation => "invitation",
                MessagePurpose.PasswordReset => "new-password letter",
                MessagePurpose.Enrolment => "enrolment notice",
                MessagePurpose.Approval => "approval request",
                _ => "message",
            }
        );
}
