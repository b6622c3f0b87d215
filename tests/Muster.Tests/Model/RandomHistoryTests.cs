using System.Globalization;
using Xunit;

namespace Muster.Tests;

/// <summary>
/// Random histories with undo in the middle, run by the product and foretold by the model: the state is the model's after every step, and whoever an undo
/// leaves alone has a reason in words. <c>MUSTER_HISTORIES=1000</c> draws as many on each database, <c>251-325</c> those;
/// <c>MUSTER_HISTORIES_ON=Postgres</c> plays them on one database only.
/// </summary>
public sealed class RandomHistoryTests(PostgresServer postgres)
{
    /// <summary>Which: the first so many, or from one to another.</summary>
    private static int[] Seeds
    {
        get
        {
            int[] asked =
            [
                .. (Environment.GetEnvironmentVariable("MUSTER_HISTORIES") ?? "10")
                    .Split('-')
                    .Select(number => int.Parse(number, CultureInfo.InvariantCulture)),
            ];
            return asked is [var from, var to] ? [.. Enumerable.Range(from, to - from + 1)] : [.. Enumerable.Range(1, asked[0])];
        }
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("UNDO-1")]
    [Rule("UNDO-2")]
    [Rule("UNDO-4")]
    [Rule("UNDO-5")]
    [Rule("UNDO-6")]
    [Rule("SINCE-5")]
    public async Task Whatever_came_before_and_after_an_undo_does_what_the_rules_foretell(DatabaseKind kind)
    {
        Assert.SkipUnless(
            (Environment.GetEnvironmentVariable("MUSTER_HISTORIES_ON") ?? $"{kind}") == $"{kind}",
            "The other database was asked for."
        );
        var told = new Told();

        // A preview on PostgreSQL looks over all items of its database, so a long campaign takes a new one now and then.
        foreach (var seeds in Seeds.Chunk(100))
        {
            await Play(kind, seeds, told);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{Seeds.Length} histories on {kind}: {told}");
        // A comparison of nothing with nothing would hold as well.
        Assert.True(
            told is { Undone: > 0, UndosWithConflicts: > 0, LaterUndos: > 0, Paused: > 0, Cancelled: > 0, UndosOfCancelled: > 0 },
            $"{told}"
        );
    }

    /// <summary>Histories that a soak found the product wrong about.</summary>
    [Theory]
    [InlineData(87, DatabaseKind.Sqlite)]
    [InlineData(87, DatabaseKind.Postgres)]
    [InlineData(282, DatabaseKind.Sqlite)]
    [InlineData(282, DatabaseKind.Postgres)]
    public Task Histories_that_once_went_wrong(int seed, DatabaseKind kind) => Play(kind, [seed], new Told());

    private async Task Play(DatabaseKind kind, IEnumerable<int> seeds, Told told)
    {
        await using var database = await TestDatabase.Create(kind, postgres);
        var clock = Given.NewClock();
        // A slice of a millisecond is one chunk, and chunks of one size stop where they did when a history is played again.
        await using var pipeline = new Pipeline(database, clock, ("FirstChunk", 12), ("LargestChunk", 12), ("SliceMilliseconds", 1));
        foreach (var seed in seeds)
        {
            // Each begins in the morning: none is cut by a midnight, and it is the same whatever was played before.
            clock.SetUtcNow(Given.NewClock().GetUtcNow().AddDays(seed));
            var scene = new RandomWorld(new Given(database, clock, seed), new Random(seed));
            scene.Detail();
            await scene.Save();
            await new RandomHistory(scene, pipeline, told, new Random(seed)).Play(seed);
        }
    }
}
