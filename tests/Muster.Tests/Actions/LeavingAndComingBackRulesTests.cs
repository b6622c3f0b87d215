using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Learning;
using Muster.People;
using Xunit;
using static Muster.Tests.StageReading;

namespace Muster.Tests;

/// <summary>Leaving a group and coming back from the archive: neither wakes a rule (docs/rules.md).</summary>
public sealed class LeavingAndComingBackRulesTests(PostgresServer postgres)
{
    private static readonly Selection Everybody = new() { Filter = new() { Search = "Person" } };

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("REMOVE-1")]
    [Rule("REMOVE-2")]
    [Rule("REMOVE-3")]
    public async Task Members_leave_their_enrolments_stay_and_undo_adds_them_back_without_waking_a_rule(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(
            kind,
            postgres,
            given =>
            {
                given.Catalogue();
                var both = given.Person(Kind.Active, "Person", "Both");
                given.Member(both, given.Crew);
                given.Member(both, given.Choir);
                given.Enrol(both, given.Safety, EnrolmentStatus.InProgress);
                given.Member(given.Person(Kind.Active, "Person", "One"), given.Crew);
                given.Person(Kind.Active, "Person", "Other");
            }
        );
        var before = await stage.Domain();
        var groups = $"{{\"groups\":[{stage.Given.Crew.Id},{stage.Given.Choir.Id}]}}";

        var operation = await Run(stage, "remove-users-from-group", groups);

        Assert.Equal(
            [null, null, null, "not-a-member", "not-a-member", "not-a-member"],
            (await stage.Pipeline.Items(operation)).Select(i => i.Reason)
        );
        await using var db = stage.Database.Open(stage.Given.Workspace);
        Assert.Empty(await db.Memberships.ToListAsync());
        Assert.Equal(["Safety InProgress"], await Attempts(stage, "Both"));

        await Undo(stage, operation);

        static Dump Of(Dump dump) =>
            dump.Where((table, _) => table is "memberships" or "enrolments").Without(["memberships.operation_id", "memberships.added_at"]);
        Assert.Equal("", Dump.Difference(Of(before), Of(await stage.Domain())));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("REACTIVATE-1")]
    [Rule("REACTIVATE-2")]
    [Rule("REACTIVATE-3")]
    [Rule("REACTIVATE-4")]
    [Rule("REACTIVATE-5")]
    public async Task Archived_people_come_back_as_they_were_without_their_unfinished_courses(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(
            kind,
            postgres,
            given =>
            {
                given.Catalogue();
                var unit = given.Units[0];
                given.UnitRule([unit], [given.Chemicals]);
                var ann = given.Person(Kind.Archived, "Person", "Ann", unit);
                (ann.Role, ann.ExpiresOn) = (ProfileRole.Manager, given.Today.AddDays(-1));
                given.Member(ann, given.Night);
                given.Enrol(ann, given.Safety, EnrolmentStatus.Withdrawn);
                given.Enrol(ann, given.Forklift, EnrolmentStatus.Completed);
                given.Person(Kind.ArchivedUnaccepted, "Person", "Ben", unit);
                given.Person(Kind.Active, "Person", "Here");
            }
        );
        var before = await Person(stage, "Ann");

        var operation = await Run(stage, "reactivate-profiles", "{}");

        Assert.Equal([null, null, "not-archived"], (await stage.Pipeline.Items(operation)).Select(i => i.Reason));
        var after = await Person(stage, "Ann");
        Assert.Equal(
            (ProfileStatus.Active, before.AccountId, ProfileRole.Manager, before.ExpiresOn),
            (after.Status, after.AccountId, after.Role, after.ExpiresOn)
        );
        Assert.Equal(["Forklift Completed", "Safety Withdrawn"], await Attempts(stage, "Ann"));
        Assert.Equal(ProfileStatus.Invited, (await Person(stage, "Ben")).Status);
        Assert.Empty(await Attempts(stage, "Ben"));
        var warnings = Json.Read<List<string>>(operation.Warnings!);
        Assert.Contains(warnings, w => w.Contains("need a new invitation", StringComparison.Ordinal));
        Assert.Contains(warnings, w => w.Contains("will be Expired", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("REACTIVATE-6")]
    public async Task Undo_archives_again_but_nobody_who_was_enrolled_since(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(
            kind,
            postgres,
            given =>
            {
                given.Catalogue();
                given.Person(Kind.Archived, "Person", "Ann");
                given.Person(Kind.Archived, "Person", "Ben");
            }
        );
        var operation = await Run(stage, "reactivate-profiles", "{}");
        var ben = (await Person(stage, "Ben")).Id;
        stage.Given.Clock.Advance(TimeSpan.FromMinutes(1));
        await stage.ByHand(db =>
        {
            db.Enrolments.Add(
                new()
                {
                    WorkspaceId = stage.Given.Workspace,
                    ProfileId = ben,
                    CourseId = stage.Given.Safety.Id,
                    Attempt = 1,
                    StartsOn = stage.Given.Today,
                    CreatedAt = stage.Given.Now,
                }
            );
            return Task.CompletedTask;
        });

        var undo = await Undo(stage, operation);

        Assert.Equal((1, 1), (undo.Changed, undo.Skipped));
        Assert.Equal(ProfileStatus.Archived, (await Person(stage, "Ann")).Status);
        Assert.Equal(ProfileStatus.Active, (await Person(stage, "Ben")).Status);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("REACTIVATE-6")]
    public async Task An_attempt_that_another_undo_has_reopened_since_counts_as_enrolled(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(
            kind,
            postgres,
            given =>
            {
                given.Catalogue();
                given.Enrol(given.Person(Kind.Active, "Person", "Ann"), given.Safety, EnrolmentStatus.InProgress);
            }
        );
        var withdrawn = await Run(stage, "withdraw-from-course", $"{{\"courses\":[{stage.Given.Safety.Id}]}}");
        await Run(stage, "archive-profiles", "{}");
        stage.Given.Clock.Advance(TimeSpan.FromMinutes(1));
        var reactivated = await Run(stage, "reactivate-profiles", "{}");
        Assert.Equal(1, (await Undo(stage, withdrawn)).Changed);

        var undo = await stage.Pipeline.PreviewUndo(stage.Given.Admin, reactivated);

        Assert.Equal((0, 1), (undo.WillChange, undo.Skipped));
        Assert.Equal("enrolled-since", Assert.Single(await stage.Pipeline.Items(undo)).Reason);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("REACTIVATE-6")]
    public async Task Undo_leaves_alone_whoever_was_sent_an_invitation_since_and_their_link_lives(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(
            kind,
            postgres,
            given =>
            {
                given.Person(Kind.ArchivedUnaccepted, "Person", "Ann");
                given.Person(Kind.ArchivedUnaccepted, "Person", "Ben");
            }
        );
        var (pipeline, admin) = (stage.Pipeline, stage.Given.Admin);
        stage.Given.Clock.Advance(TimeSpan.FromDays(1));
        var reactivated = await Run(stage, "reactivate-profiles", "{}");
        stage.Given.Clock.Advance(TimeSpan.FromMinutes(1));
        var ben = (await Person(stage, "Ben")).Id;
        await pipeline.Run(admin, await pipeline.Preview(admin, "resend-invitations", new("{}", new() { Users = [ben] })));

        var undo = await Undo(stage, reactivated);

        Assert.Equal([null, "invited-since"], (await pipeline.Items(undo)).Select(i => i.Reason));
        Assert.Equal(ProfileStatus.Archived, (await Person(stage, "Ann")).Status);
        Assert.Equal(ProfileStatus.Invited, (await Person(stage, "Ben")).Status);
        await using var db = stage.Database.Open(stage.Given.Workspace);
        Assert.Null((await db.Invitations.SingleAsync(i => i.ProfileId == ben)).CancelledAt);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("REACTIVATE-6")]
    public async Task Nobody_archives_somebody_above_them_by_an_undo(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(
            kind,
            postgres,
            given => given.Person(Kind.SiteAdmin, "Person", "Top").Status = ProfileStatus.Archived
        );
        var (pipeline, top) = (stage.Pipeline, stage.Given.CommandLine);
        var reactivated = await pipeline.Run(top, await pipeline.Preview(top, "reactivate-profiles", new("{}", Everybody)));

        var undo = await pipeline.PreviewUndo(stage.Given.Admin, reactivated);

        Assert.Equal("higher-role", Assert.Single(await pipeline.Items(undo)).Reason);
        await pipeline.Operations.Cancel(stage.Given.Admin, undo.Id, CancellationToken.None);
        Assert.Equal(1, (await pipeline.Run(top, await pipeline.PreviewUndo(top, reactivated))).Changed);
    }

    private static async Task<Operation> Run(Stage stage, string action, string parameters)
    {
        var admin = stage.Given.Admin;
        return await stage.Pipeline.Run(admin, await stage.Pipeline.Preview(admin, action, new(parameters, Everybody)));
    }

    private static async Task<Operation> Undo(Stage stage, Operation operation) =>
        await stage.Pipeline.Run(stage.Given.Admin, await stage.Pipeline.PreviewUndo(stage.Given.Admin, operation));
}
