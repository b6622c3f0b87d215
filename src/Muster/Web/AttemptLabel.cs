using Muster.Learning;

namespace Muster.Web;

/// <summary>Where an attempt stands today, Deferred and Expired included: they follow from the dates.</summary>
internal static class AttemptLabel
{
    public static (string Text, string Tone) Of(MyAttempt attempt, DateOnly today) =>
        attempt.Status switch
        {
            < EnrolmentStatus.Completed when attempt.ExpiresOn < today => ("Expired", "bad"),
            EnrolmentStatus.NotStarted when attempt.StartsOn > today => ("Deferred", "calm"),
            EnrolmentStatus.NotStarted => ("Not started", "calm"),
            EnrolmentStatus.InProgress => ("In progress", "info"),
            EnrolmentStatus.AwaitingFeedback => ("Awaiting feedback", "warn"),
            EnrolmentStatus.Completed => ("Completed", "good"),
            EnrolmentStatus.Expired => ("Expired", "bad"),
            _ => (attempt.Status.ToString(), "calm"),
        };
}
