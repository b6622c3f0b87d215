namespace Muster.Learning;

/// <summary>Where an attempt stands on a day, as people see it: <see cref="EnrolmentStatus"/> with what the dates say.</summary>
public enum EnrolmentStanding
{
    /// <summary>Not started, and the first day of access is to come.</summary>
    Deferred,
    NotStarted,
    InProgress,
    AwaitingFeedback,
    Completed,
    Withdrawn,

    /// <summary>Past the last day of access before it was completed.</summary>
    Expired,
}

/// <summary>Reads the standing from what is stored and the dates; nothing that shows or counts a status reads the stored one alone.</summary>
public static class EnrolmentStandings
{
    /// <summary>The standing on a day of the workspace.</summary>
    public static EnrolmentStanding Of(EnrolmentStatus status, DateOnly startsOn, DateOnly? expiresOn, DateOnly today) =>
        status switch
        {
            < EnrolmentStatus.Completed when expiresOn < today => EnrolmentStanding.Expired,
            EnrolmentStatus.NotStarted when startsOn > today => EnrolmentStanding.Deferred,
            EnrolmentStatus.NotStarted => EnrolmentStanding.NotStarted,
            EnrolmentStatus.InProgress => EnrolmentStanding.InProgress,
            EnrolmentStatus.AwaitingFeedback => EnrolmentStanding.AwaitingFeedback,
            EnrolmentStatus.Completed => EnrolmentStanding.Completed,
            EnrolmentStatus.Withdrawn => EnrolmentStanding.Withdrawn,
            _ => EnrolmentStanding.Expired,
        };

    /// <summary>The standing of an attempt on a day of the workspace.</summary>
    public static EnrolmentStanding Standing(this Enrolment attempt, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        return Of(attempt.Status, attempt.StartsOn, attempt.ExpiresOn, today);
    }

    /// <summary>Whether the attempt is open and holds a seat.</summary>
    public static bool HoldsSeat(this EnrolmentStanding standing) => standing < EnrolmentStanding.Completed;
}
