using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Muster.Access;
using Muster.Cli;
using Muster.Data;
using Muster.Learning;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>Invented people must be as consistent as real ones: the demonstration and every benchmark stand on them.</summary>
public sealed class SeedTests(PostgresServer postgres)
{
    private static readonly CancellationToken Ct = CancellationToken.None;
    private static readonly FakeTimeProvider Clock = new(new DateTimeOffset(2026, 11, 23, 9, 30, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task The_demonstration_has_people_of_every_kind(DatabaseKind kind)
    {
        await using var database = await TestDatabase.Create(kind, postgres);
        await using var db = await Demonstration(database);
        var (northwind, harbour) = await Workspaces(db);
        db.WorkspaceId = northwind;
        var today = DateOnly.FromDateTime(Clock.GetUtcNow().UtcDateTime);

        Assert.Equal((12, 3), (await db.Units.CountAsync(Ct), await db.Units.MaxAsync(u => u.Tier, Ct)));
        Assert.Equal((15, 20, 3), (await db.Groups.CountAsync(Ct), await db.Courses.CountAsync(Ct), await db.Rules.CountAsync(Ct)));
        Assert.Equal(1, await db.Courses.CountAsync(c => !c.IsOpen, Ct));
        Assert.Equal(2, await db.Fields.CountAsync(Ct));
        Assert.Equal(501, await db.Profiles.CountAsync(Ct));
        Assert.InRange(await db.Profiles.Select(p => p.SortName).Distinct().CountAsync(Ct), 450, 501);

        foreach (var status in Enum.GetValues<StatusFilter>())
        {
            Assert.True(await db.Users(northwind, new() { Status = [status] }, today).CountAsync(Ct) >= 5, $"{status}");
        }

        foreach (var status in Enum.GetValues<EnrolmentStatus>())
        {
            Assert.True(await db.Enrolments.CountAsync(e => e.Status == status, Ct) >= 5, $"{status}");
        }

        Assert.True(await db.Enrolments.AnyAsync(e => e.Status == EnrolmentStatus.NotStarted && e.StartsOn > today, Ct), "Deferred");
        Assert.True(await db.Enrolments.AnyAsync(e => e.Status < EnrolmentStatus.Completed && e.ExpiresOn < today, Ct), "Expired by date");
        Assert.True(await db.Enrolments.AnyAsync(e => e.Attempt > 1, Ct), "several attempts");
        Assert.True(await db.Enrolments.AnyAsync(e => e.RuleId != null, Ct), "by rule");
        Assert.True(await db.ManagedUnits.CountAsync(Ct) >= 10);
        Assert.Equal(4, await db.Profiles.CountAsync(p => p.Role == ProfileRole.Admin, Ct));
        Assert.True(await db.FieldValues.CountAsync(Ct) > 800);
        var now = Clock.GetUtcNow().UtcDateTime;
        var outstanding = db.Invitations.Where(i => i.CancelledAt == null && i.AcceptedAt == null);
        Assert.True(await outstanding.AnyAsync(i => i.ExpiresAt < now, Ct) && await outstanding.AnyAsync(i => i.ExpiresAt > now, Ct));
        Assert.True(await db.Profiles.AnyAsync(p => p.LastName == "O'Neill", Ct));

        // The search index knows them by their folded names.
        var odd = await db
            .Profiles.AsNoTracking()
            .FirstAsync(p => p.LastName == "Müller" || p.LastName == "Şahin" || p.LastName == "Núñez", Ct);
        Assert.Contains(
            odd.Id,
            await db.Users(northwind, new() { Search = Names.Fold(odd.LastName) }, today).Select(p => p.Id).ToListAsync(Ct)
        );

        db.WorkspaceId = harbour;
        Assert.Equal(64, await db.Profiles.CountAsync(Ct));
        var both = db
            .Profiles.IgnoreQueryFilters()
            .Where(p => p.AccountId != null)
            .GroupBy(p => p.AccountId)
            .CountAsync(g => g.Count() == 2, Ct);
        Assert.Equal(4, await both);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Seeded_people_keep_the_rules_of_the_product(DatabaseKind kind)
    {
        await using var database = await TestDatabase.Create(kind, postgres);
        await using var db = await Demonstration(database);
        var (northwind, _) = await Workspaces(db);
        db.WorkspaceId = northwind;
        var now = Clock.GetUtcNow().UtcDateTime;
        var today = DateOnly.FromDateTime(now);
        var people = await db.Profiles.AsNoTracking().ToListAsync(Ct);
        var enrolments = await db.Enrolments.AsNoTracking().ToListAsync(Ct);
        var courses = await db.Courses.AsNoTracking().ToDictionaryAsync(c => c.Id, Ct);
        var invitations = await db.Invitations.AsNoTracking().ToDictionaryAsync(i => i.ProfileId, Ct);
        var byId = people.ToDictionary(p => p.Id);

        Assert.All(
            people,
            p => Assert.Equal(p.Status == ProfileStatus.Active, p.AccountId is not null && p.Status != ProfileStatus.Archived)
        );
        Assert.All(people, p => Assert.True(p.RegisteredAt is not null || invitations.ContainsKey(p.Id)));
        Assert.All(people, p => Assert.True(p.InvitedAt <= now && (p.RegisteredAt ?? now) <= now && (p.LastActiveAt ?? now) <= now));
        Assert.All(people, p => Assert.EndsWith("example.org", p.Email, StringComparison.Ordinal));
        Assert.All(
            people,
            p =>
                Assert.Equal(
                    (Names.SortKey(p.FirstName, p.LastName), Names.SearchText(p.FirstName, p.LastName, p.Email)),
                    (p.SortName, p.SearchText)
                )
        );
        Assert.All(
            enrolments,
            e => Assert.True(e.CreatedAt <= now && (e.CompletedAt ?? now) <= now && (e.StartedAt ?? e.CreatedAt) >= e.CreatedAt)
        );
        Assert.All(
            enrolments.Where(e => e.Status < EnrolmentStatus.Completed),
            e =>
            {
                Assert.True(courses[e.CourseId].IsOpen);
                Assert.Contains(byId[e.ProfileId].Status, new[] { ProfileStatus.Active, ProfileStatus.Invited });
            }
        );
        foreach (var course in courses.Values.Where(c => c.Seats is not null))
        {
            var taken = enrolments.Count(e =>
                e.CourseId == course.Id && e.Status < EnrolmentStatus.Completed && (e.ExpiresOn is null || e.ExpiresOn >= today)
            );
            Assert.InRange(taken, 1, course.Seats!.Value);
        }
    }

    [Fact]
    public async Task The_same_seed_makes_the_same_people_and_more_can_be_added()
    {
        await using var one = await TestDatabase.Create(DatabaseKind.Sqlite, postgres);
        await using var two = await TestDatabase.Create(DatabaseKind.Postgres, postgres);
        var (first, again) = (await Names200(one), await Names200(two));
        Assert.Equal(200, first.Count);
        Assert.Equal(first, again);
    }

    private static async Task<List<string>> Names200(TestDatabase database)
    {
        await using var db = database.Open();
        var id = await WorkspaceBuilder.Create(
            db,
            await db.Reserve(IdBlock.Site, 1, Ct),
            WorkspacePlan.Large("Large"),
            DateTime.UnixEpoch,
            Ct
        );
        foreach (var already in new[] { 0, 100 })
        {
            var ground = await Ground.Read(db, id, Clock, Ct);
            await Seeder.AddPeople(db, ground, 100, 7 + already, already, Seeder.NumberedAddresses("large.example.org"), null, Ct);
        }

        Assert.Equal(245, await db.Units.CountAsync(Ct));
        Assert.Equal(3, await db.Profiles.CountAsync(p => p.Role == ProfileRole.Admin, Ct));
        return await db.Profiles.OrderBy(p => p.Id).Select(p => p.SearchText + p.Status + p.UnitId).ToListAsync(Ct);
    }

    private static async Task<MusterDb> Demonstration(TestDatabase database)
    {
        var db = database.Open();
        await using var transaction = await db.Database.BeginTransactionAsync(Ct);
        var admin = new Account
        {
            Id = await db.Reserve(IdBlock.Site, 1, Ct),
            UserName = DemoSite.AdminEmail,
            NormalizedUserName = DemoSite.AdminEmail,
            Email = DemoSite.AdminEmail,
            NormalizedEmail = DemoSite.AdminEmail,
            FirstName = "Alex",
            LastName = "Morgan",
            IsSiteAdmin = true,
        };
        db.Users.Add(admin);
        await db.SaveChangesAsync(Ct);
        await DemoSite.Create(db, await db.Reserve(IdBlock.Site, 2, Ct), admin, Clock, Ct);
        await transaction.CommitAsync(Ct);
        return db;
    }

    private static async Task<(long Northwind, long Harbour)> Workspaces(MusterDb db)
    {
        var ids = await db.Workspaces.ToDictionaryAsync(w => w.Name, w => w.Id, Ct);
        return (ids["Northwind Care"], ids["Harbour College"]);
    }
}
