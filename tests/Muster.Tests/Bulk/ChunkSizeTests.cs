using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Learning;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>How many users a chunk takes is a matter of speed: who gets what never depends on it, nor on the order in which people are stored.</summary>
public sealed class ChunkSizeTests(PostgresServer postgres)
{
    private static readonly Selection Everybody = new() { Filter = new() };

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ORDER-2")]
    public async Task The_first_in_the_list_get_the_seats_whatever_the_chunks(DatabaseKind kind)
    {
        foreach (var size in new[] { 1, 2, 3, 100 })
        {
            await using var stage = await ListedBackwards(kind, size, seats: 3);
            var operation = await stage.Pipeline.Preview(stage.Given.Admin, "add-users-to-group", new(Crew(stage), Everybody));

            await stage.Pipeline.Run(stage.Given.Admin, operation);

            Assert.Equal(FirstListed(stage, 3), await Enrolled(stage));
        }
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_seat_limit_set_after_the_preview_goes_by_the_list_whatever_the_chunks(DatabaseKind kind)
    {
        foreach (var size in new[] { 100, 1 })
        {
            await using var stage = await ListedBackwards(kind, size, seats: null);
            var operation = await stage.Pipeline.Preview(stage.Given.Admin, "add-users-to-group", new(Crew(stage), Everybody));
            await stage.ByHand(db =>
                db.Courses.Where(c => c.Id == stage.Given.Forklift.Id).ExecuteUpdateAsync(set => set.SetProperty(c => c.Seats, 3))
            );

            await stage.Pipeline.Run(stage.Given.Admin, operation);

            Assert.Equal(FirstListed(stage, 3), await Enrolled(stage));
        }
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Undoing_an_archive_gives_the_seats_left_to_the_first_in_the_list_whatever_the_chunks(DatabaseKind kind)
    {
        foreach (var size in new[] { 100, 1 })
        {
            await using var stage = await ListedBackwards(kind, size, seats: 8);
            var (pipeline, given) = (stage.Pipeline, stage.Given);
            foreach (var person in given.All.Where(p => p.Role == ProfileRole.Learner))
            {
                given.Enrol(person, given.Forklift, EnrolmentStatus.InProgress);
            }

            await given.Save();
            var operation = await pipeline.Run(given.Admin, await pipeline.Preview(given.Admin, "archive-profiles", new("{}", Everybody)));
            Assert.Empty(await Enrolled(stage));
            await stage.ByHand(db =>
                db.Courses.Where(c => c.Id == stage.Given.Forklift.Id).ExecuteUpdateAsync(set => set.SetProperty(c => c.Seats, 3))
            );

            await pipeline.Run(given.Admin, await pipeline.PreviewUndo(given.Admin, operation));

            Assert.Equal(FirstListed(stage, 3), await Enrolled(stage));
        }
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task The_same_operations_leave_the_same_workspace_whatever_the_chunks(DatabaseKind kind)
    {
        var ends = new List<Dump>();
        foreach (var size in new[] { 1, 3, 100 })
        {
            await using var stage = await Stage.Set(kind, postgres, null, ("FirstChunk", size), ("LargestChunk", size));
            var (pipeline, given) = (stage.Pipeline, stage.Given);
            var groups = $"{{\"groups\":[{given.Night.Id},{given.Crew.Id}]}}";
            var added = await pipeline.Run(given.Admin, await pipeline.Preview(given.Admin, "add-users-to-group", new(groups, Everybody)));
            var slice = new Selection { Operation = new(added.Id, Outcome: Outcome.Changed) };
            var archived = await pipeline.Run(given.Admin, await pipeline.Preview(given.Admin, "archive-profiles", new("{}", slice)));
            await stage.AssertTotals(archived);
            ends.Add(await WithoutOperations(stage));

            var back = await pipeline.Run(given.Admin, await pipeline.PreviewUndo(given.Admin, archived));
            await stage.AssertTotals(back);
            ends.Add(await WithoutOperations(stage));
        }

        Assert.All([2, 4], i => Assert.Equal("", Dump.Difference(ends[0], ends[i])));
        Assert.All([3, 5], i => Assert.Equal("", Dump.Difference(ends[1], ends[i])));
    }

    /// <summary>How many ids are reserved before an operation's own depends on the audit lines of chunks.</summary>
    private static async Task<Dump> WithoutOperations(Stage stage) =>
        (await stage.Domain()).Without(["operation_id", "ended_by_operation_id"]);

    /// <summary>Eight Learners whose names come in the opposite order of their ids, and Crew, which leads to Forklift.</summary>
    private Task<Stage> ListedBackwards(DatabaseKind kind, int size, int? seats) =>
        Stage.Set(
            kind,
            postgres,
            given =>
            {
                given.Catalogue().Forklift.Seats = seats;
                for (var i = 0; i < 8; i++)
                {
                    given.Person(Kind.Active, "Al", $"{(char)('h' - i)}");
                }
            },
            ("FirstChunk", size),
            ("LargestChunk", size)
        );

    private static string Crew(Stage stage) => $"{{\"groups\":[{stage.Given.Crew.Id}]}}";

    private static IEnumerable<long> FirstListed(Stage stage, int count) => stage.Given.All.Take(count).Select(p => p.Id).Order();

    private static async Task<IEnumerable<long>> Enrolled(Stage stage)
    {
        await using var db = stage.Database.Open(stage.Given.Workspace);
        return await db
            .Enrolments.Where(e => e.CourseId == stage.Given.Forklift.Id && e.Status < EnrolmentStatus.Completed)
            .Select(e => e.ProfileId)
            .OrderBy(id => id)
            .ToListAsync();
    }
}
