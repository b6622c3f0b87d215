using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.People;
using Xunit;
using static Muster.Tests.Inviting;

namespace Muster.Tests;

/// <summary>What an invitation writes, and what it leaves alone.</summary>
public sealed class InviteUsersRunTests(PostgresServer postgres)
{
    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("FILE-1")]
    public async Task A_Manager_manages_the_named_units_or_their_own(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, given => given.Catalogue());
        var operation = await Run(
            stage,
            Header,
            "own@example.net,Own,Unit,Manager,Sales / North,,,",
            "named@example.net,Named,Units,manager,,,Sales; Sales / North,",
            "learner@example.net,Just,Learner,,Sales,,,"
        );

        await using var db = stage.Database.Open(stage.Given.Workspace);
        var managed = await (
            from m in db.ManagedUnits
            join p in db.Profiles on m.ProfileId equals p.Id
            join u in db.Units on m.UnitId equals u.Id
            where p.OperationId == operation.Id
            orderby p.EmailKey, u.Path
            select $"{p.EmailKey} {u.Path}"
        ).ToListAsync();
        Assert.Equal(["named@example.net Sales", "named@example.net Sales / North", "own@example.net Sales / North"], managed);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("MAIL-1")]
    public async Task No_token_stands_in_plain_text_anywhere_and_each_is_a_new_one(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, given => given.Catalogue());
        await Run(stage, Header, "a@example.net,A,A,,,,,", "b@example.net,B,B,,,,,");

        var dump = await stage.Dump();
        var tokens = dump.Rows("outbox").Select(m => stage.Pipeline.Secret(m["secret"])).ToList();
        Assert.Equal(2, tokens.Distinct().Count());
        // 256 bits behind the id of whom it invites.
        Assert.All(tokens, token => Assert.Equal(43, token.Length - 1 - token.IndexOf('.', StringComparison.Ordinal)));
        Assert.Equal(
            dump.Rows("outbox").Select(m => m["profile_id"]).Order(),
            tokens.Select(token => Secrets.IdOf(token)!.Value.ToString(CultureInfo.InvariantCulture)).Order()
        );
        Assert.All(tokens, token => Assert.DoesNotContain(dump.Lines, line => line.Contains(token, StringComparison.Ordinal)));
        Assert.Equal(
            tokens.Select(Secrets.Hash).Order(),
            dump.Rows("invitations").Select(i => i["token_hash"]).Where(h => h.Length == 64).Order()
        );
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task The_link_works_for_as_many_days_as_the_workspace_says(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, given => given.Catalogue());
        await stage.ByHand(db =>
            db.Workspaces.Where(w => w.Id == stage.Given.Workspace).ExecuteUpdateAsync(set => set.SetProperty(w => w.InvitationDays, 9))
        );

        var operation = await Run(stage, Header, "a@example.net,A,A,,,,,");

        await using var db = stage.Database.Open(stage.Given.Workspace);
        var invitation = await db.Invitations.SingleAsync(i => i.OperationId == operation.Id);
        Assert.Equal((stage.Given.Now.AddDays(9), 1, stage.Given.Now), (invitation.ExpiresAt, invitation.SentCount, invitation.LastSentAt));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_row_that_names_what_was_deleted_since_is_left_alone(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(
            kind,
            postgres,
            given =>
            {
                given.Catalogue();
                given.Field("Badge", FieldKind.Text, 1);
            }
        );
        var operation = await stage.Pipeline.Preview(
            stage.Given.Admin,
            Inviting.Action,
            InvitationFile.Csv(
                $"{Header},Badge",
                "a@example.net,A,A,,,Choir,,,",
                "b@example.net,B,B,,,,,,",
                "c@example.net,C,C,,Sales / North,,,,",
                "d@example.net,D,D,Manager,,,Sales / North,,",
                "e@example.net,E,E,,,,,,12"
            )
        );
        Assert.Equal(5, operation.WillChange);
        await stage.ByHand(async db =>
        {
            await db.Groups.Where(g => g.Id == stage.Given.Choir.Id).ExecuteDeleteAsync();
            var north = await db.Units.Where(u => u.Path == "Sales / North").Select(u => u.Id).SingleAsync();
            await db.UnitAncestors.Where(a => a.UnitId == north).ExecuteDeleteAsync();
            await db.Units.Where(u => u.Id == north).ExecuteDeleteAsync();
            await db.Fields.Where(f => f.Name == "Badge").ExecuteDeleteAsync();
        });

        operation = await stage.Pipeline.Run(stage.Given.Admin, operation);

        Assert.Equal((1, 4, 0), (operation.Changed, operation.LeftAlone, operation.Failed));
        Assert.Equal(
            ["changed-since-preview", null, "changed-since-preview", "changed-since-preview", "changed-since-preview"],
            (await stage.Pipeline.Items(operation)).OrderBy(i => i.Ordinal).Select(i => i.OutcomeReason)
        );
    }

    [Fact]
    public async Task Somebody_invited_by_hand_at_the_same_moment_is_left_alone_and_the_rest_goes_on()
    {
        await using var stage = await Stage.Set(DatabaseKind.Postgres, postgres, given => given.Catalogue());
        var operation = await stage.Pipeline.Preview(
            stage.Given.Admin,
            Inviting.Action,
            InvitationFile.Csv([Header, .. Enumerable.Range(1, 9).Select(i => $"p{i}@example.net,P,{i},,,,,")])
        );
        var inserted = false;
        stage.Pipeline.Tap.Before = statement =>
        {
            // After the chunk was judged again and before it is written.
            if (
                !inserted
                && statement.Contains("INSERT INTO", StringComparison.OrdinalIgnoreCase)
                && statement.Contains("profiles", StringComparison.Ordinal)
            )
            {
                inserted = true;
                using var db = stage.Database.Open(stage.Given.Workspace);
                db.Profiles.Add(
                    new Profile
                    {
                        WorkspaceId = stage.Given.Workspace,
                        Id = 900_000,
                        Email = "p5@example.net",
                        EmailKey = "p5@example.net",
                        FirstName = "By",
                        LastName = "Hand",
                        SortName = "hand, by",
                        SearchText = "by hand",
                    }
                );
                db.SaveChanges();
            }
        };

        operation = await stage.Pipeline.Run(stage.Given.Admin, operation);

        Assert.True(inserted);
        Assert.Equal((8, 1, 0), (operation.Changed, operation.LeftAlone, operation.Failed));
        await using var after = stage.Database.Open(stage.Given.Workspace);
        Assert.Equal(8, await after.Outbox.CountAsync(m => m.OperationId == operation.Id));
    }
}
