using System.Globalization;
using System.Text;
using Muster.Files;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>What stands in the file of all users, character by character.</summary>
public sealed class UserExportTests(PostgresServer postgres)
{
    /// <summary>Names that a spreadsheet would run, a CSV has to quote, or a careless encoding would spoil.</summary>
    private static readonly (string First, string Last)[] Names =
    [
        ("=1+1", "+cmd|' /C calc'!A0"),
        ("-2", "@SUM(A1)"),
        ("＝1+1", "＠full"),
        ("'=quoted", "'t Hooft"),
        ("''twice", "'"),
        ("Ünïcode", "Ñandú 😀"),
        ("O\"Neill, Ann", "\"quoted\""),
        ("semi;colon", "pipe|d"),
        ("=\"007\"", "007"),
        ("TRUE", "1E5"),
    ];

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("EXPORT-1")]
    [Rule("EXPORT-3")]
    public async Task The_CSV_has_every_column_in_order_with_a_mark_quotes_and_ISO_dates(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, Furnished);

        var (file, count) = await stage.Export("csv");

        var ids = stage.Given.All.Select(Id).ToList();
        var utc = "2026-02-03T09:30:00Z,2026-02-13T09:30:00Z,2026-05-03T09:30:00Z";
        Assert.Equal(
            "\uFEFFFirst name,Last name,E-mail,Status,Roles,Organisation unit,Groups,Invited,Registered,Last active,Expiry date,"
                + "Height,Badge,Hired,Parking,\"'=Size\",Id\r\n"
                + $"\"O\"\"Neill, Ann\",Aaa,a.nn@example.org,Expired,Manager,Sales / North / Pier,\"Choir; Crew, night\",{utc},2026-05-03,"
                + $"-12.5,\"'@lpha, \"\"beta\"\"\",1999-12-31,yes,\"'=XL\",{ids[0]}\r\n"
                + $"\"'=1+1\",Bbb,b@example.org,Active,Admin,Sales,Choir,{utc},2026-05-04,1000000,,,no,,{ids[1]}\r\n"
                + $"Ünïcode,Ccc,c@example.org,Invited,Learner,,,2026-02-03T09:30:00Z,,,,,,,,,{ids[2]}\r\n"
                + $"Ada,Self,Ada.1@example.org,Active,Admin,,,{utc},,,,,,,{ids[3]}\r\n",
            new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(file)
        );
        Assert.Equal(4, count);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite, "csv")]
    [InlineData(DatabaseKind.Sqlite, "xlsx")]
    [InlineData(DatabaseKind.Postgres, "csv")]
    [InlineData(DatabaseKind.Postgres, "xlsx")]
    [Rule("EXPORT-2")]
    public async Task Everybody_is_in_it_in_list_order_archived_and_cancelled_included(DatabaseKind kind, string format)
    {
        await using var stage = await Stage.Set(kind, postgres);
        var all = stage.Given.All;

        var (file, count) = await stage.Export(format);

        var rows = Exporting.Read(file);
        Assert.Equal(
            all.Select(p => (Id(p), p.FirstName, p.LastName, p.Email, $"{UserOracle.Standing(p, stage.Given.Today)}", $"{p.Role}")),
            rows.Select(r => (r["Id"], r["First name"], r["Last name"], r["E-mail"], r["Status"], r["Roles"]))
        );
        Assert.Equal(all.Count, count);
        Assert.All(
            new[] { "Invited", "Active", "Expired", "Archived", "Cancelled" },
            status => Assert.Contains(rows, r => r["Status"] == status)
        );
        Assert.Equal(file, (await stage.Export(format)).File);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("EXPORT-5")]
    public async Task The_workbook_says_what_the_CSV_says_in_cells_of_their_kind(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, Furnished);

        var csv = Exporting.Read((await stage.Export("csv")).File);
        var workbook = Exporting.Read((await stage.Export("xlsx")).File);

        Assert.Equal(csv[0].Keys, workbook[0].Keys);
        Assert.Equal(csv.SelectMany(r => r.Values).Select(Plain), workbook.SelectMany(r => r.Values).Select(Plain));
        using var sheet = Workbooks.Open((await stage.Export("xlsx")).File);
        var first = sheet.Rows(CancellationToken.None).First();
        CellKind KindOf(string heading) => first[sheet.Headers.Single(h => h.Text == heading).Column].Kind;
        Assert.Equal("Users", sheet.SheetName);
        Assert.All(new[] { "Invited", "Registered", "Last active", "Expiry date", "Hired" }, h => Assert.Equal(CellKind.Date, KindOf(h)));
        Assert.All(new[] { "Height", "Id" }, h => Assert.Equal(CellKind.Number, KindOf(h)));
        Assert.All(new[] { "First name", "Badge", "=Size" }, h => Assert.Equal(CellKind.Text, KindOf(h)));

        // The workbook's moments and answers are typed; as text they differ in dress only.
        static string Plain(string text) =>
            text.TrimEnd('Z') switch
            {
                "yes" => "TRUE",
                "no" => "FALSE",
                var plain => plain,
            };
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("EXPORT-4")]
    public async Task No_cell_of_the_CSV_begins_as_a_formula_does(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, given => Named(given));

        var text = Encoding.UTF8.GetString((await stage.Export("csv")).File);

        // Quotes are no protection: a spreadsheet takes them off before it looks.
        var cells = text.Split("\r\n").SelectMany(line => line.Split(',')).Select(cell => cell.TrimStart('"'));
        Assert.DoesNotContain(cells, cell => cell.Length > 0 && "=+-@\t\r＝＋－＠".Contains(cell[0], StringComparison.Ordinal));
        Assert.Contains("\"'=1+1\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite, "csv")]
    [InlineData(DatabaseKind.Sqlite, "xlsx")]
    [InlineData(DatabaseKind.Postgres, "csv")]
    [InlineData(DatabaseKind.Postgres, "xlsx")]
    [Rule("EXPORT-4")]
    public async Task Our_own_import_gives_every_name_unit_group_role_and_date_back(DatabaseKind kind, string format)
    {
        await using var stage = await Stage.Set(kind, postgres, given => Named(given, given.Workspace == 1));
        var exported = (await stage.Export(format, new() { Search = "elsewhere.example" })).File;

        var other = stage.Other.Admin;
        var plan = new Plan("{}", new() { File = true }, exported);
        var operation = await stage.Pipeline.Run(other, await stage.Pipeline.Preview(other, "invite-users", plan));

        Assert.Equal((Names.Length, 0), (operation.Changed, operation.Problems));
        Assert.Equal(await Described(stage, 1), await Described(stage, 2));
    }

    private static async Task<IEnumerable<string>> Described(Stage stage, long workspace)
    {
        var dump = (await stage.Dump()).OfWorkspace(workspace);
        var units = dump.Rows("units").ToDictionary(u => u["id"], u => u["path"]);
        var groups = dump.Rows("groups").ToDictionary(g => g["id"], g => g["name"]);
        return dump.Rows("profiles")
            .Where(p => p["email"].EndsWith("elsewhere.example", StringComparison.Ordinal))
            .Select(p =>
                string.Join(
                    " | ",
                    p["email"],
                    p["first_name"],
                    p["last_name"],
                    p["role"],
                    p["expires_on"],
                    units.GetValueOrDefault(p["unit_id"]),
                    string.Join(
                        ';',
                        dump.Rows("memberships").Where(m => m["profile_id"] == p["id"]).Select(m => groups[m["group_id"]]).Order()
                    )
                )
            )
            .Order(StringComparer.Ordinal);
    }

    private static string Id(Profile person) => person.Id.ToString(CultureInfo.InvariantCulture);

    /// <summary>The two workspaces have the same units and groups; one has people with difficult names.</summary>
    private static void Named(Given given, bool withPeople = true)
    {
        var north = given.Unit("North & =South", given.Unit("=Sales"));
        var (crew, choir) = (given.Group("=Crew, \"night\""), given.Group("-Chœur"));
        foreach (var ((first, last), i) in Names.Take(withPeople ? Names.Length : 0).Select((name, i) => (name, i)))
        {
            var person = given.Person(i % 3 == 0 ? Kind.Admin : Kind.Active, first, last, i % 2 == 0 ? north : null);
            (person.Email, person.EmailKey) = ($"p{i}@elsewhere.example", $"p{i}@elsewhere.example");
            person.SearchText = Muster.People.Names.SearchText(first, last, person.Email);
            person.ExpiresOn = i % 4 == 0 ? given.Today.AddDays(i + 10) : null;
            given.Member(person, crew);
            if (i % 2 == 1)
            {
                given.Member(person, choir);
            }
        }
    }

    /// <summary>Three people with a value in every column, one here and one there.</summary>
    private static void Furnished(Given given)
    {
        var sales = given.Unit("Sales");
        var pier = given.Unit("Pier", given.Unit("North", sales));
        var (crew, choir) = (given.Group("Crew, night"), given.Group("Choir"));
        // Not in the order they were made.
        var badge = given.Field("Badge", FieldKind.Text, 2);
        var height = given.Field("Height", FieldKind.Number, 1);
        var size = given.Field("=Size", FieldKind.Choice, 5);
        var hired = given.Field("Hired", FieldKind.Date, 3);
        var parking = given.Field("Parking", FieldKind.YesNo, 4);
        Profile Person(Kind kind, string first, string last, string email, OrganisationUnit? unit = null)
        {
            var person = given.Person(kind, first, last, unit);
            (person.Email, person.EmailKey) = (email, email);
            return person;
        }

        var ann = Person(Kind.Manager, "O\"Neill, Ann", "Aaa", "a.nn@example.org", pier);
        ann.ExpiresOn = given.Today.AddDays(-1);
        given.Member(ann, crew);
        given.Member(ann, choir);
        given.Value(ann, height, -12.5m);
        given.Value(ann, badge, "@lpha, \"beta\"");
        given.Value(ann, hired, new DateOnly(1999, 12, 31));
        given.Value(ann, parking, true);
        given.Value(ann, size, "=XL");
        var ben = Person(Kind.Admin, "=1+1", "Bbb", "b@example.org", sales);
        ben.ExpiresOn = given.Today;
        given.Member(ben, choir);
        given.Value(ben, height, 1_000_000m);
        given.Value(ben, parking, false);
        Person(Kind.Invited, "Ünïcode", "Ccc", "c@example.org");
    }
}
