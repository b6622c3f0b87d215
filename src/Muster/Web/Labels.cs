using Muster.Bulk;
using Muster.Learning;
using Muster.People;

namespace Muster.Web;

/// <summary>The words and tones by which the pages show states.</summary>
public static class Labels
{
    /// <summary>Words of a category in menus.</summary>
    public static string Of(ActionCategory category) =>
        category switch
        {
            ActionCategory.Learning => "Learning",
            ActionCategory.Onboarding => "Onboarding",
            ActionCategory.Organisation => "Organisation",
            ActionCategory.UserProfile => "User profile",
            _ => category.ToString(),
        };

    /// <summary>What a custom field holds.</summary>
    public static string Of(FieldKind kind) =>
        kind switch
        {
            FieldKind.YesNo => "Yes or no",
            FieldKind.Choice => "Choice from a list",
            _ => kind.ToString(),
        };

    /// <summary>Status of a profile today, Expired included.</summary>
    public static (string Text, string Tone) Of(ProfileStatus status, DateOnly? expiresOn, DateOnly today) =>
        status switch
        {
            ProfileStatus.Active when expiresOn < today => ("Expired", "bad"),
            ProfileStatus.Active => ("Active", "good"),
            ProfileStatus.Invited => ("Invited", "warn"),
            _ => (status.ToString(), "calm"),
        };

    /// <summary>Status of an operation.</summary>
    public static (string Text, string Tone) Of(OperationStatus status) =>
        status switch
        {
            OperationStatus.Previewing => ("Previewing", "info"),
            OperationStatus.Previewed => ("To be confirmed", "warn"),
            OperationStatus.Queued => ("Queued", "info"),
            OperationStatus.Running => ("Running", "info"),
            OperationStatus.Paused => ("Paused", "warn"),
            OperationStatus.Completed => ("Completed", "good"),
            OperationStatus.Scheduled => ("Scheduled", "info"),
            OperationStatus.AwaitingApproval => ("Waits for approval", "warn"),
            OperationStatus.Failed => ("Stopped by an error", "bad"),
            _ => (status.ToString(), "calm"),
        };

    /// <summary>Verdict of an item.</summary>
    public static (string Text, string Tone) Of(Verdict verdict) =>
        verdict switch
        {
            Verdict.WillChange => ("Will change", "good"),
            Verdict.Skipped => ("Skipped", "warn"),
            _ => ("Problem", "bad"),
        };

    /// <summary>Outcome of an item.</summary>
    public static (string Text, string Tone) Of(Outcome outcome) =>
        outcome switch
        {
            Outcome.Changed => ("Changed", "good"),
            Outcome.Skipped => ("Skipped", "warn"),
            Outcome.Pending => ("Not run", "calm"),
            _ => (outcome.ToString(), "bad"),
        };

    /// <summary>Where an attempt at a course stands today.</summary>
    public static (string Text, string Tone) Of(EnrolmentStatus status, DateOnly startsOn, DateOnly? expiresOn, DateOnly today) =>
        Of(EnrolmentStandings.Of(status, startsOn, expiresOn, today));

    /// <summary>Where an attempt at a course stands.</summary>
    public static (string Text, string Tone) Of(EnrolmentStanding standing) =>
        standing switch
        {
            EnrolmentStanding.NotStarted => ("Not started", "calm"),
            EnrolmentStanding.InProgress => ("In progress", "info"),
            EnrolmentStanding.AwaitingFeedback => ("Awaiting feedback", "warn"),
            EnrolmentStanding.Completed => ("Completed", "good"),
            EnrolmentStanding.Expired => ("Expired", "bad"),
            _ => (standing.ToString(), "calm"),
        };

    /// <summary>A camelCase member of an item's state as words: "Open enrolments".</summary>
    public static string OfMember(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var words = string.Concat(name.Select(c => char.IsUpper(c) ? " " + char.ToLowerInvariant(c) : c.ToString()));
        return words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];
    }
}
