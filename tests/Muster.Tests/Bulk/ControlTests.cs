using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>How a person says that an operation is to run: later, or as all or nothing.</summary>
public sealed class ControlTests(PostgresServer postgres)
{
    private static readonly Plan Everybody = new("{}", new() { Filter = new() { Status = [StatusFilter.Active] } });

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task What_is_confirmed_for_later_runs_at_its_time_and_not_before(DatabaseKind kind)
    {
        await using var stage = await Forty(postgres, kind);
        var (pipeline, admin) = (stage.Pipeline, stage.Given.Admin);
        var operation = await pipeline.Preview(admin, "archive-profiles", Everybody);
        var at = stage.Given.Now.AddHours(30);
        await pipeline.Confirmations.Confirm(admin, operation.Id, new(operation.WillChange, at), null, Ct);
        // The same again is the same; another time is not.
        await pipeline.Confirmations.Confirm(admin, operation.Id, new(operation.WillChange, at), null, Ct);
        await Assert.ThrowsAsync<ConflictException>(() =>
            pipeline.Confirmations.Confirm(admin, operation.Id, new(operation.WillChange, at.AddHours(1)), null, Ct)
        );

        stage.Given.Clock.Advance(TimeSpan.FromHours(29));
        await pipeline.Settle();
        Assert.Equal(OperationStatus.Scheduled, (await pipeline.Read(operation)).Status);

        stage.Given.Clock.Advance(TimeSpan.FromHours(2));
        await pipeline.Settle();
        var done = await pipeline.Read(operation);
        Assert.Equal((OperationStatus.Completed, operation.WillChange), (done.Status, done.Changed));
        Assert.Equal(stage.Given.Today, done.Day);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("SCHEDULE-2")]
    [Rule("SCHEDULE-4")]
    public async Task Who_came_to_stand_differently_meanwhile_stays_untouched(DatabaseKind kind)
    {
        await using var stage = await Forty(postgres, kind, given => given.Person(Kind.Archived, "Zoe", "Late"));
        var (pipeline, admin) = (stage.Pipeline, stage.Given.Admin);
        var zoe = stage.Given.All.Single(p => p.FirstName == "Zoe").Id;
        var operation = await Scheduled(stage, new("{}", new() { Filter = new() }));
        var gone = (await pipeline.Items(operation)).Last(i => i.Verdict == Verdict.WillChange).ProfileId;
        await Set(stage, ProfileStatus.Archived, gone);
        await Set(stage, ProfileStatus.Active, zoe);

        stage.Given.Clock.Advance(TimeSpan.FromHours(2));
        await pipeline.Settle();

        // Who could now be archived too was skipped when it was confirmed, and stays so.
        var done = await pipeline.Read(operation);
        Assert.Equal((OperationStatus.Completed, operation.WillChange - 1), (done.Status, done.Changed));
        var items = await pipeline.Items(operation);
        Assert.Equal(
            (Verdict.Skipped, "already-archived"),
            (items.Single(i => i.ProfileId == gone).Verdict, items.Single(i => i.ProfileId == gone).Reason)
        );
        Assert.Equal(
            (Verdict.Skipped, "already-archived"),
            (items.Single(i => i.ProfileId == zoe).Verdict, items.Single(i => i.ProfileId == zoe).Reason)
        );
        await using var db = stage.Database.Open(stage.Given.Workspace);
        Assert.Equal(ProfileStatus.Active, (await db.Profiles.SingleAsync(p => p.Id == zoe)).Status);
        await stage.AssertTotals(operation);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("SCHEDULE-1")]
    public async Task When_more_than_five_percent_and_ten_differ_it_waits_for_a_person(DatabaseKind kind)
    {
        await using var stage = await Forty(postgres, kind);
        var (pipeline, admin) = (stage.Pipeline, stage.Given.Admin);
        var operation = await Scheduled(stage);
        var gone = (await pipeline.Items(operation)).Where(i => i.Verdict == Verdict.WillChange).Take(11).Select(i => i.ProfileId).ToList();
        await Set(stage, ProfileStatus.Archived, [.. gone]);

        stage.Given.Clock.Advance(TimeSpan.FromHours(2));
        await pipeline.Settle();

        var waits = await pipeline.Read(operation);
        Assert.Equal((OperationStatus.Previewed, 0, operation.WillChange - 11), (waits.Status, waits.Changed, waits.WillChange));
        Assert.Contains(", 11 have come", waits.Review, StringComparison.Ordinal);

        // Looked at and confirmed, it runs, with a new number to type.
        var done = await pipeline.Run(admin, waits);
        Assert.Equal((OperationStatus.Completed, waits.WillChange, null), (done.Status, done.Changed, done.Review));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task What_was_scheduled_can_be_cancelled_and_changes_nobody(DatabaseKind kind)
    {
        await using var stage = await Forty(postgres, kind);
        var before = await stage.Domain();
        var operation = await Scheduled(stage);

        await stage.Pipeline.Operations.Cancel(stage.Given.Admin, operation.Id, Ct);
        stage.Given.Clock.Advance(TimeSpan.FromHours(2));
        await stage.Pipeline.Settle();

        Assert.Equal(OperationStatus.Cancelled, (await stage.Pipeline.Read(operation)).Status);
        Assert.Equal(before.Lines, (await stage.Domain()).Lines);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(24 * 400)]
    public async Task A_time_that_is_past_or_too_far_away_is_refused(int hours)
    {
        await using var stage = await Forty(postgres, DatabaseKind.Sqlite);
        var operation = await stage.Pipeline.Preview(stage.Given.Admin, "archive-profiles", Everybody);
        var at = stage.Given.Now.AddHours(hours);

        var refused = await Assert.ThrowsAsync<ParametersException>(() =>
            stage.Pipeline.Confirmations.Confirm(stage.Given.Admin, operation.Id, new(operation.WillChange, at), null, Ct)
        );

        Assert.Equal(["runAt"], refused.Errors.Keys);
        Assert.Equal(OperationStatus.Previewed, (await stage.Pipeline.Read(operation)).Status);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("WHOLE-2")]
    public async Task All_or_nothing_changes_nobody_when_one_has_changed_since(DatabaseKind kind)
    {
        await using var stage = await Forty(postgres, kind);
        var (pipeline, admin) = (stage.Pipeline, stage.Given.Admin);
        var operation = await pipeline.Preview(admin, "archive-profiles", Everybody);
        await pipeline.Confirmations.Confirm(admin, operation.Id, new(operation.WillChange, AllOrNothing: true), null, Ct);
        var one = (await pipeline.Items(operation)).Last(i => i.Verdict == Verdict.WillChange).ProfileId;
        await Set(stage, ProfileStatus.Archived, one);
        var before = await stage.Domain();

        await pipeline.Settle();

        var done = await pipeline.Read(operation);
        Assert.Equal((OperationStatus.Completed, 0, operation.WillChange), (done.Status, done.Changed, done.LeftAlone));
        Assert.Equal(before.Lines, (await stage.Domain()).Lines);
        var items = (await pipeline.Items(operation)).Where(i => i.Verdict == Verdict.WillChange).ToList();
        Assert.Equal("changed-since-preview", items.Single(i => i.ProfileId == one).OutcomeReason);
        Assert.All(items.Where(i => i.ProfileId != one), i => Assert.Equal("all-or-nothing", i.OutcomeReason));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("WHOLE-2")]
    public async Task All_or_nothing_changes_nobody_when_one_cannot_be_written_and_everybody_when_that_is_mended(DatabaseKind kind)
    {
        await using var stage = await Forty(postgres, kind);
        var (pipeline, admin) = (stage.Pipeline, stage.Given.Admin);
        var operation = await pipeline.Preview(admin, "archive-profiles", Everybody);
        await pipeline.Confirmations.Confirm(admin, operation.Id, new(operation.WillChange, AllOrNothing: true), null, Ct);
        var one = (await pipeline.Items(operation)).Last(i => i.Verdict == Verdict.WillChange).ProfileId;
        await stage.Refuse(new("profiles", "UPDATE", $"NEW.id = {one}"));
        var before = await stage.Domain();

        await pipeline.Settle();

        var stopped = await pipeline.Read(operation);
        Assert.Equal((OperationStatus.Failed, 0, 0), (stopped.Status, stopped.Changed, stopped.Cursor));
        Assert.Contains("Nobody was changed", stopped.Error, StringComparison.Ordinal);
        Assert.Equal(before.Lines, (await stage.Domain()).Lines);

        await stage.AllowAgain("profiles");
        await pipeline.Operations.Resume(admin, operation.Id, Ct);
        await pipeline.Settle();
        Assert.Equal(operation.WillChange, (await pipeline.Read(operation)).Changed);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("WHOLE-1")]
    public async Task All_or_nothing_is_for_ten_thousand_changes_at_most(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, g => g.People(6));
        var operation = await stage.Pipeline.Preview(stage.Given.Admin, "archive-profiles", Everybody);
        await stage.ByHand(db => db.Operations.ExecuteUpdateAsync(set => set.SetProperty(o => o.ItemsWillChange, 10_001)));

        var refused = await Assert.ThrowsAsync<ParametersException>(() =>
            stage.Pipeline.Confirmations.Confirm(stage.Given.Admin, operation.Id, new(operation.WillChange, AllOrNothing: true), null, Ct)
        );

        Assert.Equal(["allOrNothing"], refused.Errors.Keys);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Forty people who can be archived, two Admins among them.</summary>
    internal static Task<Stage> Forty(PostgresServer postgres, DatabaseKind kind, Action<Given>? more = null) =>
        Stage.Set(
            kind,
            postgres,
            given =>
            {
                given.Person(Kind.Admin, "Bea", "Busy");
                given.People(40);
                more?.Invoke(given);
            },
            ("FirstChunk", 7),
            ("LargestChunk", 50)
        );

    private static Task Set(Stage stage, ProfileStatus status, params long[] profiles) =>
        stage.ByHand(db =>
            db.Profiles.Where(p => profiles.Contains(p.Id)).ExecuteUpdateAsync(set => set.SetProperty(p => p.Status, status))
        );

    private static async Task<Operation> Scheduled(Stage stage, Plan? plan = null)
    {
        var operation = await stage.Pipeline.Preview(stage.Given.Admin, "archive-profiles", plan ?? Everybody);
        var at = stage.Given.Now.AddHours(1);
        await stage.Pipeline.Confirmations.Confirm(stage.Given.Admin, operation.Id, new(operation.WillChange, at), null, Ct);
        return operation;
    }
}
