using Muster.Mail;

namespace Muster.Web;

/// <summary>The words and tones of a message's status.</summary>
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
}
