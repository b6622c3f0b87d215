using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Bulk;
using Muster.Mail;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>Who is invited and who is not, what is written, and how it is taken back.</summary>
public sealed class InviteUsersTests(PostgresServer postgres)
{
    private const string Action = "invite-users";
    private const string Header = "Email,First name,Last name,Role,Organisation unit,Groups,Manages,Expiry date";

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

        var operation = await stage.Pipeline.Preview(stage.Given.Admin, Action, plan);

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
            stage.Pipeline.Catalog.Get(Action).Reasons.Single(r => r.Code == "already-invited").Sentence,
            StringComparison.Ordinal
        );
    }

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
        Assert.All(tokens, token => Assert.Equal(43, token.Length));
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
            Action,
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

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_row_whose_unit_or_group_was_deleted_since_is_left_alone(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, given => given.Catalogue());
        var operation = await stage.Pipeline.Preview(
            stage.Given.Admin,
            Action,
            InvitationFile.Csv(Header, "a@example.net,A,A,,,Choir,,", "b@example.net,B,B,,,,,", "c@example.net,C,C,,Sales / North,,,")
        );
        await stage.ByHand(async db =>
        {
            await db.Groups.Where(g => g.Id == stage.Given.Choir.Id).ExecuteDeleteAsync();
            var north = await db.Units.Where(u => u.Path == "Sales / North").Select(u => u.Id).SingleAsync();
            await db.UnitAncestors.Where(a => a.UnitId == north).ExecuteDeleteAsync();
            await db.Units.Where(u => u.Id == north).ExecuteDeleteAsync();
        });

        operation = await stage.Pipeline.Run(stage.Given.Admin, operation);

        Assert.Equal((1, 2, 0), (operation.Changed, operation.LeftAlone, operation.Failed));
        Assert.Equal(
            ["changed-since-preview", null, "changed-since-preview"],
            (await stage.Pipeline.Items(operation)).Select(i => i.OutcomeReason)
        );
    }

    [Fact]
    public async Task Somebody_invited_by_hand_at_the_same_moment_is_left_alone_and_the_rest_goes_on()
    {
        await using var stage = await Stage.Set(DatabaseKind.Postgres, postgres, given => given.Catalogue());
        var operation = await stage.Pipeline.Preview(
            stage.Given.Admin,
            Action,
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

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("INVITE-11")]
    public async Task Somebody_cancelled_becomes_what_the_row_says_and_undo_gives_every_old_value_back(DatabaseKind kind)
    {
        Profile cancelled = null!;
        await using var stage = await Stage.Set(
            kind,
            postgres,
            given =>
            {
                cancelled = given.Catalogue().Person(Kind.Cancelled, "Old", "Name", given.Units[0]);
                given.Member(cancelled, given.Crew);
                given.Member(cancelled, given.Choir);
            }
        );
        await InvitationFile.GiveFields(stage, required: false);
        await stage.ByHand(db =>
        {
            db.FieldValues.Add(
                new FieldValue
                {
                    WorkspaceId = 1,
                    ProfileId = cancelled.Id,
                    FieldId = 500_001,
                    Text = "old",
                }
            );
            db.FieldValues.Add(
                new FieldValue
                {
                    WorkspaceId = 1,
                    ProfileId = cancelled.Id,
                    FieldId = 500_002,
                    Number = 12.5m,
                }
            );
            db.ManagedUnits.Add(
                new ManagedUnit
                {
                    WorkspaceId = 1,
                    ProfileId = cancelled.Id,
                    UnitId = stage.Given.Units[1].Id,
                }
            );
            return Task.CompletedTask;
        });
        var before = (await stage.Domain()).OfPerson(1, cancelled.Id);

        var operation = await Run(
            stage,
            Header + ",Staff number",
            $"{cancelled.Email},New,Person,Manager,Sales / North,Night; Crew,,2027-01-31,new"
        );

        await using (var db = stage.Database.Open(1))
        {
            var person = await db.Profiles.AsNoTracking().SingleAsync(p => p.Id == cancelled.Id);
            Assert.Equal(
                ("New", "Person", ProfileRole.Manager, ProfileStatus.Invited),
                (person.FirstName, person.LastName, person.Role, person.Status)
            );
            var groups = await db.Memberships.Where(m => m.ProfileId == cancelled.Id).Select(m => m.GroupId).ToListAsync();
            Assert.Equal(new[] { stage.Given.Crew.Id, stage.Given.Night.Id }.Order(), groups.Order());
            Assert.Equal("new", (await db.FieldValues.SingleAsync(v => v.ProfileId == cancelled.Id)).Text);
            Assert.Equal(1, await db.Outbox.CountAsync(m => m.ProfileId == cancelled.Id));
        }

        await Undo(stage, operation);

        var after = (await stage.Domain()).OfPerson(1, cancelled.Id).Where((table, _) => table != "outbox");
        Assert.Equal("", Dump.Difference(before, after));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("INVITE-11")]
    [Rule("INVITE-12")]
    public async Task Undo_works_after_a_resend_but_not_after_acceptance_or_an_edit(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, given => given.Catalogue());
        var operation = await Run(
            stage,
            Header,
            "resent@example.net,A,A,,,,,",
            "accepted@example.net,B,B,,,,,",
            "edited@example.net,C,C,,,,,"
        );
        await stage.ByHand(async db =>
        {
            var people = await db.Profiles.Where(p => p.OperationId == operation.Id).OrderBy(p => p.Id).ToListAsync();
            var invitations = await db.Invitations.Where(i => i.OperationId == operation.Id).OrderBy(i => i.ProfileId).ToListAsync();
            (invitations[0].TokenHash, invitations[0].SentCount, invitations[0].OperationId) = (Secrets.Hash("another"), 2, 999_999);
            (people[1].Status, people[1].RegisteredAt, invitations[1].AcceptedAt) = (
                ProfileStatus.Active,
                stage.Given.Now,
                stage.Given.Now
            );
            (people[2].FirstName, people[2].OperationId) = ("Changed", null);
            db.Outbox.Add(
                new OutboxMessage
                {
                    WorkspaceId = 1,
                    OperationId = 999_999,
                    ProfileId = people[0].Id,
                    Secret = "encrypted",
                    CreatedAt = stage.Given.Now,
                    DueAt = stage.Given.Now,
                }
            );
        });

        var undo = await Undo(stage, operation);

        Assert.Equal((1, 2), (undo.Changed, undo.Skipped));
        Assert.Equal([null, "accepted", "touched-since"], (await stage.Pipeline.Items(undo)).Select(i => i.Reason));
        await using var after = stage.Database.Open(1);
        var person = await after.Profiles.SingleAsync(p => p.EmailKey == "resent@example.net");
        Assert.Equal(ProfileStatus.Cancelled, person.Status);
        var invitation = await after.Invitations.SingleAsync(i => i.ProfileId == person.Id);
        Assert.Equal(stage.Given.Now, invitation.CancelledAt);
        var messages = await after.Outbox.Where(m => m.ProfileId == person.Id).ToListAsync();
        Assert.Equal(2, messages.Count);
        Assert.All(messages, m => Assert.Equal((MessageStatus.Suppressed, null), (m.Status, m.Secret)));
    }

    [Fact]
    public void It_asks_for_a_file_and_its_undo_takes_something_away()
    {
        var action = Pipeline.NewCatalog().Get(Action);

        Assert.Equal(
            ("Send invitations", SelectionWays.File, ActionCategory.Onboarding),
            (action.ConfirmLabel, action.Ways, action.Category)
        );
        Assert.True(action.IsUndoDestructive);
        Assert.False(action.IsDestructive);
    }

    private static async Task<Operation> Run(Stage stage, params string[] lines) =>
        await stage.Pipeline.Run(stage.Given.Admin, await stage.Pipeline.Preview(stage.Given.Admin, Action, InvitationFile.Csv(lines)));

    private static async Task<Operation> Undo(Stage stage, Operation operation) =>
        await stage.Pipeline.Run(stage.Given.Admin, await stage.Pipeline.PreviewUndo(stage.Given.Admin, operation));
}
