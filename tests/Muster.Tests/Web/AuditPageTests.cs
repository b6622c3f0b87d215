using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>The audit log as a page.</summary>
public sealed class AuditPageTests(PostgresServer postgres)
{
    private const string Boss = "boss@example.com";

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task What_was_done_is_listed_newest_first_and_narrowed_down_by_what_and_whom(DatabaseKind kind)
    {
        await using var site = await TestSite.Start(kind, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        var ann = await site.AddPerson("ann@example.com");
        using var visitor = await site.SignedIn(Boss);
        for (var i = 0; i < 51; i++)
        {
            await visitor.Send("/w/1/groups/new", "save", ("name", $"Group {i}"));
        }

        await visitor.Send($"/w/1/users/{ann}/edit", "save", ("firstName", "Ann"), ("lastName", "Other"), ("role", "Learner"));

        var newest = await visitor.Get("/w/1/audit");
        Assert.Equal(50, newest.Page.QuerySelectorAll("tbody tr").Length);
        Assert.StartsWith("User edited", newest.Page.QuerySelector("tbody th")!.TextContent.Trim(), StringComparison.Ordinal);
        var older = await visitor.Get(newest.Page.QuerySelector("a[rel=next]")!.GetAttribute("href")!);
        Assert.Equal(2, older.Page.QuerySelectorAll("tbody tr").Length);
        Assert.Single((await visitor.Get("/w/1/audit?event=profile.edited")).Page.QuerySelectorAll("tbody tr"));
        Assert.Single((await visitor.Get("/w/1/audit?person=Ann%40Example.com")).Page.QuerySelectorAll("tbody tr"));
        Assert.Equal(50, (await visitor.Get($"/w/1/audit?person={Boss}")).Page.QuerySelectorAll("tbody tr").Length);
        Assert.Contains("Nothing matches", (await visitor.Get("/w/1/audit?person=nobody")).Text, StringComparison.Ordinal);
        Assert.Contains("Nothing matches", (await visitor.Get("/w/1/audit?person=no%00body")).Text, StringComparison.Ordinal);
        Assert.Contains("Nothing matches", (await visitor.Get("/w/1/audit?event=no%00thing")).Text, StringComparison.Ordinal);
        Assert.Contains("Nothing matches", (await visitor.Get("/w/1/audit?operation=77")).Text, StringComparison.Ordinal);
    }
}
