using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Muster.Access;
using Muster.Bulk;
using Muster.Data;
using Muster.Files;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>What pages, API and command line show of an operation, read from real operations on both databases.</summary>
public sealed class OperationViewTests(PostgresServer postgres)
{
    private const long Ws = 1;
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("COUNT-1")]
    [Rule("FILE-3")]
    public async Task Counts_reasons_items_and_results_tell_the_same_story(DatabaseKind kind)
    {
        await using var database = await TestDatabase.Create(kind, postgres);
        await using var services = database.Services();
        var group = await Seed(database);
        var operations = services.GetRequiredService<Operations>();
        var me = new Requester(Actors.CommandLine(Ws), OperationSource.Cli, null);
        var selection = new Selection
        {
            Emails = ["ann@example.org", "Zoe.Müller@example.org", "nobody@example.org", "not an address", "ANN@example.org"],
        };
        var created = await operations.Create(me, "add-users-to-group", $$"""{"groups":[{{group}}]}""", selection, null, Ct);
        await Serve(services);

        await using var db = database.Open(Ws);
        var views = services.GetRequiredService<OperationViews>();
        var view = (await views.Get(db, Actors.CommandLine(Ws), created.Id, Ct))!;
        Assert.Equal(OperationStatus.Previewed, view.Operation.Status);
        Assert.Equal(new OutcomeCounts(5, 1, 1, 3, 0, 0, 0, 1), view.Users);
        Assert.Equal("Command line", view.By.Name);
        Assert.Equal(["already-member", "bad-email", "duplicate-row", "not-found"], view.Reasons.Select(r => r.Code).Order());
        Assert.All(view.Reasons, reason => Assert.EndsWith(".", reason.Sentence, StringComparison.Ordinal));

        await services.GetRequiredService<Confirmations>().Confirm(me, created.Id, new(1), null, Ct);
        await Serve(services);
        view = (await views.Get(db, Actors.CommandLine(Ws), created.Id, Ct))!;
        var users = view.Users;
        Assert.Equal(users.Selected, users.Changed + users.Skipped + users.Problems + users.Failed + users.Pending);
        Assert.Equal((1, 0), (users.Changed, users.Pending));
        Assert.Equal(new OperationProgress(1, 1), view.Progress);
        Assert.Null(view.WhyNotUndo);

        var list = services.GetRequiredService<ItemList>();
        var first = await list.Page(db, view.Operation, new(), default, 2, Ct);
        var rest = await list.Page(db, view.Operation, new(), first.Next!.Value, 10, Ct);
        Assert.Equal([1, 2, 3, 4, 5], first.Lines.Concat(rest.Lines).Select(line => line.RowNumber));
        Assert.Null(rest.Next);
        Assert.Equal(("Ann", "Ash", "Fire wardens"), (first.Lines[0].FirstName, first.Lines[0].LastName, first.Lines[0].Target));
        Assert.Equal("Member: yes", first.Lines[0].After);
        Assert.Equal("not an address", rest.Lines[1].Email);
        Assert.Contains("row 1", rest.Lines[2].Reason!, StringComparison.Ordinal);

        async Task<int> Count(ItemFilter filter) => (await list.Page(db, view.Operation, filter, default, 10, Ct)).Lines.Count;
        Assert.Equal(2, await Count(new(Search: "ann")));
        Assert.Equal(1, await Count(new(Search: "muller")));
        Assert.Equal(1, await Count(new(Search: "müller")));
        Assert.Equal(1, await Count(new(Search: "not AN addr")));
        Assert.Equal(0, await Count(new(Search: "100%")));
        Assert.Equal(3, await Count(new(Verdict.Problem)));
        Assert.Equal(1, await Count(new(Verdict.Skipped, Reason: "already-member")));
        Assert.Equal(1, await Count(new(Outcome: Outcome.Changed)));
        Assert.Equal(1, await Count(new(Reason: "duplicate-row")));

        using var csv = new MemoryStream();
        var results = services.GetRequiredService<ResultsFile>();
        await results.Write(db, view.Operation, new CsvTableWriter(csv), Ct);
        var lines = Encoding.UTF8.GetString(csv.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(6, lines.Length);
        Assert.StartsWith("1,Ann,Ash,ann@example.org,Fire wardens,Will change,Changed,", lines[1], StringComparison.Ordinal);

        using var mend = new MemoryStream();
        await ResultsFile.WriteProblemRows(db, view.Operation, mend, null, Ct);
        var sheet = SheetText(mend);
        Assert.All(
            ["nobody@example.org", "not an address", "ANN@example.org", "The same person stands in row 1"],
            text => Assert.Contains(text, sheet, StringComparison.Ordinal)
        );
        Assert.DoesNotContain("Zoe", sheet, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Another_workspace_sees_nothing_of_it(DatabaseKind kind)
    {
        await using var database = await TestDatabase.Create(kind, postgres);
        await using var services = database.Services();
        var group = await Seed(database);
        var me = new Requester(Actors.CommandLine(Ws), OperationSource.Cli, null);
        var created = await services
            .GetRequiredService<Operations>()
            .Create(me, "add-users-to-group", $$"""{"groups":[{{group}}]}""", new() { Filter = new() }, null, Ct);

        await using var other = database.Open(2);
        var views = services.GetRequiredService<OperationViews>();
        Assert.Null(await views.Get(other, Actors.CommandLine(2), created.Id, Ct));
        Assert.Empty(await views.Page(other, Actors.CommandLine(2), null, 10, Ct));
        await using var own = database.Open(Ws);
        Assert.Equal(created.Id, Assert.Single(await views.Page(own, Actors.CommandLine(Ws), null, 10, Ct)).Operation.Id);
    }

    [Theory]
    [InlineData("""{"status":"Active","openEnrolments":3}""", "Status: Active; open enrolments: 3")]
    [InlineData("""{"enrolsNow":" 17 9","#check":5}""", "Enrols now: First aid, (removed, 9)")]
    [InlineData("""{"enrolsNow":""}""", "")]
    [InlineData("""{"member":false}""", "Member: no")]
    [InlineData(null, "")]
    [InlineData("not json", "")]
    public void A_state_is_told_in_words(string? json, string words) =>
        Assert.Equal(words, StateWords.Of(json, new Dictionary<long, string> { [17] = "First aid" }));

    [Theory]
    [InlineData("12.7", true)]
    [InlineData("", true)]
    [InlineData("12", false)]
    [InlineData("-1.0", false)]
    public void A_place_in_the_items_is_read_or_refused(string text, bool isPlace) =>
        Assert.Equal(isPlace, ItemPlace.TryParse(text, out _));

    private static string SheetText(MemoryStream workbook)
    {
        using var zip = new ZipArchive(workbook, ZipArchiveMode.Read, leaveOpen: true);
        using var sheet = new StreamReader(zip.Entries.Single(e => e.FullName.EndsWith("sheet1.xml", StringComparison.Ordinal)).Open());
        return sheet.ReadToEnd();
    }

    private static async Task Serve(ServiceProvider services)
    {
        while (await services.GetRequiredService<OperationRunner>().ServeOne(Ct)) { }
    }

    private static async Task<long> Seed(TestDatabase database)
    {
        await using var db = database.Open(Ws);
        db.Workspaces.Add(
            new Workspace
            {
                Id = Ws,
                Name = "One",
                CreatedAt = DateTime.UnixEpoch,
            }
        );
        db.Workspaces.Add(
            new Workspace
            {
                Id = 2,
                Name = "Two",
                CreatedAt = DateTime.UnixEpoch,
            }
        );
        var first = await db.Reserve(Ws, 3, Ct);
        db.Profiles.Add(Person(first, "Ann", "Ash"));
        db.Profiles.Add(Person(first + 1, "Zoe", "Müller"));
        db.Groups.Add(
            new Group
            {
                WorkspaceId = Ws,
                Id = first + 2,
                Name = "Fire wardens",
                NameKey = "fire wardens",
            }
        );
        db.Memberships.Add(
            new Membership
            {
                WorkspaceId = Ws,
                ProfileId = first + 1,
                GroupId = first + 2,
                AddedAt = DateTime.UnixEpoch,
            }
        );
        await db.SaveChangesAsync(Ct);
        return first + 2;
    }

    private static Profile Person(long id, string first, string last)
    {
        var email = first == "Zoe" ? "Zoe.Müller@example.org" : $"{first}@example.org".ToLowerInvariant();
        return new()
        {
            WorkspaceId = Ws,
            Id = id,
            Email = email,
            EmailKey = EmailAddress.TryParse(email, out var address, out _) ? address.Key : throw new FormatException(email),
            FirstName = first,
            LastName = last,
            SortName = Names.SortKey(first, last),
            SearchText = Names.SearchText(first, last, email),
            Status = ProfileStatus.Active,
        };
    }
}
