using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Learning;
using Npgsql;
using Xunit;

namespace Muster.Tests;

/// <summary>What one chunk does to the database besides its work.</summary>
public sealed class ChunkTests(PostgresServer postgres)
{
    private static readonly Selection Everybody = new() { Filter = new() };

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Every_chunk_sends_the_statements_of_the_one_before(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, given => given.Catalogue().People(20));
        var (pipeline, given) = (stage.Pipeline, stage.Given);
        var plans = new (string Action, string Parameters)[]
        {
            ("add-users-to-group", $"{{\"groups\":[{given.Crew.Id},{given.Night.Id}]}}"),
            ("archive-profiles", "{}"),
        };
        foreach (var (action, parameters) in plans)
        {
            var operation = await pipeline.Begin(given.Admin, action, new(parameters, Everybody));
            // So few at once that they are more than are gathered in one go.
            await AssertAlike(stage, operation, action, (o, epoch) => pipeline.Planner.Run(o, epoch, 2, CancellationToken.None));
            await pipeline.Settle();
            await pipeline.Confirm(given.Admin, await pipeline.Read(operation));
            operation = await pipeline.Start(operation);
            await AssertAlike(stage, operation, action, (o, epoch) => pipeline.Executor.Run(o, epoch, 5, CancellationToken.None));
            await pipeline.Settle();
            var undo = await pipeline.PreviewUndo(given.Admin, operation);
            await pipeline.Confirm(given.Admin, undo);
            undo = await pipeline.Start(undo);
            await AssertAlike(stage, undo, $"undo {action}", (o, epoch) => pipeline.Executor.Run(o, epoch, 5, CancellationToken.None));
            await pipeline.Settle();
            Assert.Equal(OperationStatus.Completed, (await pipeline.Read(undo)).Status);
        }
    }

    [Fact]
    public async Task What_a_chunk_sets_for_PostgreSQL_ends_with_it()
    {
        await using var stage = await Stage.Set(DatabaseKind.Postgres, postgres);
        var settings = new HashSet<string>();
        stage.Pipeline.Tap.Before = statement =>
        {
            if (statement.Contains("set_config", StringComparison.Ordinal))
            {
                settings.Add(statement);
            }
        };

        await stage.Pipeline.Run(
            stage.Given.Admin,
            await stage.Pipeline.Preview(stage.Given.Admin, "archive-profiles", new("{}", Everybody))
        );

        Assert.NotEmpty(settings);
        await using var db = stage.Database.Open();
        foreach (var setting in new[] { "random_page_cost", "idle_in_transaction_session_timeout" })
        {
            // The pool gives out the connections the chunks worked on.
            var values = await db
                .Database.SqlQuery<bool>($"SELECT setting = reset_val AS \"Value\" FROM pg_settings WHERE name = {setting}")
                .ToListAsync();
            Assert.Equal([true], values);
        }
    }

    [Fact]
    public async Task A_chunk_holds_the_people_it_judges()
    {
        await using var stage = await Stage.Set(DatabaseKind.Postgres, postgres);
        var (pipeline, given) = (stage.Pipeline, stage.Given);
        var operation = await pipeline.Preview(
            given.Admin,
            "add-users-to-group",
            new($"{{\"groups\":[{given.Crew.Id},{given.Night.Id}]}}", Everybody)
        );
        await pipeline.Confirm(given.Admin, operation);
        operation = await pipeline.Start(operation);
        var epoch = await pipeline.Claim(given.Workspace);
        var expected = (await pipeline.Items(operation))
            .Where(i => i is { Verdict: Verdict.WillChange, Position: <= 6 })
            .Select(i => i.ProfileId)
            .Distinct()
            .Order()
            .ToList();
        List<long>? held = null;
        pipeline.Tap.Before = statement =>
        {
            if (held is null && statement.Contains("memberships", StringComparison.Ordinal))
            {
                held = Held(stage);
            }
        };

        await pipeline.Executor.Run(operation, epoch, 6, CancellationToken.None);

        Assert.NotEmpty(expected);
        Assert.Equal(expected, held);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task People_whose_group_was_deleted_since_the_preview_are_left_alone(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres);
        var (pipeline, given) = (stage.Pipeline, stage.Given);
        var groups = $"{{\"groups\":[{given.Choir.Id},{given.Night.Id}]}}";
        var operation = await pipeline.Preview(given.Admin, "add-users-to-group", new(groups, Everybody));
        await stage.ByHand(db => db.Groups.Where(g => g.Id == given.Choir.Id).ExecuteDeleteAsync());

        operation = await pipeline.Run(given.Admin, operation);

        var items = (await pipeline.Items(operation))
            .Where(i => i.Verdict == Verdict.WillChange)
            .ToLookup(i => i.TargetId == given.Choir.Id);
        Assert.All(items[true], i => Assert.Equal((Outcome.Skipped, "changed-since-preview"), (i.Outcome, i.OutcomeReason)));
        Assert.All(items[false], i => Assert.Equal(Outcome.Changed, i.Outcome));
        await stage.AssertTotals(operation);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task An_item_names_exactly_the_courses_its_person_is_enrolled_in(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, given => given.Catalogue(seats: 100));
        var (pipeline, given) = (stage.Pipeline, stage.Given);
        var (open, ranOut, done) = (given.Person(Kind.Active), given.Person(Kind.Active), given.Person(Kind.Active));
        given.Enrol(open, given.Safety, EnrolmentStatus.InProgress, expiresInDays: 0);
        given.Enrol(ranOut, given.Safety, EnrolmentStatus.InProgress, expiresInDays: -1);
        given.Enrol(done, given.Safety, EnrolmentStatus.Completed);
        await given.Save();

        var operation = await pipeline.Preview(given.Admin, "add-users-to-group", new($"{{\"groups\":[{given.Crew.Id}]}}", Everybody));
        await pipeline.Run(given.Admin, operation);

        await using var db = stage.Database.Open(given.Workspace);
        foreach (var item in await pipeline.Items(operation))
        {
            var enrolled = await db
                .Enrolments.Where(e => e.ProfileId == item.ProfileId && e.OperationId == operation.Id)
                .OrderBy(e => e.CourseId)
                .Select(e => e.CourseId)
                .ToListAsync();
            Assert.Equal($"{{\"enrolsNow\":\"{string.Concat(enrolled.Select(id => $" {id}"))}\"}}", item.Before);
        }
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_group_may_lead_to_very_many_courses(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(
            kind,
            postgres,
            given => given.Catalogue().Rule([given.Choir], [.. Enumerable.Range(0, 60).Select(i => given.Course($"Course {i}"))])
        );
        var (pipeline, given) = (stage.Pipeline, stage.Given);

        var operation = await pipeline.Run(
            given.Admin,
            await pipeline.Preview(given.Admin, "add-users-to-group", new($"{{\"groups\":[{given.Choir.Id}]}}", Everybody))
        );

        Assert.Equal((OperationStatus.Completed, 1), (operation.Status, operation.Changed));
        await using var db = stage.Database.Open(given.Workspace);
        Assert.Equal(60, await db.Enrolments.CountAsync(e => e.OperationId == operation.Id));
    }

    /// <summary>The second and third chunk send the same texts, to the last character: no number stands in one of them that changes from chunk to chunk.</summary>
    private static async Task AssertAlike(Stage stage, Operation operation, string what, Func<Operation, long, Task<Step>> run)
    {
        var epoch = await stage.Pipeline.Claim(operation.WorkspaceId);
        var sent = new List<(PreviewPhase Phase, List<string> Texts)>();
        for (
            var step = Step.More;
            step == Step.More && (operation.ConfirmedAt is not null || operation.PreviewPhase != PreviewPhase.Counting);

        )
        {
            stage.Pipeline.Tap.Begin();
            var phase = operation.PreviewPhase;
            step = await run(operation, epoch);
            sent.Add((phase, [.. stage.Pipeline.Tap.Statements]));
        }

        await stage.Pipeline.Release(operation.WorkspaceId, epoch);
        foreach (var chunks in sent.GroupBy(s => s.Phase))
        {
            var texts = chunks.Select(c => c.Texts).ToList();
            Assert.True(texts.Count > 3, $"{what}: {texts.Count} chunks");
            Assert.True(texts[1].SequenceEqual(texts[2]), $"{what}, {chunks.Key}:\n{string.Join('\n', texts[2].Except(texts[1]))}");
        }
    }

    private static List<long> Held(Stage stage)
    {
        using var connection = new NpgsqlConnection(stage.Database.Options.ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT id FROM profiles WHERE workspace_id = 1 AND id NOT IN (SELECT id FROM profiles WHERE workspace_id = 1 FOR NO KEY UPDATE SKIP LOCKED) ORDER BY id";
        using var reader = command.ExecuteReader();
        var ids = new List<long>();
        while (reader.Read())
        {
            ids.Add(reader.GetInt64(0));
        }

        return ids;
    }
}
