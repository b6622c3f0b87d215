using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.Learning;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>What the rules of groups and units do when somebody accepts their invitation.</summary>
public sealed class JoiningRulesTests(PostgresServer postgres)
{
    private const string Bo = "bo@example.com";

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("SEAT-5")]
    [Rule("INVITED-1")]
    [Rule("INVITED-2")]
    public async Task Rules_of_groups_and_of_units_above_enrol_in_each_open_course_once(DatabaseKind kind)
    {
        await using var site = await TestSite.Start(kind, postgres);
        await using var db = site.Open();
        var (top, below, beside) = (await AddUnit(db, "Sales", null), 0L, await AddUnit(db, "Service", null));
        below = await AddUnit(db, "North", top);
        var (mine, others) = (await AddGroup(db, "Mine"), await AddGroup(db, "Others"));
        var byBoth = await AddCourse(db, "By group and unit");
        var byUnit = await AddCourse(db, "By the unit above");
        var closed = await AddCourse(db, "Closed", isOpen: false);
        var elsewhere = await AddCourse(db, "Elsewhere");
        var group = await AddRule(db, RuleTargetKind.Groups, [mine], [byBoth, closed]);
        var unit = await AddRule(db, RuleTargetKind.Units, [top], [byUnit, byBoth]);
        await AddRule(db, RuleTargetKind.Groups, [others], [elsewhere]);
        await AddRule(db, RuleTargetKind.Units, [beside], [elsewhere]);
        await AddRule(db, RuleTargetKind.Groups, [mine], [elsewhere], isActive: false);
        // A unit and a group may share a number: the kind of the rule decides what it names.
        await AddRule(db, RuleTargetKind.Units, [mine], [elsewhere]);
        var (profileId, link) = await AcceptanceTests.Invite(site, Bo, unitId: below);
        await Join(db, site, profileId, mine);

        var result = await Accepting.Once(site, AcceptanceTests.Token(link));

        Assert.NotNull(result.Account);
        var enrolments = await db.Enrolments.AsNoTracking().OrderBy(e => e.CourseId).ToListAsync();
        Assert.Equal([(byBoth, (long?)group), (byUnit, unit)], enrolments.Select(e => (e.CourseId, e.RuleId)));
        Assert.All(
            enrolments,
            e =>
                Assert.Equal(
                    (profileId, 1, EnrolmentStatus.NotStarted, new DateOnly(2030, 5, 15)),
                    (e.ProfileId, e.Attempt, e.Status, e.StartsOn)
                )
        );
    }

    [Fact]
    public async Task An_open_attempt_is_kept_and_a_completed_or_expired_one_is_followed_by_a_new_one()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await using var db = site.Open();
        var group = await AddGroup(db, "Mine");
        var open = await AddCourse(db, "Open attempt");
        var completed = await AddCourse(db, "Completed before");
        var expired = await AddCourse(db, "Ran out");
        await AddRule(db, RuleTargetKind.Groups, [group], [open, completed, expired]);
        var (profileId, link) = await AcceptanceTests.Invite(site, Bo);
        await Join(db, site, profileId, group);
        await Enrol(db, site, profileId, open, EnrolmentStatus.NotStarted);
        await Enrol(db, site, profileId, completed, EnrolmentStatus.Completed);
        await Enrol(db, site, profileId, expired, EnrolmentStatus.InProgress, new DateOnly(2030, 5, 14));

        await Accepting.Once(site, AcceptanceTests.Token(link));

        var attempts = await db.Enrolments.AsNoTracking().OrderBy(e => e.CourseId).ThenBy(e => e.Attempt).ToListAsync();
        Assert.Equal(
            [
                (open, 1, EnrolmentStatus.NotStarted),
                (completed, 1, EnrolmentStatus.Completed),
                (completed, 2, EnrolmentStatus.NotStarted),
                (expired, 1, EnrolmentStatus.Expired),
                (expired, 2, EnrolmentStatus.NotStarted),
            ],
            attempts.Select(e => (e.CourseId, e.Attempt, e.Status))
        );
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Seats_are_never_exceeded_by_people_who_accept_at_once(DatabaseKind kind)
    {
        await using var site = await TestSite.Start(kind, postgres);
        await using var db = site.Open();
        var group = await AddGroup(db, "Mine");
        var course = await AddCourse(db, "Two seats", seats: 2);
        await AddRule(db, RuleTargetKind.Groups, [group], [course]);
        var tokens = new List<string>();
        foreach (var number in Enumerable.Range(0, 5))
        {
            var (profileId, link) = await AcceptanceTests.Invite(site, $"bo{number}@example.com");
            await Join(db, site, profileId, group);
            tokens.Add(AcceptanceTests.Token(link));
        }

        var results = await Task.WhenAll(tokens.Select(token => Task.Run(() => Accepting.Once(site, token))));

        Assert.All(results, result => Assert.NotNull(result.Account));
        Assert.Equal(2, await db.Enrolments.CountAsync());
    }

    private static async Task<long> AddUnit(MusterDb db, string name, long? parent)
    {
        var above = parent is null ? null : await db.Units.SingleAsync(u => u.Id == parent);
        var path = above is null ? name : above.Path + OrganisationUnit.Separator + name;
        var unit = new OrganisationUnit
        {
            WorkspaceId = 1,
            Id = await db.Reserve(1, 1, CancellationToken.None),
            ParentId = parent,
            Name = name,
            Path = path,
            PathKey = Names.Fold(path),
            Tier = (above?.Tier ?? 0) + 1,
        };
        db.Units.Add(unit);
        var ancestors = parent is null ? [] : await db.UnitAncestors.Where(a => a.UnitId == parent).Select(a => a.AncestorId).ToListAsync();
        db.UnitAncestors.AddRange(
            ancestors
                .Append(unit.Id)
                .Select(id => new UnitAncestor
                {
                    WorkspaceId = 1,
                    AncestorId = id,
                    UnitId = unit.Id,
                })
        );
        await db.SaveChangesAsync();
        return unit.Id;
    }

    internal static async Task<long> AddGroup(MusterDb db, string name)
    {
        var group = new Group
        {
            WorkspaceId = 1,
            Id = await db.Reserve(1, 1, CancellationToken.None),
            Name = name,
            NameKey = Names.Fold(name),
        };
        db.Groups.Add(group);
        await db.SaveChangesAsync();
        return group.Id;
    }

    internal static async Task<long> AddCourse(MusterDb db, string title, bool isOpen = true, int? seats = null)
    {
        var course = new Course
        {
            WorkspaceId = 1,
            Id = await db.Reserve(1, 1, CancellationToken.None),
            Title = title,
            IsOpen = isOpen,
            Seats = seats,
        };
        db.Courses.Add(course);
        await db.SaveChangesAsync();
        return course.Id;
    }

    internal static async Task<long> AddRule(MusterDb db, RuleTargetKind kind, long[] targets, long[] courses, bool isActive = true)
    {
        var rule = new AutoEnrolmentRule
        {
            WorkspaceId = 1,
            Id = await db.Reserve(1, 1, CancellationToken.None),
            Name = "Rule",
            TargetKind = kind,
            IsActive = isActive,
        };
        db.Rules.Add(rule);
        db.RuleTargets.AddRange(
            targets.Select(id => new RuleTarget
            {
                WorkspaceId = 1,
                RuleId = rule.Id,
                TargetId = id,
            })
        );
        db.RuleCourses.AddRange(
            courses.Select(id => new RuleCourse
            {
                WorkspaceId = 1,
                RuleId = rule.Id,
                CourseId = id,
            })
        );
        await db.SaveChangesAsync();
        return rule.Id;
    }

    private static async Task Join(MusterDb db, TestSite site, long profileId, long groupId)
    {
        db.Memberships.Add(
            new()
            {
                WorkspaceId = 1,
                ProfileId = profileId,
                GroupId = groupId,
                AddedAt = site.Now,
            }
        );
        await db.SaveChangesAsync();
    }

    internal static async Task Enrol(
        MusterDb db,
        TestSite site,
        long profileId,
        long courseId,
        EnrolmentStatus status,
        DateOnly? expiresOn = null,
        DateOnly? startsOn = null
    )
    {
        db.Enrolments.Add(
            new()
            {
                WorkspaceId = 1,
                ProfileId = profileId,
                CourseId = courseId,
                Attempt = 1,
                Status = status,
                StartsOn = startsOn ?? new(2030, 1, 1),
                ExpiresOn = expiresOn,
                CreatedAt = site.Now,
            }
        );
        await db.SaveChangesAsync();
    }
}
