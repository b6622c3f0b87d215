using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Xunit;

namespace Muster.Tests;

/// <summary>Nothing lost, nothing twice, nothing that grows with the users.</summary>
public abstract partial class BulkActionSpec
{
    /// <summary>How many users the larger of two chunks has whose statements are counted.</summary>
    private const int Many = 5000;

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("MAIL-3")]
    public async Task A_chunk_broken_at_any_statement_loses_and_repeats_nothing(DatabaseKind kind)
    {
        await using var whole = await Everybody(kind);
        await using var broken = await Everybody(kind);
        var breaks = 0;
        foreach (var stage in new[] { whole, broken })
        {
            var operation = await Preview(stage);
            var some = Some(await stage.Pipeline.Items(operation));
            await TouchBeforeRun(stage, some[0]);
            await stage.Pipeline.Confirm(stage.Given.Admin, operation);
            operation = await stage.Pipeline.Start(operation);
            var epoch = await stage.Pipeline.Claim(operation.WorkspaceId);
            breaks += await RunToTheEnd(
                stage,
                operation,
                breaking: stage == broken,
                (fresh, size) => stage.Pipeline.Executor.Run(fresh, epoch, size, CancellationToken.None)
            );
            await stage.AssertTotals(operation);
        }

        Assert.True(breaks > 30, $"It broke only {breaks} times");
        AssertTwins(await whole.Dump(), await broken.Dump());
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_preview_broken_at_any_statement_is_the_same_preview(DatabaseKind kind)
    {
        await using var whole = await Everybody(kind);
        await using var broken = await Everybody(kind);
        foreach (var stage in new[] { whole, broken })
        {
            var operation = await stage.Pipeline.Begin(stage.Given.Admin, Action, OnEverybody(stage.Given));
            var epoch = await stage.Pipeline.Claim(operation.WorkspaceId);
            await RunToTheEnd(
                stage,
                operation,
                breaking: stage == broken,
                (fresh, size) => stage.Pipeline.Planner.Run(fresh, epoch, size, CancellationToken.None)
            );
            await stage.AssertTotals(operation);
        }

        AssertTwins(await whole.Dump(), await broken.Dump());
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task An_undo_broken_at_any_statement_is_the_same_undo(DatabaseKind kind)
    {
        if (!Pipeline.NewCatalog().Get(Action).IsReversible)
        {
            return;
        }

        await using var whole = await Everybody(kind);
        await using var broken = await Everybody(kind);
        foreach (var stage in new[] { whole, broken })
        {
            var operation = await stage.Pipeline.Run(stage.Given.Admin, await Preview(stage));
            var undo = await stage.Pipeline.PreviewUndo(stage.Given.Admin, operation);
            await stage.Pipeline.Confirm(stage.Given.Admin, undo);
            undo = await stage.Pipeline.Start(undo);
            var epoch = await stage.Pipeline.Claim(undo.WorkspaceId);
            await RunToTheEnd(
                stage,
                undo,
                breaking: stage == broken,
                (fresh, size) => stage.Pipeline.Executor.Run(fresh, epoch, size, CancellationToken.None)
            );
            await stage.AssertTotals(undo);
        }

        AssertTwins(await whole.Dump(), await broken.Dump());
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_chunk_takes_as_many_statements_for_ten_users_as_for_thousands(DatabaseKind kind)
    {
        var few = await StatementsOfAChunk(kind, 10);
        var many = await StatementsOfAChunk(kind, Many);

        Assert.InRange(few.Run.Count, 5, 60);
        Assert.Equal(few.Run.Count, many.Run.Count);
        Assert.Equal(few.Undo.Count, many.Undo.Count);
    }

    [Fact]
    public async Task Planning_tells_PostgreSQL_about_the_rows_it_has_written()
    {
        await using var stage = await Everybody(DatabaseKind.Postgres);
        stage.Pipeline.Tap.Begin();

        await Preview(stage);

        var statements = stage.Pipeline.Tap.Statements.ToList();
        var analysed = statements.FindIndex(s => s.Contains("ANALYZE operation_items", StringComparison.OrdinalIgnoreCase));
        var written = statements.FindLastIndex(s => s.Contains("INSERT INTO operation_items", StringComparison.OrdinalIgnoreCase));
        written = Math.Max(
            written,
            statements.FindLastIndex(s => s.Contains("INSERT INTO \"operation_items\"", StringComparison.OrdinalIgnoreCase))
        );
        Assert.InRange(written, 0, analysed - 1);
        await using var db = stage.Database.Open();
        var known = await db
            .Database.SqlQueryRaw<long>("SELECT reltuples::bigint AS \"Value\" FROM pg_class WHERE relname = 'operation_items'")
            .ToListAsync();
        Assert.InRange(known[0], 1, 1_000_000);
    }

    /// <summary>Two runs that must have left the same behind, but for how often a runner took the workspace.</summary>
    private void AssertTwins(Dump whole, Dump broken)
    {
        string[] columns = [.. RandomColumns, "workspace_leases.epoch"];
        Assert.Equal("", Dump.Difference(whole.Without(columns), broken.Without(columns)));
    }

    /// <summary>
    /// Runs small chunks until the operation is done. Breaking, each chunk breaks at its first statement, then at its second, and so on up to the
    /// moment after its commit; each time, what is in the database must be what was there before.
    /// </summary>
    /// <returns>How often it broke.</returns>
    private static async Task<int> RunToTheEnd(Stage stage, Operation operation, bool breaking, Func<Operation, int, Task<Step>> run)
    {
        const int size = 9;
        var breaks = 0;
        var step = Step.More;
        for (var at = 1; step == Step.More; )
        {
            Assert.True(breaks < 2000, "It never gets on");
            var fresh = await stage.Pipeline.Read(operation);
            if (fresh.Status is OperationStatus.Previewed or OperationStatus.Completed)
            {
                return breaks;
            }

            var before = breaking ? await stage.Dump() : null;
            stage.Pipeline.Tap.Begin(breaking ? at : 0);
            try
            {
                step = await run(fresh, size);
                at = 1;
            }
            catch (Exception e) when (e.GetBaseException() is BrokenException)
            {
                breaks++;
                var committed = stage.Pipeline.Tap.Statements[^1] == StatementTap.Committed;
                stage.Pipeline.Tap.Begin();
                if (committed)
                {
                    at = 1;
                }
                else
                {
                    Assert.Equal("", Dump.Difference(before!, await stage.Dump()));
                    at++;
                }
            }
        }

        Assert.Equal(Step.Done, step);
        return breaks;
    }

    private async Task<(IReadOnlyList<string> Run, IReadOnlyList<string> Undo)> StatementsOfAChunk(DatabaseKind kind, int users)
    {
        Plan plan = null!;
        await using var stage = await Only(
            kind,
            given =>
            {
                if (given.Workspace == 1)
                {
                    plan = OnMany(given.Catalogue(), users);
                }
            }
        );
        var operation = await stage.Pipeline.Preview(stage.Given.Admin, Action, plan);
        Assert.Equal(users, operation.WillChange);
        var run = await Counted(stage, operation);
        if (!stage.Pipeline.Catalog.Get(Action).IsReversible)
        {
            return (run, []);
        }

        return (run, await Counted(stage, await stage.Pipeline.PreviewUndo(stage.Given.Admin, operation)));
    }

    private static async Task<IReadOnlyList<string>> Counted(Stage stage, Operation operation)
    {
        var pipeline = stage.Pipeline;
        await pipeline.Confirm(stage.Given.Admin, operation);
        operation = await pipeline.Start(operation);
        var epoch = await pipeline.Claim(operation.WorkspaceId);
        pipeline.Tap.Begin();
        Assert.Equal(Step.Done, await pipeline.Executor.Run(operation, epoch, 100_000, CancellationToken.None));
        var statements = pipeline.Tap.Statements.ToList();
        await pipeline.Release(operation.WorkspaceId, epoch);
        return statements;
    }
}
