using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Bulk;
using Muster.Learning;
using Muster.People;
using Xunit;
using static Muster.Tests.StageReading;

namespace Muster.Tests;

/// <summary>
/// People and chunks that meet: on PostgreSQL, where both write at once, nobody locks the other out, and nothing that was read is overtaken; on SQLite nobody waits for
/// more than a chunk.
/// </summary>
public sealed class AtTheSameTimeTests(PostgresServer postgres)
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    /// <summary>Longer than PostgreSQL waits before it looks for people who wait for each other.</summary>
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(1.5);

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Cancelling_in_the_middle_of_a_chunk_waits_for_it_and_lets_no_other_go_first(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, given => given.People(60), ("FirstChunk", 2), ("LargestChunk", 2));
        var admin = stage.Given.Admin;
        var operation = await stage.Pipeline.Preview(admin, "archive-profiles", new("{}", new() { Filter = new() }));
        await stage.Pipeline.Confirm(admin, operation);
        Task? cancelling = null;
        stage.Pipeline.Tap.Before = statement =>
        {
            // Long enough for whoever waits to look again but seldom.
            if (cancelling is null && statement.Contains("withdrawn_at", StringComparison.Ordinal))
            {
                cancelling = Task.Run(() => Elsewhere(stage).Cancel(admin, operation.Id, Ct));
                Thread.Sleep(LongEnough);
            }
        };

        await stage.Pipeline.Settle();
        await cancelling!;

        operation = await stage.Pipeline.Read(operation);
        Assert.Equal(OperationStatus.Cancelled, operation.Status);
        await using var db = stage.Database.Open(stage.Given.Workspace);
        Assert.Equal(1, await db.Audit.CountAsync(a => a.OperationId == operation.Id && a.Event == "operation.chunk", Ct));
        await stage.AssertTotals(operation);
    }

    [Fact]
    public async Task A_group_is_renamed_while_people_join_it()
    {
        await using var stage = await Stage.Set(
            DatabaseKind.Postgres,
            postgres,
            given =>
            {
                given.Catalogue();
                given.People(3);
            }
        );
        var (admin, crew) = (stage.Given.Admin, stage.Given.Crew);
        var operation = await stage.Pipeline.Preview(
            admin,
            "add-users-to-group",
            new($"{{\"groups\":[{crew.Id}]}}", new() { Filter = new() })
        );
        Task? renaming = null;
        var joined = false;
        stage.Pipeline.Tap.Before = statement =>
        {
            // Once they are written, the new memberships hold the group.
            if (joined && renaming is null)
            {
                renaming = new GroupEdits(stage.Database.Databases, stage.Given.Clock).Save(admin, crew.Id, "Staff", Ct);
                Thread.Sleep(LongEnough);
            }

            joined |= statement.Contains("INSERT INTO memberships", StringComparison.Ordinal);
        };

        operation = await stage.Pipeline.Run(admin, operation);
        await renaming!;

        Assert.Equal(operation.WillChange, operation.Changed);
    }

    [Fact]
    public async Task A_user_is_saved_while_a_rule_runs_on_them()
    {
        await using var database = await TestDatabase.Create(DatabaseKind.Postgres, postgres);
        var given = new Given(database, Given.NewClock());
        var (group, course, person) = (given.Group("Crew"), given.Course("Safety"), given.Person(Kind.Active));
        given.Member(person, group);
        var rule = given.Rule([group], [course]);
        await given.Save();
        Task? running = null;
        await using var db = database.Open(given.Workspace);
        var was = await PersonDetails.Of(db, await db.Profiles.SingleAsync(p => p.Id == person.Id, Ct), Ct);

        var saved = await new UserEdits(database.Databases, given.Clock).Save(
            given.Admin,
            person.Id,
            was,
            was with
            {
                LastName = "Else",
            },
            _ =>
            {
                running = Task.Run(() => new RuleRuns(database.Databases, given.Clock).Run(given.Admin, rule.Id, Ct));
                Thread.Sleep(LongEnough);
                return true;
            },
            Ct
        );

        Assert.True(saved!.IsSaved);
        await running!;
        Assert.Equal(1, await db.Enrolments.CountAsync(Ct));
    }

    [Fact]
    public async Task A_course_begun_while_its_enrolment_is_taken_back_is_not_lost()
    {
        await using var stage = await Stage.Set(
            DatabaseKind.Postgres,
            postgres,
            given =>
            {
                given.Catalogue();
                given.Person(Kind.Active, "Person", "Ann");
            }
        );
        var (admin, parameters) = (stage.Given.Admin, $"{{\"courses\":[{stage.Given.Safety.Id}]}}");
        var ann = await Person(stage, "Ann");
        var operation = await stage.Pipeline.Preview(admin, "enrol-to-course", new(parameters, new() { Users = [ann.Id] }));
        operation = await stage.Pipeline.Run(admin, operation);
        var undo = await stage.Pipeline.PreviewUndo(admin, operation);
        Task<bool>? starting = null;
        stage.Pipeline.Tap.Before = statement =>
        {
            if (starting is null && statement.Contains("DELETE FROM enrolments", StringComparison.Ordinal))
            {
                starting = Task.Run(() => Start(stage, ann));
                Thread.Sleep(LongEnough);
            }
        };

        await stage.Pipeline.Run(admin, undo);

        Assert.Equal(await starting! ? ["Safety InProgress"] : [], await Attempts(stage));
    }

    [Fact]
    public async Task Nobody_else_of_the_same_process_comes_to_a_workspace_whose_chunk_outlasts_its_lease()
    {
        await using var stage = await Stage.Set(DatabaseKind.Postgres, postgres, given => given.People(20));
        var operation = await stage.Pipeline.Preview(
            stage.Given.Admin,
            "archive-profiles",
            new("{}", new() { Filter = new() { Role = ProfileRole.Learner } })
        );
        await stage.Pipeline.Confirm(stage.Given.Admin, operation);
        bool? found = null;
        stage.Pipeline.Tap.Before = statement =>
        {
            if (found is null && statement.Contains("UPDATE profiles", StringComparison.Ordinal))
            {
                found = true;
                stage.Given.Clock.Advance(TimeSpan.FromMinutes(5));
                // The other hand looks for work: there is none for it, and it must not look again at once.
                found = Task.Run(() => stage.Pipeline.Runner.ServeOne(Ct)).GetAwaiter().GetResult();
            }
        };

        await stage.Pipeline.Settle();

        Assert.False(found);
        var ended = await stage.Pipeline.Read(operation);
        Assert.Equal((OperationStatus.Completed, operation.WillChange), (ended.Status, ended.Changed));
    }

    private static async Task<bool> Start(Stage stage, Profile person)
    {
        await using var db = stage.Database.Open(stage.Given.Workspace);
        var current = new CurrentActor();
        current.Enter(await db.Workspaces.SingleAsync(w => w.Id == stage.Given.Workspace, Ct), stage.Given.By(person).Actor);
        return await new MyCourses(db, current, stage.Given.Clock).Start(stage.Given.Safety.Id, 1, Ct);
    }

    /// <summary>Another node's.</summary>
    private static Operations Elsewhere(Stage stage) =>
        new(stage.Database.Databases, stage.Pipeline.Catalog, new OperationSignal(), stage.Given.Clock);
}
