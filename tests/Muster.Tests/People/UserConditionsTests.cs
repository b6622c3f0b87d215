using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Learning;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>The rarer filters of the users list: open attempts, custom fields of every kind, days in the workspace's zone.</summary>
public sealed class UserConditionsTests(PostgresServer postgres)
{
    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task An_attempt_is_open_until_it_is_completed_withdrawn_or_past_its_last_day(DatabaseKind kind)
    {
        Course course = null!;
        await using var stage = await Stage.Set(
            kind,
            postgres,
            given =>
            {
                (course, var other) = (given.Course("Safety"), given.Course("Other"));
                foreach (var status in Enum.GetValues<EnrolmentStatus>())
                {
                    foreach (var last in new int?[] { null, -1, 0, 1 })
                    {
                        given.Enrol(given.Person(Kind.Active, $"{status}", $"{last}"), course, status, last);
                    }
                }

                given.Enrol(given.Person(Kind.Active, "Elsewhere"), other, EnrolmentStatus.InProgress);
            }
        );

        var found = await Found(stage, new() { Course = course.Id });

        Assert.Equal(
            from status in new[] { "AwaitingFeedback", "InProgress", "NotStarted" }
            from last in new[] { "", "0", "1" }
            orderby status, last
            select $"{status} {last}",
            found.Order()
        );
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_field_holds_a_value_or_lies_in_a_range_whatever_its_kind(DatabaseKind kind)
    {
        CustomField city = null!,
            hours = null!,
            start = null!,
            warden = null!;
        await using var stage = await Stage.Set(
            kind,
            postgres,
            given =>
            {
                (city, hours) = (given.Field("City", FieldKind.Text, 1), given.Field("Hours", FieldKind.Number, 2));
                (start, warden) = (given.Field("Start", FieldKind.Date, 3), given.Field("Fire warden", FieldKind.YesNo, 4));
                var (ann, ben) = (given.Person(Kind.Active, "Ann", "A"), given.Person(Kind.Active, "Ben", "B"));
                var cat = given.Person(Kind.Active, "Cat", "C");
                given.Person(Kind.Active, "Dan", "D");
                given.Value(ann, city, "Paris");
                given.Value(ben, city, "100% Paris_Nord");
                given.Value(cat, city, "yes");
                given.Value(ann, hours, 9m);
                given.Value(ben, hours, 10.5m);
                given.Value(cat, hours, -2m);
                given.Value(ann, start, new DateOnly(2026, 1, 31));
                given.Value(ben, start, new DateOnly(2026, 2, 1));
                given.Value(ann, warden, true);
                given.Value(ben, warden, false);
            }
        );
        foreach (
            var (filter, expected) in new (FieldFilter, string)[]
            {
                (new(city.Id), "Ann A, Ben B, Cat C"),
                (new(city.Id, "pARIS"), "Ann A"),
                (new(city.Id, "100% paris_nord"), "Ben B"),
                (new(city.Id, "100_ paris%"), ""),
                (new(city.Id, "Par"), ""),
                (new(city.Id, "Yes"), "Cat C"),
                (new(hours.Id, "10.5"), "Ben B"),
                (new(hours.Id, From: "9", To: "10.5"), "Ann A, Ben B"),
                (new(hours.Id, From: "9.01"), "Ben B"),
                (new(hours.Id, To: "9"), "Ann A, Cat C"),
                (new(start.Id, "2026-01-31"), "Ann A"),
                (new(start.Id, From: "2026-02-01"), "Ben B"),
                (new(start.Id, To: "2026-01-31"), "Ann A"),
                (new(warden.Id, "yes"), "Ann A"),
                (new(warden.Id, "no"), "Ben B"),
                (new(999_999, "yes"), ""),
            }
        )
        {
            var found = await Found(stage, new() { Field = filter });
            Assert.Equal($"{filter}: {expected}", $"{filter}: {string.Join(", ", found)}");
        }
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Days_are_those_of_the_workspace_and_both_ends_count(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(
            kind,
            postgres,
            given =>
            {
                // In Auckland, 13 hours ahead, 10 March lasts from 11:00 UTC on the 9th to 11:00 on the 10th.
                foreach (
                    var (name, moment) in new[]
                    {
                        ("Before", "09T10:59:59"),
                        ("First", "09T11:00:00"),
                        ("Last", "10T10:59:59"),
                        ("After", "10T11:00:00"),
                    }
                )
                {
                    var person = given.Person(Kind.Active, name, "P");
                    var at = DateTime.Parse($"2026-03-{moment}Z", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
                    (person.InvitedAt, person.RegisteredAt, person.LastActiveAt) = (at, at, at);
                }

                given.Person(Kind.Active, "Never", "P").LastActiveAt = null;
            }
        );
        await stage.ByHand(db => db.Workspaces.ExecuteUpdateAsync(set => set.SetProperty(w => w.TimeZone, "Pacific/Auckland")));
        var day = new DateOnly(2026, 3, 10);
        UserFilter People(DayRange days, int which) =>
            which switch
            {
                0 => new() { Search = "p", Invited = days },
                1 => new() { Search = "p", Registered = days },
                _ => new() { Search = "p", LastActive = days },
            };

        foreach (var which in new[] { 0, 1, 2 })
        {
            Assert.Equal(["First P", "Last P"], (await Found(stage, People(new(day, day), which), "Pacific/Auckland")).Order());
            Assert.DoesNotContain("First P", await Found(stage, People(new(day.AddDays(1)), which), "Pacific/Auckland"));
            Assert.DoesNotContain("After P", await Found(stage, People(new(To: day), which), "Pacific/Auckland"));
        }

        // Frozen by the same days.
        var operation = await stage.Pipeline.Preview(
            stage.Given.Admin,
            "archive-profiles",
            new("{}", new() { Filter = People(new(day, day), 2) })
        );
        Assert.Equal(2, operation.Selected);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Access_ends_on_one_of_the_days(DatabaseKind kind)
    {
        var day = new DateOnly(2026, 8, 31);
        await using var stage = await Stage.Set(
            kind,
            postgres,
            given =>
            {
                foreach (
                    var (name, last) in new (string, DateOnly?)[]
                    {
                        ("Day", day),
                        ("Eve", day.AddDays(-1)),
                        ("Next", day.AddDays(1)),
                        ("None", null),
                    }
                )
                {
                    given.Person(Kind.Active, name, "P").ExpiresOn = last;
                }
            }
        );

        Assert.Equal(["Day P"], await Found(stage, new() { Expires = new(day, day) }));
        Assert.Equal(["Day P", "Next P"], (await Found(stage, new() { Expires = new(day) })).Order());
        Assert.Equal(["Day P", "Eve P"], (await Found(stage, new() { Expires = new(To: day) })).Order());
    }

    [Theory]
    [InlineData("2026-03-29", "Europe/London", "2026-03-29T00:00:00")]
    [InlineData("2026-03-30", "Europe/London", "2026-03-29T23:00:00")]
    [InlineData("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00")] // Midnight is skipped: the day begins at one.
    [InlineData("2019-10-27", "Atlantic/Azores", "2019-10-27T00:00:00")] // Midnight comes twice: the first counts.
    [InlineData("0001-01-01", "Pacific/Auckland", "0001-01-01T00:00:00")]
    [InlineData("9999-12-31", "Pacific/Honolulu", "9999-12-31T00:00:00")]
    public void A_day_begins_at_its_first_moment(string day, string zone, string begins) =>
        Assert.Equal(
            DateTime.Parse(begins + "Z", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal),
            DateOnly.Parse(day, CultureInfo.InvariantCulture).Begins(zone)
        );

    [Fact]
    public void What_cannot_be_used_is_named()
    {
        var day = new DateOnly(2026, 5, 4);
        var archive = Pipeline.NewCatalog().Get("archive-profiles");
        foreach (
            var (member, filter) in new (string, UserFilter)[]
            {
                ("field", new() { Field = new(1, From: "many") }),
                ("field", new() { Field = new(1, From: "5", To: "2026-01-01") }),
                ("registered", new() { Registered = new(day, day.AddDays(-1)) }),
                ("lastActive", new() { LastActive = new(day, day.AddDays(-1)) }),
            }
        )
        {
            var refused = Assert.Throws<ParametersException>(() => new Selection { Filter = filter }.Check(archive));
            Assert.Equal([$"selection.filter.{member}"], refused.Errors.Keys);
        }
    }

    /// <summary>Whoever is found, the same in every way of looking.</summary>
    private static async Task<List<string>> Found(Stage stage, UserFilter filter, string zone = "Etc/UTC")
    {
        await using var db = stage.Database.Open(stage.Given.Workspace);
        var found = new List<List<string>>();
        foreach (var way in Enum.GetValues<SearchWay>())
        {
            var people = await db.Users(stage.Given.Workspace, filter, stage.Given.Today, zone, way).InListOrder().ToListAsync();
            found.Add(people.ConvertAll(p => $"{p.FirstName} {p.LastName}"));
        }

        Assert.All(found, people => Assert.Equal(found[0], people));
        return found[0];
    }
}
