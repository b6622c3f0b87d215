using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Muster.Access;
using Muster.Bulk;
using Muster.Data;
using Muster.Learning;
using Muster.Mail;
using Muster.People;

namespace Muster.Tests;

/// <summary>
/// A workspace for a test, written row by row into the database. The same calls make the same rows with the same ids, so that two databases
/// can be compared; two workspaces use the same ids, so that a statement that forgets its workspace hits the wrong one.
/// </summary>
public sealed partial class Given
{
    /// <summary>Ids above this are the product's to hand out.</summary>
    private const long LastGivenId = 1_000_000;

    private readonly List<object> rows = [];
    private long lastId;

    /// <summary>Begins a workspace; nothing is written before <see cref="Save"/>.</summary>
    /// <param name="database">Where it is written.</param>
    /// <param name="clock">The test's clock.</param>
    /// <param name="workspace">Its id.</param>
    /// <param name="after">Every id is above this one: for workspaces that must not share any.</param>
    public Given(TestDatabase database, FakeTimeProvider clock, long workspace = 1, long after = 0)
    {
        ArgumentNullException.ThrowIfNull(clock);
        lastId = after;
        Database = database;
        Clock = clock;
        Workspace = workspace;
        rows.Add(
            new Workspace
            {
                Id = workspace,
                Name = $"Workspace {workspace}",
                CreatedAt = Now,
            }
        );
        rows.Add(new IdBlock { WorkspaceId = workspace, Next = after + LastGivenId });
        Self = Person(Kind.Admin, "Ada", "Self");
    }

    /// <summary>Monday, 4 May 2026, 9:30 in the morning.</summary>
    public static FakeTimeProvider NewClock() => new(new(2026, 5, 4, 9, 30, 0, TimeSpan.Zero));

    /// <summary>Where it is written.</summary>
    public TestDatabase Database { get; }

    /// <summary>The test's clock.</summary>
    public FakeTimeProvider Clock { get; }

    /// <summary>Its id.</summary>
    public long Workspace { get; }

    /// <summary>The Admin who asks for the operations.</summary>
    public Profile Self { get; }

    /// <summary>Now on the test's clock.</summary>
    public DateTime Now => Clock.Now();

    /// <summary>Today on the test's clock; the workspace's zone is UTC.</summary>
    public DateOnly Today => Clock.Today("Etc/UTC");

    /// <summary><see cref="Self"/> as a request's sender.</summary>
    public Requester Admin => By(Self);

    /// <summary>The command line as a request's sender: stands above every Admin and has no profile.</summary>
    public Requester CommandLine => new(Actors.CommandLine(Workspace), OperationSource.Cli, null);

    /// <summary>A person as a request's sender.</summary>
    public Requester By(Profile person)
    {
        ArgumentNullException.ThrowIfNull(person);
        return new(
            new Actor(Workspace, Actor.RankOf(person.Role), person.AccountId, person.Id, null),
            OperationSource.Web,
            $"192.0.2.{person.Id}"
        );
    }

    /// <summary>An organisation unit.</summary>
    public OrganisationUnit Unit(string name, OrganisationUnit? parent = null)
    {
        var path = parent is null ? name : parent.Path + OrganisationUnit.Separator + name;
        var unit = new OrganisationUnit
        {
            WorkspaceId = Workspace,
            Id = ++lastId,
            ParentId = parent?.Id,
            Name = name,
            Path = path,
            PathKey = Names.Fold(path),
            Tier = (parent?.Tier ?? 0) + 1,
        };
        rows.Add(unit);
        var above = parent is null ? [] : rows.OfType<UnitAncestor>().Where(a => a.UnitId == parent.Id).Select(a => a.AncestorId).ToList();
        foreach (var ancestor in above.Append(unit.Id))
        {
            rows.Add(
                new UnitAncestor
                {
                    WorkspaceId = Workspace,
                    AncestorId = ancestor,
                    UnitId = unit.Id,
                }
            );
        }

        return unit;
    }

    /// <summary>A group.</summary>
    public Group Group(string name) =>
        Add(
            new Group
            {
                WorkspaceId = Workspace,
                Id = ++lastId,
                Name = name,
                NameKey = Names.Fold(name),
            }
        );

    /// <summary>A course.</summary>
    public Course Course(string title, int? seats = null, bool isOpen = true) =>
        Add(
            new Course
            {
                WorkspaceId = Workspace,
                Id = ++lastId,
                Title = title,
                Seats = seats,
                IsOpen = isOpen,
            }
        );

    /// <summary>A rule that gives courses to whoever joins one of the groups.</summary>
    public AutoEnrolmentRule Rule(IEnumerable<Group> groups, IEnumerable<Course> courses, bool isActive = true)
    {
        var id = ++lastId;
        var rule = Add(
            new AutoEnrolmentRule
            {
                WorkspaceId = Workspace,
                Id = id,
                Name = $"Rule {id}",
                IsActive = isActive,
                TargetKind = RuleTargetKind.Groups,
            }
        );
        rows.AddRange(
            groups.Select(group => new RuleTarget
            {
                WorkspaceId = Workspace,
                RuleId = id,
                TargetId = group.Id,
            })
        );
        rows.AddRange(
            courses.Select(course => new RuleCourse
            {
                WorkspaceId = Workspace,
                RuleId = id,
                CourseId = course.Id,
            })
        );
        return rule;
    }

    /// <summary>A person in a group.</summary>
    public Membership Member(Profile person, Group group)
    {
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(group);
        return Add(
            new Membership
            {
                WorkspaceId = Workspace,
                ProfileId = person.Id,
                GroupId = group.Id,
                AddedAt = Now.AddDays(-30),
            }
        );
    }

    /// <summary>One attempt of a person at a course; attempts are numbered in the order given.</summary>
    /// <param name="person">Who.</param>
    /// <param name="course">At what.</param>
    /// <param name="status">As stored.</param>
    /// <param name="expiresInDays">Last day of access from today; negative for an attempt that ran out.</param>
    public Enrolment Enrol(Profile person, Course course, EnrolmentStatus status, int? expiresInDays = null)
    {
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(course);
        return Add(
            new Enrolment
            {
                WorkspaceId = Workspace,
                ProfileId = person.Id,
                CourseId = course.Id,
                Attempt = 1 + rows.OfType<Enrolment>().Count(e => e.ProfileId == person.Id && e.CourseId == course.Id),
                Status = status,
                StartsOn = Today.AddDays(-60),
                ExpiresOn = expiresInDays is { } days ? Today.AddDays(days) : null,
                CreatedAt = Now.AddDays(-60),
                StartedAt = status == EnrolmentStatus.NotStarted ? null : Now.AddDays(-50),
                CompletedAt = status == EnrolmentStatus.Completed ? Now.AddDays(-40) : null,
                WithdrawnAt = status == EnrolmentStatus.Withdrawn ? Now.AddDays(-40) : null,
            }
        );
    }

    /// <summary>An invitation's e-mail that waits to be sent.</summary>
    public OutboxMessage Mail(Profile person, MessagePurpose purpose = MessagePurpose.Invitation)
    {
        ArgumentNullException.ThrowIfNull(person);
        return Add(
            new OutboxMessage
            {
                WorkspaceId = Workspace,
                OperationId = ++lastId,
                ProfileId = person.Id,
                Purpose = purpose,
                Secret = $"encrypted {person.Id}",
                CreatedAt = Now,
                DueAt = Now,
            }
        );
    }

    /// <summary>Writes what was given since the last time.</summary>
    public async Task Save()
    {
        await using var db = Database.Open(Workspace);
        db.AddRange(rows.Where(row => db.Entry(row).State == EntityState.Detached && !saved.Contains(row)));
        await db.SaveChangesAsync();
        saved.UnionWith(rows);
    }

    private readonly HashSet<object> saved = new(ReferenceEqualityComparer.Instance);

    private T Add<T>(T row)
        where T : class
    {
        rows.Add(row);
        return row;
    }
}
