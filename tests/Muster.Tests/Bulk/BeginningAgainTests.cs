using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>An operation that gets another selection or other parameters after its preview is as if it had been begun with them.</summary>
public sealed class BeginningAgainTests(PostgresServer postgres)
{
    private const string Add = "add-users-to-group";
    private static readonly Selection Everybody = new() { Filter = new() };

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Parameters_that_make_the_order_matter_or_not_make_the_preview_anew(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, null, ("FirstChunk", 4), ("LargestChunk", 4));
        var (pipeline, given) = (stage.Pipeline, stage.Given);
        var operation = await pipeline.Preview(given.Admin, Add, new(Groups(given.Choir), Everybody));
        Assert.False(operation.InListOrder);

        foreach (var (groups, follows) in new[] { (Groups(given.Crew), true), (Groups(given.Choir), false), (Groups(given.Crew), true) })
        {
            await pipeline.Operations.Change(given.Admin, operation.Id, groups, null, CancellationToken.None);
            await pipeline.Settle();

            operation = await pipeline.Read(operation);
            var fresh = await pipeline.Preview(given.Admin, Add, new(groups, Everybody));
            Assert.Equal(follows, operation.InListOrder);
            Assert.Equal(Numbers(fresh), Numbers(operation));
            Assert.Equal(await Plan(stage, fresh), await Plan(stage, operation));
            await stage.AssertTotals(operation);
        }

        operation = await pipeline.Run(given.Admin, operation);
        Assert.Equal(operation.WillChange, operation.Changed);
        await stage.AssertTotals(operation);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_selection_of_nobody_is_previewed_as_nobody(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres);
        var (pipeline, given) = (stage.Pipeline, stage.Given);
        var first = await pipeline.Preview(given.Admin, Add, new(Groups(given.Crew), Everybody));
        var operation = await pipeline.Preview(given.Admin, Add, new(Groups(given.Crew), Everybody));
        Selection[] nobody =
        [
            new() { Filter = new() { Search = "nobody of this name" } },
            new() { Filter = new(), Except = [.. given.All.Select(p => p.Id)] },
            new() { Users = [] },
            new() { Emails = [] },
            new() { Operation = new(first.Id, Outcome: Outcome.Failed) },
        ];

        foreach (var selection in nobody)
        {
            foreach (var groups in new[] { Groups(given.Crew), Groups(given.Choir) })
            {
                await pipeline.Operations.Change(given.Admin, operation.Id, groups, selection, CancellationToken.None);
                await pipeline.Settle();

                operation = await pipeline.Read(operation);
                Assert.Equal((OperationStatus.Previewed, null), (operation.Status, operation.Error));
                Assert.Equal((0, 0, 0, 0), (operation.Selected, operation.LastOrdinal, operation.LastPosition, operation.Judged));
                await stage.AssertTotals(operation);
                await Assert.ThrowsAsync<ConflictException>(() => pipeline.Confirm(given.Admin, operation));
            }
        }
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Nothing_of_an_earlier_preview_is_told_of_one_that_could_not_be_made(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres);
        var (pipeline, given) = (stage.Pipeline, stage.Given);
        var file = System.Text.Encoding.UTF8.GetBytes($"Email\n{given.All[0].Email}\n{given.All[1].Email}\nnobody@example.org\n");
        var operation = await pipeline.Preview(given.Admin, Add, new(Groups(given.Choir), new() { File = true }, file));
        Assert.Equal((3, 2, 1), (operation.Selected, operation.WillChange, operation.Problems));

        await pipeline.Operations.PutFile(given.Admin, operation.Id, "bad.csv", "no such column\n1\n"u8.ToArray(), CancellationToken.None);
        await pipeline.Settle();

        operation = await pipeline.Read(operation);
        Assert.Equal((OperationStatus.Failed, 0, null), (operation.Status, operation.Selected, operation.PreviewedAt));
        await stage.AssertTotals(operation);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task An_undo_takes_no_parameters_and_no_users(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres);
        var (pipeline, given) = (stage.Pipeline, stage.Given);
        var operation = await pipeline.Run(given.Admin, await pipeline.Preview(given.Admin, Add, new(Groups(given.Choir), Everybody)));
        var undo = await pipeline.PreviewUndo(given.Admin, operation);
        var before = await stage.Dump();

        foreach (var (parameters, selection) in new (string?, Selection?)[] { (Groups(given.Night), null), (null, Everybody) })
        {
            await Assert.ThrowsAsync<ConflictException>(() =>
                pipeline.Operations.Change(given.Admin, undo.Id, parameters, selection, CancellationToken.None)
            );
        }

        Assert.Equal("", Dump.Difference(before, await stage.Dump()));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task The_users_of_an_earlier_operation_keep_their_order_and_stand_once_each(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, null, ("FirstChunk", 3), ("LargestChunk", 3));
        var (pipeline, given) = (stage.Pipeline, stage.Given);
        var wanted = given.All.Where((_, i) => i % 2 == 0).Reverse().ToList();
        var emails = new Selection { Emails = [.. wanted.Select(p => p.Email), "unknown@example.org", wanted[0].Email.ToUpperInvariant()] };
        var source = await pipeline.Preview(given.Admin, Add, new(Groups(given.Crew, given.Night), emails));
        await stage.AssertTotals(source);

        foreach (var group in new[] { given.Choir, given.Crew })
        {
            var slice = new Selection { Operation = new(source.Id) };
            var operation = await pipeline.Preview(given.Admin, Add, new(Groups(group), slice));
            await stage.AssertTotals(operation);
            Assert.Equal(wanted.Select(p => p.Id), (await pipeline.Items(operation)).Select(i => i.ProfileId));
        }
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Somebody_whose_address_moved_while_they_were_matched_stands_once_in_a_slice(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, null, ("FirstChunk", 1), ("LargestChunk", 1));
        var (pipeline, given) = (stage.Pipeline, stage.Given);
        var (one, other) = (given.All[0], "moved@example.org");
        var source = await pipeline.Begin(given.Admin, Add, new(Groups(given.Choir), new() { Emails = [one.Email, other] }));
        var epoch = await pipeline.Claim(given.Workspace);
        while (source.Judged == 0)
        {
            await pipeline.Planner.Run(source, epoch, 1, CancellationToken.None);
            source = await pipeline.Read(source);
        }

        await stage.ByHand(db => db.Profiles.Where(p => p.Id == one.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.EmailKey, other)));
        await pipeline.Release(given.Workspace, epoch);
        await pipeline.Settle();
        Assert.Equal([one.Id, one.Id], (await pipeline.Items(source)).Select(i => i.ProfileId));

        var operation = await pipeline.Preview(given.Admin, Add, new(Groups(given.Choir), new() { Operation = new(source.Id) }));

        Assert.Equal(1, operation.Selected);
        await stage.AssertTotals(operation);
    }

    private static string Groups(params Group[] groups) => $"{{\"groups\":[{string.Join(',', groups.Select(g => g.Id))}]}}";

    private static object Numbers(Operation o) =>
        (o.Selected, o.WillChange, o.Skipped, o.Problems, o.LastOrdinal, o.LastPosition, o.Judged);

    private static async Task<IEnumerable<object>> Plan(Stage stage, Operation operation) =>
        (await stage.Pipeline.Items(operation)).Select(i =>
            (object)(i.Position, i.Ordinal, i.TargetId, i.ProfileId, i.Verdict, i.Reason, i.Before)
        );
}
