using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Learning;
using Muster.People;
using Xunit;
using static Muster.Tests.StageReading;

namespace Muster.Tests;

/// <summary>Who joins a group, what the group's rules bring them, and what undo takes away again.</summary>
public sealed class AddUsersToGroupRulesTests(PostgresServer postgres)
{
    private static readonly Selection Everybody = new() { Filter = new() { Search = "Person" } };

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ADD-1")]
    [Rule("ADD-2")]
    [Rule("COUNT-2")]
    public async Task Only_missing_memberships_are_added_and_nobody_without_access_joins(DatabaseKind kind)
    {
        await using var stage = await Scene(
            kind,
            given =>
            {
                given.Member(Someone(given, "In both"), given.Night);
                given.Member(given.All.Single(p => p.LastName == "In both"), given.Choir);
                given.Member(Someone(given, "In one"), given.Night);
                Someone(given, "Archived", Kind.Archived);
                Someone(given, "Cancelled", Kind.Cancelled);
            }
        );
        var operation = await Add(stage, stage.Given.Night, stage.Given.Choir);

        var names = stage.Given.All.ToDictionary(p => p.Id, p => p.LastName);
        Assert.Equal(
            [
                ("Archived", "archived", Outcome.Skipped),
                ("Archived", "archived", Outcome.Skipped),
                ("Cancelled", "cancelled", Outcome.Skipped),
                ("Cancelled", "cancelled", Outcome.Skipped),
                ("In both", "already-member", Outcome.Skipped),
                ("In both", "already-member", Outcome.Skipped),
                ("In one", "already-member", Outcome.Skipped),
                ("In one", null, Outcome.Changed),
            ],
            (await stage.Pipeline.Items(operation)).Select(i => (names[i.ProfileId], i.Reason, i.Outcome))
        );
        // A user is changed if any of their items is.
        Assert.Equal((4, 1, 3), (operation.Selected, operation.Changed, operation.Skipped));
        Assert.Equal((1, 7), (operation.ItemsChanged, operation.ItemsSkipped));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ADD-3")]
    [Rule("ADD-4")]
    [Rule("SEAT-5")]
    [Rule("INVITED-2")]
    public async Task Rules_enrol_in_open_courses_once_even_who_completed_them_and_keep_open_attempts(DatabaseKind kind)
    {
        await using var stage = await Scene(
            kind,
            given =>
            {
                Someone(given, "New");
                given.Enrol(Someone(given, "Done"), given.Safety, EnrolmentStatus.Completed);
                given.Enrol(Someone(given, "Open"), given.Safety, EnrolmentStatus.InProgress);
            }
        );

        await Add(stage, stage.Given.Crew, stage.Given.Night);

        // Hygiene is closed, only a sleeping rule names Chemicals, and both groups name Safety.
        Assert.Equal(["Forklift NotStarted", "Safety NotStarted"], await Attempts(stage, "New"));
        Assert.Equal(["Forklift NotStarted", "Safety Completed", "Safety NotStarted"], await Attempts(stage, "Done"));
        Assert.Equal(["Forklift NotStarted", "Safety InProgress"], await Attempts(stage, "Open"));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ADD-5")]
    [Rule("ADD-6")]
    public async Task Invited_people_join_now_and_the_preview_counts_what_acceptance_will_bring_apart(DatabaseKind kind)
    {
        await using var stage = await Scene(
            kind,
            given =>
            {
                Someone(given, "Here");
                Someone(given, "Coming", Kind.Invited);
                Someone(given, "Late", Kind.Lapsed);
            }
        );

        var operation = await Add(stage, stage.Given.Night);

        Assert.Equal(
            [("enrolments", "Safety", 1L), ("enrolments-on-acceptance", "Safety", 2L)],
            Json.Read<List<Effect>>(operation.Effects!).Where(e => e.Count > 0).Select(e => (e.Code, e.Subject, e.Count)).Order()
        );
        var warning = Assert.Single(Json.Read<List<string>>(operation.Warnings!));
        Assert.Contains("Safety", warning, StringComparison.Ordinal);
        Assert.Contains("even those who completed", warning, StringComparison.Ordinal);
        Assert.Equal(3, operation.Changed);
        Assert.Equal(["Safety NotStarted"], await Attempts(stage, "Here"));
        Assert.Empty(await Attempts(stage, "Coming"));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ADD-7")]
    public async Task Undo_takes_away_what_was_added_and_leaves_what_was_begun(DatabaseKind kind)
    {
        await using var stage = await Scene(
            kind,
            given =>
            {
                given.Member(Someone(given, "Member before"), given.Choir);
                Someone(given, "Begun");
                given.Enrol(Someone(given, "Done"), given.Safety, EnrolmentStatus.Completed);
            }
        );
        var operation = await Add(stage, stage.Given.Night, stage.Given.Choir);
        var begun = (await Person(stage, "Begun")).Id;
        await stage.ByHand(db =>
            db.Enrolments.Where(e => e.ProfileId == begun)
                .ExecuteUpdateAsync(set =>
                    set.SetProperty(e => e.Status, EnrolmentStatus.InProgress).SetProperty(e => e.StartedAt, stage.Given.Now)
                )
        );

        var undo = await stage.Pipeline.PreviewUndo(stage.Given.Admin, operation);
        undo = await stage.Pipeline.Run(stage.Given.Admin, undo);

        Assert.Equal(3, undo.Changed);
        Assert.Empty(await Attempts(stage, "Member before"));
        Assert.Equal(["Safety InProgress"], await Attempts(stage, "Begun"));
        Assert.Equal(["Safety Completed"], await Attempts(stage, "Done"));
        await using var db = stage.Database.Open(stage.Given.Workspace);
        var left = Assert.Single(await db.Memberships.AsNoTracking().ToListAsync());
        Assert.Equal(((await Person(stage, "Member before")).Id, stage.Given.Choir.Id), (left.ProfileId, left.GroupId));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("SEAT-1")]
    [Rule("SEAT-3")]
    public async Task Open_attempts_take_seats_and_ended_ones_do_not(DatabaseKind kind)
    {
        // Forklift has five seats: four are taken, one of them by somebody invited.
        await using var stage = await Scene(
            kind,
            given =>
            {
                given.Enrol(given.Person(Kind.Active), given.Forklift, EnrolmentStatus.NotStarted);
                given.Enrol(given.Person(Kind.Active), given.Forklift, EnrolmentStatus.InProgress, expiresInDays: 0);
                given.Enrol(given.Person(Kind.Active), given.Forklift, EnrolmentStatus.AwaitingFeedback);
                given.Enrol(given.Person(Kind.Invited), given.Forklift, EnrolmentStatus.NotStarted);
                given.Enrol(given.Person(Kind.Active), given.Forklift, EnrolmentStatus.Completed);
                given.Enrol(given.Person(Kind.Active), given.Forklift, EnrolmentStatus.Withdrawn);
                given.Enrol(given.Person(Kind.Active), given.Forklift, EnrolmentStatus.InProgress, expiresInDays: -1);
                given.Enrol(given.Person(Kind.Active), given.Safety, EnrolmentStatus.InProgress);
                Someone(given, "First");
                Someone(given, "Second");
            }
        );
        Assert.Equal([("Forklift", 1L)], await Free(stage));

        await Add(stage, stage.Given.Crew);

        Assert.Equal(["Forklift NotStarted", "Safety NotStarted"], await Attempts(stage, "First"));
        Assert.Equal(["Safety NotStarted"], await Attempts(stage, "Second"));
        Assert.Equal([("Forklift", 0L)], await Free(stage));
    }

    private static Profile Someone(Given given, string name, Kind kind = Kind.Active) => given.Person(kind, "Person", name);

    private Task<Stage> Scene(DatabaseKind kind, Action<Given> people) =>
        Stage.Set(kind, postgres, given => people(given.Catalogue(seats: 5)));

    private static async Task<Operation> Add(Stage stage, params Group[] groups)
    {
        var parameters = $"{{\"groups\":[{string.Join(',', groups.Select(g => g.Id))}]}}";
        var admin = stage.Given.Admin;
        return await stage.Pipeline.Run(admin, await stage.Pipeline.Preview(admin, "add-users-to-group", new(parameters, Everybody)));
    }
}
