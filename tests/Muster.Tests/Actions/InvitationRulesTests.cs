using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Bulk;
using Muster.Mail;
using Muster.People;
using Xunit;
using static Muster.Tests.StageReading;

namespace Muster.Tests;

/// <summary>Whose invitation is sent again or cancelled, whose is not, and what becomes of links and waiting messages (docs/rules.md).</summary>
public sealed class InvitationRulesTests(PostgresServer postgres)
{
    private static readonly Plan Everybody = new("{}", new() { Filter = new() { Search = "Person" } });

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("RESEND-1")]
    [Rule("RESEND-2")]
    public async Task A_new_link_replaces_the_old_and_time_begins_anew_for_whoever_has_not_accepted(DatabaseKind kind)
    {
        await using var stage = await OneOfEach(kind);
        await stage.ByHand(db =>
            db.Workspaces.Where(w => w.Id == stage.Given.Workspace).ExecuteUpdateAsync(set => set.SetProperty(w => w.InvitationDays, 9))
        );

        var operation = await Run(stage, "resend-invitations");

        Assert.Equal(
            [
                "Active: already-accepted",
                "Archived: archived",
                "ArchivedUnaccepted: archived",
                "Cancelled: cancelled",
                "Expired: already-accepted",
                "Invited: ",
                "Lapsed: ",
            ],
            await Reasons(stage, operation)
        );
        await using var db = stage.Database.Open(stage.Given.Workspace);
        var messages = await db.Outbox.AsNoTracking().Where(m => m.OperationId == operation.Id).ToListAsync();
        Assert.Equal(2, messages.Count);
        foreach (var name in new[] { "Invited", "Lapsed" })
        {
            var invitation = (await Invitations(db))[name];
            Assert.Equal(
                (2, stage.Given.Now, stage.Given.Now.AddDays(9)),
                (invitation.SentCount, invitation.LastSentAt, invitation.ExpiresAt)
            );
            var message = messages.Single(m => m.ProfileId == invitation.ProfileId);
            Assert.Equal(invitation.TokenHash, Secrets.Hash(stage.Pipeline.Secret(message.Secret!)));
        }
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("RESEND-3")]
    public async Task Whoever_was_sent_one_a_moment_ago_is_spared(DatabaseKind kind)
    {
        await using var stage = await OneOfEach(kind);
        await stage.ByHand(async db =>
        {
            await db
                .Workspaces.Where(w => w.Id == stage.Given.Workspace)
                .ExecuteUpdateAsync(set => set.SetProperty(w => w.ResendMinutes, 30));
            var moment = stage.Given.Now.AddMinutes(-29);
            var invited = await Person(stage, "Invited");
            await db
                .Invitations.Where(i => i.ProfileId == invited.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(i => i.LastSentAt, moment));
        });

        Assert.Contains("Invited: sent-just-now", await Reasons(stage, await Preview(stage, "resend-invitations")));
        stage.Given.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains("Invited: ", await Reasons(stage, await Preview(stage, "resend-invitations")));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("RESEND-4")]
    public async Task Sending_cannot_be_undone_and_the_preview_says_so(DatabaseKind kind)
    {
        await using var stage = await OneOfEach(kind);
        var operation = await Run(stage, "resend-invitations");

        Assert.Contains(
            Json.Read<List<string>>(operation.Warnings!),
            warning => warning.Contains("cannot be undone", StringComparison.Ordinal)
        );
        await Assert.ThrowsAsync<ConflictException>(() => stage.Pipeline.PreviewUndo(stage.Given.Admin, operation));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("CANCEL-1")]
    [Rule("CANCEL-2")]
    [Rule("CANCEL-3")]
    [Rule("MAIL-2")]
    public async Task Outstanding_invitations_end_with_their_waiting_messages_and_no_account_is_touched(DatabaseKind kind)
    {
        await using var stage = await OneOfEach(kind);
        var accounts = (await stage.Dump()).Where((table, _) => table == "accounts");

        var operation = await Run(stage, "cancel-invitations");

        Assert.Equal(
            [
                "Active: already-accepted",
                "Archived: archived",
                "ArchivedUnaccepted: archived",
                "Cancelled: already-cancelled",
                "Expired: already-accepted",
                "Invited: ",
                "Lapsed: ",
            ],
            await Reasons(stage, operation)
        );
        await using var db = stage.Database.Open(stage.Given.Workspace);
        var invitations = await Invitations(db);
        Assert.All(new[] { "Invited", "Lapsed" }, name => Assert.Equal(stage.Given.Now, invitations[name].CancelledAt));
        Assert.Equal(ProfileStatus.Cancelled, (await Person(stage, "Lapsed")).Status);
        Assert.Equal([("Invited", MessageStatus.Suppressed, null)], await Messages(db));
        Assert.Equal("", Dump.Difference(accounts, (await stage.Dump()).Where((table, _) => table == "accounts")));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("CANCEL-4")]
    public async Task Undo_revives_the_link_without_an_e_mail_unless_the_person_was_invited_afresh(DatabaseKind kind)
    {
        await using var stage = await OneOfEach(kind);
        await using var db = stage.Database.Open(stage.Given.Workspace);
        var before = (await Invitations(db))["Invited"];
        var operation = await Run(stage, "cancel-invitations");
        await stage.ByHand(async changed =>
        {
            var afresh = await changed.Profiles.SingleAsync(p => p.LastName == "Lapsed");
            (afresh.Status, afresh.OperationId) = (ProfileStatus.Invited, null);
            var invitation = await changed.Invitations.SingleAsync(i => i.ProfileId == afresh.Id);
            (invitation.TokenHash, invitation.CancelledAt, invitation.OperationId) = ("afresh", null, null);
        });

        var undo = await stage.Pipeline.PreviewUndo(stage.Given.Admin, operation);
        undo = await stage.Pipeline.Run(stage.Given.Admin, undo);

        Assert.Equal((1, 1), (undo.Changed, undo.Skipped));
        Assert.Equal(ProfileStatus.Invited, (await Person(stage, "Invited")).Status);
        db.ChangeTracker.Clear();
        var after = await Invitations(db);
        Assert.Equal(
            (before.TokenHash, before.ExpiresAt, before.SentCount, (DateTime?)null),
            (after["Invited"].TokenHash, after["Invited"].ExpiresAt, after["Invited"].SentCount, after["Invited"].CancelledAt)
        );
        Assert.Equal("afresh", after["Lapsed"].TokenHash);
        Assert.DoesNotContain(await Messages(db), m => m.Status == MessageStatus.Waiting);
    }

    /// <summary>A Learner of each kind; the message to whoever is invited still waits.</summary>
    private Task<Stage> OneOfEach(DatabaseKind kind) =>
        Stage.Set(
            kind,
            postgres,
            given =>
            {
                foreach (
                    var each in new[]
                    {
                        Kind.Active,
                        Kind.Archived,
                        Kind.ArchivedUnaccepted,
                        Kind.Cancelled,
                        Kind.Expired,
                        Kind.Invited,
                        Kind.Lapsed,
                    }
                )
                {
                    var person = given.Person(each, "Person", $"{each}");
                    if (each == Kind.Invited)
                    {
                        given.Mail(person);
                    }
                }
            }
        );

    private static Task<Operation> Preview(Stage stage, string action) => stage.Pipeline.Preview(stage.Given.Admin, action, Everybody);

    private static async Task<Operation> Run(Stage stage, string action) =>
        await stage.Pipeline.Run(stage.Given.Admin, await Preview(stage, action));

    private static async Task<IReadOnlyList<string>> Reasons(Stage stage, Operation operation)
    {
        var names = stage.Given.All.ToDictionary(p => p.Id, p => p.LastName);
        return [.. (await stage.Pipeline.Items(operation)).Select(i => $"{names[i.ProfileId]}: {i.Reason ?? i.OutcomeReason}")];
    }
}
