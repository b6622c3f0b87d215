using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Learning;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>The tree of units as it is changed by hand: whatever was done, paths, tiers and ancestors say what the parents say.</summary>
public sealed class UnitEditsTests(PostgresServer postgres)
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    public static TheoryData<DatabaseKind> Databases => [DatabaseKind.Sqlite, DatabaseKind.Postgres];

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("INVITED-3")]
    public async Task A_unit_moves_with_all_below_it_and_the_tree_stays_true(DatabaseKind kind)
    {
        await using var database = await TestDatabase.Create(kind, postgres);
        var given = new Given(database, Given.NewClock());
        // Names whose characters are counted in different ways.
        var (sales, service) = (given.Unit("Sales 🚀 Ünit"), given.Unit("Service"));
        var north = given.Unit("North ΣΑΣ", sales);
        var (oslo, bergen) = (given.Unit("Oslo", north), given.Unit("Bergen", north));
        given.Unit("Centre", oslo);
        var course = given.Course("By the new place");
        given.UnitRule([service], [course]);
        var person = given.Person(Kind.Active, unit: oslo);
        person.OperationId = 5;
        await given.Save();

        Assert.True(await Edits(given).Move(given.Admin, north.Id, service.Id, Ct));
        await AssertTrue(given);
        await AssertPath(given, oslo, "Service / North ΣΑΣ / Oslo");
        Assert.True(await Edits(given).Rename(given.Admin, north.Id, "Nord 🚀", Ct));
        await AssertTrue(given);
        Assert.True(await Edits(given).Move(given.Admin, oslo.Id, null, Ct));
        await AssertTrue(given);
        await AssertPath(given, bergen, "Service / Nord 🚀 / Bergen");
        await using var db = given.Database.Open(given.Workspace);
        Assert.Equal("Oslo / Centre", (await db.Units.SingleAsync(u => u.Name == "Centre", Ct)).Path);
        // The organisation moved, not the person: no rule fires, and an undo does not think that somebody touched them.
        Assert.Equal(0, await db.Enrolments.CountAsync(Ct));
        Assert.Equal(5, (await db.Profiles.SingleAsync(p => p.Id == person.Id, Ct)).OperationId);
        Assert.Equal(2, await db.Audit.CountAsync(a => a.Event == "unit.moved", Ct));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Places_that_would_break_the_tree_are_refused_and_not_offered(DatabaseKind kind)
    {
        await using var database = await TestDatabase.Create(kind, postgres);
        var given = new Given(database, Given.NewClock());
        var deep = given.Unit("1");
        var tiers = new List<OrganisationUnit> { deep };
        for (var tier = 2; tier <= OrganisationUnit.MaxTiers; tier++)
        {
            tiers.Add(given.Unit($"{tier}", tiers[^1]));
        }

        var top = given.Unit("Top");
        var below = given.Unit("Below", top);
        given.Unit("BELOW", tiers[0]);
        await given.Save();

        Assert.Contains("6", await Refusal(given, top, tiers[4]), StringComparison.Ordinal);
        Assert.Contains("itself", await Refusal(given, top, below), StringComparison.Ordinal);
        Assert.Contains("itself", await Refusal(given, top, top), StringComparison.Ordinal);
        Assert.Contains("of this name", await Refusal(given, below, tiers[0]), StringComparison.Ordinal);
        Assert.True(await Edits(given).Move(given.Admin, top.Id, tiers[3].Id, Ct));
        await AssertTrue(given);
        await using var db = given.Database.Open(given.Workspace);
        var places = await UnitEdits.Places(db, await db.Units.SingleAsync(u => u.Id == tiers[1].Id, Ct), Ct);
        Assert.Equal(["1"], places.Select(place => place.Path));
        Assert.False(await Edits(given).Move(given.Admin, 999, null, Ct));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_deleted_units_target_takes_people_units_managers_and_rules(DatabaseKind kind)
    {
        await using var database = await TestDatabase.Create(kind, postgres);
        var given = new Given(database, Given.NewClock());
        var (old, heir) = (given.Unit("Old"), given.Unit("Heir"));
        var (child, grandchild) = (given.Unit("Child", old), null as OrganisationUnit);
        grandchild = given.Unit("Grandchild", child);
        var (ann, gone) = (given.Person(Kind.Active, unit: old), given.Person(Kind.Archived, unit: old));
        var (one, both) = (given.Person(Kind.Manager), given.Person(Kind.Manager));
        given.UnitRule([old], [given.Course("Safety")]);
        given.UnitRule([old, heir], [given.Course("Hygiene")]);
        // A group that has the unit's number is another thing.
        given.Rule(
            [
                new Group
                {
                    Id = old.Id,
                    Name = "",
                    NameKey = "",
                },
            ],
            [given.Course("Group's")]
        );
        await given.Save();
        await using var db = given.Database.Open(given.Workspace);
        db.ManagedUnits.AddRange(Manages(given, one, old), Manages(given, both, old), Manages(given, both, heir));
        await db.SaveChangesAsync(Ct);

        var wrong = await Assert.ThrowsAsync<ConflictException>(() => Removal(given).Delete(given.Admin, old.Id, null, Ct));
        Assert.Contains("2 people, 1 units below", wrong.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ParametersException>(() => Removal(given).Delete(given.Admin, old.Id, grandchild.Id, Ct));
        Assert.True(await Removal(given).Delete(given.Admin, old.Id, heir.Id, Ct));

        await AssertTrue(given);
        await AssertPath(given, grandchild, "Heir / Child / Grandchild");
        var units = await db.Profiles.Where(p => p.Id == ann.Id || p.Id == gone.Id).Select(p => p.UnitId).ToListAsync(Ct);
        Assert.Equal([heir.Id, heir.Id], units);
        Assert.Equal(
            [(one.Id, heir.Id), (both.Id, heir.Id)],
            (await db.ManagedUnits.AsNoTracking().OrderBy(m => m.ProfileId).ToListAsync(Ct)).Select(m => (m.ProfileId, m.UnitId))
        );
        var targets = await db
            .RuleTargets.Where(t => db.Rules.Any(r => r.Id == t.RuleId && r.TargetKind == RuleTargetKind.Units))
            .Select(t => t.TargetId)
            .ToListAsync(Ct);
        Assert.Equal([heir.Id, heir.Id], targets);
        Assert.True(await db.RuleTargets.AnyAsync(t => t.TargetId == old.Id, Ct));
        Assert.Equal(0, await db.Enrolments.CountAsync(Ct));
    }

    [Fact]
    public async Task An_empty_unit_goes_without_a_target_and_managers_and_rules_lose_it()
    {
        await using var database = await TestDatabase.Create(DatabaseKind.Sqlite, postgres);
        var given = new Given(database, Given.NewClock());
        var (unit, other) = (given.Unit("Old"), given.Unit("Other"));
        var manager = given.Person(Kind.Manager);
        given.UnitRule([unit, other], [given.Course("Safety")]);
        await given.Save();
        await using var db = given.Database.Open(given.Workspace);
        db.ManagedUnits.Add(Manages(given, manager, unit));
        await db.SaveChangesAsync(Ct);

        Assert.True(await Removal(given).Delete(given.Admin, unit.Id, null, Ct));

        await AssertTrue(given);
        Assert.Equal([other.Id], await db.RuleTargets.Select(t => t.TargetId).ToListAsync(Ct));
        Assert.Equal(0, await db.ManagedUnits.CountAsync(Ct));
        Assert.False(await Removal(given).Delete(given.Admin, unit.Id, null, Ct));
    }

    private static UnitEdits Edits(Given given) => new(new(() => given.Database.Open(0)), given.Clock);

    private static UnitRemoval Removal(Given given) => new(new(() => given.Database.Open(0)), given.Clock);

    private static ManagedUnit Manages(Given given, Profile person, OrganisationUnit unit) =>
        new()
        {
            WorkspaceId = given.Workspace,
            ProfileId = person.Id,
            UnitId = unit.Id,
        };

    private static async Task<string> Refusal(Given given, OrganisationUnit unit, OrganisationUnit to)
    {
        var wrong = await Assert.ThrowsAsync<ParametersException>(() => Edits(given).Move(given.Admin, unit.Id, to.Id, Ct));
        return wrong.Errors["parent"][0];
    }

    private static async Task AssertPath(Given given, OrganisationUnit unit, string path)
    {
        await using var db = given.Database.Open(given.Workspace);
        Assert.Equal(path, (await db.Units.SingleAsync(u => u.Id == unit.Id, Ct)).Path);
    }

    /// <summary>Works the tree out from the parents alone and compares.</summary>
    private static async Task AssertTrue(Given given)
    {
        await using var db = given.Database.Open(given.Workspace);
        var units = await db.Units.AsNoTracking().ToDictionaryAsync(u => u.Id, Ct);
        var ancestors = (await db.UnitAncestors.AsNoTracking().ToListAsync(Ct)).ToLookup(a => a.UnitId, a => a.AncestorId);
        Assert.All(
            units.Values,
            unit =>
            {
                var line = new List<OrganisationUnit>();
                for (var up = unit; up is not null; up = up.ParentId is { } parent ? units[parent] : null)
                {
                    line.Insert(0, up);
                }

                var path = string.Join(OrganisationUnit.Separator, line.Select(u => u.Name));
                Assert.Equal((path, Names.Fold(path), line.Count), (unit.Path, unit.PathKey, unit.Tier));
                Assert.Equal(line.Select(u => u.Id).Order(), ancestors[unit.Id].Order());
            }
        );
        Assert.Equal(units.Keys.Order(), ancestors.Select(a => a.Key).Order());
    }
}
