using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Bulk;
using Muster.Mail;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>Whoever may approve an operation is told each time it is confirmed, once, and nobody else; a real SMTP server takes the e-mails.</summary>
public sealed class ApprovalMailTests(PostgresServer postgres)
{
    private static readonly Selection Learners = new() { Filter = new() { Search = "Learner" } };
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("APPROVAL-3")]
    public async Task Every_other_administrator_with_access_gets_one_e_mail_with_what_is_asked_and_a_link(DatabaseKind kind)
    {
        await using var sink = await SmtpSink.Start();
        await using var stage = await Scene(kind);
        var operation = await Preview(stage, stage.Given.Admin);
        Assert.Equal(new Approvers(4, 3), (await View(stage, operation, stage.Given.Admin.Actor)).Approvers);

        await stage.Pipeline.Confirm(stage.Given.Admin, operation);
        // A double click is the same confirmation.
        await stage.Pipeline.Confirm(stage.Given.Admin, operation);
        await Send(stage, sink);
        await Send(stage, sink);

        var messages = await sink.Messages();
        Assert.Equal(["Bea", "Cem", "Sid"], await Told(stage, messages));
        Assert.Equal(3, messages.DistinctBy(m => m.MessageId).Count());
        foreach (var message in messages)
        {
            Assert.Equal("Your approval is asked for: Archive profiles, 6 users", message.Subject);
            Assert.Contains(
                "Ada Self wants to run “Archive profiles” in Workspace 1. 6 users will change",
                message.Text,
                StringComparison.Ordinal
            );
            Assert.Contains($"{PostOffice.Url}/w/1/operations/{operation.Id}", message.Text, StringComparison.Ordinal);
            Assert.Contains($"href=\"{PostOffice.Url}/w/1/operations/{operation.Id}\"", message.Html, StringComparison.Ordinal);
            Assert.StartsWith($"approval.1.{operation.Id}.", message.MessageId, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("APPROVAL-3")]
    public async Task Confirmed_once_more_after_it_came_back_it_is_told_once_more_also_to_whom_no_e_mail_could_be_sent(DatabaseKind kind)
    {
        await using var sink = await SmtpSink.Start();
        await using var stage = await Scene(kind, learners: 40);
        var (pipeline, admin, given) = (stage.Pipeline, stage.Given.Admin, stage.Given);
        var operation = await Preview(stage, admin);
        await pipeline.Confirmations.Confirm(admin, operation.Id, new(operation.WillChange, given.Now.AddHours(1)), null, Ct);
        await Send(stage, sink);
        var bea = given.All.Single(p => p.FirstName == "Bea");
        await pipeline.Confirmations.Approve(given.By(bea), operation.Id, Ct);
        // One of the first round was refused.
        var cem = given.All.Single(p => p.FirstName == "Cem").Id;
        await stage.ByHand(db =>
            db.Outbox.Where(m => m.ProfileId == cem)
                .ExecuteUpdateAsync(set =>
                    set.SetProperty(m => m.Status, MessageStatus.Failed)
                        .SetProperty(m => m.Attempts, 12)
                        .SetProperty(m => m.Error, "Mailbox full")
                )
        );
        var gone = (await pipeline.Items(operation)).Where(i => i.Verdict == Verdict.WillChange).Take(11).Select(i => i.ProfileId).ToList();
        await stage.ByHand(db =>
            db.Profiles.Where(p => gone.Contains(p.Id)).ExecuteUpdateAsync(set => set.SetProperty(p => p.Status, ProfileStatus.Archived))
        );
        given.Clock.Advance(TimeSpan.FromHours(2));
        await pipeline.Settle();
        var again = await pipeline.Read(operation);
        Assert.Equal(OperationStatus.Previewed, again.Status);

        // Bea confirms this time, so Ada, who began it, and she may not approve.
        await pipeline.Confirm(given.By(bea), again);
        var rows = await Outbox(stage);
        Assert.Equal(["Cem", "Sid"], await Names(stage, rows.Where(m => m.Status == MessageStatus.Waiting).Select(m => m.ProfileId)));
        Assert.All(
            rows.Where(m => m.Status == MessageStatus.Waiting),
            m =>
                Assert.Equal(
                    (0, given.Now, given.Now, null, null, null),
                    (m.Attempts, m.DueAt, m.CreatedAt, m.SentAt, m.Error, m.ClaimedAt)
                )
        );
        await Send(stage, sink);
        await Send(stage, sink);

        var messages = await sink.Messages();
        Assert.Equal(["Bea", "Cem", "Cem", "Sid", "Sid"], await Told(stage, messages));
        // Mail servers throw away what has the Message-ID of a message they have.
        Assert.Equal(5, messages.DistinctBy(m => m.MessageId).Count());
        Assert.Equal(2, messages.Count(m => m.Text.Contains("Bea Busy wants to run", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task The_e_mail_names_whoever_confirmed_also_when_a_token_did(DatabaseKind kind)
    {
        await using var sink = await SmtpSink.Start();
        await using var stage = await Scene(kind);
        await stage.ByHand(db =>
        {
            foreach (var (id, name) in new[] { (900, "Planner"), (901, "Robot") })
            {
                db.ApiTokens.Add(
                    new()
                    {
                        WorkspaceId = stage.Given.Workspace,
                        Id = id,
                        Name = name,
                        TokenHash = name,
                        Role = ProfileRole.Admin,
                        CreatedAt = stage.Given.Now,
                        CreatedByAccountId = stage.Given.Admin.Actor.AccountId,
                    }
                );
            }

            return Task.CompletedTask;
        });
        Requester Token(long id) => new(new(stage.Given.Workspace, Rank.Admin, null, null, id), OperationSource.Api, null);
        foreach (
            var (begins, confirms, name) in new[]
            {
                (Token(900), Token(901), "Robot"),
                (Token(900), stage.Given.CommandLine, "The command line"),
                (stage.Given.Admin, Token(901), "Robot"),
                (Token(900), stage.Given.Admin, "Ada Self"),
            }
        )
        {
            var before = (await sink.Messages()).Count;
            var operation = await Preview(stage, begins);
            await stage.Pipeline.Confirm(confirms, operation);
            await Send(stage, sink);

            var message = (await sink.Messages()).Skip(before).First();
            Assert.StartsWith($"{name} wants to run", message.Text.Split("\n\n")[1].Trim(), StringComparison.Ordinal);
            var shown = (await View(stage, operation, stage.Given.Admin.Actor)).ConfirmedBy!.Name;
            Assert.Equal(name, shown == "Command line" ? "The command line" : shown);
        }
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task What_began_with_a_Site_Admins_rights_is_told_to_Site_Admins_only_and_none_of_them_who_asked(DatabaseKind kind)
    {
        await using var sink = await SmtpSink.Start();
        await using var stage = await Scene(kind);
        var operation = await Preview(stage, stage.Given.CommandLine);
        await stage.Pipeline.Confirm(stage.Given.CommandLine, operation);
        await Send(stage, sink);

        var message = Assert.Single(await sink.Messages());
        Assert.Equal(["Sid"], await Told(stage, [message]));
        Assert.Contains("The command line wants to run", message.Text, StringComparison.Ordinal);

        var sid = stage.Given.By(stage.Given.All.Single(p => p.FirstName == "Sid"));
        sid = sid with { Actor = sid.Actor with { Rank = Rank.SiteAdmin } };
        await stage.Pipeline.Operations.Cancel(sid, operation.Id, Ct);
        var own = await Preview(stage, sid);
        await stage.Pipeline.Confirm(sid, own);
        // There is one in the other workspace, who may but is no user of this one.
        Assert.Equal(new Approvers(1, 0), (await View(stage, own, sid.Actor)).Approvers);
        await Send(stage, sink);
        Assert.Single(await sink.Messages());
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Nobody_is_told_of_what_was_decided_before_the_e_mail_went_out(DatabaseKind kind)
    {
        await using var sink = await SmtpSink.Start();
        await using var stage = await Scene(kind);
        var operation = await Preview(stage, stage.Given.Admin);
        await stage.Pipeline.Confirm(stage.Given.Admin, operation);
        await stage.Pipeline.Confirmations.Approve(stage.Given.By(stage.Given.All.Single(p => p.FirstName == "Bea")), operation.Id, Ct);

        await Send(stage, sink);

        Assert.Empty(await sink.Messages());
        Assert.All(await Outbox(stage), m => Assert.Equal(MessageStatus.Suppressed, m.Status));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_confirmation_that_fails_and_one_that_needs_no_approval_write_to_nobody(DatabaseKind kind)
    {
        await using var stage = await Scene(kind, from: 7);
        var operation = await Preview(stage, stage.Given.Admin);
        await stage.Pipeline.Confirm(stage.Given.Admin, operation);
        Assert.Empty(await Outbox(stage));

        await stage.Pipeline.Settle();
        await AskFrom(stage, 1);
        var undo = await stage.Pipeline.PreviewUndo(stage.Given.Admin, operation);
        await stage.Refuse(new("audit", "INSERT", "NEW.event = 'operation.confirmed'"));
        await Assert.ThrowsAnyAsync<Exception>(() => stage.Pipeline.Confirm(stage.Given.Admin, undo));
        Assert.Empty(await Outbox(stage));
        await stage.AllowAgain("audit");
        await stage.Pipeline.Confirm(stage.Given.Admin, undo);
        Assert.Equal(3, (await Outbox(stage)).Count);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_schedule_that_comes_to_wait_for_approval_tells_of_it_too(DatabaseKind kind)
    {
        await using var stage = await Scene(kind);
        await stage.Pipeline.Schedules.Create(stage.Given.Admin, "archive-profiles", "{}", Learners, new("Nightly", "0 6 * * *", 10), Ct);

        stage.Given.Clock.Advance(TimeSpan.FromHours(24));
        await stage.Pipeline.Schedules.BeginDue(Ct);
        await stage.Pipeline.Settle();

        await using var db = stage.Database.Open(stage.Given.Workspace);
        var operation = await db.Operations.SingleAsync();
        Assert.Equal(OperationStatus.AwaitingApproval, operation.Status);
        Assert.Equal(["Bea", "Cem", "Sid"], await Names(stage, (await Outbox(stage)).Select(m => m.ProfileId)));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Where_nobody_else_may_approve_the_operation_says_so(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(
            kind,
            postgres,
            given => Enumerable.Range(1, 6).ToList().ForEach(i => given.Person(Kind.Active, "Learner", $"{i}"))
        );
        await AskFrom(stage, 1);
        var operation = await Preview(stage, stage.Given.Admin);
        Assert.Equal(new Approvers(0, 0), (await View(stage, operation, stage.Given.Admin.Actor)).Approvers);

        await stage.Pipeline.Confirm(stage.Given.Admin, operation);

        var view = await View(stage, operation, stage.Given.Admin.Actor);
        Assert.Equal((OperationStatus.AwaitingApproval, new Approvers(0, 0)), (view.Operation.Status, view.Approvers));
        Assert.Empty(await Outbox(stage));
    }

    /// <summary>Learners, and administrators with and without access; in each of two workspaces.</summary>
    private async Task<Stage> Scene(DatabaseKind kind, int from = 5, int learners = 6)
    {
        var stage = await Stage.Set(
            kind,
            postgres,
            given =>
            {
                given.Person(Kind.Admin, "Bea", "Busy");
                given.Person(Kind.Admin, "Cem", "Busy");
                given.Person(Kind.SiteAdmin, "Sid", "Site");
                given.Person(Kind.ExpiredAdmin, "Eve", "Expired");
                given.Person(Kind.Manager, "Max", "Manager");
                given.Person(Kind.Admin, "Gus", "Gone").Status = ProfileStatus.Archived;
                given.Person(Kind.Invited, "Ida", "Invited").Role = ProfileRole.Admin;
                Enumerable.Range(1, learners).ToList().ForEach(i => given.Person(Kind.Active, "Learner", $"{i}"));
            }
        );
        await AskFrom(stage, from);
        return stage;
    }

    private static Task AskFrom(Stage stage, int users) =>
        stage.ByHand(db =>
            db.Workspaces.Where(w => w.Id == stage.Given.Workspace)
                .ExecuteUpdateAsync(set => set.SetProperty(w => w.ApprovalFrom, $"{{\"archive-profiles\":{users}}}"))
        );

    private static Task<Operation> Preview(Stage stage, Requester by) =>
        stage.Pipeline.Preview(by, "archive-profiles", new("{}", Learners));

    private static async Task<OperationView> View(Stage stage, Operation operation, Actor reader)
    {
        await using var db = stage.Database.Open(stage.Given.Workspace);
        var views = new OperationViews(stage.Pipeline.Catalog, stage.Pipeline.Operations, stage.Given.Clock);
        return (await views.Get(db, reader, operation.Id, Ct))!;
    }

    private static async Task Send(Stage stage, SmtpSink sink)
    {
        using var sender = PostOffice.SenderOn(stage.Database, stage.Given.Clock, sink.Url);
        while (await sender.SendDue(Ct)) { }
    }

    private static async Task<List<OutboxMessage>> Outbox(Stage stage)
    {
        await using var db = stage.Database.Open(stage.Given.Workspace);
        return await db.Outbox.AsNoTracking().Where(m => m.Purpose == MessagePurpose.Approval).ToListAsync();
    }

    private static async Task<IReadOnlyList<string>> Told(Stage stage, IReadOnlyList<SinkMessage> messages)
    {
        await using var db = stage.Database.Open(stage.Given.Workspace);
        var people = await db.Profiles.ToDictionaryAsync(p => p.Email, p => p.Id);
        return await Names(stage, messages.Select(m => people[m.Recipient]));
    }

    private static async Task<IReadOnlyList<string>> Names(Stage stage, IEnumerable<long> people)
    {
        await using var db = stage.Database.Open(stage.Given.Workspace);
        var names = await db.Profiles.ToDictionaryAsync(p => p.Id, p => p.FirstName);
        return [.. people.Select(id => names[id]).Order(StringComparer.Ordinal)];
    }
}
