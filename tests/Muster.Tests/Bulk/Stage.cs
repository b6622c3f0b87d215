using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Muster.Bulk;
using Xunit;

namespace Muster.Tests;

/// <summary>A database with two workspaces of the same people and ids, and the pipeline that works on it.</summary>
public sealed class Stage : IAsyncDisposable
{
    private Stage(TestDatabase database, Given given, Given other, Pipeline pipeline) =>
        (Database, Given, Other, Pipeline) = (database, given, other, pipeline);

    public TestDatabase Database { get; }

    /// <summary>The workspace the operations run in.</summary>
    public Given Given { get; }

    /// <summary>A workspace that must not notice.</summary>
    public Given Other { get; }

    public Pipeline Pipeline { get; }

    /// <summary>Sets the scene.</summary>
    /// <param name="kind">On which database.</param>
    /// <param name="postgres">The run's server.</param>
    /// <param name="people">Makes the people of each workspace; nothing: <see cref="Given.Everybody"/>.</param>
    /// <param name="settings">Of section <c>Muster:Bulk</c>.</param>
    public static async Task<Stage> Set(
        DatabaseKind kind,
        PostgresServer postgres,
        Action<Given>? people = null,
        params (string Name, int Value)[] settings
    ) => await SetAt(Given.NewClock(), kind, postgres, people, settings);

    /// <summary>Sets the scene at a time of the test's choosing.</summary>
    public static async Task<Stage> SetAt(
        FakeTimeProvider clock,
        DatabaseKind kind,
        PostgresServer postgres,
        Action<Given>? people = null,
        params (string Name, int Value)[] settings
    )
    {
        var database = await TestDatabase.Create(kind, postgres);
        var (given, other) = (new Given(database, clock, 1), new Given(database, clock, 2));
        foreach (var workspace in new[] { given, other })
        {
            (people ?? (g => g.Everybody()))(workspace);
            await workspace.Save();
        }

        return new(database, given, other, new Pipeline(database, clock, settings));
    }

    /// <summary>The whole database as it stands.</summary>
    public Task<Dump> Dump() => Muster.Tests.Dump.Of(Database);

    /// <summary>What this workspace is about, without the pipeline's books.</summary>
    public async Task<Dump> Domain() => (await Dump()).OfWorkspace(Given.Workspace).OfTheDomain;

    /// <summary>Does something to the database by hand, as a person elsewhere in the product would.</summary>
    public async Task ByHand(Func<Data.MusterDb, Task> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        await using var db = Database.Open(Given.Workspace);
        await change(db);
        await db.SaveChangesAsync();
    }

    /// <summary>Makes the database refuse a row, as a constraint nobody thought of would.</summary>
    public async Task Refuse(Refusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        var (table, verb, condition) = (refusal.Table, refusal.Verb, $"NEW.workspace_id = {Given.Workspace} AND {refusal.Condition}");
        var sql =
            Database.Kind == DatabaseKind.Sqlite
                ? $"CREATE TRIGGER refuse BEFORE {verb} ON {table} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{Refusal.Message}'); END"
                : $$"""
                    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN RAISE EXCEPTION '{{Refusal.Message}}'; END $body$;
                    CREATE TRIGGER refuse BEFORE {{verb}} ON {{table}} FOR EACH ROW WHEN ({{condition}}) EXECUTE FUNCTION refuse();
                    """;
        await ByHand(db =>
            db.Database.ExecuteSqlRawAsync(sql.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal))
        );
    }

    /// <summary>The database takes every row again.</summary>
    public Task AllowAgain(string table) =>
        ByHand(db =>
            db.Database.ExecuteSqlRawAsync(Database.Kind == DatabaseKind.Sqlite ? "DROP TRIGGER refuse" : $"DROP TRIGGER refuse ON {table}")
        );

    /// <summary>Says of every user and item exactly one thing, and the operation's numbers are their sums.</summary>
    public async Task AssertTotals(Operation operation)
    {
        operation = await Pipeline.Read(operation);
        var items = await Pipeline.Items(operation);
        await using var db = Database.Open(Given.Workspace);
        var ordinals = await db.OperationUsers.Where(u => u.OperationId == operation.Id).Select(u => u.Ordinal).ToListAsync();
        var users = items.GroupBy(i => i.Ordinal).ToList();
        Assert.Equal(ordinals.Order(), users.Select(u => u.Key).Order());
        Assert.Equal(operation.Selected, users.Count);

        Assert.All(
            items,
            i =>
                Assert.True(
                    i.Verdict switch
                    {
                        Verdict.Skipped => i.Outcome == Outcome.Skipped && i.Reason is not null,
                        Verdict.Problem => i.Outcome == Outcome.Problem && i.Reason is not null,
                        _ => i.Outcome != Outcome.Problem && i.Reason is null,
                    },
                    $"{i.Ordinal}/{i.TargetId}: {i.Verdict} {i.Reason} → {i.Outcome} {i.OutcomeReason}"
                )
        );
        Assert.All(items.Where(i => i.Verdict == Verdict.WillChange && i.Outcome == Outcome.Skipped), i => Assert.NotNull(i.OutcomeReason));

        long Users(Func<OperationItem, bool> any, params Func<OperationItem, bool>[] none) =>
            users.LongCount(u => u.Any(any) && !none.Any(u.Any));
        bool Planned(OperationItem i) => i.Verdict == Verdict.WillChange;
        bool Changed(OperationItem i) => i.Outcome == Outcome.Changed;
        bool Failed(OperationItem i) => i.Outcome == Outcome.Failed;
        bool Pending(OperationItem i) => i.Outcome == Outcome.Pending;
        bool Left(OperationItem i) => Planned(i) && i.Outcome == Outcome.Skipped;
        bool Problem(OperationItem i) => i.Verdict == Verdict.Problem;
        var counted = new[] { operation.WillChange, operation.Problems, operation.Skipped, operation.Changed, operation.Failed };
        Assert.Equal(
            [
                Users(Planned),
                Users(Problem, Planned),
                Users(i => i.Verdict == Verdict.Skipped, Planned, Problem),
                Users(Changed),
                Users(Failed, Changed),
            ],
            counted
        );
        Assert.Equal(Users(Left, Changed, Failed, Pending), operation.LeftAlone);
        Assert.Equal(operation.Selected, operation.WillChange + operation.Problems + operation.Skipped);
        Assert.Equal(operation.WillChange, operation.Changed + operation.Failed + operation.LeftAlone + Users(Pending));

        long Items(Func<OperationItem, bool> which) => items.LongCount(which);
        Assert.Equal(
            [Items(Planned), Items(Problem), Items(i => i.Verdict == Verdict.Skipped), Items(Changed), Items(Failed), Items(Left)],
            [
                operation.ItemsWillChange,
                operation.ItemsProblems,
                operation.ItemsSkipped,
                operation.ItemsChanged,
                operation.ItemsFailed,
                operation.ItemsLeftAlone,
            ]
        );
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Pipeline.DisposeAsync();
        await Database.DisposeAsync();
    }
}

/// <summary>A row that the database is to refuse.</summary>
/// <param name="Table">Where.</param>
/// <param name="Verb">INSERT or UPDATE.</param>
/// <param name="Condition">In terms of the <c>NEW</c> row.</param>
public sealed record Refusal(string Table, string Verb, string Condition)
{
    /// <summary>What the database says.</summary>
    public const string Message = "refused by the test";
}
