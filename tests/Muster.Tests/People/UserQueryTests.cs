using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>What the users list shows is what a plain filter over the same people in memory would.</summary>
public sealed class UserQueryTests(PostgresServer postgres)
{
    private static readonly (string First, string Last)[] People =
    [
        ("Ünïcode", "Äpfel"),
        ("Zoë", "Nuñez"),
        ("ANN", "O\"Neill"),
        ("Ann", "Lee"),
        ("ann", "leeds"),
        ("Annabel", "McLee"),
        ("=1+1", "Formula"),
        ("Hundred", "100%"),
        ("Under", "a_bc"),
        ("Over", "aXbc"),
        ("Back", "sl\\ash"),
        ("Quo'te", "Apo*strophe"),
        ("Li", "Wu"),
        ("Wu", "Li"),
        ("Lisa", "Wurst"),
        ("Al", "Bo"),
        ("太郎", "山田"),
        ("花子", "山本"),
        ("一", "𠮷野"),
        // In this order by code point, in the other by UTF-16 unit.
        ("Namesake", "ｱｵｷ"),
        ("Namesake", "𠮷田"),
        ("Smile", "😀"),
        ("Tone", "🏿"),
        ("Παύλος", "Παπαδόπουλος"),
        ("İpek", "Işık"),
        ("Anne-Marie", "van der Berg"),
    ];

    private static readonly string[] Searches =
    [
        "",
        "   ",
        "ann",
        "ANN",
        "änn",
        "ann lee",
        "lee ann",
        "Ann\tLee",
        "ann nobody",
        "namesake",
        "unicode",
        "ÜNÏCODE",
        "u\u0308ni\u0308code",
        "zoe nunez",
        "o\"neill",
        "\"",
        "=1+1",
        "100%",
        "%",
        "_",
        "a%c",
        "a_b",
        "a_bc",
        "sl\\ash",
        "\\",
        "quo'te",
        "po*",
        "ann*",
        "ann OR lee",
        "NOT",
        "search_text:ann",
        "li",
        "wu",
        "li wu",
        "wu li",
        "al bo",
        "o ann",
        "ann o",
        "山田",
        "山田 太郎",
        "山",
        "𠮷野",
        "𠮷",
        "😀",
        "🏿",
        "\uFFFF",
        "ΠΑΠΑΔΟΠΟΥΛΟΣ",
        "παπαδοπουλος",
        "ipek",
        "İPEK",
        "van berg",
        "anne-marie",
        ".9@example",
        "@EXAMPLE.org",
        "example.org ann",
    ];

    /// <summary>Gathering few, walking far enough for a page, and walking without meeting one.</summary>
    private static readonly (int Few, int Walk)[] Ways = [(UserPages.CountLimit, 5), (0, 1000), (0, 4), (1, 1)];

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Search_looks_into_name_and_e_mail_without_regard_to_case_and_accents(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, Named);
        await using var db = stage.Database.Open(stage.Given.Workspace);
        var shown = 0;
        var (email, other) = (stage.Given.All[^1].Email, stage.Given.All[0].Email);
        foreach (var search in Searches.Concat([email, email[1..^2], other.Replace(".org", ".com", StringComparison.Ordinal)]))
        {
            var expected = stage.Given.All.Where(p => UserOracle.Matches(p, search)).Select(p => p.LastName).ToList();
            foreach (var way in Enum.GetValues<SearchWay>())
            {
                var found = await db.Users(stage.Given.Workspace, new() { Search = search }, stage.Given.Today, way: way)
                    .InListOrder()
                    .ToListAsync();

                Assert.Equal(
                    $"{search} {way}: {string.Join("; ", expected)}",
                    $"{search} {way}: {string.Join("; ", found.Select(p => p.LastName))}"
                );
            }

            var pages = new UserPages(db, stage.Given.Admin.Actor, new() { Search = search }, stage.Given.Today, "UTC");
            var (met, place) = (new List<string>(), new UserPlace(null, 0));
            for (var next = await Next(); next.Count > 0; next = await Next())
            {
                met.Add(next[0].LastName);
                place = new(next[0].SortName, next[0].Id);
            }

            Assert.Equal($"{search}: {string.Join("; ", expected)}", $"{search}: {string.Join("; ", met)}");

            async Task<IReadOnlyList<Profile>> Next() => (await pages.Read(place, 1, p => p, default)).Lines;
            shown += expected.Count is > 0 and < 20 ? 1 : 0;
        }

        // The test can fail: most of the words find somebody, and not everybody.
        Assert.True(shown > Searches.Length / 2, $"{shown} of {Searches.Length}");
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_character_that_no_name_can_hold_is_passed_over(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, Named);
        await using var db = stage.Database.Open(stage.Given.Workspace);
        async Task<int> Found(string search) =>
            await db.Users(stage.Given.Workspace, new() { Search = search }, stage.Given.Today).CountAsync();

        Assert.Equal(await Found("formula"), await Found("for\0mula"));
        Assert.Equal(await Found("wu"), await Found("w\0u"));
        Assert.Equal(await Found(""), await Found("\0"));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Any_set_of_statuses_shows_those_and_Expired_is_Active_past_its_last_day(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, Scattered);
        var given = stage.Given;
        await using var db = stage.Database.Open(given.Workspace);
        var all = Enum.GetValues<StatusFilter>();
        for (var set = 0; set < 1 << all.Length; set++)
        {
            List<StatusFilter> asked = [.. all.Where((_, i) => (set & (1 << i)) != 0)];
            var expected = given.All.Where(p => asked.Count == 0 || asked.Contains(UserOracle.Standing(p, given.Today)));

            // The order in which they are asked for, and asking twice, make no difference.
            var filter = new UserFilter { Status = [.. asked.AsEnumerable().Reverse(), .. asked.Take(1)] };
            var found = await db.Users(given.Workspace, filter, given.Today).InListOrder().Select(p => p.Id).ToListAsync();

            Assert.Equal(
                (string.Join(',', asked), string.Join(',', expected.Select(p => p.Id))),
                (string.Join(',', asked), string.Join(',', found))
            );
        }

        Assert.All(all, status => Assert.Contains(given.All, p => UserOracle.Standing(p, given.Today) == status));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Everything_asked_for_must_hold(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, Scattered);
        var given = stage.Given;
        await using var db = stage.Database.Open(given.Workspace);
        var members = await db.Memberships.Select(m => new { m.ProfileId, m.GroupId }).ToListAsync();
        var groups = members.Select(m => m.GroupId).Distinct().Select(id => (long?)id).Append(null).Append(999_999).ToList();
        var units = given.Units.Select(u => (long?)u.Id).Append(null).Append(999_999).ToList();
        var filters =
            from role in Enum.GetValues<ProfileRole>().Select(r => (ProfileRole?)r).Append(null)
            from unit in units
            from below in new bool?[] { null, true, false }
            where unit is not null || below is null
            from grouped in groups
            from status in new[] { null, UserFilter.Default.Status, [StatusFilter.Expired], [StatusFilter.Active, StatusFilter.Archived] }
            from search in new[] { null, "p1", "example active" }
            select new UserFilter
            {
                Role = role,
                Unit = unit,
                UnitsBelow = below,
                Group = grouped,
                Status = status,
                Search = search,
            };
        // A Manager of two units, of which one has another below it.
        var own = given.Units.Where(u => u.Name is "North" or "Support").ToList();
        var boss = given.All.First(p => p.Role == ProfileRole.Manager);
        db.ManagedUnits.AddRange(
            own.Select(u => new ManagedUnit
            {
                WorkspaceId = given.Workspace,
                ProfileId = boss.Id,
                UnitId = u.Id,
            })
        );
        await db.SaveChangesAsync();
        var manager = new Actor(given.Workspace, Rank.Manager, boss.AccountId, boss.Id, null);
        var managed = given
            .All.Where(p => own.Exists(u => UserOracle.IsIn(given.Units, p.UnitId, u.Id, true)))
            .Select(p => p.Id)
            .ToHashSet();
        var (shown, managersSaw, turn) = (0, 0, 0);
        foreach (var filter in filters)
        {
            var expected = given
                .All.Where(p => UserOracle.Matches(p, filter.Search ?? ""))
                .Where(p => filter.Role is null || p.Role == filter.Role)
                .Where(p => filter.Unit is null || UserOracle.IsIn(given.Units, p.UnitId, filter.Unit.Value, filter.UnitsBelow != false))
                .Where(p => filter.Group is null || members.Exists(m => m.ProfileId == p.Id && m.GroupId == filter.Group))
                .Where(p => filter.Status is null || filter.Status.Contains(UserOracle.Standing(p, given.Today)))
                .Select(p => p.Id)
                .ToList();

            var found = await db.Users(given.Workspace, filter, given.Today).InListOrder().Select(p => p.Id).ToListAsync();

            Assert.True(expected.SequenceEqual(found), $"{filter}: {string.Join(',', expected)}, not {string.Join(',', found)}");
            shown += expected.Count > 0 ? 1 : 0;

            // The pages of the list find the same people, whichever way they take, and a Manager those of them who are in their units.
            var (few, walk) = Ways[turn % Ways.Length];
            var falling = turn / Ways.Length % 2 == 0;
            var reader = turn++ / Ways.Length % 3 == 0 ? manager : given.Admin.Actor;
            expected = reader.IsAdmin ? expected : [.. expected.Where(managed.Contains)];
            managersSaw += reader.IsAdmin ? 0 : expected.Count;
            var pages = new UserPages(db, reader, filter, given.Today, "UTC")
            {
                Few = few,
                Walk = walk,
                FirstRows = turn % 5 < 2 ? 2 : 12_000,
            };
            var (met, place) = (new List<long>(), new UserPlace(null, 0, falling));
            for (var more = true; more; )
            {
                var page = await pages.Read(place, 3, p => new { p.Id, p.SortName }, default);
                Assert.Equal(expected.Count, page.Matching);
                met.AddRange(page.Lines.Select(line => line.Id));
                more = page.Lines.Count == 3;
                place = more ? place with { SortName = page.Lines[^1].SortName, Id = page.Lines[^1].Id } : place;
            }

            Assert.Equal(falling ? [.. expected.AsEnumerable().Reverse()] : expected, met);
        }

        Assert.True(shown > 200, $"Only {shown} filters show anybody");
        Assert.True(managersSaw > 200, $"Managers saw only {managersSaw} people");
    }

    private static void Named(Given given)
    {
        foreach (var (first, last) in People)
        {
            given.Person(Kind.Active, first, last);
        }
    }

    /// <summary>Every kind of person in every unit and in none, in no, one or two groups, on both sides of their last day.</summary>
    private static void Scattered(Given given)
    {
        var top = given.Unit("Sales");
        var middle = given.Unit("North", top);
        OrganisationUnit?[] units = [top, middle, given.Unit("Harbour", middle), given.Unit("Support"), null];
        var (crew, choir) = (given.Group("Crew"), given.Group("Choir"));
        var number = 0;
        foreach (var kind in Enum.GetValues<Kind>())
        {
            foreach (var unit in units)
            {
                var person = given.Person(kind, unit: unit);
                person.ExpiresOn ??= (number % 3) switch
                {
                    0 => given.Today,
                    1 when person.Status != ProfileStatus.Active => given.Today.AddDays(-1),
                    _ => null,
                };
                if (number % 2 == 0)
                {
                    given.Member(person, crew);
                }

                if (number % 4 == 0)
                {
                    given.Member(person, choir);
                }

                number++;
            }
        }
    }
}
