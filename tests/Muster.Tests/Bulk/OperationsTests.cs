using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>What holds of operations whatever their action: turns, who asked, what follows an undo.</summary>
public sealed class OperationsTests(PostgresServer postgres)
{
    private static readonly Plan Everybody = new("{}", new() { Filter = new() });

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_new_operation_does_not_wait_for_one_that_runs(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, null, ("FirstChunk", 1), ("LargestChunk", 1), ("SliceMilliseconds", 1));
        var running = await stage.Pipeline.Preview(stage.Given.Admin, "archive-profiles", Everybody);
        await stage.Pipeline.Confirm(stage.Given.Admin, running);
        Assert.True(await stage.Pipeline.Runner.ServeOne(CancellationToken.None));
        var another = await stage.Pipeline.Begin(stage.Given.Admin, "archive-profiles", Everybody);
        stage.Given.Clock.Advance(TimeSpan.FromSeconds(1));

        for (var i = 0; i < 4; i++)
        {
            await stage.Pipeline.Runner.ServeOne(CancellationToken.None);
            stage.Given.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(OperationStatus.Running, (await stage.Pipeline.Read(running)).Status);
        Assert.InRange((await stage.Pipeline.Read(another)).Selected, 1, 100);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task The_audit_log_names_whoever_asked(DatabaseKind kind)
    {
        Profile colleague = null!;
        await using var stage = await Stage.Set(kind, postgres, given => colleague = given.Everybody().Person(Kind.Admin, "Bea", "Busy"));
        colleague = stage.Given.All.Single(p => p.FirstName == "Bea");
        var operation = await stage.Pipeline.Preview(stage.Given.Admin, "archive-profiles", Everybody);
        var bea = stage.Given.By(colleague);

        await stage.Pipeline.Confirm(bea, operation);
        await stage.Pipeline.Operations.Cancel(bea, operation.Id, CancellationToken.None);

        var audit = (await stage.Dump()).OfWorkspace(stage.Given.Workspace).Rows("audit");
        Assert.Equal(
            [("operation.created", stage.Given.Admin.Address), ("operation.confirmed", bea.Address), ("operation.cancelled", bea.Address)],
            audit.OrderBy(a => a["id"], StringComparer.Ordinal).Select(a => (a["event"], (string?)a["address"]))
        );
        Assert.Equal($"{colleague.AccountId}", audit.Single(a => a["event"] == "operation.confirmed")["account_id"]);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task An_operation_that_is_being_undone_does_not_go_on(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, null);
        var (pipeline, admin) = (stage.Pipeline, stage.Given.Admin);
        var operation = await pipeline.Preview(admin, "archive-profiles", Everybody);
        await pipeline.Confirm(admin, operation);
        operation = await pipeline.Start(operation);
        var epoch = await pipeline.Claim(operation.WorkspaceId);
        Assert.Equal(Step.More, await pipeline.Executor.Run(operation, epoch, 10, CancellationToken.None));
        await pipeline.Release(operation.WorkspaceId, epoch);
        await stage.ByHand(db =>
            db.Operations.Where(o => o.Id == operation.Id).ExecuteUpdateAsync(set => set.SetProperty(o => o.Status, OperationStatus.Failed))
        );
        var undo = await pipeline.PreviewUndo(admin, operation);

        await Assert.ThrowsAsync<ConflictException>(() => pipeline.Operations.Resume(admin, operation.Id, CancellationToken.None));

        await pipeline.Operations.Cancel(admin, undo.Id, CancellationToken.None);
        await pipeline.Operations.Resume(admin, operation.Id, CancellationToken.None);
        await pipeline.Settle();
        Assert.Equal(OperationStatus.Completed, (await pipeline.Read(operation)).Status);
    }

    [Fact]
    public async Task A_server_that_starts_on_SQLite_does_not_wait_for_the_lease_of_the_one_that_died()
    {
        await using var stage = await Stage.Set(DatabaseKind.Sqlite, postgres, null);
        var operation = await stage.Pipeline.Preview(stage.Given.Admin, "archive-profiles", Everybody);
        await stage.Pipeline.Confirm(stage.Given.Admin, operation);
        operation = await stage.Pipeline.Start(operation);
        var epoch = await stage.Pipeline.Claim(operation.WorkspaceId);

        // The clock stands still, so the dead server's lease never lapses.
        await stage.Pipeline.Runner.StartAsync(CancellationToken.None);
        while ((await stage.Pipeline.Read(operation)).Status != OperationStatus.Completed)
        {
            await Task.Delay(20);
        }

        await stage.Pipeline.Runner.StopAsync(CancellationToken.None);
        Assert.Equal(Step.Fenced, await stage.Pipeline.Executor.Run(operation, epoch, 5, CancellationToken.None));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Somebody_renamed_while_the_list_is_frozen_stands_in_it_once(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, null);
        var operation = await stage.Pipeline.Begin(stage.Given.Admin, "archive-profiles", Everybody);
        var epoch = await stage.Pipeline.Claim(operation.WorkspaceId);
        await stage.Pipeline.Planner.Run(operation, epoch, 5, CancellationToken.None);
        var first = stage.Given.All[0].Id;
        await stage.ByHand(db =>
            db.Profiles.Where(p => p.Id == first).ExecuteUpdateAsync(set => set.SetProperty(p => p.SortName, "zzz, last of all"))
        );
        await stage.Pipeline.Release(operation.WorkspaceId, epoch);

        await stage.Pipeline.Settle();

        Assert.Equal(stage.Given.All.Count, (await stage.Pipeline.Read(operation)).Selected);
        Assert.Single(await stage.Pipeline.Items(operation), i => i.ProfileId == first);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite, false)]
    [InlineData(DatabaseKind.Sqlite, true)]
    [InlineData(DatabaseKind.Postgres, false)]
    [InlineData(DatabaseKind.Postgres, true)]
    public async Task Another_process_goes_on_freezing_the_list_or_begins_anew_when_it_has_changed(DatabaseKind kind, bool changes)
    {
        await using var stage = await Stage.Set(kind, postgres, null, ("FirstChunk", 2), ("LargestChunk", 2));
        var operation = await stage.Pipeline.Begin(stage.Given.Admin, "archive-profiles", Everybody);
        var epoch = await stage.Pipeline.Claim(operation.WorkspaceId);
        await stage.Pipeline.Planner.Run(operation, epoch, 5, CancellationToken.None);
        await using var db = stage.Database.Open(operation.WorkspaceId);
        var begun = await db.OperationUsers.Select(u => u.ProfileId).ToListAsync(CancellationToken.None);
        Assert.Equal(5, begun.Count);
        var mark = (await stage.Pipeline.Read(operation)).PlaceId;
        if (changes)
        {
            // One who is frozen already and one who is not yet, so that both have other ordinals.
            var people = new[] { begun[0], stage.Given.All.First(p => !begun.Contains(p.Id)).Id };
            await db
                .Profiles.Where(p => people.Contains(p.Id))
                .ExecuteUpdateAsync(set => set.SetProperty(p => p.SortName, p => "zzz, last of all " + p.Id), CancellationToken.None);
        }

        stage.Pipeline.Lists.Forget(operation);
        var removals = 0;
        stage.Pipeline.Tap.Before = statement =>
            removals +=
                statement.Contains("DELETE FROM", StringComparison.Ordinal)
                && statement.Contains("operation_users", StringComparison.Ordinal)
                    ? 1
                    : 0;
        await stage.Pipeline.Release(operation.WorkspaceId, epoch);
        await stage.Pipeline.Settle();

        var expected = await db.Users(operation.WorkspaceId, new(), stage.Given.Today)
            .InListOrder()
            .Select(p => p.Id)
            .ToListAsync(CancellationToken.None);
        var frozen = await db.OperationUsers.OrderBy(u => u.Ordinal).ToListAsync(CancellationToken.None);
        Assert.Equal(expected, frozen.Select(u => u.ProfileId));
        Assert.Equal(Enumerable.Range(1, expected.Count), frozen.Select(u => (int)u.Ordinal));
        operation = await stage.Pipeline.Read(operation);
        Assert.Equal((OperationStatus.Previewed, expected.Count), (operation.Status, (int)operation.Selected));
        Assert.Equal(changes, operation.PlaceId != mark);
        Assert.Equal(changes, removals > 0);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Nobody_runs_an_operation_with_rights_above_their_own(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, null);
        var (pipeline, admin) = (stage.Pipeline, stage.Given.Admin);
        var operation = await pipeline.Preview(stage.Given.CommandLine, "archive-profiles", Everybody);
        Assert.DoesNotContain(await pipeline.Items(operation), i => i.Reason == "higher-role");
        await Assert.ThrowsAsync<ConflictException>(() => pipeline.Confirm(admin, operation));

        await pipeline.Operations.Change(admin, operation.Id, null, Everybody.Selection, CancellationToken.None);
        await pipeline.Settle();

        operation = await pipeline.Read(operation);
        Assert.Equal(admin.Actor.AccountId, operation.AccountId);
        Assert.Contains(await pipeline.Items(operation), i => i.Reason == "higher-role");
        await pipeline.Run(admin, operation);
    }
}
