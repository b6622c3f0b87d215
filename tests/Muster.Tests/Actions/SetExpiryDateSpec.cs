using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.People;
using Xunit;
using static Muster.Tests.StageReading;

namespace Muster.Tests;

/// <summary>The promises, for Set expiry date, and what only it has.</summary>
public sealed class SetExpiryDateSpec(PostgresServer postgres) : BulkActionSpec(postgres)
{
    private static readonly Selection Persons = new() { Filter = new() { Search = "Person" } };

    protected override string Action => "set-expiry-date";

    protected override IReadOnlyList<(string Json, string Field)> WrongParameters =>
        [("{\"expiresOn\":\"soon\"}", "expiresOn"), ("{\"expiresOn\":\"2026-02-30\"}", "expiresOn")];

    protected override IReadOnlyCollection<string> ColumnsUndoLeaves => ["profiles.operation_id"];

    protected override Plan OnEverybody(Given given) => new(Until(given, 30), new() { Filter = new() });

    protected override Plan OnMany(Given given, int users)
    {
        ArgumentNullException.ThrowIfNull(given);
        var people = given.People(users - 4).Concat(given.People(2, Kind.Expired)).Concat(given.People(2, Kind.Invited));
        return new(Until(given, 30), new() { Users = [.. people.Select(p => p.Id)] });
    }

    protected override Task TouchBeforeRun(Stage stage, OperationItem item) => SetByHand(stage, item, days: 7);

    protected override Task TouchAfterRun(Stage stage, OperationItem item) => SetByHand(stage, item, days: 7);

    protected override async Task<bool> MakeChangeable(Stage stage, OperationItem item)
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(item);
        if (item.Reason is not ("archived" or "cancelled"))
        {
            return false;
        }

        await stage.ByHand(db =>
            db.Profiles.Where(p => p.Id == item.ProfileId)
                .ExecuteUpdateAsync(set =>
                    set.SetProperty(p => p.Status, p => p.RegisteredAt == null ? ProfileStatus.Invited : ProfileStatus.Active)
                )
        );
        return true;
    }

    protected override Refusal RefusalOf(OperationItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new("profiles", "UPDATE", $"NEW.id = {item.ProfileId}");
    }

    protected override async Task AssertDone(Stage stage, Operation operation, IReadOnlyList<OperationItem> items)
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(operation);
        var day = stage.Given.Today.AddDays(30);
        await using var db = stage.Database.Open(stage.Given.Workspace);
        var changed = items.Where(i => i.Outcome == Outcome.Changed).ToList();
        var people = await db.Profiles.Where(p => p.OperationId == operation.Id).ToListAsync();
        Assert.Equal(changed.Select(i => i.ProfileId).Order(), people.Select(p => p.Id).Order());
        Assert.All(people, p => Assert.Equal(day, p.ExpiresOn));
        Assert.All(changed, i => Assert.Equal(State(day), i.After));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("EXPIRY-1")]
    [Rule("EXPIRY-2")]
    [Rule("EXPIRY-3")]
    [Rule("EXPIRY-6")]
    public async Task People_here_get_the_day_whatever_they_had_and_each_gets_their_own_back(DatabaseKind kind)
    {
        await using var stage = await Only(kind, Some);
        var (pipeline, admin, today) = (stage.Pipeline, stage.Given.Admin, stage.Given.Today);
        var (day, before) = (today.AddDays(30), await Days(stage));

        var operation = await pipeline.Preview(admin, Action, new(Until(stage.Given, 30), Persons));

        Assert.Equal(
            [
                ("Admin", null, State(null), State(day)),
                ("Ended", null, State(today.AddDays(-1)), State(day)),
                ("Gone", "archived", State(null), null),
                ("Invited", null, State(null), State(day)),
                ("None", null, State(null), State(day)),
                ("Same", "already-set", State(day), null),
                ("Soon", null, State(today.AddDays(3)), State(day)),
                ("Top", "higher-role", State(null), null),
                ("Uninvited", "cancelled", State(null), null),
            ],
            await Told(stage, operation)
        );
        Assert.Equal(("access-again", 1), EffectOf(operation));
        Assert.Equal("[]", operation.Warnings);
        operation = await pipeline.Run(admin, operation);
        Assert.Equal(StatusFilter.Active, (await Person(stage, "Ended")).Standing(today));
        Assert.Equal(StatusFilter.Invited, (await Person(stage, "Invited")).Standing(today));
        await pipeline.Run(admin, await pipeline.PreviewUndo(admin, operation));
        Assert.Equal(before, await Days(stage));

        // Without a day, whoever has an end loses it.
        operation = await pipeline.Run(admin, await pipeline.Preview(admin, Action, new("{}", Persons)));
        Assert.Equal(3, operation.Changed);
        Assert.All((await Days(stage)).Where(p => p.Name is "Ended" or "Same" or "Soon"), p => Assert.Null(p.Day));
        await pipeline.Run(admin, await pipeline.PreviewUndo(admin, operation));
        Assert.Equal(before, await Days(stage));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("EXPIRY-4")]
    public async Task A_day_that_is_over_ends_access_with_a_warning_and_above_the_threshold_the_typed_number(DatabaseKind kind)
    {
        await using var stage = await Only(
            kind,
            given =>
            {
                Some(given);
                given.People(30);
            }
        );
        var (pipeline, admin, today) = (stage.Pipeline, stage.Given.Admin, stage.Given.Today);
        Task<Operation> Preview(int days) => pipeline.Preview(admin, Action, new(Until(stage.Given, days), new() { Filter = new() }));
        async Task<long?> ToType(Operation operation)
        {
            await using var db = stage.Database.Open(stage.Given.Workspace);
            return await pipeline.Operations.CountToType(db, operation, default);
        }

        // The last day itself is still one of access.
        var last = await Preview(0);
        Assert.Equal((("access-again", 1), null, "[]"), (EffectOf(last), await ToType(last), last.Warnings));
        var over = await Preview(-1);
        Assert.Equal((("access-ended", 34), over.WillChange), (EffectOf(over), await ToType(over)));
        Assert.Contains("34 of these users lose access at once", over.Warnings, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ConflictException>(() =>
            pipeline.Confirmations.Confirm(admin, over.Id, new(), null, CancellationToken.None)
        );

        await pipeline.Run(admin, over);

        Assert.Equal(StatusFilter.Expired, (await Person(stage, "None")).Standing(today));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("EXPIRY-3")]
    [Rule("EXPIRY-5")]
    public async Task Nobody_ends_their_own_access_and_the_last_Admin_keeps_it_in_undo_as_well(DatabaseKind kind)
    {
        await using var stage = await Only(kind, given => given.Person(Kind.Admin, "Person", "Admin"));
        var (pipeline, given) = (stage.Pipeline, stage.Given);
        var everybody = new Selection { Filter = new() };
        async Task<IReadOnlyList<string?>> Reasons(Operation operation) => [.. (await Told(stage, operation)).Select(i => i.Reason)];

        // Whoever asks stays, and so an Admin does.
        var mine = await pipeline.Preview(given.Admin, Action, new(Until(given, -1), everybody));
        Assert.Equal(1, mine.WillChange);
        Assert.Contains("yourself", await Reasons(mine));

        // The command line is nobody: of all Admins the first in the list stays, but only where access ends.
        var over = await pipeline.Preview(given.CommandLine, Action, new(Until(given, -1), everybody));
        Assert.Equal((1, 1), (over.WillChange, (await Reasons(over)).Count(r => r == "last-admin")));
        await stage.ByHand(db =>
            db.Profiles.ExecuteUpdateAsync(set =>
                set.SetProperty(p => p.ExpiresOn, p => p.LastName == "Admin" ? given.Today.AddDays(-1) : given.Today.AddDays(9))
            )
        );
        var later = await pipeline.Run(
            given.CommandLine,
            await pipeline.Preview(given.CommandLine, Action, new(Until(given, 30), everybody))
        );
        Assert.Equal(2, later.Changed);

        // Nobody changes their own day by an undo either.
        var own = await pipeline.PreviewUndo(given.Admin, later);
        Assert.Equal((1, 1), (own.WillChange, (await Reasons(own)).Count(r => r == "yourself")));
        await pipeline.Operations.Cancel(given.Admin, own.Id, CancellationToken.None);

        // Nor is the day of somebody above taken back.
        await stage.ByHand(db =>
            db.Users.Where(a => db.Profiles.Any(p => p.AccountId == a.Id && p.LastName == "Admin"))
                .ExecuteUpdateAsync(set => set.SetProperty(a => a.IsSiteAdmin, true))
        );
        var above = await pipeline.PreviewUndo(given.Admin, later);
        Assert.Equal((0, 1), (above.WillChange, (await Reasons(above)).Count(r => r == "higher-role")));
        await pipeline.Operations.Cancel(given.Admin, above.Id, CancellationToken.None);

        // Undone, the Admin loses access and the other one keeps it; were that one gone, the Admin would have to stay.
        var undo = await pipeline.PreviewUndo(given.CommandLine, later);
        Assert.Equal(2, undo.WillChange);
        await stage.ByHand(db =>
            db.Profiles.Where(p => p.Id == given.Self.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Role, ProfileRole.Learner))
        );
        undo = await pipeline.Run(given.CommandLine, undo);
        var left = Assert.Single(await pipeline.Items(undo), i => i.Outcome == Outcome.Skipped);
        Assert.Equal(("last-admin", (await Person(stage, "Admin")).Id), (left.OutcomeReason, left.ProfileId));
        Assert.Equal(given.Today.AddDays(30), (await Person(stage, "Admin")).ExpiresOn);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("EXPIRY-7")]
    public async Task Undo_leaves_a_day_that_was_set_again_and_an_archiving_before_it(DatabaseKind kind)
    {
        await using var stage = await Only(kind, Some);
        var (pipeline, admin) = (stage.Pipeline, stage.Given.Admin);
        async Task<Operation> Set(int days) =>
            await pipeline.Run(admin, await pipeline.Preview(admin, Action, new(Until(stage.Given, days), Persons)));
        var none = new Selection { Filter = new() { Search = "None" } };
        var archived = await pipeline.Run(admin, await pipeline.Preview(admin, "archive-profiles", new("{}", none)));
        var back = await pipeline.Run(admin, await pipeline.Preview(admin, "reactivate-profiles", new("{}", none)));
        Assert.Equal((1, 1), (archived.Changed, back.Changed));

        // The same day once more, by way of another: the last one who chose it is who counts.
        var first = await Set(40);
        await Set(50);
        await Set(40);

        var undo = await pipeline.PreviewUndo(admin, first);
        Assert.Equal((0, first.Changed), (undo.WillChange, undo.Skipped));
        // Setting a day is a change to the person: undo of what was done before leaves them alone.
        Assert.Equal(0, (await pipeline.PreviewUndo(admin, back)).WillChange);
    }

    private static void Some(Given given)
    {
        given.Person(Kind.Admin, "Person", "Admin");
        given.Person(Kind.Active, "Person", "None");
        given.Person(Kind.Active, "Person", "Same").ExpiresOn = given.Today.AddDays(30);
        given.Person(Kind.Active, "Person", "Soon").ExpiresOn = given.Today.AddDays(3);
        given.Person(Kind.Expired, "Person", "Ended");
        given.Person(Kind.Invited, "Person", "Invited");
        given.Person(Kind.Archived, "Person", "Gone");
        given.Person(Kind.Cancelled, "Person", "Uninvited");
        given.Person(Kind.SiteAdmin, "Person", "Top");
    }

    private static string Until(Given given, int days) =>
        string.Create(CultureInfo.InvariantCulture, $"{{\"expiresOn\":\"{given.Today.AddDays(days):yyyy-MM-dd}\"}}");

    private static string State(DateOnly? day) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"accessUntil\":\"{day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "no end"}\"}}"
        );

    private static (string Code, long Count) EffectOf(Operation operation)
    {
        var effect = Assert.Single(Json.Read<List<Effect>>(operation.Effects!));
        return (effect.Code, effect.Count);
    }

    private static async Task<IReadOnlyList<(string Name, string? Reason, string? Before, string? After)>> Told(
        Stage stage,
        Operation operation
    )
    {
        var items = await stage.Pipeline.Items(operation);
        await using var db = stage.Database.Open(stage.Given.Workspace);
        var names = await db.Profiles.ToDictionaryAsync(p => p.Id, p => p.LastName);
        return [.. items.Select(i => (names[i.ProfileId], i.Reason, i.Before, i.After))];
    }

    private static async Task<IReadOnlyList<(string Name, DateOnly? Day)>> Days(Stage stage)
    {
        await using var db = stage.Database.Open(stage.Given.Workspace);
        return [.. (await db.Profiles.OrderBy(p => p.Id).ToListAsync()).Select(p => (p.LastName, p.ExpiresOn))];
    }

    private static Task SetByHand(Stage stage, OperationItem item, int days)
    {
        ArgumentNullException.ThrowIfNull(stage);
        return stage.ByHand(async db =>
        {
            var person = await db.Profiles.SingleAsync(p => p.Id == item.ProfileId);
            (person.ExpiresOn, person.OperationId) = (stage.Given.Today.AddDays(days), null);
        });
    }
}
