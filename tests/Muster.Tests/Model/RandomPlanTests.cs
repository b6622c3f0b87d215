using System.Globalization;
using Muster.Bulk;
using Xunit;

namespace Muster.Tests;

/// <summary>
/// Random plans on random workspaces, with other people's hands in between, run by the product and foretold by a model that knows only the
/// rules. <c>MUSTER_PLANS=1000</c> draws as many for each action and database.
/// </summary>
public sealed class RandomPlanTests(PostgresServer postgres)
{
    /// <summary>A model of every action.</summary>
    internal static readonly ActionModel[] Models =
    [
        new AddToGroupModel(),
        new ArchiveModel(),
        new EnrolModel(),
        new WithdrawModel(),
        new RemoveFromGroupModel(),
        new ReactivateModel(),
        new ResendModel(),
        new CancelModel(),
        new InviteModel(),
        new ExpiryModel(),
    ];

    private static int Plans =>
        int.TryParse(Environment.GetEnvironmentVariable("MUSTER_PLANS"), CultureInfo.InvariantCulture, out var plans) ? plans : 30;

    [Theory]
    [InlineData("add-users-to-group", DatabaseKind.Sqlite)]
    [InlineData("add-users-to-group", DatabaseKind.Postgres)]
    [InlineData("archive-profiles", DatabaseKind.Sqlite)]
    [InlineData("archive-profiles", DatabaseKind.Postgres)]
    [InlineData("enrol-to-course", DatabaseKind.Sqlite)]
    [InlineData("enrol-to-course", DatabaseKind.Postgres)]
    [InlineData("withdraw-from-course", DatabaseKind.Sqlite)]
    [InlineData("withdraw-from-course", DatabaseKind.Postgres)]
    [InlineData("remove-users-from-group", DatabaseKind.Sqlite)]
    [InlineData("remove-users-from-group", DatabaseKind.Postgres)]
    [InlineData("reactivate-profiles", DatabaseKind.Sqlite)]
    [InlineData("reactivate-profiles", DatabaseKind.Postgres)]
    [InlineData("resend-invitations", DatabaseKind.Sqlite)]
    [InlineData("resend-invitations", DatabaseKind.Postgres)]
    [InlineData("cancel-invitations", DatabaseKind.Sqlite)]
    [InlineData("cancel-invitations", DatabaseKind.Postgres)]
    [InlineData("invite-users", DatabaseKind.Sqlite)]
    [InlineData("invite-users", DatabaseKind.Postgres)]
    [InlineData("set-expiry-date", DatabaseKind.Sqlite)]
    [InlineData("set-expiry-date", DatabaseKind.Postgres)]
    [Rule("COUNT-2")]
    [Rule("UNDO-1")]
    [Rule("SINCE-3")]
    public async Task What_is_done_and_undone_is_what_the_rules_foretell(string action, DatabaseKind kind)
    {
        await using var database = await TestDatabase.Create(kind, postgres);
        var clock = Given.NewClock();
        await using var pipeline = new Pipeline(database, clock, ("FirstChunk", 12), ("LargestChunk", 25));
        var told = new Told();
        for (var seed = 1; seed <= Plans; seed++)
        {
            await Play(action, seed, database, clock, pipeline, told);
        }

        // A comparison of nothing with nothing would hold as well.
        Assert.True(told is { Changed: > 0, Skipped: > 0, Problems: > 0, ChangedSince: > 0 }, told.ToString());
        Assert.True(!Models.Single(m => m.Key == action).IsReversible || told is { Undone: > 0, NotUndone: > 0 }, told.ToString());
    }

    [Fact]
    public void Every_action_that_changes_people_has_a_model() =>
        Assert.Equal(
            Pipeline.NewCatalog().All.Where(a => a is not DownloadAction).Select(a => a.Key).Order(StringComparer.Ordinal),
            Models.Select(m => m.Key).Order(StringComparer.Ordinal)
        );

    /// <summary>Plans beyond the first thirty that a soak found the product wrong about.</summary>
    [Theory]
    [InlineData("add-users-to-group", 43, DatabaseKind.Sqlite)]
    [InlineData("add-users-to-group", 43, DatabaseKind.Postgres)]
    [InlineData("archive-profiles", 78, DatabaseKind.Sqlite)]
    [InlineData("archive-profiles", 78, DatabaseKind.Postgres)]
    [InlineData("reactivate-profiles", 31, DatabaseKind.Sqlite)]
    [InlineData("reactivate-profiles", 31, DatabaseKind.Postgres)]
    [InlineData("reactivate-profiles", 290, DatabaseKind.Sqlite)]
    [InlineData("reactivate-profiles", 290, DatabaseKind.Postgres)]
    [InlineData("invite-users", 338, DatabaseKind.Sqlite)]
    [InlineData("invite-users", 338, DatabaseKind.Postgres)]
    public async Task Plans_that_once_went_wrong(string action, int seed, DatabaseKind kind)
    {
        await using var database = await TestDatabase.Create(kind, postgres);
        var clock = Given.NewClock();
        await using var pipeline = new Pipeline(database, clock, ("FirstChunk", 12), ("LargestChunk", 25));

        await Play(action, seed, database, clock, pipeline, new Told());
    }

    private static async Task Play(
        string action,
        int seed,
        TestDatabase database,
        Microsoft.Extensions.Time.Testing.FakeTimeProvider clock,
        Pipeline pipeline,
        Told told
    )
    {
        var model = Models.Single(m => m.Key == action);
        var scene = new RandomWorld(new Given(database, clock, seed), new Random(seed));
        if (RandomPlan.IsAboutProfiles(model))
        {
            scene.Detail();
        }

        await scene.Save();
        var random = new Random(seed);
        var steps = new RandomSteps(scene, pipeline, told, random, RandomPlan.IsAboutProfiles(model));
        if (await steps.Operate(model, $"Plan {seed}") is { CanBeUndone: true } deed)
        {
            await steps.Touch(deed.Items, mayStart: true);
            await steps.Undo(deed, deed.Requester, isTouched: false);
        }
    }
}
