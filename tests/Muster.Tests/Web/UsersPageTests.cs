using System.Net;
using Microsoft.EntityFrameworkCore;
using Muster.People;
using Xunit;

namespace Muster.Tests;

public sealed class UsersPageTests(PostgresServer postgres)
{
    private const string Boss = "boss@example.com";

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Paging_forth_and_back_shows_everybody_once_in_order(DatabaseKind kind)
    {
        await using var site = await TestSite.Start(kind, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        for (var i = 0; i < 60; i++)
        {
            await site.AddProfile($"p{i:00}@example.com");
        }

        using var visitor = await site.SignedIn(Boss);
        var first = await visitor.Get("/w/1/users");
        var second = await visitor.Get("/w/1/users" + Href(first, "next"));
        var back = await visitor.Get("/w/1/users" + Href(second, "prev"));

        Assert.Equal(61, Ids(first).Concat(Ids(second)).Distinct().Count());
        Assert.Equal((50, 11), (Ids(first).Count, Ids(second).Count));
        Assert.Equal(Ids(first), Ids(back));
        Assert.Null(Href(second, "next"));
        Assert.Null(Href(back, "prev"));
        var falling = await visitor.Get("/w/1/users?sort=desc");
        Assert.Equal(Ids(first).Concat(Ids(second)).Reverse().Take(50), Ids(falling));
    }

    [Fact]
    public async Task Filters_narrow_and_archived_people_show_only_when_asked_for()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        var gone = await site.AddProfile("gone@example.com", status: ProfileStatus.Archived);
        var invited = await site.AddProfile("new@example.com", status: ProfileStatus.Invited);
        using var visitor = await site.SignedIn(Boss);

        Assert.DoesNotContain(gone, Ids(await visitor.Get("/w/1/users")));
        Assert.Equal([gone], Ids(await visitor.Get("/w/1/users?status=archived")));
        Assert.Equal([invited], Ids(await visitor.Get("/w/1/users?search=new%40example")));
        Assert.Equal(3, Ids(await visitor.Get("/w/1/users?status=all")).Count);
        Assert.Contains("Nobody matches", (await visitor.Get("/w/1/users?search=nobodyatall")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Manager_is_not_told_the_names_of_units_and_groups_of_others()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        await site.AddPerson("manager@example.com", ProfileRole.Manager);
        using var boss = await site.SignedIn(Boss);
        await boss.Send("/w/1/units/new", "save", ("name", "Secret works"));
        await boss.Send("/w/1/groups/new", "save", ("name", "Secret crew"));
        await using var db = site.Open();
        var (unit, group) = (await db.Units.Select(u => u.Id).SingleAsync(), await db.Groups.Select(g => g.Id).SingleAsync());
        using var manager = await site.SignedIn("manager@example.com");
        var address = $"/w/1/users?unit={unit}&group={group}";

        Assert.Contains("Secret works", (await boss.Get(address)).Text, StringComparison.Ordinal);
        var shown = await manager.Get(address);
        Assert.Equal(2, shown.Page.QuerySelectorAll(".chip").Length);
        Assert.DoesNotContain("Secret", shown.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_unit_moves_only_to_a_place_that_there_is()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        using var boss = await site.SignedIn(Boss);
        await boss.Send("/w/1/units/new", "save", ("name", "Top"));
        await using var db = site.Open();
        var top = await db.Units.Select(u => u.Id).SingleAsync();
        await boss.Send("/w/1/units/new", "save", ("name", "Low"), ("parent", $"{top}"));
        var low = await db.Units.Where(u => u.ParentId == top).Select(u => u.Id).SingleAsync();

        var odd = await boss.Send($"/w/1/units/{low}", "move", ("parent", "elsewhere"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, odd.Status);
        Assert.Equal("Top / Low", await db.Units.Where(u => u.Id == low).Select(u => u.Path).SingleAsync());
    }

    [Fact]
    public async Task An_action_shows_whom_it_is_for_says_so_and_shows_everybody_when_asked()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        await site.AddProfile("gone@example.com", status: ProfileStatus.Archived);
        var invited = await site.AddProfile("new@example.com", status: ProfileStatus.Invited);
        using var visitor = await site.SignedIn(Boss);

        var page = await visitor.Get("/w/1/users?for=resend-invitations");
        Assert.Equal([invited], Ids(page));
        var why = page.Page.QuerySelector(".narrowed")!;
        Assert.Contains(
            "Only people with status Invited are shown, because “Resend invitations” is for them.",
            why.TextContent,
            StringComparison.Ordinal
        );
        var all = await visitor.Get(why.QuerySelector("a")!.GetAttribute("href")!);
        Assert.Equal(3, Ids(all).Count);
        Assert.Null(all.Page.QuerySelector(".narrowed"));
        Assert.Null((await visitor.Get("/w/1/users?for=archive-profiles")).Page.QuerySelector(".narrowed"));
    }

    [Fact]
    public async Task The_rarer_filters_narrow_and_each_can_be_taken_off()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        var (ann, ben) = (await site.AddProfile("ann@example.com"), await site.AddProfile("ben@example.com"));
        await using (var db = site.Open())
        {
            db.Fields.Add(
                new()
                {
                    WorkspaceId = 1,
                    Id = 900,
                    Name = "City",
                    NameKey = "city",
                }
            );
            db.Courses.Add(
                new()
                {
                    WorkspaceId = 1,
                    Id = 901,
                    Title = "Fire safety",
                }
            );
            await db.SaveChangesAsync();
            foreach (var (person, city) in new[] { (ann, "Paris"), (ben, "Rome") })
            {
                db.FieldValues.Add(
                    new()
                    {
                        WorkspaceId = 1,
                        ProfileId = person,
                        FieldId = 900,
                        Text = city,
                    }
                );
            }

            db.Enrolments.Add(
                new()
                {
                    WorkspaceId = 1,
                    ProfileId = ben,
                    CourseId = 901,
                    Attempt = 1,
                }
            );
            await db.SaveChangesAsync();
        }

        using var visitor = await site.SignedIn(Boss);
        var closed = (await visitor.Get("/w/1/users")).Page;
        Assert.False(closed.QuerySelector("details.more-filters")!.HasAttribute("open"));
        Assert.Null(closed.QuerySelector("[name=is]"));

        Assert.Equal([ann, ben], Ids(await visitor.Get("/w/1/users?field=900")).Order());
        var page = await visitor.Get("/w/1/users?field=900&is=paris&registeredFrom=&registeredTo=");
        Assert.Equal([ann], Ids(page));
        Assert.True(page.Page.QuerySelector("details.more-filters")!.HasAttribute("open"));
        Assert.Equal("paris", page.Page.QuerySelector("input[name=is]")!.GetAttribute("value"));
        var chip = page.Page.QuerySelector(".chip")!;
        Assert.Equal(("City “paris”", "/w/1/users"), (chip.TextContent.Trim(), chip.GetAttribute("href")));

        page = await visitor.Get("/w/1/users?course=901&search=ben&expiresFrom=2026-01-01");
        Assert.Equal(
            [
                "/w/1/users?course=901&expiresFrom=2026-01-01",
                "/w/1/users?search=ben&expiresFrom=2026-01-01",
                "/w/1/users?search=ben&course=901",
            ],
            page.Page.QuerySelectorAll(".chip").Select(c => c.GetAttribute("href")!)
        );
        Assert.Equal([ben], Ids(await visitor.Get("/w/1/users?search=ben&course=901")));

        using var begun = await visitor.Client.PostAsync(
            new Uri("/w/1/operations/begin", UriKind.Relative),
            new FormUrlEncodedContent(
                (await visitor.Get("/w/1/users?course=901"))
                    .Page.QuerySelectorAll("form#bulk input[type=hidden]")
                    .Select(input => KeyValuePair.Create(input.GetAttribute("name")!, input.GetAttribute("value") ?? ""))
                    .Append(new("all", "true"))
                    .Append(new("key", "archive-profiles"))
            )
        );
        var operation = await visitor.Get(begun.Headers.Location!.OriginalString);
        Assert.Contains("open attempt at Fire safety", operation.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_of_another_workspace_is_shown_and_their_page_does_not_exist()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        var other = await site.AddWorkspace("Lighthouse");
        var foreign = 0L;
        for (var i = 0; i < 9; i++)
        {
            foreign = await site.AddProfile($"stranger{i}@example.com", workspaceId: other);
        }

        using var visitor = await site.SignedIn(Boss);
        Assert.DoesNotContain("stranger", (await visitor.Get("/w/1/users?status=all")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.Get($"/w/1/users/{foreign}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.Get($"/w/{other}/users")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.Get("/w/1/operations/77")).Status);
    }

    [Theory]
    [InlineData("/w/1")]
    [InlineData("/w/1/users")]
    [InlineData("/w/1/bulk")]
    [InlineData("/w/1/bulk/archive-profiles")]
    [InlineData("/w/1/operations")]
    [InlineData("/w/1/users.csv")]
    [InlineData("/w/1/bulk/archive-profiles/template.xlsx")]
    public async Task A_learner_gets_none_of_the_pages_about_others(string path)
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddPerson("learner@example.com");
        using var visitor = await site.SignedIn("learner@example.com");

        var answer = await visitor.Get(path);

        Assert.True(answer.Status is HttpStatusCode.Forbidden or HttpStatusCode.NotFound, $"{path}: {answer.Status}");
    }

    private static List<long> Ids(Answer answer) =>
        [
            .. answer
                .Page.QuerySelectorAll("input[name=ids]")
                .Select(box => long.Parse(box.GetAttribute("value")!, System.Globalization.CultureInfo.InvariantCulture)),
        ];

    private static string? Href(Answer answer, string rel) => answer.Page.QuerySelector($"a[rel={rel}]")?.GetAttribute("href");
}
