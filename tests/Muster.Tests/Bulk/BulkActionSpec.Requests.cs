using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>What people and programs ask of an operation: confirm, pause, cancel, resume; with which rights; about whom.</summary>
public abstract partial class BulkActionSpec
{
    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task The_same_confirm_many_times_is_one_operation(DatabaseKind kind)
    {
        await using var stage = await Everybody(kind);
        var (pipeline, admin) = (stage.Pipeline, stage.Given.Admin);
        var operation = await Preview(stage);

        // At the same moment, with and without a key …
        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(i =>
                    Task.Run(() =>
                        pipeline.Confirmations.Confirm(
                            admin,
                            operation.Id,
                            new(operation.WillChange),
                            i % 2 == 0 ? null : new Idempotency("ada:key", "confirm"),
                            CancellationToken.None
                        )
                    )
                )
        );
        await pipeline.Settle();
        var after = await stage.Dump();

        // … and when it is long over.
        await pipeline.Confirmations.Confirm(admin, operation.Id, new(operation.WillChange), null, CancellationToken.None);
        await pipeline.Confirmations.Confirm(admin, operation.Id, new(), new("ada:key", "confirm"), CancellationToken.None);
        await pipeline.Settle();

        Assert.Equal("", Dump.Difference(after, await stage.Dump()));
        Assert.Single(after.Rows("audit"), row => row["event"] == "operation.confirmed");
        Assert.Equal(operation.WillChange, (await pipeline.Read(operation)).Changed);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task The_same_request_many_times_begins_one_operation(DatabaseKind kind)
    {
        await using var stage = await Everybody(kind);
        var plan = OnEverybody(stage.Given);
        Task<Operation> Create(string request) =>
            stage.Pipeline.Operations.Create(
                stage.Given.Admin,
                Action,
                plan.Parameters,
                plan.Selection,
                new("ada:key", request),
                CancellationToken.None
            );

        var created = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Create("the same"))));

        Assert.Single(created.Select(o => o.Id).Distinct());
        Assert.Single((await stage.Dump()).Rows("operations"));
        await Assert.ThrowsAsync<ParametersException>(() => Create("another"));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("COUNT-3")]
    public async Task A_wrong_number_or_an_unfinished_preview_is_not_confirmed(DatabaseKind kind)
    {
        await using var stage = await Everybody(kind);
        var (pipeline, admin) = (stage.Pipeline, stage.Given.Admin);
        var operation = await pipeline.Begin(admin, Action, OnEverybody(stage.Given));
        await Assert.ThrowsAsync<ConflictException>(() => pipeline.Confirm(admin, operation));
        await pipeline.Settle();
        var before = await stage.Dump();

        operation = await pipeline.Read(operation);
        await Assert.ThrowsAsync<ConflictException>(() =>
            pipeline.Confirmations.Confirm(admin, operation.Id, new(operation.WillChange + 1), null, CancellationToken.None)
        );
        await pipeline.Settle();

        Assert.Equal("", Dump.Difference(before, await stage.Dump()));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Pause_and_cancel_stop_within_one_chunk_and_keep_what_was_done(DatabaseKind kind)
    {
        await using var stage = await Everybody(kind);
        var (pipeline, admin) = (stage.Pipeline, stage.Given.Admin);
        var operation = await Preview(stage);
        await pipeline.Confirm(admin, operation);
        operation = await pipeline.Start(operation);
        var epoch = await pipeline.Claim(operation.WorkspaceId);

        // The person asks while a chunk is running: that chunk is kept, the next does not begin.
        Task asked = Task.CompletedTask;
        pipeline.Tap.Before = statement =>
        {
            if (statement == StatementTap.Commit)
            {
                pipeline.Tap.Before = null;
                asked = Task.Run(() => pipeline.Operations.Pause(admin, operation.Id, CancellationToken.None));
            }
        };
        Assert.Equal(Step.More, await pipeline.Executor.Run(operation, epoch, 12, CancellationToken.None));
        await asked;
        var kept = await stage.Dump();
        Assert.Equal(Step.Stopped, await pipeline.Executor.Run(await pipeline.Read(operation), epoch, 12, CancellationToken.None));
        Assert.Equal("", Dump.Difference(kept, await stage.Dump()));
        var paused = await pipeline.Read(operation);
        var met = (await pipeline.Items(operation)).Select(i => i.Position).Distinct().Order().ToList();
        Assert.Equal((OperationStatus.Paused, met[11]), (paused.Status, paused.Cursor));
        Assert.NotEqual(0, paused.Changed);
        await stage.AssertTotals(operation);

        await pipeline.Operations.Resume(admin, operation.Id, CancellationToken.None);
        operation = await pipeline.Start(operation);
        Assert.Equal(Step.More, await pipeline.Executor.Run(operation, epoch, 4, CancellationToken.None));
        await pipeline.Operations.Cancel(admin, operation.Id, CancellationToken.None);
        kept = await stage.Dump();
        Assert.Equal(Step.Stopped, await pipeline.Executor.Run(operation, epoch, 4, CancellationToken.None));
        await pipeline.Release(operation.WorkspaceId, epoch);
        await pipeline.Settle();

        Assert.Equal("", Dump.Difference(kept.OfTheDomain, (await stage.Dump()).OfTheDomain));
        var cancelled = await pipeline.Read(operation);
        Assert.Equal((OperationStatus.Cancelled, met[15]), (cancelled.Status, cancelled.Cursor));
        Assert.All(
            (await pipeline.Items(operation)).Where(i => i.Verdict == Verdict.WillChange),
            i => Assert.Equal(i.Position <= met[15] ? Outcome.Changed : Outcome.Pending, i.Outcome)
        );
        await stage.AssertTotals(operation);
        await Assert.ThrowsAsync<ConflictException>(() => pipeline.Operations.Resume(admin, operation.Id, CancellationToken.None));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("FAIL-3")]
    public async Task Whoever_lost_the_right_since_changes_nobody(DatabaseKind kind)
    {
        await using var stage = await Everybody(kind);
        var operation = await Preview(stage);
        await stage.Pipeline.Confirm(stage.Given.Admin, operation);
        await stage.ByHand(db =>
            db.Profiles.Where(p => p.Id == stage.Given.Self.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Role, ProfileRole.Learner))
        );
        var before = await stage.Domain();

        await stage.Pipeline.Settle();

        operation = await stage.Pipeline.Read(operation);
        Assert.Equal((OperationStatus.Failed, 0, 0), (operation.Status, operation.Cursor, operation.Changed));
        Assert.Equal(CommonReasons.NotAllowed.Sentence, operation.Error);
        Assert.Equal("", Dump.Difference(before, await stage.Domain()));
        await stage.AssertTotals(operation);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("SET-1")]
    public async Task A_runner_that_was_overtaken_changes_nothing(DatabaseKind kind)
    {
        await using var stage = await Everybody(kind);
        var operation = await Preview(stage);
        await stage.Pipeline.Confirm(stage.Given.Admin, operation);
        operation = await stage.Pipeline.Start(operation);
        var mine = await stage.Pipeline.Claim(operation.WorkspaceId);
        stage.Given.Clock.Advance(TimeSpan.FromHours(1));
        var theirs = await stage.Pipeline.Claim(operation.WorkspaceId);
        var before = await stage.Dump();

        Assert.Equal(Step.Fenced, await stage.Pipeline.Executor.Run(operation, mine, 5, CancellationToken.None));
        Assert.Equal("", Dump.Difference(before, await stage.Dump()));
        Assert.Equal(Step.More, await stage.Pipeline.Executor.Run(operation, theirs, 5, CancellationToken.None));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task People_who_are_not_there_are_problems(DatabaseKind kind)
    {
        var action = Pipeline.NewCatalog().Get(Action);
        if (!action.Ways.HasFlag(SelectionWays.List))
        {
            return;
        }

        await using var stage = await Stage.Set(
            kind,
            postgres,
            given => (given.Workspace == 1 ? given.Catalogue() : given.Everybody()).People(1)
        );
        var elsewhere = stage.Other.All.Select(p => p.Id).Except(stage.Given.All.Select(p => p.Id)).ToList();
        var plan = OnEverybody(stage.Given) with { Selection = new() { Users = [.. elsewhere, stage.Given.All[^1].Id] } };

        var operation = await stage.Pipeline.Preview(stage.Given.Admin, Action, plan);

        Assert.Equal((elsewhere.Count + 1, elsewhere.Count), (operation.Selected, operation.Problems));
        Assert.All(
            (await stage.Pipeline.Items(operation)).Where(i => i.Verdict == Verdict.Problem),
            i => Assert.Equal((0, "not-found"), (i.ProfileId, i.Reason))
        );
        await stage.AssertTotals(operation);
    }
}
