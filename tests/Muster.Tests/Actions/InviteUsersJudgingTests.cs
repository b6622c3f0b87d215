using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.People;
using Xunit;
using static Muster.Tests.Inviting;

namespace Muster.Tests;

/// <summary>Who is invited and who is not, and what the preview says of it.</summary>
public sealed class InviteUsersJudgingTests(PostgresServer postgres)
{
    [Fact]
    public void It_asks_for_a_file_and_its_undo_takes_something_away()
    {
        var action = Pipeline.NewCatalog().Get(Inviting.Action);

        Assert.Equal(
            ("Send invitations", SelectionWays.File, ActionCategory.Onboarding),
            (action.ConfirmLabel, action.Ways, action.Category)
        );
        Assert.True(action.IsUndoDestructive);
        Assert.False(action.IsDestructive);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("INVITE-2")]
    [Rule("EXPIRED-1")]
    public async Task People_already_here_are_judged_by_where_they_stand(DatabaseKind kind)
    {
        var people = new Dictionary<Kind, Profile>();
        await using var stage = await Stage.Set(
            kind,
            postgres,
            given =>
            {
                given.Catalogue();
                foreach (var each in Enum.GetValues<Kind>())
                {
                    people[each] = given.Person(each);
                }
            }
        );
        var plan = InvitationFile.Csv([
            Header,
            .. people.Values.Select(p => $"{p.Email.ToUpperInvariant()},Some,Body,,,,,"),
            "new@example.net,New,Body,,,,,",
        ]);

        var operation = await stage.Pipeline.Preview(stage.Given.Admin, Inviting.Action, plan);

        var items = (await stage.Pipeline.Items(operation)).ToDictionary(i => i.ProfileId);
        void Is(Kind who, Verdict verdict, string? reason) =>
            Assert.Equal((verdict, reason), (items[people[who].Id].Verdict, items[people[who].Id].Reason));
        foreach (var active in new[] { Kind.Active, Kind.Expired, Kind.Manager, Kind.Admin, Kind.ExpiredAdmin, Kind.SiteAdmin })
        {
            Is(active, Verdict.Skipped, "already-active");
        }

        Is(Kind.Invited, Verdict.Skipped, "already-invited");
        Is(Kind.Lapsed, Verdict.Skipped, "already-invited");
        Is(Kind.Archived, Verdict.Problem, "archived");
        Is(Kind.ArchivedUnaccepted, Verdict.Problem, "archived");
        Is(Kind.Cancelled, Verdict.WillChange, null);
        Assert.Equal(2, operation.WillChange);
        Assert.Contains(
            "Resend",
            stage.Pipeline.Catalog.Get(Inviting.Action).Reasons.Single(r => r.Code == "already-invited").Sentence,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task An_address_that_has_gone_to_somebody_just_like_them_is_left_alone(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(
            kind,
            postgres,
            given =>
            {
                given.Catalogue();
                given.Person(Kind.Cancelled);
                given.Person(Kind.Cancelled);
            }
        );
        await using var db = stage.Database.Databases.Open(stage.Given.Workspace);
        var two = await db.Profiles.Where(p => p.Status == ProfileStatus.Cancelled).OrderBy(p => p.Id).ToListAsync();
        two.ForEach(person => (person.FirstName, person.LastName) = ("Ana", "Silva"));
        await db.SaveChangesAsync();
        var (address, key) = (two[0].Email, two[0].EmailKey);
        var operation = await stage.Pipeline.Preview(
            stage.Given.Admin,
            Inviting.Action,
            InvitationFile.Csv([Header, $"{address},Ana,Silva,,,,,"])
        );
        (two[0].Email, two[0].EmailKey) = ("away@example.net", "away@example.net");
        await db.SaveChangesAsync();
        (two[1].Email, two[1].EmailKey) = (address, key);
        await db.SaveChangesAsync();

        await stage.Pipeline.Run(stage.Given.Admin, operation);

        var item = Assert.Single(await stage.Pipeline.Items(operation));
        Assert.Equal((two[0].Id, Outcome.Skipped, "changed-since-preview"), (item.ProfileId, item.Outcome, item.OutcomeReason));
        Assert.All(
            await db.Profiles.AsNoTracking().Where(p => p.LastName == "Silva").ToListAsync(),
            p => Assert.Equal(ProfileStatus.Cancelled, p.Status)
        );
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("INVITE-10")]
    public async Task The_preview_says_how_many_enrolments_acceptance_will_bring(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(
            kind,
            postgres,
            given =>
            {
                var sales = given.Catalogue(seats: 1).Units[0];
                given.UnitRule([sales], [given.Safety, given.Chemicals]);
            }
        );

        var operation = await stage.Pipeline.Preview(
            stage.Given.Admin,
            Inviting.Action,
            InvitationFile.Csv(
                Header,
                "a@example.net,A,A,,Sales / North,Crew; Night,,",
                "b@example.net,B,B,,Sales,,,",
                "c@example.net,C,C,,,Crew,,",
                "d@example.net,D,D,,,Choir,,"
            )
        );

        var effects = Json.Read<List<Effect>>(operation.Effects!);
        Assert.Equal(4, effects.Single(e => e.Code == "emails").Count);
        var enrolments = effects.Where(e => e.Code == "enrolments-on-acceptance").ToDictionary(e => e.Subject!, e => e.Count);
        // Rules by group and by unit (the units below included) count once; the closed course and the inactive rule not at all.
        Assert.Equal(
            new Dictionary<string, long>
            {
                ["Safety"] = 3,
                ["Chemicals"] = 2,
                ["Forklift"] = 2,
            },
            enrolments
        );
        Assert.Contains(
            Json.Read<List<string>>(operation.Warnings!),
            w => w.Contains("Forklift has 1 free seat", StringComparison.Ordinal)
        );
    }
}
