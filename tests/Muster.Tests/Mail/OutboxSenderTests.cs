using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Mail;
using Xunit;

namespace Muster.Tests;

/// <summary>The outbox against a real SMTP server.</summary>
public sealed class OutboxSenderTests(PostgresServer postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("MAIL-1")]
    public async Task Everybody_gets_one_message_with_their_own_link_and_the_token_is_wiped(DatabaseKind kind)
    {
        await using var sink = await SmtpSink.Start();
        await using var office = await PostOffice.Open(kind, postgres);
        var people = await office.Invite([.. Enumerable.Range(1, 250).Select(i => $"Guest{i}")]);
        using var sender = office.Sender(sink.Url);

        while (await sender.SendDue(CancellationToken.None)) { }

        var messages = await sink.Messages();
        Assert.Equal(
            people.Select(p => p.Email).Order(StringComparer.Ordinal),
            messages.Select(m => m.Recipient).Order(StringComparer.Ordinal)
        );
        foreach (var person in people)
        {
            var message = messages.Single(m => m.Recipient == person.Email);
            Assert.Equal("Your invitation to Workspace 1", message.Subject);
            Assert.Contains($"Hello {person.FirstName},", message.Text, StringComparison.Ordinal);
            Assert.Contains(office.LinkOf(person), message.Text, StringComparison.Ordinal);
            Assert.Contains(office.LinkOf(person), message.Html, StringComparison.Ordinal);
            Assert.Contains("Monday, 1 June 2026", message.Text, StringComparison.Ordinal);
            Assert.Equal("muster@learning.example.com", message.From);
        }

        Assert.All(
            await office.Messages(),
            m => Assert.Equal((MessageStatus.Sent, null, office.Given.Now), (m.Status, m.Secret, m.SentAt))
        );
        Assert.False(await sender.SendDue(CancellationToken.None));
        Assert.Equal(people.Count, (await sink.Messages()).Count);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Two_processes_at_once_send_nothing_twice(DatabaseKind kind)
    {
        await using var sink = await SmtpSink.Start();
        await using var office = await PostOffice.Open(kind, postgres);
        var people = await office.Invite([.. Enumerable.Range(1, 300).Select(i => $"Guest{i}")]);
        using var first = office.Sender(sink.Url);
        using var second = office.Sender(sink.Url);

        await Task.WhenAll(
            new[] { first, second }.Select(sender =>
                Task.Run(async () =>
                {
                    while (await sender.SendDue(CancellationToken.None)) { }
                })
            )
        );

        var messages = await sink.Messages();
        Assert.Equal(people.Count, messages.Count);
        Assert.Equal(people.Count, messages.DistinctBy(m => m.Recipient).Count());
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_refused_recipient_fails_alone_with_the_servers_words(DatabaseKind kind)
    {
        await using var sink = await SmtpSink.Start();
        await using var office = await PostOffice.Open(kind, postgres);
        var people = await office.Invite("Ann", "Bob", "Cid");
        await sink.Refuse(new Dictionary<string, string> { [people[1].Email] = "550 5.1.1 No such user here" });
        using var sender = office.Sender(sink.Url);

        await sender.SendDue(CancellationToken.None);

        var refused = await office.MessageTo(people[1]);
        Assert.Equal((MessageStatus.Failed, null), (refused.Status, refused.Secret));
        Assert.Contains("No such user here", refused.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await sink.Messages()).Count);
        Assert.All(office.Log.Lines, line => Assert.DoesNotContain("example.org", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_refusal_for_the_time_being_is_tried_again_after_growing_pauses_and_fails_in_the_end(DatabaseKind kind)
    {
        await using var sink = await SmtpSink.Start();
        await using var office = await PostOffice.Open(kind, postgres);
        var person = (await office.Invite("Ann"))[0];
        await sink.Refuse(new Dictionary<string, string> { [person.Email] = "450 4.2.0 Greylisted" });
        using var sender = office.Sender(sink.Url, options => options with { MostAttempts = 4 });

        await sender.SendDue(CancellationToken.None);
        var first = await office.MessageTo(person);
        Assert.Equal((MessageStatus.Waiting, 1, office.Given.Now.AddSeconds(30)), (first.Status, first.Attempts, first.DueAt));
        Assert.Contains("Greylisted", first.Error, StringComparison.Ordinal);
        Assert.False(await sender.SendDue(CancellationToken.None));

        office.Clock.Advance(TimeSpan.FromSeconds(31));
        await sender.SendDue(CancellationToken.None);
        var second = await office.MessageTo(person);
        Assert.Equal((2, office.Given.Now.AddSeconds(60)), (second.Attempts, second.DueAt));

        foreach (var _ in Enumerable.Range(0, 2))
        {
            office.Clock.Advance(TimeSpan.FromHours(1));
            await sender.SendDue(CancellationToken.None);
        }

        Assert.Equal(MessageStatus.Failed, (await office.MessageTo(person)).Status);
        Assert.Empty(await sink.Messages());
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task While_the_server_is_down_everybody_waits_and_afterwards_everybody_gets_theirs(DatabaseKind kind)
    {
        var port = Ports.Free();
        await using var office = await PostOffice.Open(kind, postgres);
        await office.Invite("Ann", "Bob");
        using (var early = office.Sender($"smtp://127.0.0.1:{port}"))
        {
            Assert.False(await early.SendDue(CancellationToken.None));
        }

        Assert.All(await office.Messages(), m => Assert.Equal((MessageStatus.Waiting, 0, null), (m.Status, m.Attempts, m.ClaimedAt)));
        Assert.Contains("refused", (await office.Messages())[0].Error, StringComparison.OrdinalIgnoreCase);

        await using var sink = await SmtpSink.Start();
        using var later = office.Sender(sink.Url);
        await later.SendDue(CancellationToken.None);
        Assert.Equal(2, (await sink.WaitFor(2, Patience)).Count);
        Assert.All(await office.Messages(), m => Assert.Equal(MessageStatus.Sent, m.Status));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("MAIL-3")]
    public async Task A_connection_lost_before_the_message_was_kept_sends_it_again(DatabaseKind kind)
    {
        await using var sink = await SmtpSink.Start();
        await using var office = await PostOffice.Open(kind, postgres);
        await office.Invite("Ann", "Bob");
        await sink.DropBeforeKeeping();
        using var sender = office.Sender(sink.Url);

        await sender.SendDue(CancellationToken.None);
        office.Clock.Advance(TimeSpan.FromMinutes(1));
        await sender.SendDue(CancellationToken.None);

        Assert.Equal(2, (await sink.Messages()).DistinctBy(m => m.Recipient).Count());
        Assert.Equal(2, (await sink.Messages()).Count);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_copy_sent_twice_carries_the_same_message_id(DatabaseKind kind)
    {
        await using var sink = await SmtpSink.Start();
        await using var office = await PostOffice.Open(kind, postgres);
        await office.Invite("Ann");
        await sink.DropAfterKeeping();
        using var sender = office.Sender(sink.Url);

        await sender.SendDue(CancellationToken.None);
        office.Clock.Advance(TimeSpan.FromMinutes(1));
        await sender.SendDue(CancellationToken.None);

        var messages = await sink.Messages();
        Assert.Equal(2, messages.Count);
        Assert.Single(messages.DistinctBy(m => m.MessageId));
        Assert.NotEmpty(messages[0].MessageId);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite, "cancelled")]
    [InlineData(DatabaseKind.Postgres, "cancelled")]
    [InlineData(DatabaseKind.Sqlite, "resent")]
    [InlineData(DatabaseKind.Postgres, "resent")]
    [InlineData(DatabaseKind.Sqlite, "accepted")]
    [InlineData(DatabaseKind.Postgres, "accepted")]
    [InlineData(DatabaseKind.Sqlite, "lapsed")]
    [InlineData(DatabaseKind.Postgres, "lapsed")]
    [Rule("MAIL-2")]
    public async Task An_invitation_that_no_longer_stands_is_suppressed(DatabaseKind kind, string what)
    {
        await using var sink = await SmtpSink.Start();
        await using var office = await PostOffice.Open(kind, postgres);
        var people = await office.Invite("Ann", "Bob");
        var now = office.Given.Now;
        await office.ByHand(db =>
        {
            var invitation = db.Invitations.Where(i => i.ProfileId == people[0].Id);
            return what switch
            {
                "cancelled" => invitation.ExecuteUpdateAsync(set => set.SetProperty(i => i.CancelledAt, now)),
                "resent" => invitation.ExecuteUpdateAsync(set => set.SetProperty(i => i.TokenHash, Secrets.Hash("another"))),
                "accepted" => invitation.ExecuteUpdateAsync(set => set.SetProperty(i => i.AcceptedAt, now)),
                _ => invitation.ExecuteUpdateAsync(set => set.SetProperty(i => i.ExpiresAt, now)),
            };
        });
        using var sender = office.Sender(sink.Url);

        await sender.SendDue(CancellationToken.None);

        Assert.Equal([people[1].Email], (await sink.Messages()).Select(m => m.Recipient));
        var suppressed = await office.MessageTo(people[0]);
        Assert.Equal((MessageStatus.Suppressed, null), (suppressed.Status, suppressed.Secret));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Without_a_server_messages_are_kept_with_their_link(DatabaseKind kind)
    {
        await using var office = await PostOffice.Open(kind, postgres);
        var person = (await office.Invite("Ann"))[0];
        using var sender = office.Sender(null);

        Assert.False(await sender.SendDue(CancellationToken.None));

        var kept = await office.MessageTo(person);
        Assert.Equal(MessageStatus.Kept, kept.Status);
        Assert.NotNull(kept.Secret);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Names_of_people_and_workspaces_cannot_write_markup_or_headers(DatabaseKind kind)
    {
        await using var sink = await SmtpSink.Start();
        await using var office = await PostOffice.Open(kind, postgres);
        var person = (await office.Invite("Ann"))[0];
        await office.ByHand(db => db.Workspaces.ExecuteUpdateAsync(set => set.SetProperty(w => w.Name, "R&D <b>\r\nBcc: all@example.org")));
        await office.ByHand(db =>
            db.Profiles.Where(p => p.Id == person.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.FirstName, "<script>x</script>"))
        );
        using var sender = office.Sender(sink.Url);

        await sender.SendDue(CancellationToken.None);

        var message = Assert.Single(await sink.Messages());
        Assert.Equal("Your invitation to R&D <b> Bcc: all@example.org", message.Subject);
        Assert.Empty(message.Message.Bcc);
        Assert.DoesNotContain("<script>", message.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", message.Html, StringComparison.Ordinal);
        Assert.Contains("R&amp;D", message.Html, StringComparison.Ordinal);
    }
}
