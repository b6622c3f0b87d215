using System.Globalization;
using System.Text.RegularExpressions;

namespace Muster.Mail;

/// <summary>Subject and body of a letter, with placeholders in braces.</summary>
public sealed record LetterWording(string Subject, string Body);

/// <summary>What stands in braces in a letter, and which of it a purpose knows.</summary>
public static partial class LetterPlaceholders
{
    public const string FirstName = "first name";
    public const string Workspace = "workspace";
    public const string Link = "link";
    public const string Days = "days";
    public const string Expires = "expires";
    public const string Courses = "courses";
    public const string Action = "action";
    public const string Users = "users";
    public const string AskedBy = "asked by";

    /// <summary>The placeholders of a purpose's body, in the order people read of them. The subject knows all of them but the link, which no mail server shall see.</summary>
    public static IReadOnlyList<string> Of(MessagePurpose purpose) =>
        purpose switch
        {
            MessagePurpose.Invitation => [FirstName, Workspace, Link, Days, Expires],
            MessagePurpose.Enrolment => [FirstName, Workspace, Link, Courses],
            MessagePurpose.Approval => [FirstName, Workspace, Link, Action, Users, AskedBy],
            _ => [FirstName, Workspace, Link],
        };

    /// <summary>Without the link such a letter is of no use.</summary>
    public static bool NeedsLink(MessagePurpose purpose) => purpose != MessagePurpose.Enrolment;

    /// <summary>A placeholder's name, however it was typed.</summary>
    public static string Normal(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return string.Join(' ', name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant();
    }

    /// <summary>The names in a text, as in <see cref="Normal"/>.</summary>
    public static IReadOnlyList<string> In(string text) =>
        [.. InBraces().Matches(text).Select(found => Normal(found.Groups["name"].Value)).Distinct()];

    [GeneratedRegex(@"\{(?<name>[^{}\n]*)\}", RegexOptions.ExplicitCapture, 1000)]
    internal static partial Regex InBraces();
}

/// <summary>What the placeholders stand for in one person's letter.</summary>
/// <param name="FirstName">The person's.</param>
/// <param name="Workspace">The workspace's name.</param>
/// <param name="Link">What they are asked to follow; its token is a secret.</param>
/// <param name="Days">For how many days the link works.</param>
/// <param name="Expires">The last day of that, in words.</param>
/// <param name="Courses">Titles.</param>
/// <param name="Action">Title of the bulk action that is to be approved.</param>
/// <param name="Users">How many users it will change, in words.</param>
/// <param name="AskedBy">Name of whoever asks for the approval.</param>
public sealed record LetterValues(
    string FirstName,
    string Workspace,
    string Link,
    int Days,
    string Expires,
    IReadOnlyList<string> Courses,
    string Action = "",
    string Users = "",
    string AskedBy = ""
)
{
    /// <summary>"1 user", "12,345 users".</summary>
    public static string UsersInWords(long users) =>
        string.Create(CultureInfo.InvariantCulture, $"{users:N0} {(users == 1 ? "user" : "users")}");

    /// <summary>In the subject, where there is room for one title and none for the link; null for an unknown name.</summary>
    public string? InSubject(string name) =>
        LetterPlaceholders.Normal(name) switch
        {
            LetterPlaceholders.Link => null,
            LetterPlaceholders.Courses => Courses.Count switch
            {
                0 => "courses",
                1 => Courses[0],
                var many => $"{many} courses",
            },
            _ => InBody(name),
        };

    /// <summary>In the body; null for an unknown name.</summary>
    public string? InBody(string name) =>
        LetterPlaceholders.Normal(name) switch
        {
            LetterPlaceholders.FirstName => FirstName,
            LetterPlaceholders.Workspace => Workspace,
            LetterPlaceholders.Link => Link,
            LetterPlaceholders.Days => Days.ToString(CultureInfo.InvariantCulture),
            LetterPlaceholders.Expires => Expires,
            LetterPlaceholders.Courses => string.Join("; ", Courses),
            LetterPlaceholders.Action => Action,
            LetterPlaceholders.Users => Users,
            LetterPlaceholders.AskedBy => AskedBy,
            _ => null,
        };
}
