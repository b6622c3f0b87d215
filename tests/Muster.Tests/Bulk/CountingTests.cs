using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Xunit;

namespace Muster.Tests;

/// <summary>The last phase of a preview reads outside of any transaction: whatever happens meanwhile, it writes its numbers behind the fence or not at all.</summary>
public sealed class CountingTests(PostgresServer postgres)
{
    private static readonly Plan Everybody = new("{}", new() { Filter = new() });

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Cancelled_while_it_counts_it_stays_cancelled(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres);
        var (operation, epoch) = await Counting(stage);
        var cancelled = Once(
            stage,
            () => stage.Pipeline.Operations.Cancel(stage.Given.Admin, operation.Id, CancellationToken.None).GetAwaiter().GetResult()
        );

        Assert.Equal(Step.Stopped, await stage.Pipeline.Planner.Run(operation, epoch, 5, CancellationToken.None));

        Assert.True(cancelled());
        operation = await stage.Pipeline.Read(operation);
        Assert.Equal((OperationStatus.Cancelled, null, 0), (operation.Status, operation.PreviewedAt, operation.WillChange));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Overtaken_while_it_counts_it_writes_nothing_and_the_other_finishes(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres);
        var (operation, mine) = await Counting(stage);
        var theirs = 0L;
        Once(
            stage,
            () =>
            {
                stage.Given.Clock.Advance(TimeSpan.FromHours(1));
                theirs = stage.Pipeline.Claim(operation.WorkspaceId).GetAwaiter().GetResult();
            }
        );
        var before = (await stage.Pipeline.Read(operation)).ServedAt;

        Assert.Equal(Step.Fenced, await stage.Pipeline.Planner.Run(operation, mine, 5, CancellationToken.None));

        var left = await stage.Pipeline.Read(operation);
        Assert.Equal((OperationStatus.Previewing, PreviewPhase.Counting, before), (left.Status, left.PreviewPhase, left.ServedAt));
        Assert.Equal(Step.Done, await stage.Pipeline.Planner.Run(left, theirs, 5, CancellationToken.None));
        await stage.AssertTotals(operation);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Work_that_outlasts_its_lease_keeps_it_and_stops_when_it_is_lost(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres);
        var (workspace, clock, lease) = (stage.Given.Workspace, stage.Given.Clock, TimeSpan.FromSeconds(2));
        await stage.Pipeline.Begin(stage.Given.Admin, "archive-profiles", Everybody);
        var epoch = await stage.Pipeline.Claim(workspace);
        var waiting = new TaskCompletionSource();

        var kept = await WorkspaceLeases.KeepWhile(
            stage.Database.Databases,
            workspace,
            epoch,
            lease,
            clock,
            async ct =>
            {
                clock.Advance(TimeSpan.FromHours(1));
                for (var written = DateTime.MinValue; written < stage.Given.Now; )
                {
                    await Task.Delay(20, ct);
                    await using var db = stage.Database.Open(workspace);
                    written = await db.WorkspaceLeases.Select(l => l.LeaseUntil!.Value).SingleAsync(ct);
                }

                return true;
            },
            CancellationToken.None
        );
        Assert.True(kept);

        var lost = WorkspaceLeases.KeepWhile(
            stage.Database.Databases,
            workspace,
            epoch,
            lease,
            clock,
            async ct =>
            {
                waiting.SetResult();
                await Task.Delay(Timeout.Infinite, ct);
                return true;
            },
            CancellationToken.None
        );
        await waiting.Task;
        await stage.ByHand(db => db.WorkspaceLeases.ExecuteUpdateAsync(set => set.SetProperty(l => l.Epoch, l => l.Epoch + 1)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lost);
    }

    [Fact]
    public async Task Work_is_stopped_when_its_lease_cannot_be_written()
    {
        await using var stage = await Stage.Set(DatabaseKind.Sqlite, postgres);
        var stopped = new TaskCompletionSource();

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            WorkspaceLeases.KeepWhile(
                new Data.Databases(() => throw new InvalidOperationException("The database is away")),
                stage.Given.Workspace,
                1,
                TimeSpan.FromMilliseconds(30),
                stage.Given.Clock,
                async ct =>
                {
                    using var _ = ct.Register(stopped.SetResult);
                    await Task.Delay(Timeout.Infinite, ct);
                    return true;
                },
                CancellationToken.None
            )
        );

        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Nobody_waits_for_it(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres);
        var (operation, epoch) = await Counting(stage);
        // A writer who had to wait for the counting would wait for ever here, as the counting waits for the writer.
        var written = Once(
            stage,
            () =>
                stage
                    .ByHand(db => db.Profiles.ExecuteUpdateAsync(set => set.SetProperty(p => p.LastActiveAt, stage.Given.Now)))
                    .WaitAsync(TimeSpan.FromSeconds(10))
                    .GetAwaiter()
                    .GetResult()
        );

        Assert.Equal(Step.Done, await stage.Pipeline.Planner.Run(operation, epoch, 5, CancellationToken.None));

        Assert.True(written());
        await stage.AssertTotals(operation);
    }

    /// <summary>An operation whose users have all been judged, as the runner holds it.</summary>
    private static async Task<(Operation Operation, long Epoch)> Counting(Stage stage)
    {
        var operation = await stage.Pipeline.Begin(stage.Given.Admin, "archive-profiles", Everybody);
        var epoch = await stage.Pipeline.Claim(operation.WorkspaceId);
        while (operation.PreviewPhase != PreviewPhase.Counting)
        {
            Assert.Equal(Step.More, await stage.Pipeline.Planner.Run(operation, epoch, 5, CancellationToken.None));
        }

        return (operation, epoch);
    }

    /// <summary>Does something when the items are first counted.</summary>
    /// <returns>Whether it was done.</returns>
    private static Func<bool> Once(Stage stage, Action what)
    {
        var isDone = false;
        stage.Pipeline.Tap.Before = statement =>
        {
            if (!isDone && statement.Contains("operation_items", StringComparison.Ordinal))
            {
                isDone = true;
                what();
            }
        };
        return () => isDone;
    }
}
