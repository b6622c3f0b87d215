using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Xunit;

namespace Muster.Tests;

/// <summary>
/// The checker has teeth: the same chunk with its cursor moved after the commit, in a transaction of its own as job libraries assume, dies once
/// between the two, and the ledger says so. The product's own chunk dies at the same moment and the ledger is clean.
/// </summary>
public sealed class AblationTests(PostgresServer postgres)
{
    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_cursor_outside_the_transaction_is_caught_and_one_inside_it_is_not(DatabaseKind kind)
    {
        await using var campaign = await Campaign.Prepare(kind, postgres, 4, users: 20);
        for (var i = 0; i < 4; i++)
        {
            var ablated = i >= 2;
            var operation = campaign.Operations[i];
            await campaign.Confirm(operation);
            await RunAndDieOnce(campaign.Stage, operation, ablated);

            var faults = await Ledger.Faults(campaign.Stage, operation);

            if (ablated)
            {
                Assert.Contains(faults, fault => fault.StartsWith("users counted as changed", StringComparison.Ordinal));
                Assert.Contains(faults, fault => fault.StartsWith("a chunk's first position", StringComparison.Ordinal));
            }
            else
            {
                Assert.Empty(faults);
            }
        }
    }

    private static async Task RunAndDieOnce(Stage stage, Operation operation, bool ablated)
    {
        var died = false;
        operation = await stage.Pipeline.Start(operation);
        var epoch = await stage.Pipeline.Claim(operation.WorkspaceId);
        while ((operation = await stage.Pipeline.Read(operation)).Status == OperationStatus.Running)
        {
            var dies = !died && operation.Cursor > 0;
            died |= dies;
            if (ablated)
            {
                await AblatedChunk(stage, operation, dies);
                continue;
            }

            stage.Pipeline.Tap.Before = statement =>
            {
                if (dies && statement == StatementTap.Committed)
                {
                    throw new BrokenException();
                }
            };
            try
            {
                await stage.Pipeline.Executor.Run(operation, epoch, 5, CancellationToken.None);
            }
            catch (BrokenException)
            {
                // The runner is gone; the next one reads everything again.
            }

            stage.Pipeline.Tap.Before = null;
        }

        await stage.Pipeline.Release(operation.WorkspaceId, epoch);
        Assert.True(died);
    }

    private static async Task AblatedChunk(Stage stage, Operation operation, bool dies)
    {
        var ct = CancellationToken.None;
        await using var db = stage.Database.Open(operation.WorkspaceId);
        var upTo = await db.PositionAfter(operation, 5, ct);
        await using (var transaction = await db.Database.BeginTransactionAsync(ct))
        {
            var context = await db.ContextOf(operation, stage.Given.Clock, operation.Cursor, upTo, ct);
            var action = stage.Pipeline.Catalog.Get(operation.Action);
            await action.Apply(context, action.ReadParameters(operation.Parameters), ct);
            var changed = await context.Items.ExecuteUpdateAsync(set => set.SetProperty(i => i.Outcome, Outcome.Changed), ct);
            await Tally.AddChunk(context, ct);
            var details = new
            {
                from = operation.Cursor + 1,
                to = upTo,
                items = changed,
            };
            await Audit.Write(db, operation, "operation.chunk", details, stage.Given.Now, ct);
            await transaction.CommitAsync(ct);
        }

        if (!dies)
        {
            var status = upTo == operation.LastPosition ? OperationStatus.Completed : OperationStatus.Running;
            await db
                .Operations.Where(o => o.Id == operation.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(o => o.Cursor, upTo).SetProperty(o => o.Status, status), ct);
        }
    }
}
