using System.Collections.Immutable;
using System.Globalization;
using Muster.Learning;
using Muster.Mail;
using Muster.People;

namespace Muster.Tests;

/// <summary>One attempt at a course as the model knows it, with the operations that opened and ended it.</summary>
internal sealed record ModelAttempt(
    long Course,
    int Number,
    EnrolmentStatus Status,
    DateOnly StartsOn,
    DateOnly? ExpiresOn,
    long? Operation,
    long? EndedBy = null
)
{
    /// <summary>Judges read dates, never a stored status alone: an attempt past its last day has ended, whatever is stored.</summary>
    public bool IsOpen(DateOnly today) => Status < EnrolmentStatus.Completed && !(ExpiresOn < today);
}

/// <summary>The offer to join as the model knows it; a token is only ever compared, and the e-mail is the one that carries it.</summary>
internal sealed record ModelInvitation(
    string? Token,
    int SentCount,
    DateTime LastSentAt,
    DateTime ExpiresAt,
    bool IsAccepted,
    bool IsCancelled,
    MessageStatus? Mail
)
{
    /// <summary>The token of an invitation sent anew, which nobody can foretell.</summary>
    public const string NewToken = "new";

    /// <summary>An e-mail that still waits does not go out any more.</summary>
    public ModelInvitation WithoutMail() => Mail == MessageStatus.Waiting ? this with { Mail = MessageStatus.Suppressed } : this;

    /// <summary>Taken back, if nobody has accepted it.</summary>
    public ModelInvitation TakenBack() => WithoutMail() with { IsCancelled = IsCancelled || !IsAccepted };
}

/// <summary>What only an invitation and an edit write; managed units and field values in words.</summary>
internal sealed record ModelDetails(string FirstName, string LastName, long? Unit, string Manages, string Fields);

/// <summary>Somebody as the model knows them. Groups are by id, with the operation that added them.</summary>
internal sealed record ModelPerson(
    long Id,
    string SortName,
    string Email,
    ProfileStatus Status,
    ProfileRole Role,
    bool IsSiteAdmin,
    bool HasAccepted,
    DateOnly? ExpiresOn,
    long? LastOperation,
    ImmutableSortedDictionary<long, long?> Groups,
    ImmutableList<ModelAttempt> Attempts,
    ModelInvitation? Invitation,
    ModelDetails Details
)
{
    /// <summary>The attempt at a course that is open, if one is.</summary>
    public ModelAttempt? OpenAt(long course, DateOnly today) => Attempts.Find(a => a.Course == course && a.IsOpen(today));

    /// <summary>Everything that is open, by course.</summary>
    public IEnumerable<ModelAttempt> Open(DateOnly today) => Attempts.Where(a => a.IsOpen(today)).OrderBy(a => a.Course);

    /// <summary>Has a further attempt.</summary>
    public ModelPerson With(long course, DateOnly startsOn, DateOnly? expiresOn, long operation) =>
        this with
        {
            Attempts = Attempts.Add(
                new(
                    course,
                    1 + Attempts.Where(a => a.Course == course).Select(a => a.Number).DefaultIfEmpty(0).Max(),
                    EnrolmentStatus.NotStarted,
                    startsOn,
                    expiresOn,
                    operation
                )
            ),
        };

    /// <summary>Has one attempt in another state, ended by an operation or open again.</summary>
    public ModelPerson With(ModelAttempt attempt, EnrolmentStatus status, long? endedBy = null) =>
        this with
        {
            Attempts = Attempts.Replace(attempt, attempt with { Status = status, EndedBy = endedBy }),
        };
}

/// <summary>A course as the model knows it.</summary>
internal sealed record ModelCourse(long Id, int? Seats, bool IsOpen);

/// <summary>An active or sleeping rule about groups or about units.</summary>
internal sealed record ModelRule(bool IsActive, ImmutableList<long> Groups, ImmutableList<long> Units, ImmutableList<long> Courses);

/// <summary>A whole workspace in memory. It never changes: whatever happens makes another one.</summary>
internal sealed record World(
    DateOnly Today,
    DateTime Now,
    int ResendMinutes,
    int InvitationDays,
    ImmutableSortedDictionary<long, ModelPerson> People,
    ImmutableSortedDictionary<long, ModelCourse> Courses,
    ImmutableList<ModelRule> Rules,
    ImmutableSortedDictionary<long, string> Units
)
{
    /// <summary>The same world with one person changed.</summary>
    public World With(ModelPerson person) => this with { People = People.SetItem(person.Id, person) };

    /// <summary>The same world with some people as another knows them.</summary>
    public World With(IReadOnlySet<long> people, World other) =>
        this with
        {
            People = People.SetItems(other.People.Where(p => people.Contains(p.Key))),
        };

    /// <summary>Seats left at a course, which an open attempt of anybody takes; null where there is no limit.</summary>
    public int? Free(long course) =>
        Courses[course].Seats is { } seats ? seats - People.Values.Count(p => p.OpenAt(course, Today) is not null) : null;

    /// <summary>The open courses to which a group's active rules lead; two rules naming one course name it once.</summary>
    public IReadOnlyList<long> CoursesOf(long group) => CoursesOf(r => r.Groups.Contains(group));

    /// <summary>The open courses to which the active rules of a unit, or of one above it, lead.</summary>
    public IReadOnlyList<long> CoursesOfUnit(long unit) =>
        CoursesOf(r => r.Units.Exists(u => u == unit || Units[unit].StartsWith(Units[u] + " / ", StringComparison.Ordinal)));

    /// <summary>Everything that a person could notice, and which operation did it, a line each, so that two worlds can be compared.</summary>
    /// <param name="tokens">Tokens known before; any other is a new one.</param>
    public IReadOnlyList<string> Facts(IReadOnlySet<string?> tokens)
    {
        var facts = new List<string>();
        foreach (var person in People.Values)
        {
            facts.Add(
                Line(
                    $"person {person.Id} is {person.Status} {person.Role} until {person.ExpiresOn:O}: {person.Details}, by {person.LastOperation}"
                )
            );
            facts.AddRange(person.Groups.Select(g => Line($"person {person.Id} is in group {g.Key} by {g.Value}")));
            facts.AddRange(
                person
                    .Attempts.OrderBy(a => (a.Course, a.Number))
                    .Select(a =>
                        Line(
                            $"person {person.Id} has attempt {a.Number} at {a.Course}: {(a.Status < EnrolmentStatus.Completed && !a.IsOpen(Today) ? EnrolmentStatus.Expired : a.Status)} from {a.StartsOn:O} to {a.ExpiresOn:O} by {a.Operation}, ended by {a.EndedBy}"
                        )
                    )
            );
            if (person.Invitation is { } i)
            {
                var token = tokens.Contains(i.Token) ? i.Token ?? "none" : ModelInvitation.NewToken;
                facts.Add(
                    Line(
                        $"person {person.Id} was invited {i.SentCount} times, last {i.LastSentAt:s}, until {i.ExpiresAt:s}, token {token}{(i.IsAccepted ? ", accepted" : "")}{(i.IsCancelled ? ", cancelled" : "")}, e-mail {i.Mail}"
                    )
                );
            }
        }

        return facts;
    }

    private IReadOnlyList<long> CoursesOf(Func<ModelRule, bool> which) =>
        [.. Rules.Where(r => r.IsActive && which(r)).SelectMany(r => r.Courses).Where(c => Courses[c].IsOpen).Distinct().Order()];

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
