using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Mail;
using Xunit;

namespace Muster.Tests;

/// <summary>Mail servers that misbehave: what is temporary is tried again, what is permanent fails with the server's words, and nobody waits for somebody else's trouble.</summary>
public sealed class MailFaultTests(PostgresServer postgres)
{
    private static (SmtpFault, string)? Usual => null;

    [Theory]
    [InlineData("CONNECT", false)]
    [InlineData("EHLO", false)]
    [InlineData("MAIL", true)]
    [InlineData("RCPT", true)]
    [InlineData("DATA", true)]
    [InlineData(".", true)]
    public async Task A_server_that_hangs_is_hung_up_on_and_the_message_waits(string where, bool isTried)
    {
        await using var hanging = new FaultySmtp(step => step.StartsWith(where, StringComparison.Ordinal) ? (SmtpFault.Hang, "") : Usual);
        await using var office = await PostOffice.Open(DatabaseKind.Sqlite, postgres);
        var person = (await office.Invite("Ann"))[0];
        using var sender = office.Sender(hanging.Url, options => options with { Timeout = TimeSpan.FromSeconds(1) });
        var clock = Stopwatch.StartNew();

        Assert.Equal(isTried, await sender.SendDue(CancellationToken.None));

        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(20));
        var message = await office.MessageTo(person);
        Assert.Equal((MessageStatus.Waiting, isTried ? 1 : 0, null), (message.Status, message.Attempts, message.ClaimedAt));
        Assert.Contains("did not answer in time", message.Error, StringComparison.Ordinal);

        await using var sink = await SmtpSink.Start();
        using var later = office.Sender(sink.Url);
        office.Clock.Advance(TimeSpan.FromMinutes(1));
        await later.SendDue(CancellationToken.None);
        Assert.Equal(person.Email, Assert.Single(await sink.Messages()).Recipient);
    }

    [Theory]
    [InlineData("RCPT", "550 5.1.1 No such user", MessageStatus.Failed)]
    [InlineData(".", "554 5.7.1 Spam", MessageStatus.Failed)]
    [InlineData("RCPT", "451 4.7.1 Greylisted", MessageStatus.Waiting)]
    [InlineData(".", "452 4.3.1 Disk full", MessageStatus.Waiting)]
    [InlineData("RCPT", null, MessageStatus.Waiting)]
    [InlineData(".", null, MessageStatus.Waiting)]
    public async Task Trouble_with_one_recipient_is_theirs_alone(string where, string? words, MessageStatus status)
    {
        var isBobs = false;
        await using var faulty = new FaultySmtp(step =>
        {
            isBobs = step.StartsWith("RCPT", StringComparison.Ordinal) ? step.Contains("Bob", StringComparison.Ordinal) : isBobs;
            return !isBobs || !step.StartsWith(where, StringComparison.Ordinal) ? Usual
                : words is null ? (SmtpFault.Cut, "")
                : (SmtpFault.Say, words);
        });
        await using var office = await PostOffice.Open(DatabaseKind.Sqlite, postgres);
        var people = await office.Invite("Ann", "Bob", "Cid");
        using var sender = office.Sender(faulty.Url);

        await sender.SendDue(CancellationToken.None);

        Assert.Equal([people[0].Email, people[2].Email], faulty.Taken);
        var message = await office.MessageTo(people[1]);
        Assert.Equal((status, 1), (message.Status, message.Attempts));
        Assert.Contains(words?[4..] ?? "", message.Error, StringComparison.Ordinal);
        Assert.NotEmpty(message.Error!);
    }

    [Theory]
    [InlineData("CONNECT", "421 4.3.2 Going down", "Going down")]
    [InlineData("CONNECT", "554 5.3.2 Not you", "Not you")]
    [InlineData("AUTH", "535 5.7.8 Wrong password", "Wrong password")]
    [InlineData("MAIL", "421 4.7.0 Too many messages", "Too many messages")]
    [InlineData("MAIL", "550 5.7.1 Sender not allowed", "Sender not allowed")]
    public async Task A_server_that_takes_nothing_costs_nobody_an_attempt_and_its_words_are_shown(string where, string words, string shown)
    {
        var down = true;
        await using var faulty = new FaultySmtp(step =>
            down && step.StartsWith(where, StringComparison.Ordinal) ? (SmtpFault.Say, words) : Usual
        );
        await using var office = await PostOffice.Open(DatabaseKind.Sqlite, postgres);
        await office.Invite("Ann", "Bob");
        using var sender = office.Sender(faulty.UrlOf("muster"));

        Assert.False(await sender.SendDue(CancellationToken.None));

        var messages = await office.Messages();
        Assert.All(messages, m => Assert.Equal((MessageStatus.Waiting, 0, null), (m.Status, m.Attempts, m.ClaimedAt)));
        Assert.Contains(shown, messages[0].Error, StringComparison.Ordinal);
        down = false;
        await sender.SendDue(CancellationToken.None);
        Assert.Equal(2, faulty.Taken.Count);
        Assert.All(await office.Messages(), m => Assert.Equal((MessageStatus.Sent, null), (m.Status, m.Error)));
    }

    [Fact]
    public async Task A_server_whose_certificate_nobody_signed_gets_neither_password_nor_message()
    {
        var steps = new List<string>();
        await using var faulty = new FaultySmtp(
            step =>
            {
                steps.Add(step);
                return Usual;
            },
            untrusted: true
        );
        await using var office = await PostOffice.Open(DatabaseKind.Sqlite, postgres);
        var person = (await office.Invite("Ann"))[0];
        using var sender = office.Sender(faulty.UrlOf("muster"));

        Assert.False(await sender.SendDue(CancellationToken.None));

        Assert.Equal("STARTTLS", steps[^1]);
        var message = await office.MessageTo(person);
        Assert.Equal((MessageStatus.Waiting, 0), (message.Status, message.Attempts));
        Assert.Contains("certificate", message.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_message_that_cannot_be_written_fails_alone(DatabaseKind kind)
    {
        await using var sink = await SmtpSink.Start();
        await using var office = await PostOffice.Open(kind, postgres);
        var people = await office.Invite("Ann", "Bob", "Cid");
        await office.ByHand(db =>
            db.Profiles.Where(p => p.Id == people[0].Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Email, "no address <at> all@@"))
        );
        using var sender = office.Sender(sink.Url);

        await sender.SendDue(CancellationToken.None);

        Assert.Equal(MessageStatus.Failed, (await office.MessageTo(people[0])).Status);
        Assert.Equal(2, (await sink.Messages()).Count);
    }

    [Fact]
    public async Task Trouble_with_the_database_after_the_server_took_a_message_sends_it_no_second_time()
    {
        await using var sink = await SmtpSink.Start();
        await using var office = await PostOffice.Open(DatabaseKind.Sqlite, postgres);
        await office.Invite("Ann", "Bob");
        await office.ByHand(db =>
            db.Database.ExecuteSqlRawAsync(
                "CREATE TRIGGER refuse BEFORE UPDATE ON outbox WHEN NEW.status = 1 BEGIN SELECT RAISE(ABORT, 'refused by the test'); END"
            )
        );
        using var sender = office.Sender(sink.Url);

        var sending = sender.SendDue(CancellationToken.None);
        await sink.WaitFor(1, TimeSpan.FromSeconds(20));
        await Task.Delay(TimeSpan.FromSeconds(2.5));
        await office.ByHand(db => db.Database.ExecuteSqlRawAsync("DROP TRIGGER refuse"));
        await sending;

        Assert.Equal(2, (await sink.Messages()).Count);
        Assert.All(await office.Messages(), m => Assert.Equal(MessageStatus.Sent, m.Status));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("MAIL-3")]
    public async Task Killed_in_the_middle_of_sending_everybody_gets_theirs_and_at_most_one_a_kill_gets_it_twice(DatabaseKind kind)
    {
        const int people = 200;
        const int kills = 3;
        await using var sink = await SmtpSink.Start();
        await using var stage = await Stage.SetAt(
            new(TimeProvider.System.GetUtcNow()),
            kind,
            postgres,
            given =>
            {
                given.Catalogue();
                given.People(given.Workspace == 1 ? people : 1, Kind.Active);
            }
        );
        var operation = await stage.Pipeline.Preview(
            stage.Given.Admin,
            "enrol-to-course",
            new($"{{\"courses\":[{stage.Given.Safety.Id}],\"notify\":true}}", new Selection { Filter = new() })
        );
        await stage.Pipeline.Confirm(stage.Given.Admin, operation);
        await using var server = await MusterProcess.Start(
            new()
            {
                Database = stage.Database.Setting,
                Smtp = sink.Url,
                Environment = new Dictionary<string, string?> { ["Muster__MailsPerSecond"] = "100" },
            }
        );
        for (var kill = 1; kill <= kills; kill++)
        {
            await sink.WaitFor(kill * people / (kills + 1), TimeSpan.FromMinutes(3));
            await server.Kill9();
            await server.Launch();
        }

        var messages = await sink.WaitFor(people, TimeSpan.FromMinutes(3));
        await using var db = stage.Database.Open(stage.Given.Workspace);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (await db.Outbox.AnyAsync(m => m.Status == MessageStatus.Waiting))
        {
            await Task.Delay(50, patience.Token);
        }

        messages = await sink.Messages();
        var all = await db.Outbox.CountAsync();
        Assert.InRange(all, people, people + 20);
        Assert.Equal(all, messages.DistinctBy(m => m.Recipient).Count());
        Assert.InRange(messages.Count, all, all + kills);
        Assert.Equal(all, messages.DistinctBy(m => m.MessageId).Count());
    }
}
