using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;
using Muster.Learning;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>One user changed by hand: what is written, what rules do about it, and who may not.</summary>
public sealed class UserEditsTests(PostgresServer postgres)
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    public static TheoryData<DatabaseKind> Databases => [DatabaseKind.Sqlite, DatabaseKind.Postgres];

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Everything_that_was_typed_is_there_and_an_undo_sees_that_somebody_touched_the_profile(DatabaseKind kind)
    {
        await using var database = await TestDatabase.Create(kind, postgres);
        var given = new Given(database, Given.NewClock());
        var (north, south) = (given.Unit("North"), given.Unit("South"));
        var (left, kept, joined) = (given.Group("Left"), given.Group("Kept"), given.Group("Joined"));
        var fields = Fields(given);
        var person = given.Person(Kind.Active, "Ann", "Old", north);
        person.OperationId = 77;
        given.Member(person, left);
        given.Member(person, kept).OperationId = 78;
        given.Value(person, fields[0], "old text");
        given.Value(person, fields[1], 1.5m);
        await given.Save();

        var wanted = new PersonDetails
        {
            FirstName = "  Änne ",
            LastName = "New",
            Role = ProfileRole.Manager,
            Manages = [north.Id, south.Id],
            Unit = south.Id,
            Groups = [kept.Id, joined.Id],
            ExpiresOn = given.Today.AddDays(30),
            Fields = new Dictionary<long, string>
            {
                [fields[0].Id] = "new text",
                [fields[2].Id] = "2026-12-24",
                [fields[3].Id] = "No",
                [fields[4].Id] = "blue",
            },
        };
        var saved = await Save(given, person, wanted);

        Assert.True(saved!.IsSaved);
        await using var db = given.Database.Open(given.Workspace);
        var now = await db.Profiles.SingleAsync(p => p.Id == person.Id, Ct);
        Assert.Equal(("Änne", "New", "new, anne"), (now.FirstName, now.LastName, now.SortName));
        Assert.Contains("anne new", now.SearchText, StringComparison.Ordinal);
        Assert.Null(now.OperationId);
        Assert.Equal((ProfileRole.Manager, south.Id, given.Today.AddDays(30)), (now.Role, now.UnitId, now.ExpiresOn));
        Assert.Equal(wanted.Manages.Order(), (await PersonDetails.Of(db, now, Ct)).Manages);
        Assert.Equal(
            [(kept.Id, (long?)78), (joined.Id, null)],
            (await db.Memberships.Where(m => m.ProfileId == person.Id).OrderBy(m => m.GroupId).ToListAsync(Ct)).Select(m =>
                (m.GroupId, m.OperationId)
            )
        );
        var values = await db.FieldValues.Where(v => v.ProfileId == person.Id).OrderBy(v => v.FieldId).ToListAsync(Ct);
        Assert.Equal(["new text", "2026-12-24", "No", "Blue"], values.Select(v => FieldContent.Of(v).Typed()));
        var entry = await db.Audit.SingleAsync(a => a.Event == "profile.edited", Ct);
        Assert.Equal(person.Id, entry.ProfileId);
        Assert.DoesNotContain("New", entry.Details, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("INVITED-3")]
    public async Task Joining_a_group_or_unit_enrols_once_agreed_and_a_unit_that_was_above_before_is_not_joined(DatabaseKind kind)
    {
        await using var database = await TestDatabase.Create(kind, postgres);
        var given = new Given(database, Given.NewClock());
        var top = given.Unit("Top");
        var (north, south) = (given.Unit("North", top), given.Unit("South", top));
        var group = given.Group("Crew");
        var (byUnit, byGroup, above) = (given.Course("By unit"), given.Course("By group"), given.Course("By the unit above both"));
        var (full, open, closed) = (given.Course("Full", seats: 1), given.Course("Already open"), given.Course("Closed", isOpen: false));
        given.UnitRule([south], [byUnit, full, open, closed]);
        given.UnitRule([top], [above]);
        given.Rule([group], [byGroup, byUnit]);
        var person = given.Person(Kind.Active, unit: north);
        given.Enrol(person, byUnit, EnrolmentStatus.Completed);
        given.Enrol(person, open, EnrolmentStatus.InProgress);
        given.Enrol(given.Person(Kind.Active), full, EnrolmentStatus.NotStarted);
        await given.Save();
        var wanted = await Wanted(given, person, was => was with { Unit = south.Id, Groups = [group.Id] });
        IReadOnlyList<CourseAhead> shown = [];

        var refused = await Save(given, person, wanted, ahead => (shown = ahead).Count == 0);

        Assert.False(refused!.IsSaved);
        Assert.Equal(
            [("By unit", true), ("By group", true), ("Full", false)],
            shown.OrderBy(course => course.CourseId).Select(course => (course.Title, course.HasSeat))
        );
        await using var db = given.Database.Open(given.Workspace);
        Assert.Equal(north.Id, (await db.Profiles.AsNoTracking().SingleAsync(p => p.Id == person.Id, Ct)).UnitId);
        Assert.Equal(2, await db.Enrolments.CountAsync(e => e.ProfileId == person.Id, Ct));

        Assert.True((await Save(given, person, wanted))!.IsSaved);

        var attempts = await db.Enrolments.AsNoTracking().Where(e => e.ProfileId == person.Id).ToListAsync(Ct);
        Assert.Equal(
            [(byUnit.Id, 1), (byUnit.Id, 2), (byGroup.Id, 1), (open.Id, 1)],
            attempts.OrderBy(e => e.CourseId).ThenBy(e => e.Attempt).Select(e => (e.CourseId, e.Attempt))
        );
        Assert.All(attempts.Where(e => e.Status == EnrolmentStatus.NotStarted), e => Assert.NotNull(e.RuleId));
    }

    [Fact]
    public async Task Invited_people_get_nothing_before_they_accept()
    {
        await using var database = await TestDatabase.Create(DatabaseKind.Sqlite, postgres);
        var given = new Given(database, Given.NewClock());
        var (unit, course) = (given.Unit("North"), given.Course("Safety"));
        given.UnitRule([unit], [course]);
        var person = given.Person(Kind.Invited);
        await given.Save();

        var saved = await Save(given, person, await Wanted(given, person, was => was with { Unit = unit.Id }), ahead => ahead.Count == 0);

        Assert.True(saved!.IsSaved);
        await using var db = given.Database.Open(given.Workspace);
        Assert.Equal(0, await db.Enrolments.CountAsync(Ct));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_somebody_else_changed_meanwhile_is_named_and_not_overwritten(DatabaseKind kind)
    {
        await using var database = await TestDatabase.Create(kind, postgres);
        var given = new Given(database, Given.NewClock());
        var (group, person) = (given.Group("Crew"), given.Person(Kind.Active));
        await given.Save();
        var (first, second) = (
            await Wanted(given, person, was => was with { Groups = [group.Id], LastName = "First" }),
            await Wanted(given, person, was => was with { FirstName = "Second" })
        );
        var was = await Details(given, person);
        await Save(given, person, first);

        var refused = await Assert.ThrowsAsync<ConflictException>(() =>
            Edits(given).Save(given.Admin, person.Id, was, second, _ => true, Ct)
        );

        Assert.Contains("last name, groups", refused.Message, StringComparison.Ordinal);
        Assert.Equal(("First", 1), ((await Details(given, person)).LastName, (await Details(given, person)).Groups.Count));
    }

    [Fact]
    public async Task Roles_are_neither_given_above_ones_own_nor_taken_from_oneself_or_the_last_admin()
    {
        await using var database = await TestDatabase.Create(DatabaseKind.Sqlite, postgres);
        var given = new Given(database, Given.NewClock());
        var (other, expired) = (given.Person(Kind.Admin), given.Person(Kind.ExpiredAdmin));
        var (learner, boss, archived) = (given.Person(Kind.Active), given.Person(Kind.SiteAdmin), given.Person(Kind.Archived));
        var manager = given.Person(Kind.Manager);
        await given.Save();

        Assert.Equal("role", await WrongField(given, given.Self, was => was with { Role = ProfileRole.Learner }));
        Assert.Equal("expiresOn", await WrongField(given, given.Self, was => was with { ExpiresOn = given.Today.AddDays(-1) }));
        // A Site Admin stands above, whatever their role here; an archived profile stays as it was.
        foreach (var person in new[] { boss, archived })
        {
            var wanted = await Wanted(given, person, was => was with { LastName = "Else" });
            await Assert.ThrowsAsync<ConflictException>(() => Save(given, person, wanted));
        }

        var byManager = await Wanted(given, learner, was => was with { LastName = "Else" });
        await Assert.ThrowsAsync<ConflictException>(async () =>
            await Edits(given).Save(given.By(manager), learner.Id, await Details(given, learner), byManager, _ => true, Ct)
        );
        // Of two Admins one may go; then the expired one does not count.
        await Save(given, other, await Wanted(given, other, was => was with { Role = ProfileRole.Learner }));
        Assert.Equal("role", await WrongField(given, given.Self, was => was with { Role = ProfileRole.Learner }, given.CommandLine));
        Assert.Equal(
            "expiresOn",
            await WrongField(given, given.Self, was => was with { ExpiresOn = given.Today.AddDays(-1) }, given.CommandLine)
        );
        await Save(given, expired, await Wanted(given, expired, was => was with { Role = ProfileRole.Learner }));
    }

    [Fact]
    public async Task Two_admins_who_take_the_role_from_each_other_at_once_leave_one()
    {
        await using var database = await TestDatabase.Create(DatabaseKind.Postgres, postgres);
        var given = new Given(database, Given.NewClock());
        var other = given.Person(Kind.Admin);
        await given.Save();

        var saves = new[] { (given.Self, other), (other, given.Self) }.Select(async pair =>
        {
            var (by, whom) = pair;
            var wanted = await Wanted(given, whom, was => was with { Role = ProfileRole.Learner });
            try
            {
                return await Edits(given).Save(given.By(by), whom.Id, await Details(given, whom), wanted, _ => true, Ct);
            }
            catch (ParametersException)
            {
                return null;
            }
        });
        var done = await Task.WhenAll(saves);

        Assert.Single(done, result => result is not null);
    }

    [Fact]
    public async Task Values_are_read_by_their_kind_and_a_choice_that_is_gone_may_stay()
    {
        await using var database = await TestDatabase.Create(DatabaseKind.Sqlite, postgres);
        var given = new Given(database, Given.NewClock());
        var fields = Fields(given);
        fields[0].IsRequired = true;
        var person = given.Person(Kind.Active);
        given.Value(person, fields[4], "Purple");
        await given.Save();

        Assert.Equal($"field-{fields[0].Id}", await WrongField(given, person, was => was));
        foreach (var (field, wrong) in new[] { (1, "12,34"), (2, "31 February"), (3, "maybe"), (4, "green") })
        {
            Assert.Equal($"field-{fields[field].Id}", await WrongField(given, person, was => Typed(was, (0, "x"), (field, wrong))));
        }

        await Save(given, person, await Wanted(given, person, was => Typed(was, (0, "x"), (1, "0.1"))));
        var now = await Details(given, person);
        Assert.Equal(["x", "0.1", "Purple"], now.Fields.OrderBy(value => value.Key).Select(value => value.Value));

        PersonDetails Typed(PersonDetails was, params (int Field, string Text)[] values) =>
            was with
            {
                Fields = was
                    .Fields.Concat(values.Select(value => KeyValuePair.Create(fields[value.Field].Id, value.Text)))
                    .GroupBy(value => value.Key)
                    .ToDictionary(group => group.Key, group => group.Last().Value),
            };
    }

    [Fact]
    public async Task A_unit_that_is_deleted_at_the_same_moment_is_refused_in_words()
    {
        await using var database = await TestDatabase.Create(DatabaseKind.Postgres, postgres);
        var given = new Given(database, Given.NewClock());
        var unit = given.Unit("North");
        var person = given.Person(Kind.Active, "Ann", "Old");
        await given.Save();
        // As whoever deletes the unit does it.
        await using var other = given.Database.Open(given.Workspace);
        await using var deleting = await other.Database.BeginTransactionAsync(Ct);
        await other.TakeTurn(given.Workspace, Ct);
        await other.UnitAncestors.Where(a => a.UnitId == unit.Id).ExecuteDeleteAsync(Ct);
        await other.Units.Where(u => u.Id == unit.Id).ExecuteDeleteAsync(Ct);

        var saving = Save(given, person, await Wanted(given, person, now => now with { Unit = unit.Id }));
        await Task.Delay(500, Ct);
        await deleting.CommitAsync(Ct);

        Assert.Equal("unit", Assert.Single((await Assert.ThrowsAsync<ParametersException>(() => saving)).Errors).Key);
    }

    private static CustomField[] Fields(Given given)
    {
        var fields = Enum.GetValues<FieldKind>().Select((kind, i) => given.Field($"{kind}", kind, i)).ToArray();
        fields[4].Choices = "Red\nBlue";
        return fields;
    }

    private static UserEdits Edits(Given given) => new(new(() => given.Database.Open(0)), given.Clock);

    private static async Task<PersonDetails> Details(Given given, Profile person)
    {
        await using var db = given.Database.Open(given.Workspace);
        return await PersonDetails.Of(db, await db.Profiles.AsNoTracking().SingleAsync(p => p.Id == person.Id, Ct), Ct);
    }

    private static async Task<PersonDetails> Wanted(Given given, Profile person, Func<PersonDetails, PersonDetails> change) =>
        change(await Details(given, person));

    private static async Task<UserEditResult?> Save(
        Given given,
        Profile person,
        PersonDetails wanted,
        Func<IReadOnlyList<CourseAhead>, bool>? agrees = null
    ) => await Edits(given).Save(given.Admin, person.Id, await Details(given, person), wanted, agrees ?? (_ => true), Ct);

    private static async Task<string> WrongField(
        Given given,
        Profile person,
        Func<PersonDetails, PersonDetails> change,
        Requester? by = null
    )
    {
        var was = await Details(given, person);
        var wrong = await Assert.ThrowsAsync<ParametersException>(() =>
            Edits(given).Save(by ?? given.Admin, person.Id, was, change(was), _ => true, Ct)
        );
        return Assert.Single(wrong.Errors).Key;
    }
}
