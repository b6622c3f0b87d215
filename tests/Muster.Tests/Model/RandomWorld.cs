using Microsoft.EntityFrameworkCore;
using Muster.Learning;
using Muster.People;

namespace Muster.Tests;

/// <summary>A small workspace drawn at random: people of every kind, four groups, five courses with few seats or closed, rules that overlap.</summary>
internal sealed class RandomWorld
{
    private static readonly (EnrolmentStatus Status, int? Days)[][] Histories =
    [
        [(EnrolmentStatus.NotStarted, null)],
        [(EnrolmentStatus.InProgress, 30)],
        [(EnrolmentStatus.AwaitingFeedback, 0)],
        [(EnrolmentStatus.Expired, -9), (EnrolmentStatus.NotStarted, null)],
        [(EnrolmentStatus.Completed, null), (EnrolmentStatus.InProgress, null)],
        [(EnrolmentStatus.Completed, null)],
        [(EnrolmentStatus.Withdrawn, null)],
        [(EnrolmentStatus.Completed, null), (EnrolmentStatus.Withdrawn, null)],
        [(EnrolmentStatus.InProgress, -3)],
    ];

    // Of the histories above, these have nothing open and can be those of somebody without access.
    private const int FirstEnded = 5;

    private readonly Random random;

    /// <summary>Draws one into a workspace of its own; nothing is written before <see cref="Save"/>.</summary>
    public RandomWorld(Given given, Random random)
    {
        (Given, this.random) = (given, random);
        Groups = [.. "ABCD".Select(name => given.Group($"Group {name}"))];
        Courses =
        [
            given.Course("Without a limit"),
            given.Course("Roomy", seats: 40),
            given.Course("Scarce", seats: 6),
            given.Course("Full", seats: random.Next(3)),
            given.Course("Closed", isOpen: random.Next(3) == 0),
        ];
        var unit = Unit = given.Unit("Unit");
        for (var i = 0; i < 4; i++)
        {
            given.Rule(Some(Groups, 2), Some(Courses, 3), isActive: random.Next(4) > 0);
        }

        // Joining a group or coming back must not wake the rules of units.
        given.UnitRule([unit], [Courses[0]]);
        var kinds = Enum.GetValues<Kind>();
        for (var i = random.Next(20, 60); i > 0; i--)
        {
            var kind = random.Next(2) == 0 ? Kind.Active : kinds[random.Next(kinds.Length)];
            Person(kind, $"Name {random.Next(30):D2}", random.Next(2) == 0 ? unit : null);
        }
    }

    public Given Given { get; }

    /// <summary>The unit of half the people.</summary>
    public OrganisationUnit Unit { get; }

    /// <summary>The workspace's custom fields: none before <see cref="Detail"/>.</summary>
    public IReadOnlyList<CustomField> Fields { get; private set; } = [];

    public IReadOnlyList<Group> Groups { get; }

    public IReadOnlyList<Course> Courses { get; }

    /// <summary>A few of them in any order, at least one.</summary>
    public IReadOnlyList<T> Some<T>(IReadOnlyList<T> all, int most) => [.. all.OrderBy(_ => random.Next()).Take(random.Next(1, most + 1))];

    /// <summary>Draws what only the actions about profiles look at: last days of access, a unit below, fields and their values.</summary>
    public void Detail()
    {
        Given.Unit("Below", Unit);
        Fields = [Given.Field("Staff number", FieldKind.Text, 1), Given.Field("Since", FieldKind.Date, 2)];
        foreach (var person in Given.All.Where(p => p != Given.Self))
        {
            if (person.ExpiresOn is null && random.Next(3) == 0)
            {
                person.ExpiresOn = Given.Today.AddDays(random.Next(2) * 10);
            }

            if (random.Next(3) == 0)
            {
                Given.Value(person, Fields[0], $"S{person.Id}");
            }
        }
    }

    /// <summary>Writes it, and lets some invitations have been sent a moment ago.</summary>
    public async Task Save()
    {
        await Given.Save();
        await using var db = Given.Database.Open(Given.Workspace);
        var sent = Given.Now.AddMinutes(-random.Next(1, 20));
        var third = random.Next(3);
        await db
            .Invitations.Where(i => i.AcceptedAt == null && i.ProfileId % 3 == third)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.LastSentAt, sent));
    }

    private void Person(Kind kind, string name, OrganisationUnit? unit)
    {
        var person = Given.Person(kind, last: name, unit: unit);
        foreach (var group in Groups.Where(_ => random.Next(5) == 0))
        {
            Given.Member(person, group);
        }

        var isHere = person.Status is ProfileStatus.Active or ProfileStatus.Invited;
        foreach (var course in Courses.Where(_ => random.Next(3) == 0))
        {
            foreach (var (status, days) in Histories[random.Next(isHere ? 0 : FirstEnded, Histories.Length)])
            {
                Given.Enrol(person, course, status, days);
            }
        }
    }
}
