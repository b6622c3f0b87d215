using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Muster.Access;
using Muster.Bulk;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>How the file of all users reaches whoever asked: page by page, filtered when asked to be, and written down.</summary>
public sealed class UserExportStreamTests(PostgresServer postgres)
{
    private const string Boss = "boss@example.com";

    [Theory]
    [InlineData(DatabaseKind.Sqlite, "csv")]
    [InlineData(DatabaseKind.Sqlite, "xlsx")]
    [InlineData(DatabaseKind.Postgres, "csv")]
    [InlineData(DatabaseKind.Postgres, "xlsx")]
    [Rule("EXPORT-6")]
    public async Task People_are_fetched_and_written_page_by_page(DatabaseKind kind, string format)
    {
        const int people = 6000;
        await using var stage = await Stage.Set(kind, postgres, given => Crowd(given, people));
        var counter = new ReadCounter();
        await using var db = Exporting.Watched(stage, counter);
        var download = new Download();

        var written = await Exporting.Write(stage, db, format, null, download);

        Assert.Equal(people + 1, written);
        Assert.True(counter.Total > 2 * people, "Every person has a group, so both must have been read");
        Assert.InRange(counter.Most, 1, people / 2);
        Assert.InRange(download.LargestPiece, 1, download.Length / 2);
        Assert.DoesNotContain(db.ChangeTracker.Entries(), e => e.Entity is Profile or Membership or FieldValue);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_filter_that_few_match_fetches_few(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(
            kind,
            postgres,
            given =>
            {
                Crowd(given, 1000);
                given.Person(Kind.Admin, "First", "Aaa");
                given.Person(Kind.Admin, "Last", "Zzz");
            }
        );
        var counter = new ReadCounter();
        await using var db = Exporting.Watched(stage, counter);

        var written = await Exporting.Write(stage, db, "csv", new() { Role = ProfileRole.Admin }, new Download());

        Assert.Equal(3, written);
        Assert.InRange(counter.Total, 3, 100);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_unit_and_a_group_made_during_the_download_do_not_break_it(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, given => Crowd(given, 5000));
        var last = stage.Given.All.Last(p => p.Role == ProfileRole.Learner);
        async Task Reorganise()
        {
            last.UnitId = stage.Given.Unit("Just made").Id;
            stage.Given.Member(last, stage.Given.Group("Just made as well"));
            await stage.Given.Save();
            await stage.ByHand(db =>
                db.Profiles.Where(p => p.Id == last.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.UnitId, last.UnitId))
            );
        }

        await using var db = stage.Database.Open(stage.Given.Workspace);
        using var download = new Download(Reorganise);
        await Exporting.Write(stage, db, "csv", null, download);

        var row = Exporting.Read(download.ToArray()).Single(r => r["E-mail"] == last.Email);
        Assert.Equal(("Just made", "Everybody; Just made as well"), (row["Organisation unit"], row["Groups"]));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("EXPORT-2")]
    [Rule("EXPORT-7")]
    public async Task A_page_downloads_everybody_or_the_present_filter_and_each_is_audited_with_its_count(DatabaseKind kind)
    {
        await using var site = await TestSite.Start(kind, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        await site.AddProfile("gone@example.com", status: ProfileStatus.Archived);
        await site.AddProfile("never@example.com", status: ProfileStatus.Cancelled);
        await site.AddProfile("new@example.com", status: ProfileStatus.Invited);
        using var visitor = await site.SignedIn(Boss);

        var all = await Emails(visitor.Client, "/w/1/users.csv?status=archived");
        var shown = await Emails(visitor.Client, "/w/1/users.csv?filtered");
        var archived = await Emails(visitor.Client, "/w/1/users.xlsx?filtered&status=archived");

        Assert.Equal([Boss, "gone@example.com", "never@example.com", "new@example.com"], all.Order());
        Assert.Equal([Boss, "new@example.com"], shown.Order());
        Assert.Equal(["gone@example.com"], archived);
        await using var db = site.Open();
        var boss = await db.Profiles.SingleAsync(p => p.Email == Boss);
        var entries = await db.Audit.AsNoTracking().Where(a => a.Event == "users.exported").OrderBy(a => a.Id).ToListAsync();
        Assert.Equal([(4, "csv"), (2, "csv"), (1, "xlsx")], entries.Select(Told));
        Assert.All(entries, e => Assert.Equal((boss.AccountId, (long?)null, site.Now), (e.AccountId, e.TokenId, e.At)));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("EXPORT-7")]
    public async Task A_program_downloads_with_its_token_and_is_audited_by_it(DatabaseKind kind)
    {
        await using var site = await TestSite.Start(kind, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        await site.AddProfile("gone@example.com", status: ProfileStatus.Archived);
        var token = await site
            .Services.GetRequiredService<ApiTokens>()
            .Create(Actors.CommandLine(1), "Robot", ProfileRole.Admin, null, null, CancellationToken.None);
        using var visitor = site.Visitor();
        visitor.Client.DefaultRequestHeaders.Authorization = new("Bearer", token.Text);

        Assert.Equal([Boss, "gone@example.com"], (await Emails(visitor.Client, "/api/v1/workspaces/1/users.csv")).Order());
        Assert.Equal([Boss], await Emails(visitor.Client, "/api/v1/workspaces/1/users.xlsx?status=active"));

        await using var db = site.Open();
        var entries = await db.Audit.AsNoTracking().Where(a => a.Event == "users.exported").OrderBy(a => a.Id).ToListAsync();
        Assert.Equal([(2, "csv"), (1, "xlsx")], entries.Select(Told));
        Assert.All(entries, e => Assert.Equal(((long?)null, (long?)token.Id), (e.AccountId, e.TokenId)));
    }

    private static (long Users, string Format) Told(AuditEntry entry)
    {
        using var details = JsonDocument.Parse(entry.Details!);
        return (details.RootElement.GetProperty("users").GetInt64(), details.RootElement.GetProperty("format").GetString()!);
    }

    private static async Task<List<string>> Emails(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var disposition = answer.Content.Headers.ContentDisposition!;
        var ending = path.Contains(".csv", StringComparison.Ordinal) ? "csv" : "xlsx";
        Assert.Equal(("attachment", $"users-2030-05-15.{ending}"), (disposition.DispositionType, disposition.FileName!.Trim('"')));
        return [.. Exporting.Read(await answer.Content.ReadAsByteArrayAsync()).Select(row => row["E-mail"])];
    }

    private static void Crowd(Given given, int people)
    {
        // The workspace that must not notice stays small.
        var group = given.Group("Everybody");
        foreach (var person in given.People(given.Workspace == 1 ? people : 3))
        {
            given.Member(person, group);
        }
    }
}
