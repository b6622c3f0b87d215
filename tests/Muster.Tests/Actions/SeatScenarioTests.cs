using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Learning;
using Xunit;

namespace Muster.Tests;

/// <summary>Seats under a large selection, and under others who take them meanwhile.</summary>
public sealed class SeatScenarioTests(PostgresServer postgres)
{
    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ENROL-6")]
    [Rule("SEAT-1")]
    public async Task A_hundred_seats_for_two_hundred_and_fifty_go_to_the_first_in_the_list(DatabaseKind kind)
    {
        await using var stage = await Begin(kind);

        var operation = await stage.Pipeline.Preview(stage.Given.Admin, "enrol-to-course", On(stage));
        Assert.Equal((100, 150), (operation.WillChange, operation.Skipped));
        operation = await stage.Pipeline.Run(stage.Given.Admin, operation);

        var items = await stage.Pipeline.Items(operation);
        Assert.Equal((100, 150), (operation.Changed, operation.Skipped));
        Assert.All(items, i => Assert.Equal(i.Ordinal <= 100 ? Outcome.Changed : Outcome.Skipped, i.Outcome));
        Assert.All(items.Where(i => i.Ordinal > 100), i => Assert.Equal("no-seat", i.Reason));
        Assert.Equal(100, await Open(stage));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("SEAT-1")]
    public async Task Seats_taken_between_preview_and_run_are_missed_by_the_last_who_had_one(DatabaseKind kind)
    {
        await using var stage = await Begin(kind);
        var operation = await stage.Pipeline.Preview(stage.Given.Admin, "enrol-to-course", On(stage));
        await stage.ByHand(async db =>
        {
            var outsiders = await db.Profiles.Where(p => p.LastName.StartsWith("Outsider")).Select(p => p.Id).ToListAsync();
            db.Enrolments.AddRange(
                outsiders.Select(id => new Enrolment
                {
                    WorkspaceId = stage.Given.Workspace,
                    ProfileId = id,
                    CourseId = stage.Given.Forklift.Id,
                    Attempt = 1,
                    CreatedAt = stage.Given.Now,
                })
            );
        });

        operation = await stage.Pipeline.Run(stage.Given.Admin, operation);

        var items = await stage.Pipeline.Items(operation);
        Assert.All(items.Where(i => i.Ordinal <= 70), i => Assert.Equal((Outcome.Changed, null), (i.Outcome, i.OutcomeReason)));
        Assert.All(
            items.Where(i => i.Ordinal is > 70 and <= 100),
            i => Assert.Equal((Outcome.Skipped, "no-seat-any-more"), (i.Outcome, i.OutcomeReason))
        );
        Assert.All(
            items.Where(i => i.Ordinal > 100),
            i => Assert.Equal((Outcome.Skipped, "no-seat", null), (i.Outcome, i.Reason, i.OutcomeReason))
        );
        Assert.Equal(100, await Open(stage));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("SEAT-1")]
    public async Task Two_operations_at_once_never_oversell(DatabaseKind kind)
    {
        await using var stage = await Begin(kind);
        var first = await stage.Pipeline.Preview(stage.Given.Admin, "enrol-to-course", On(stage));
        var second = await stage.Pipeline.Preview(
            stage.Given.Admin,
            "enrol-to-course",
            On(stage) with
            {
                Selection = new() { Filter = new() { Search = "Outsider" } },
            }
        );
        Assert.Equal((100, 30), (first.WillChange, second.WillChange));

        await stage.Pipeline.Confirm(stage.Given.Admin, second);
        await stage.Pipeline.Confirm(stage.Given.Admin, first);
        await stage.Pipeline.Settle();

        (first, second) = (await stage.Pipeline.Read(first), await stage.Pipeline.Read(second));
        Assert.Equal(100, first.Changed + second.Changed);
        Assert.Equal(30, first.LeftAlone + second.LeftAlone);
        Assert.Equal(100, await Open(stage));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("WITHDRAW-5")]
    public async Task An_undone_withdrawal_takes_no_seat_that_somebody_else_has_now(DatabaseKind kind)
    {
        await using var stage = await Begin(kind);
        var enrolled = await stage.Pipeline.Run(
            stage.Given.Admin,
            await stage.Pipeline.Preview(stage.Given.Admin, "enrol-to-course", On(stage))
        );
        var withdraw = await stage.Pipeline.Preview(
            stage.Given.Admin,
            "withdraw-from-course",
            new($"{{\"courses\":[{stage.Given.Forklift.Id}]}}", new() { Operation = new(enrolled.Id, Outcome: Outcome.Changed) })
        );
        withdraw = await stage.Pipeline.Run(stage.Given.Admin, withdraw);
        Assert.Equal((100, 0), (withdraw.Changed, await Open(stage)));
        var others = On(stage) with { Selection = new() { Filter = new() { Search = "Outsider" } } };
        await stage.Pipeline.Run(stage.Given.Admin, await stage.Pipeline.Preview(stage.Given.Admin, "enrol-to-course", others));

        var undo = await stage.Pipeline.PreviewUndo(stage.Given.Admin, withdraw);
        Assert.Equal((70, 30), (undo.WillChange, undo.Skipped));
        undo = await stage.Pipeline.Run(stage.Given.Admin, undo);

        var items = await stage.Pipeline.Items(undo);
        Assert.Equal(70, undo.Changed);
        Assert.All(items, i => Assert.Equal(i.Ordinal <= 70 ? Outcome.Changed : Outcome.Skipped, i.Outcome));
        Assert.All(items.Where(i => i.Ordinal > 70), i => Assert.Equal("no-seat", i.Reason));
        Assert.Equal(100, await Open(stage));
    }

    private Task<Stage> Begin(DatabaseKind kind) =>
        Stage.Set(
            kind,
            postgres,
            given =>
            {
                given.Catalogue(seats: 100);
                given.People(250);
                foreach (var i in Enumerable.Range(1, 30))
                {
                    given.Person(Kind.Active, "Zed", $"Outsider {i:D3}");
                }
            },
            ("FirstChunk", 40),
            ("LargestChunk", 40)
        );

    /// <summary>The two hundred and fifty: everybody called Active, as <see cref="Given.People"/> names them.</summary>
    private static Plan On(Stage stage) =>
        new($"{{\"courses\":[{stage.Given.Forklift.Id}]}}", new() { Filter = new() { Search = "Active" } });

    private static async Task<int> Open(Stage stage)
    {
        await using var db = stage.Database.Open(stage.Given.Workspace);
        return await db.Enrolments.CountAsync(e => e.CourseId == stage.Given.Forklift.Id && e.Status < EnrolmentStatus.Completed);
    }
}
