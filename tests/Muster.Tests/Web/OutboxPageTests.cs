using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.Mail;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>What the outbox page shows of messages, and whose refused invitation it offers to send again.</summary>
public sealed class OutboxPageTests(PostgresServer postgres)
{
    private const string Boss = "boss@example.com";
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Refused_invitations_are_offered_again_while_they_stand_and_only_the_last_of_each_person(DatabaseKind kind)
    {
        await using var database = await TestDatabase.Create(kind, postgres);
        var given = new Given(database, Given.NewClock());
        OutboxMessage Message(Profile person, MessageStatus status, MessagePurpose purpose = MessagePurpose.Invitation)
        {
            var message = given.Mail(person, purpose);
            message.Status = status;
            return message;
        }

        var (refused, twice, sentSince) = (given.Person(Kind.Invited), given.Person(Kind.Lapsed), given.Person(Kind.Invited));
        Message(given.Person(Kind.Active), MessageStatus.Failed);
        Message(given.Person(Kind.Cancelled), MessageStatus.Failed);
        Message(given.Person(Kind.Invited), MessageStatus.Waiting);
        Message(given.Person(Kind.Active), MessageStatus.Failed, MessagePurpose.PasswordReset);
        Message(twice, MessageStatus.Failed);
        Message(sentSince, MessageStatus.Failed);
        var first = Message(refused, MessageStatus.Failed);
        Message(twice, MessageStatus.Failed);
        Message(sentSince, MessageStatus.Sent);
        await given.Save();
        await using var db = database.Open(given.Workspace);

        var all = await OutboxList.Uninvited(db, given.Workspace, new(), 10, Ct);
        var ofOne = await OutboxList.Uninvited(db, given.Workspace, new(OperationId: first.OperationId), 10, Ct);

        Assert.Equal([twice.Id, refused.Id], all);
        Assert.Equal([refused.Id], ofOne);
        Assert.Empty(await OutboxList.Uninvited(db, given.Workspace + 1, new(), 10, Ct));
        foreach (var status in Enum.GetValues<MessageStatus>())
        {
            var listed = await OutboxList.Read(db, given.Workspace, new(status), null, 100, Ct);
            Assert.Equal(await db.Outbox.CountAsync(m => m.Status == status), listed.Count);
            Assert.All(listed, message => Assert.Equal(status, message.Status));
        }
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Held_messages_are_let_go_in_two_steps_those_of_ones_own_workspace_and_once(DatabaseKind kind)
    {
        await using var site = await TestSite.Start(kind, postgres, ("Muster:Smtp", "smtp://127.0.0.1:1"));
        await site.AddPerson(Boss, ProfileRole.Admin);
        await site.AddPerson("max@example.com", ProfileRole.Manager);
        var harbour = await site.AddWorkspace("Harbour");
        async Task Hold(long workspace, MessagePurpose purpose, int count)
        {
            await using var db = site.Open(workspace);
            for (var i = 0; i < count; i++)
            {
                db.Outbox.Add(
                    new()
                    {
                        WorkspaceId = workspace,
                        OperationId = await db.Reserve(workspace, 1, Ct),
                        ProfileId = await site.AddProfile($"{purpose}{i}@{workspace}.example.com", workspaceId: workspace),
                        Purpose = purpose,
                        Status = MessageStatus.Held,
                        CreatedAt = site.Now,
                        DueAt = site.Now,
                    }
                );
            }

            await db.SaveChangesAsync();
        }

        await Hold(1, MessagePurpose.Invitation, 2);
        await Hold(1, MessagePurpose.Enrolment, 1);
        await Hold(harbour, MessagePurpose.Invitation, 1);
        await using var db = site.Open();
        await db.Workspaces.ExecuteUpdateAsync(set => set.SetProperty(w => w.MailHeldBefore, site.Now));
        using var boss = await site.SignedIn(Boss);
        using var max = await site.SignedIn("max@example.com");

        var page = await boss.Get("/w/1/outbox");
        Assert.Contains("3 messages are held", page.Text, StringComparison.Ordinal);
        var ask = page.Page.QuerySelector("#release-mail")!.GetAttribute("href")!;
        var opened = await boss.Get(ask);
        var dialog = opened.Page.QuerySelector("dialog")!.TextContent;
        Assert.Contains("2 invitations", dialog, StringComparison.Ordinal);
        Assert.Contains("1 enrolment notice", dialog, StringComparison.Ordinal);
        Assert.Equal(3, await db.Outbox.CountAsync(m => m.Status == MessageStatus.Held));
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await max.Get(ask)).Status);

        Assert.Equal("/w/1/outbox", (await boss.SendFrom(opened, ask, "release")).Location);

        Assert.Equal(0, await db.Outbox.CountAsync(m => m.Status == MessageStatus.Held));
        Assert.Null((await db.Workspaces.AsNoTracking().SingleAsync(w => w.Id == 1)).MailHeldBefore);
        Assert.Equal("{\"messages\":3}", (await db.Audit.SingleAsync(a => a.Event == "mail.released")).Details);
        page = await boss.Get("/w/1/outbox");
        Assert.Contains("3 messages go out now.", page.Text, StringComparison.Ordinal);
        Assert.Null(page.Page.QuerySelector("#release-mail"));
        Assert.Null((await boss.Get(ask)).Page.QuerySelector("dialog"));
        // A second click on the same button.
        Assert.Equal("/w/1/outbox", (await boss.SendFrom(opened, ask, "release")).Location);
        Assert.Contains("Nothing was held any more.", (await boss.Get("/w/1/outbox")).Text, StringComparison.Ordinal);
        await using var other = site.Open(harbour);
        Assert.Equal(MessageStatus.Held, (await other.Outbox.SingleAsync()).Status);
        Assert.NotNull((await other.Workspaces.AsNoTracking().SingleAsync(w => w.Id == harbour)).MailHeldBefore);
    }

    [Fact]
    public async Task With_a_mail_server_the_page_is_there_and_sending_again_begins_an_operation_on_the_refused()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres, ("Muster:Smtp", "smtp://127.0.0.1:1"));
        await site.AddAccount(Boss, isSiteAdmin: true);
        var (first, second) = (
            await site.AddProfile("a@example.com", status: ProfileStatus.Invited),
            await site.AddProfile("b@example.com", status: ProfileStatus.Invited)
        );
        await using var db = site.Open();
        foreach (var (profile, status) in new[] { (first, MessageStatus.Failed), (second, MessageStatus.Sent) })
        {
            db.Outbox.Add(
                new()
                {
                    WorkspaceId = 1,
                    OperationId = await db.Reserve(1, 1, Ct),
                    ProfileId = profile,
                    Status = status,
                    CreatedAt = site.Now,
                    DueAt = site.Now,
                    Error = status == MessageStatus.Failed ? "550 No such mailbox <here>" : null,
                }
            );
        }

        await db.SaveChangesAsync();
        using var boss = await site.SignedIn(Boss);

        var (page, sent) = (await boss.Get("/w/1/outbox?status=failed"), await boss.Get("/w/1/outbox?status=sent"));

        Assert.Contains("550 No such mailbox &lt;here&gt;", page.Text, StringComparison.Ordinal);
        Assert.Contains("a@example.com", Assert.Single(page.Page.QuerySelectorAll("tbody tr")).TextContent, StringComparison.Ordinal);
        Assert.Contains("b@example.com", Assert.Single(sent.Page.QuerySelectorAll("tbody tr")).TextContent, StringComparison.Ordinal);
        Assert.Contains("href=\"/w/1/outbox\"", (await boss.Get("/w/1/users")).Text, StringComparison.Ordinal);
        var form = page.Page.Forms.Single(f => f.GetAttribute("action") == "/w/1/operations/begin");
        var fields = form.QuerySelectorAll("input, button").ToDictionary(f => f.GetAttribute("name")!, f => f.GetAttribute("value")!);
        Assert.Equal(("resend-invitations", $"{first}"), (fields["key"], fields["selected"]));
        using var begun = await boss.Client.PostAsync(
            new Uri("/w/1/operations/begin", UriKind.Relative),
            new FormUrlEncodedContent(fields)
        );
        var operation = await db.Operations.AsNoTracking().SingleAsync();
        Assert.Equal(("resend-invitations", $"/w/1/operations/{operation.Id}"), (operation.Action, begun.Headers.Location?.OriginalString));
    }
}
