using System.Text;
using Muster.Learning;
using Muster.People;

namespace Muster.Tests;

/// <summary>The workspace most tests begin with: people of every kind, attempts in every status, rules that overlap.</summary>
public sealed partial class Given
{
    /// <summary>Has two active rules: Safety, Forklift (few seats) and Hygiene (closed).</summary>
    public Group Crew { get; private set; } = null!;

    /// <summary>Has an active rule that names Safety as well.</summary>
    public Group Night { get; private set; } = null!;

    /// <summary>Has no rule.</summary>
    public Group Choir { get; private set; } = null!;

    /// <summary>Has no rule, and members of every kind.</summary>
    public Group Band { get; private set; } = null!;

    /// <summary>Open, without a limit.</summary>
    public Course Safety { get; private set; } = null!;

    /// <summary>Open, few seats.</summary>
    public Course Forklift { get; private set; } = null!;

    /// <summary>Closed.</summary>
    public Course Hygiene { get; private set; } = null!;

    /// <summary>Open; only an inactive rule names it.</summary>
    public Course Chemicals { get; private set; } = null!;

    /// <summary>Everybody made by <see cref="Everybody"/> and the Admin who asks, in list order.</summary>
    public IReadOnlyList<Profile> All =>
        [.. rows.OfType<Profile>().OrderBy(p => ByCodePoint(p.SortName), StringComparer.Ordinal).ThenBy(p => p.Id)];

    private static string ByCodePoint(string text) => Convert.ToHexString(Encoding.UTF8.GetBytes(text));

    /// <summary>Units, groups, courses and rules only.</summary>
    public Given Catalogue(int seats = 5)
    {
        var sales = Unit("Sales");
        Unit("North", sales);
        (Crew, Night, Choir, Band) = (Group("Crew"), Group("Night"), Group("Choir"), Group("Band"));
        (Safety, Forklift) = (Course("Safety"), Course("Forklift", seats));
        (Hygiene, Chemicals) = (Course("Hygiene", isOpen: false), Course("Chemicals"));
        Rule([Crew], [Safety, Forklift, Hygiene]);
        Rule([Night], [Safety]);
        Rule([Crew], [Chemicals], isActive: false);
        return this;
    }

    /// <summary>The catalogue, and about thirty people.</summary>
    public Given Everybody()
    {
        Catalogue();
        People(2, Kind.Archived);
        var active = People(8);
        Member(active[1], Crew);
        Member(active[2], Crew);
        Member(active[2], Night);
        Enrol(active[3], Safety, EnrolmentStatus.Completed);
        Enrol(active[4], Safety, EnrolmentStatus.InProgress, expiresInDays: 90);
        Enrol(active[5], Safety, EnrolmentStatus.Withdrawn);
        Enrol(active[5], Forklift, EnrolmentStatus.NotStarted);
        Enrol(active[6], Chemicals, EnrolmentStatus.AwaitingFeedback);
        Enrol(active[6], Safety, EnrolmentStatus.InProgress, expiresInDays: -3);
        Enrol(active[7], Safety, EnrolmentStatus.Expired);
        Enrol(active[7], Safety, EnrolmentStatus.NotStarted, expiresInDays: 0);
        foreach (var person in People(3, Kind.Invited))
        {
            Mail(person);
        }

        Enrol(People(1, Kind.Invited)[0], Safety, EnrolmentStatus.NotStarted);
        People(2, Kind.Lapsed);
        Enrol(People(2, Kind.Archived)[0], Safety, EnrolmentStatus.Completed);
        People(1, Kind.ArchivedUnaccepted);
        People(2, Kind.Cancelled);
        Enrol(People(2, Kind.Expired)[0], Forklift, EnrolmentStatus.InProgress);
        People(1, Kind.Manager);
        People(2, Kind.Admin);
        People(1, Kind.ExpiredAdmin);
        People(1, Kind.SiteAdmin);
        foreach (var person in All.Where((_, i) => i % 3 != 0))
        {
            Member(person, Band);
        }

        return this;
    }
}
