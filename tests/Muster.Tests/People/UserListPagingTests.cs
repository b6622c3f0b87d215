using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.People;
using Muster.Web;
using Xunit;

namespace Muster.Tests;

/// <summary>Paging by place in the list visits everybody once, whichever way, however many share a name.</summary>
public sealed class UserListPagingTests(PostgresServer postgres)
{
    [Theory]
    [InlineData(DatabaseKind.Sqlite, false)]
    [InlineData(DatabaseKind.Sqlite, true)]
    [InlineData(DatabaseKind.Postgres, false)]
    [InlineData(DatabaseKind.Postgres, true)]
    public async Task The_list_is_walked_forth_and_back_in_its_order(DatabaseKind kind, bool descending)
    {
        await using var stage = await Stage.Set(kind, postgres, Namesakes);
        var given = stage.Given;
        await using var db = stage.Database.Open(given.Workspace);
        var workspace = await db.Workspaces.AsNoTracking().SingleAsync(w => w.Id == given.Workspace);
        var current = new CurrentActor();
        current.Enter(workspace, given.Admin.Actor);
        var here = new Here(current, given.Clock);
        Task<UserListPage> Read(long? after, long? before) =>
            UserList.Read(
                db,
                here,
                new()
                {
                    Descending = descending,
                    After = after,
                    Before = before,
                },
                UserFilter.Default,
                default
            );
        var expected = given.All.Where(p => p.Status != ProfileStatus.Archived).Select(p => p.Id).ToList();
        if (descending)
        {
            expected.Reverse();
        }

        var page = await Read(null, null);
        Assert.False(page.HasPrevious);
        var pages = new List<UserListPage> { page };
        while (page.HasNext)
        {
            page = await Read(page.Lines[^1].Id, null);
            Assert.True(page.HasPrevious);
            pages.Add(page);
        }

        Assert.Equal(expected, pages.SelectMany(p => p.Lines).Select(l => l.Id));
        Assert.All(pages[..^1], p => Assert.Equal(UserList.PageSize, p.Lines.Count));
        Assert.Equal(expected.Count, page.Matching);

        var back = new List<UserListPage> { page };
        while (page.HasPrevious)
        {
            page = await Read(null, page.Lines[0].Id);
            Assert.True(page.HasNext);
            back.Insert(0, page);
        }

        Assert.Equal(expected, back.SelectMany(p => p.Lines).Select(l => l.Id));
        Assert.True(pages.Count > 2 && back.Count == pages.Count, $"{pages.Count} and {back.Count} pages");
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Pages_of_any_size_make_up_the_list_and_a_place_bounds_them(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, Namesakes);
        var given = stage.Given;
        await using var db = stage.Database.Open(given.Workspace);
        foreach (var size in new[] { 1, 7, 50, 1000 })
        {
            var read = new List<long>();
            var (name, id) = ((string?)null, 0L);
            while (
                await db.Users(given.Workspace, new(), given.Today).InListOrder(name, id).Take(size).ToListAsync() is { Count: > 0 } page
            )
            {
                var between = await db.Users(given.Workspace, new(), given.Today)
                    .InListOrder(name, id)
                    .UpTo(page[^1].SortName, page[^1].Id)
                    .Select(p => p.Id)
                    .ToListAsync();
                Assert.Equal(page.Select(p => p.Id), between);
                read.AddRange(between);
                (name, id) = (page[^1].SortName, page[^1].Id);
            }

            Assert.Equal(given.All.Select(p => p.Id), read);
        }
    }

    /// <summary>Few names for many people: those of one name fill more than a page.</summary>
    private static void Namesakes(Given given)
    {
        for (var i = 0; i < 150; i++)
        {
            given.Person(
                Kind.Active,
                i % 2 == 0 ? "Ann" : "änn",
                (i % 5) switch
                {
                    0 => "Älee",
                    1 => "Zoë",
                    _ => "Lee",
                }
            );
        }

        given.People(3, Kind.Archived);
        given.Person(Kind.Active, "", "Lee");
        given.Person(Kind.Active, "Ann", "");
        given.Person(Kind.Active, "Ann", "Lee-Wu");
    }
}
