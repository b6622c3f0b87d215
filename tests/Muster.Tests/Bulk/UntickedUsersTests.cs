using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Learning;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>Somebody unticked in a preview counts as skipped and is left alone; everything else the preview says is as exact as before.</summary>
public sealed class UntickedUsersTests(PostgresServer postgres)
{
    private const string Add = "add-users-to-group";
    private const string Archive = "archive-profiles";
    private static readonly Selection Everybody = new() { Filter = new() };

    [Theory]
    [InlineData(DatabaseKind.Sqlite, Add)]
    [InlineData(DatabaseKind.Postgres, Add)]
    [InlineData(DatabaseKind.Sqlite, Archive)]
    [InlineData(DatabaseKind.Postgres, Archive)]
    [InlineData(DatabaseKind.Sqlite, "invite-users")]
    [InlineData(DatabaseKind.Postgres, "invite-users")]
    public async Task Who_is_unticked_is_skipped_and_the_others_are_changed(DatabaseKind kind, string action)
    {
        await using var stage = await Stage.Set(kind, postgres, null, ("FirstChunk", 5), ("LargestChunk", 5));
        var operation = await stage.Pipeline.Preview(stage.Given.Admin, action, PlanOf(stage, action));
        var before = await stage.Pipeline.Items(operation);
        var leftOut = before.Where(i => i.Verdict == Verdict.WillChange).Select(i => i.Ordinal).Distinct().Take(2).ToList();

        operation = await Untick(stage, operation, leftOut);

        var after = await stage.Pipeline.Items(operation);
        await stage.AssertTotals(operation);
        Assert.Equal(before.Select(Key), after.Select(Key));
        Assert.All(
            before.Zip(after).Where(pair => leftOut.Contains(pair.First.Ordinal)),
            pair =>
                Assert.Equal(
                    (Verdict.Skipped, pair.First.Verdict == Verdict.WillChange ? "unticked" : pair.First.Reason),
                    (pair.Second.Verdict, pair.Second.Reason)
                )
        );
        Assert.Equal(
            before.Where(i => !leftOut.Contains(i.Ordinal)).Select(i => (i.Verdict, i.Reason, i.Before)),
            after.Where(i => !leftOut.Contains(i.Ordinal)).Select(i => (i.Verdict, i.Reason, i.Before))
        );

        operation = await stage.Pipeline.Run(stage.Given.Admin, operation);

        await stage.AssertTotals(operation);
        Assert.Equal(operation.WillChange, operation.Changed);
        Assert.All(
            (await stage.Pipeline.Items(operation)).Where(i => leftOut.Contains(i.Ordinal)),
            i => Assert.Equal(Outcome.Skipped, i.Outcome)
        );
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite, Add)]
    [InlineData(DatabaseKind.Postgres, Add)]
    [InlineData(DatabaseKind.Sqlite, Archive)]
    [InlineData(DatabaseKind.Postgres, Archive)]
    [InlineData(DatabaseKind.Sqlite, "invite-users")]
    [InlineData(DatabaseKind.Postgres, "invite-users")]
    [InlineData(DatabaseKind.Sqlite, "enrol-to-course")]
    [InlineData(DatabaseKind.Postgres, "enrol-to-course")]
    [InlineData(DatabaseKind.Sqlite, "resend-invitations")]
    [InlineData(DatabaseKind.Postgres, "resend-invitations")]
    public async Task Ticked_again_the_preview_is_as_if_nobody_had_been_unticked(DatabaseKind kind, string action)
    {
        await using var stage = await Stage.Set(kind, postgres, null, ("FirstChunk", 5), ("LargestChunk", 5));
        var operation = await stage.Pipeline.Preview(stage.Given.Admin, action, PlanOf(stage, action));
        var before = (Books(operation), await Lines(stage, operation));
        var some = (await stage.Pipeline.Items(operation))
            .Where(i => i.Verdict == Verdict.WillChange)
            .Select(i => i.Ordinal)
            .Distinct()
            .Take(3)
            .ToList();

        operation = await Untick(stage, operation, some);
        Assert.NotEqual(before.Item1, Books(operation));
        await stage.Pipeline.Edits.Tick(stage.Given.Admin, operation.Id, some, CancellationToken.None);
        await stage.Pipeline.Settle();

        operation = await stage.Pipeline.Read(operation);
        Assert.Equal(before.Item1, Books(operation));
        Assert.Equal(before.Item2, await Lines(stage, operation));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task The_seat_of_who_is_unticked_goes_to_the_next_in_the_list(DatabaseKind kind)
    {
        await using var stage = await Seats(kind);
        var (pipeline, given) = (stage.Pipeline, stage.Given);
        var operation = await pipeline.Preview(given.Admin, Add, new(Groups(given.Crew), Persons));
        Assert.Equal([1, 2], await Seated(stage, operation));

        operation = await Untick(stage, operation, [1]);

        Assert.Equal([2, 3], await Seated(stage, operation));
        Assert.Equal(
            2,
            Json.Read<List<Effect>>(operation.Effects!).Single(e => e.Code == "enrolments" && e.TargetId == given.Forklift.Id).Count
        );
        Assert.Equal(3, Json.Read<List<Effect>>(operation.Effects!).Single(e => e.Code == "no-seat").Count);
        operation = await pipeline.Run(given.Admin, operation);
        Assert.Equal((5, 1), (operation.Changed, operation.Skipped));
        await using var db = stage.Database.Open(given.Workspace);
        Assert.Equal(2, await db.Enrolments.CountAsync(e => e.CourseId == given.Forklift.Id));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Who_is_unticked_stays_so_with_other_parameters_but_not_with_other_users(DatabaseKind kind)
    {
        await using var stage = await Seats(kind);
        var (pipeline, given) = (stage.Pipeline, stage.Given);
        var operation = await pipeline.Preview(given.Admin, Add, new(Groups(given.Crew), Persons));
        operation = await Untick(stage, operation, [2]);
        var who = (await pipeline.Items(operation)).Single(i => i.Reason == "unticked").ProfileId;

        foreach (var group in new[] { given.Choir, given.Crew })
        {
            await pipeline.Operations.Change(given.Admin, operation.Id, Groups(group), null, CancellationToken.None);
            await pipeline.Settle();
            await stage.AssertTotals(operation);
            Assert.Equal([who], (await pipeline.Items(operation)).Where(i => i.Reason == "unticked").Select(i => i.ProfileId));
        }

        await pipeline.Operations.Change(given.Admin, operation.Id, null, new() { Users = [who] }, CancellationToken.None);
        await pipeline.Settle();
        Assert.Equal((1, 1), ((await pipeline.Read(operation)).Selected, (await pipeline.Read(operation)).WillChange));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task When_an_Admin_is_unticked_nobody_is_the_last_one_any_more(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, given => given.People(2, Kind.Admin));
        var boss = stage.Given.CommandLine;
        var operation = await stage.Pipeline.Preview(boss, Archive, new("{}", Everybody));
        Assert.Equal((2, "last-admin"), (operation.WillChange, (await stage.Pipeline.Items(operation))[0].Reason));

        await stage.Pipeline.Edits.Untick(boss, operation.Id, [3], CancellationToken.None);
        await stage.Pipeline.Settle();

        Assert.Equal([null, null, "unticked"], (await stage.Pipeline.Items(operation)).Select(i => i.Reason));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_second_row_of_the_same_person_does_not_step_in_for_an_unticked_one(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres);
        var (pipeline, given) = (stage.Pipeline, stage.Given);
        var person = given.All.First(p => p.Status == ProfileStatus.Active).Email;
        foreach (var action in new[] { Add, Archive })
        {
            var plan = new Plan(action == Add ? Groups(given.Choir) : "{}", new() { Emails = [person, person] });
            var operation = await pipeline.Preview(given.Admin, action, plan);

            operation = await Untick(stage, operation, [1]);

            Assert.Equal(["unticked", "duplicate-row"], (await pipeline.Items(operation)).Select(i => i.Reason));
            await stage.AssertTotals(operation);
        }
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Somebody_can_be_left_out_of_an_undo(DatabaseKind kind)
    {
        await using var stage = await Seats(kind);
        var (pipeline, given) = (stage.Pipeline, stage.Given);
        var operation = await pipeline.Run(given.Admin, await pipeline.Preview(given.Admin, Add, new(Groups(given.Choir), Persons)));
        var undo = await pipeline.PreviewUndo(given.Admin, operation);

        undo = await Untick(stage, undo, [4]);
        undo = await pipeline.Run(given.Admin, undo);

        Assert.Equal((5, 1), (undo.Changed, undo.Skipped));
        await using var db = stage.Database.Open(given.Workspace);
        Assert.Equal(1, await db.Memberships.CountAsync(m => m.GroupId == given.Choir.Id));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task The_seat_of_who_is_left_out_of_an_undo_goes_to_the_next(DatabaseKind kind)
    {
        await using var stage = await Seats(kind);
        var (pipeline, given) = (stage.Pipeline, stage.Given);
        var people = given.All.Where(p => p.FirstName == "Person").ToList();
        given.Enrol(people[0], given.Forklift, EnrolmentStatus.InProgress);
        given.Enrol(people[1], given.Forklift, EnrolmentStatus.InProgress);
        await given.Save();
        var plan = new Plan($"{{\"courses\":[{given.Forklift.Id}]}}", new() { Filter = new() { Course = given.Forklift.Id } });
        var operation = await pipeline.Preview(given.Admin, "withdraw-from-course", plan);
        Assert.Equal(2, operation.Selected);
        operation = await pipeline.Run(given.Admin, operation);
        given.Enrol(people[2], given.Forklift, EnrolmentStatus.InProgress);
        await given.Save();
        var undo = await pipeline.PreviewUndo(given.Admin, operation);
        Assert.Equal([null, "no-seat"], (await pipeline.Items(undo)).Select(i => i.Reason));

        undo = await Untick(stage, undo, [1]);

        Assert.Equal(["unticked", null], (await pipeline.Items(undo)).Select(i => i.Reason));
        Assert.Equal(1, (await pipeline.Run(given.Admin, undo)).Changed);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Only_a_preview_is_changed_and_only_for_somebody_who_would_change(DatabaseKind kind)
    {
        await using var stage = await Seats(kind);
        var (pipeline, given) = (stage.Pipeline, stage.Given);
        var operation = await pipeline.Preview(
            given.Admin,
            Add,
            new(Groups(given.Choir), new() { Emails = ["nobody@example.org", given.All[0].Email] })
        );
        var before = await stage.Dump();

        foreach (var ordinals in new long[][] { [], [0], [1], [3], [2, 9], [-1] })
        {
            await Assert.ThrowsAsync<ParametersException>(() =>
                pipeline.Edits.Untick(given.Admin, operation.Id, ordinals, CancellationToken.None)
            );
        }

        Assert.Equal("", Dump.Difference(before, await stage.Dump()));
        operation = await Untick(stage, operation, [2]);
        operation = await Untick(stage, operation, [2]);
        Assert.Equal((0, 1, 1), (operation.WillChange, operation.Skipped, operation.Problems));
        await pipeline.Edits.Tick(given.Admin, operation.Id, [2], CancellationToken.None);
        await pipeline.Settle();
        await pipeline.Run(given.Admin, await pipeline.Read(operation));
        await Assert.ThrowsAsync<ConflictException>(() => pipeline.Edits.Untick(given.Admin, operation.Id, [2], CancellationToken.None));
    }

    private static readonly Selection Persons = new() { Filter = new() { Search = "Person" } };

    /// <summary>Six people, two seats.</summary>
    private Task<Stage> Seats(DatabaseKind kind) =>
        Stage.Set(
            kind,
            postgres,
            given =>
            {
                given.Catalogue(seats: 2);
                for (var i = 6; i > 0; i--)
                {
                    given.Person(Kind.Active, "Person", $"Name{i}");
                }
            },
            ("FirstChunk", 2),
            ("LargestChunk", 2)
        );

    private static Plan PlanOf(Stage stage, string action) =>
        action switch
        {
            Add => new(Groups(stage.Given.Crew, stage.Given.Choir), Everybody),
            Archive or "resend-invitations" => new("{}", Everybody),
            "enrol-to-course" => new($"{{\"courses\":[{stage.Given.Forklift.Id},{stage.Given.Safety.Id}],\"notify\":true}}", Everybody),
            _ => InvitationFile.Csv(
                "Email,First name,Last name",
                "a1@example.org,A,One",
                "bad,B,Two",
                "a3@example.org,C,Three",
                "a4@example.org,D,Four"
            ),
        };

    private static async Task<Operation> Untick(Stage stage, Operation operation, IReadOnlyList<long> ordinals)
    {
        await stage.Pipeline.Edits.Untick(stage.Given.Admin, operation.Id, ordinals, CancellationToken.None);
        await stage.Pipeline.Settle();
        return await stage.Pipeline.Read(operation);
    }

    private static async Task<IEnumerable<long>> Seated(Stage stage, Operation operation) =>
        (await stage.Pipeline.Items(operation))
            .Where(i => i.Verdict == Verdict.WillChange && !i.After!.Contains("noSeat", StringComparison.Ordinal))
            .Select(i => i.Ordinal);

    private static object Key(OperationItem i) => (i.Position, i.Ordinal, i.TargetId, i.ProfileId);

    private static object Books(Operation o) =>
        (o.Status, o.Selected, o.WillChange, o.Skipped, o.Problems, (o.ItemsWillChange, o.ItemsSkipped, o.Judged), o.Effects, o.Warnings);

    private static async Task<IEnumerable<object>> Lines(Stage stage, Operation operation) =>
        [.. (await stage.Pipeline.Items(operation)).Select(i => (object)(Key(i), i.Verdict, i.Reason, i.Outcome, i.Before, i.After))];

    private static string Groups(params Group[] groups) => $"{{\"groups\":[{string.Join(',', groups.Select(g => g.Id))}]}}";
}
