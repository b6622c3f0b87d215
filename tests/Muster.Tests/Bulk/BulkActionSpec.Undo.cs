using Muster.Bulk;
using Xunit;

namespace Muster.Tests;

/// <summary>Undo is exact.</summary>
public abstract partial class BulkActionSpec
{
    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("UNDO-1")]
    public async Task Undo_brings_back_the_declared_state(DatabaseKind kind)
    {
        await using var stage = await Everybody(kind, ("FirstChunk", 4), ("LargestChunk", 4));
        var operation = await Preview(stage);
        var before = await stage.Domain();
        operation = await stage.Pipeline.Run(stage.Given.Admin, operation);
        if (!stage.Pipeline.Catalog.Get(Action).IsReversible)
        {
            await Assert.ThrowsAsync<ConflictException>(() => stage.Pipeline.PreviewUndo(stage.Given.Admin, operation));
            return;
        }

        var undo = await stage.Pipeline.PreviewUndo(stage.Given.Admin, operation);
        Assert.Equal((operation.Changed, operation.ItemsChanged), (undo.WillChange, undo.ItemsWillChange));
        undo = await stage.Pipeline.Run(stage.Given.Admin, undo);

        Assert.Equal((OperationStatus.Completed, operation.Changed), (undo.Status, undo.Changed));
        AssertUndone(before, await stage.Domain());
        await stage.AssertTotals(undo);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("SINCE-5")]
    [Rule("UNDO-2")]
    public async Task Undo_leaves_alone_whom_somebody_touched_since(DatabaseKind kind)
    {
        await using var stage = await Everybody(kind);
        var operation = await stage.Pipeline.Run(stage.Given.Admin, await Preview(stage));
        if (!stage.Pipeline.Catalog.Get(Action).IsReversible)
        {
            return;
        }

        var some = Some(await stage.Pipeline.Items(operation));
        var (beforePreview, betweenPreviewAndRun) = (some[0], some[^1]);
        await TouchAfterRun(stage, beforePreview);
        var undo = await stage.Pipeline.PreviewUndo(stage.Given.Admin, operation);
        var skipped = (await stage.Pipeline.Items(undo)).Single(i => i.Verdict == Verdict.Skipped);
        Assert.Equal((beforePreview.Ordinal, beforePreview.TargetId), (skipped.Ordinal, skipped.TargetId));
        Assert.NotNull(skipped.Reason);

        await TouchAfterRun(stage, betweenPreviewAndRun);
        undo = await stage.Pipeline.Run(stage.Given.Admin, undo);

        var left = (await stage.Pipeline.Items(undo)).Single(i => i is { Verdict: Verdict.WillChange, Outcome: not Outcome.Changed });
        Assert.Equal(
            (betweenPreviewAndRun.Ordinal, betweenPreviewAndRun.TargetId, "changed-since-preview"),
            (left.Ordinal, left.TargetId, left.OutcomeReason)
        );
        await stage.AssertTotals(undo);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("UNDO-3")]
    public async Task Only_one_undo_and_none_of_an_undo(DatabaseKind kind)
    {
        await using var stage = await Everybody(kind);
        var (pipeline, admin) = (stage.Pipeline, stage.Given.Admin);
        var operation = await Preview(stage);
        await Assert.ThrowsAsync<ConflictException>(() => pipeline.PreviewUndo(admin, operation));
        operation = await pipeline.Run(admin, operation);
        if (!pipeline.Catalog.Get(Action).IsReversible)
        {
            return;
        }

        // Many at once: one begins, the others are told so.
        var begun = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => TryUndo(stage, operation))));
        var undo = Assert.Single(begun.OfType<Operation>());
        await pipeline.Settle();
        undo = await pipeline.Run(admin, await pipeline.Read(undo));

        await Assert.ThrowsAsync<ConflictException>(() => pipeline.PreviewUndo(admin, operation));
        await Assert.ThrowsAsync<ConflictException>(() => pipeline.PreviewUndo(admin, undo));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("UNDO-4")]
    public async Task What_a_cancelled_operation_did_can_be_undone(DatabaseKind kind)
    {
        await using var stage = await Everybody(kind);
        var (pipeline, admin) = (stage.Pipeline, stage.Given.Admin);
        var operation = await Preview(stage);
        var before = await stage.Domain();
        await pipeline.Confirm(admin, operation);
        operation = await pipeline.Start(operation);
        var epoch = await pipeline.Claim(operation.WorkspaceId);
        while ((await pipeline.Read(operation)).Changed == 0)
        {
            Assert.Equal(Step.More, await pipeline.Executor.Run(operation, epoch, 4, CancellationToken.None));
        }

        await pipeline.Operations.Cancel(admin, operation.Id, CancellationToken.None);
        operation = await pipeline.Read(operation);
        Assert.InRange(operation.Changed, 1, operation.WillChange - 1);
        await stage.AssertTotals(operation);
        if (!pipeline.Catalog.Get(Action).IsReversible)
        {
            return;
        }

        await pipeline.Release(operation.WorkspaceId, epoch);
        var undo = await pipeline.PreviewUndo(admin, operation);
        Assert.Equal(operation.Changed, undo.Selected);
        await pipeline.Run(admin, undo);
        AssertUndone(before, await stage.Domain());
        await stage.AssertTotals(undo);
    }

    private static async Task<Operation?> TryUndo(Stage stage, Operation operation)
    {
        try
        {
            return await stage.Pipeline.Operations.Undo(stage.Given.Admin, operation.Id, null, CancellationToken.None);
        }
        catch (ConflictException)
        {
            return null;
        }
    }
}
