using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Xunit;

namespace Muster.Tests;

/// <summary>Rules that hold across the actions (docs/rules.md).</summary>
public abstract partial class BulkActionSpec
{
    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("INVITE-8")]
    [Rule("ORDER-3")]
    public async Task Nothing_is_written_before_it_is_confirmed_and_confirming_writes_no_item(DatabaseKind kind)
    {
        await using var stage = await Everybody(kind);
        var before = await stage.Domain();

        var operation = await Preview(stage);
        var planned = await Items(stage);
        await stage.Pipeline.Confirm(stage.Given.Admin, operation);

        Assert.NotEmpty(planned.Lines);
        Assert.Equal("", Dump.Difference(planned, await Items(stage)));
        Assert.Equal("", Dump.Difference(before, await stage.Domain()));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("SINCE-3")]
    public async Task A_sign_in_in_between_is_no_change(DatabaseKind kind)
    {
        await using var stage = await Everybody(kind);
        var operation = await Preview(stage);
        await stage.ByHand(db => db.Profiles.ExecuteUpdateAsync(set => set.SetProperty(p => p.LastActiveAt, stage.Given.Now)));

        operation = await stage.Pipeline.Run(stage.Given.Admin, operation);

        Assert.Equal((operation.WillChange, 0, 0), (operation.Changed, operation.LeftAlone, operation.Failed));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("COUNT-4")]
    public async Task A_chunk_never_splits_one_users_items(DatabaseKind kind)
    {
        await using var stage = await Everybody(kind);
        var operation = await Preview(stage);
        await stage.Pipeline.Confirm(stage.Given.Admin, operation);
        operation = await stage.Pipeline.Start(operation);
        var epoch = await stage.Pipeline.Claim(operation.WorkspaceId);
        for (var step = Step.More; step == Step.More; )
        {
            step = await stage.Pipeline.Executor.Run(await stage.Pipeline.Read(operation), epoch, 1, CancellationToken.None);

            var planned = (await stage.Pipeline.Items(operation)).Where(i => i.Verdict == Verdict.WillChange);
            Assert.All(planned.GroupBy(i => i.Ordinal), user => Assert.Single(user.Select(i => i.Outcome == Outcome.Pending).Distinct()));
        }
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ACCOUNT-3")]
    public async Task No_account_is_touched_by_run_or_undo(DatabaseKind kind)
    {
        await using var stage = await Everybody(kind);
        var before = (await stage.Dump()).Where((table, _) => table == "accounts");

        var operation = await stage.Pipeline.Run(stage.Given.Admin, await Preview(stage));
        if (stage.Pipeline.Catalog.Get(Action).IsReversible)
        {
            await stage.Pipeline.Run(stage.Given.Admin, await stage.Pipeline.PreviewUndo(stage.Given.Admin, operation));
        }

        Assert.NotEmpty(before.Lines);
        Assert.Equal("", Dump.Difference(before, (await stage.Dump()).Where((table, _) => table == "accounts")));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("FAIL-2")]
    public async Task Trouble_with_the_database_stops_it_where_it_is_and_it_can_be_resumed(DatabaseKind kind)
    {
        await using var stage = await Everybody(kind, ("FirstChunk", 4), ("LargestChunk", 4));
        var operation = await Preview(stage);
        await stage.Pipeline.Confirm(stage.Given.Admin, operation);
        var commits = 0;
        stage.Pipeline.Tap.Before = statement =>
        {
            commits += statement == StatementTap.Commit ? 1 : 0;
            // Only what a chunk sends: the operation's own books are still to be had.
            if (commits >= 2 && statement.Contains("operation_items", StringComparison.Ordinal))
            {
                throw new IOException("The disk is away");
            }
        };
        var settled = stage.Pipeline.Settle();
        while (await Task.WhenAny(settled, Task.Delay(20)) != settled)
        {
            stage.Given.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        await settled;
        operation = await stage.Pipeline.Read(operation);
        Assert.Equal(OperationStatus.Failed, operation.Status);
        Assert.InRange(operation.Changed, 0, operation.WillChange - 1);
        Assert.Equal(0, operation.Failed);
        await stage.AssertTotals(operation);

        stage.Pipeline.Tap.Before = null;
        await stage.Pipeline.Operations.Resume(stage.Given.Admin, operation.Id, CancellationToken.None);
        await stage.Pipeline.Settle();

        operation = await stage.Pipeline.Read(operation);
        Assert.Equal((OperationStatus.Completed, operation.WillChange), (operation.Status, operation.Changed));
        await stage.AssertTotals(operation);
    }

    private static async Task<Dump> Items(Stage stage) => (await stage.Dump()).Where((table, _) => table == "operation_items");
}
