using System.Net;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>An operation that has its parameters and waits for its users, as a page.</summary>
public sealed class DraftPageTests(PostgresServer postgres)
{
    private const string Boss = "boss@example.com";

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task The_ways_to_choose_users_are_offered_beside_what_was_chosen_before(DatabaseKind kind)
    {
        await using var site = await TestSite.Start(kind, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        await using var db = site.Open();
        var course = await JoiningRulesTests.AddCourse(db, "Safety at sea");
        var group = await JoiningRulesTests.AddGroup(db, "Crew");
        using var visitor = await site.SignedIn(Boss);

        foreach (
            var (action, name, id, words) in new[]
            {
                ("enrol-to-course", "courses", course, "Safety at sea"),
                ("withdraw-from-course", "courses", course, "Safety at sea"),
                ("remove-users-from-group", "groups", group, "Crew"),
            }
        )
        {
            var draft = await visitor.Send($"/w/1/bulk/{action}", "parameters", (name, $"{id}"));
            Assert.Equal(HttpStatusCode.Redirect, draft.Status);
            // Again and again: components that ask the database at the same moment do not always meet.
            for (var i = 0; i < 5; i++)
            {
                var page = await visitor.Get(draft.Location!);
                Assert.Equal(HttpStatusCode.OK, page.Status);
                Assert.Contains(words, page.Page.QuerySelector(".chosen")!.TextContent, StringComparison.Ordinal);
                Assert.NotNull(page.Page.QuerySelector("#from-list"));
            }
        }
    }
}
