using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Bulk;
using Muster.Mail;
using Muster.People;
using Xunit;
using static Muster.Tests.Inviting;

namespace Muster.Tests;

/// <summary>How an invitation is taken back.</summary>
public sealed class InviteUsersUndoTests(PostgresServer postgres)
{
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

    private static async Task<Operation> Undo(Stage stage, Operation operation) =>
        await stage.Pipeline.Run(stage.Given.Admin, await stage.Pipeline.PreviewUndo(stage.Given.Admin, operation));
}
