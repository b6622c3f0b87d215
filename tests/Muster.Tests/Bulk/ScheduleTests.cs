using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Muster.Bulk;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>What is repeated: never twice, never missed, and never more than whoever made it allowed.</summary>
public sealed class ScheduleTests(PostgresServer postgres)
{
    private const string London = "Europe/London";

    private static readonly Selection Active = new() { Filter = new() { Status = [StatusFilter.Active] } };

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("SCHEDULE-3")]
    public async Task At_its_time_it_runs_on_whoever_matches_then_and_again_the_next_day(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, g => g.People(3));
        await Create(stage, "0 6 * * *", 10);
        await Pass(stage, TimeSpan.FromHours(12));
        Assert.Empty(await Begun(stage));

        await Pass(stage, TimeSpan.FromHours(12));
        var first = Assert.Single(await Begun(stage));
        Assert.Equal((OperationStatus.Completed, 3, OperationSource.Schedule), (first.Status, first.Changed, first.Source));

        // One comes back, and is whom it finds the next day.
        var id = stage.Given.All.First(p => p.Role == ProfileRole.Learner).Id;
        await stage.ByHand(db =>
            db.Profiles.Where(p => p.Id == id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Status, ProfileStatus.Active))
        );
        await Pass(stage, TimeSpan.FromHours(24));
        Assert.Equal([3, 1], (await Begun(stage)).Select(o => o.Changed));

        // Nobody is left to be changed: it ends by itself, and changed nobody.
        await Pass(stage, TimeSpan.FromHours(24));
        Assert.Equal((OperationStatus.Completed, 0), ((await Begun(stage))[^1].Status, (await Begun(stage))[^1].Changed));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("SCHEDULE-6")]
    public async Task Above_its_size_it_waits_for_a_person(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, g => g.People(6));
        await Create(stage, "0 6 * * *", 5);

        await Pass(stage, TimeSpan.FromHours(24));

        var waits = Assert.Single(await Begun(stage));
        Assert.Equal((OperationStatus.Previewed, 6, 0), (waits.Status, waits.WillChange, waits.Changed));
        Assert.Contains("up to 5", waits.Review, StringComparison.Ordinal);
        // Whoever leaves people out until it is small enough still confirms it themselves.
        await stage.Pipeline.Edits.Untick(
            stage.Given.Admin,
            waits.Id,
            [.. (await stage.Pipeline.Items(waits)).Where(i => i.Verdict == Verdict.WillChange).Take(3).Select(i => i.Ordinal)],
            Ct
        );
        await stage.Pipeline.Settle();
        waits = await stage.Pipeline.Read(waits);
        Assert.Equal((OperationStatus.Previewed, 3), (waits.Status, waits.WillChange));
        Assert.Equal(3, (await stage.Pipeline.Run(stage.Given.Admin, waits)).Changed);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("SCHEDULE-5")]
    public async Task Many_nodes_looking_at_once_begin_it_once(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, g => g.People(2));
        await Create(stage, "*/5 * * * *", 5);
        for (var round = 1; round <= 5; round++)
        {
            stage.Given.Clock.Advance(TimeSpan.FromMinutes(5));
            await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => stage.Pipeline.Schedules.BeginDue(Ct))));
            Assert.Equal(round, (await Begun(stage)).Count);
        }
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task What_was_missed_while_nothing_ran_is_made_up_for_once(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, g => g.People(2));
        await Create(stage, "0 * * * *", 5);

        await Pass(stage, TimeSpan.FromDays(3));
        Assert.Single(await Begun(stage));

        await Pass(stage, TimeSpan.FromMinutes(1));
        Assert.Single(await Begun(stage));
        await Pass(stage, TimeSpan.FromHours(1));
        Assert.Equal(2, (await Begun(stage)).Count);
    }

    [Theory]
    // In London clocks skip 01:30 on 29 March 2026, and show it twice on 25 October.
    [InlineData(DatabaseKind.Sqlite, "2026-03-28T12:00Z", "30 1 * * *", "2026-03-29T01:00Z", "2026-03-30T00:30Z", "2026-03-31T00:30Z")]
    [InlineData(DatabaseKind.Sqlite, "2026-10-24T12:00Z", "30 1 * * *", "2026-10-25T00:30Z", "2026-10-26T01:30Z", "2026-10-27T01:30Z")]
    [InlineData(DatabaseKind.Postgres, "2026-03-28T12:00Z", "30 1 * * *", "2026-03-29T01:00Z", "2026-03-30T00:30Z", "2026-03-31T00:30Z")]
    [InlineData(DatabaseKind.Postgres, "2026-10-24T12:00Z", "30 1 * * *", "2026-10-25T00:30Z", "2026-10-26T01:30Z", "2026-10-27T01:30Z")]
    [InlineData(DatabaseKind.Postgres, "2026-03-28T12:00Z", "0 6 * * *", "2026-03-29T05:00Z", "2026-03-30T05:00Z", "2026-03-31T05:00Z")]
    [InlineData(DatabaseKind.Postgres, "2026-10-24T12:00Z", "0 6 * * 1", "2026-10-26T06:00Z", "2026-11-02T06:00Z", "2026-11-09T06:00Z")]
    public async Task Over_a_change_of_clocks_every_day_has_its_one_time_on_three_nodes(
        DatabaseKind kind,
        string now,
        string cron,
        params string[] times
    )
    {
        var clock = new FakeTimeProvider(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture));
        await using var stage = await Stage.SetAt(clock, kind, postgres, g => g.People(1));
        await stage.ByHand(db => db.Workspaces.ExecuteUpdateAsync(set => set.SetProperty(w => w.TimeZone, London)));
        await Create(stage, cron, 5);

        var begun = new List<DateTime>();
        for (var minutes = 0; minutes < 60 * 24 * 20 && begun.Count < times.Length; minutes += 10)
        {
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => stage.Pipeline.Schedules.BeginDue(Ct))));
            var count = (await Begun(stage)).Count;
            if (count > begun.Count)
            {
                Assert.Equal(begun.Count + 1, count);
                begun.Add(stage.Given.Now);
            }

            clock.Advance(TimeSpan.FromMinutes(10));
        }

        Assert.Equal(
            times.Select(time => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture).UtcDateTime),
            begun
        );
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("SCHEDULE-8")]
    public async Task Its_next_time_follows_the_workspace_to_another_time_zone(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, g => g.People(1));
        await Create(stage, "0 6 * * *", 5);
        await Create(stage, "0 0 1 1 *", 5);
        var edits = new WorkspaceEdits(stage.Database.Databases, stage.Pipeline.Catalog, stage.Given.Clock);

        await edits.Save(stage.Given.Admin, new(null, "Asia/Tokyo", null, null, null, null, null, null, null), Ct);

        await using var db = stage.Database.Open(stage.Given.Workspace);
        var times = await db.Schedules.OrderBy(s => s.Id).Select(s => s.NextAt!.Value).ToListAsync(Ct);
        // Six in the morning, and New Year, nine hours earlier than in UTC.
        Assert.Equal([21, 15], times.Select(time => time.Hour));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("SCHEDULE-7")]
    public async Task With_rights_that_were_taken_it_changes_nobody_and_says_why(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, g => g.People(2));
        await Create(stage, "0 6 * * *", 5);
        await stage.ByHand(db =>
            db.Profiles.Where(p => p.Id == stage.Given.Self.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Role, ProfileRole.Learner))
        );

        await Pass(stage, TimeSpan.FromHours(24));

        var failed = Assert.Single(await Begun(stage));
        Assert.Equal((OperationStatus.Failed, 0), (failed.Status, failed.Changed));
        Assert.Contains("may no longer", failed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_off_or_deleted_does_not_run_and_is_nobody_elses()
    {
        await using var stage = await Stage.Set(DatabaseKind.Sqlite, postgres, g => g.People(2));
        var off = await Create(stage, "0 6 * * *", 5);
        var gone = await Create(stage, "0 6 * * *", 5);
        Assert.False(await stage.Pipeline.Schedules.Delete(stage.Other.Admin, gone, Ct));
        Assert.False(await stage.Pipeline.Schedules.Change(stage.Other.Admin, off, new("Other", "0 6 * * *", 5), Ct));
        Assert.True(await stage.Pipeline.Schedules.Change(stage.Given.Admin, off, new("Nightly", "0 6 * * *", 5, IsActive: false), Ct));
        Assert.True(await stage.Pipeline.Schedules.Delete(stage.Given.Admin, gone, Ct));

        await Pass(stage, TimeSpan.FromHours(24));

        Assert.Empty(await Begun(stage));
    }

    [Theory]
    [InlineData("", "0 6 * * *", 5, "name")]
    [InlineData("Nightly", "every day", 5, "cron")]
    [InlineData("Nightly", "", 5, "cron")]
    [InlineData("Nightly", "0 0 30 2 *", 5, "cron")]
    [InlineData("Nightly", "0 6 * * *", 0, "largestRun")]
    public async Task What_is_wrong_is_named(string name, string cron, long largest, string field)
    {
        await using var stage = await Stage.Set(DatabaseKind.Sqlite, postgres, g => g.People(2));

        var wrong = await Assert.ThrowsAsync<ParametersException>(() =>
            stage.Pipeline.Schedules.Create(stage.Given.Admin, "archive-profiles", "{}", Active, new(name, cron, largest), Ct)
        );

        Assert.Equal([field], wrong.Errors.Keys);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static Task<long> Create(Stage stage, string cron, long largestRun) =>
        stage.Pipeline.Schedules.Create(stage.Given.Admin, "archive-profiles", "{}", Active, new("Nightly", cron, largestRun), Ct);

    private static async Task Pass(Stage stage, TimeSpan time)
    {
        stage.Given.Clock.Advance(time);
        await stage.Pipeline.Schedules.BeginDue(Ct);
        await stage.Pipeline.Settle();
    }

    private static async Task<List<Operation>> Begun(Stage stage)
    {
        await using var db = stage.Database.Open(stage.Given.Workspace);
        return await db.Operations.AsNoTracking().Where(o => o.ScheduleId != null).OrderBy(o => o.Id).ToListAsync(Ct);
    }
}
