using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Muster.Bulk;
using Muster.Mail;
using Xunit;

namespace Muster.Tests;

/// <summary>Who sends what: processes that live, however slowly, that died, and that stood still and came back.</summary>
public sealed class MailClaimTests(PostgresServer postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly MailOptions Options = new();
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("MAIL-4")]
    public async Task What_a_dead_process_had_claimed_is_sent_by_who_has_seen_it_silent_for_long_enough(DatabaseKind kind)
    {
        await using var sink = await SmtpSink.Start();
        await using var office = await PostOffice.Open(kind, postgres);
        await office.Invite("Ann", "Bob");
        Assert.Equal(2, (await office.Claims().Claim(office.Given.Workspace, Ct)).Messages.Count);
        using var sender = office.Sender(sink.Url);

        Assert.False(await sender.SendDue(Ct));
        office.Clock.Advance(Options.Silence - TimeSpan.FromSeconds(1));
        Assert.False(await sender.SendDue(Ct));
        office.Clock.Advance(TimeSpan.FromSeconds(1));
        await sender.SendDue(Ct);

        Assert.Equal(2, (await sink.Messages()).Count);
        Assert.All(await office.Messages(), m => Assert.Equal((MessageStatus.Sent, null), (m.Status, m.ClaimedAt)));
    }

    [Fact]
    [Rule("MAIL-4")]
    public async Task On_SQLite_a_process_that_starts_waits_for_nobody()
    {
        await using var sink = await SmtpSink.Start();
        await using var office = await PostOffice.Open(DatabaseKind.Sqlite, postgres);
        await office.Invite("Ann", "Bob");
        await office.Claims().Claim(office.Given.Workspace, Ct);
        using var sender = office.Sender(sink.Url);

        // The clock stands still: nobody was silent for any time.
        await sender.StartAsync(Ct);

        Assert.Equal(2, (await sink.WaitFor(2, Patience)).Count);
        await sender.StopAsync(Ct);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("MAIL-4")]
    public async Task A_server_that_is_slow_for_much_longer_gets_each_message_once_whatever_clocks_say(DatabaseKind kind)
    {
        await using var sink = await SmtpSink.Start();
        await using var slow = new HaltingSmtp();
        await using var office = await PostOffice.Open(kind, postgres);
        var people = await office.Invite("Ann", "Bob", "Cid");
        var ahead = new FakeTimeProvider(office.Clock.GetUtcNow().AddHours(1));
        using var first = office.Sender(slow.Url);
        using var second = office.Sender(sink.Url, clock: ahead);

        var sending = Task.Run(() => first.SendDue(Ct));
        await slow.HasOne.WaitAsync(Patience);
        var step = Options.Silence / 4;
        for (var passed = TimeSpan.Zero; passed < 3 * Options.Silence; passed += step)
        {
            var before = await Marks(office);
            Assert.False(await second.SendDue(Ct));
            office.Clock.Advance(step);
            ahead.Advance(step);
            using var patience = new CancellationTokenSource(Patience);
            while ((await Marks(office)).Intersect(before).Any())
            {
                await Task.Delay(10, patience.Token);
            }
        }

        slow.GoOn();
        await sending;
        while (await first.SendDue(Ct)) { }

        Assert.Equal(people.Select(p => p.Email).Order(), slow.Taken.Order());
        Assert.False(await second.SendDue(Ct));
        Assert.Empty(await sink.Messages());
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("MAIL-4")]
    public async Task A_process_that_stood_still_and_was_taken_for_dead_repeats_the_one_message_it_was_at(DatabaseKind kind)
    {
        await using var sink = await SmtpSink.Start();
        await using var slow = new HaltingSmtp();
        await using var office = await PostOffice.Open(kind, postgres);
        var people = await office.Invite("Ann", "Bob", "Cid");
        var clock = new FakeTimeProvider(office.Clock.GetUtcNow());
        using var asleep = office.Sender(slow.Url);
        using var other = office.Sender(sink.Url, clock: clock);

        // Time passes for the other one only.
        var sending = Task.Run(() => asleep.SendDue(Ct));
        await slow.HasOne.WaitAsync(Patience);
        Assert.False(await other.SendDue(Ct));
        clock.Advance(Options.Silence);
        await other.SendDue(Ct);
        Assert.Equal(people.Select(p => p.Email).Order(), (await sink.Messages()).Select(m => m.Recipient).Order());

        slow.GoOn();
        await sending;

        Assert.False(await asleep.SendDue(Ct));
        Assert.Single(slow.Taken);
        Assert.All(await office.Messages(), m => Assert.Equal(MessageStatus.Sent, m.Status));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Who_was_taken_for_dead_neither_gives_up_nor_puts_off_what_another_sends(DatabaseKind kind)
    {
        await using var office = await PostOffice.Open(kind, postgres);
        var people = await office.Invite("Ann", "Bob", "Cid", "Dan");
        await using var refusing = new HaltingSmtp("550 5.1.1 No such user");
        var clock = new FakeTimeProvider(office.Clock.GetUtcNow());
        using var asleep = office.Sender(refusing.Url);

        var sending = Task.Run(() => asleep.SendDue(Ct));
        await refusing.HasOne.WaitAsync(Patience);
        var another = office.Claims(clock);
        await another.GiveUpSilent(Ct);
        clock.Advance(Options.Silence);
        await another.GiveUpSilent(Ct);
        var claim = await another.Claim(office.Given.Workspace, Ct);
        Assert.Equal(people.Count, claim.Messages.Count);
        refusing.GoOn();
        await sending;

        Assert.All(await office.Messages(), m => Assert.Equal((MessageStatus.Waiting, 0, claim.Mark), (m.Status, m.Attempts, m.ClaimedAt)));
    }

    [Fact]
    [Rule("MAIL-4")]
    public async Task Whose_messages_are_long_in_loading_shows_that_it_lives_and_sends_them()
    {
        await using var sink = await SmtpSink.Start();
        await using var other = await SmtpSink.Start();
        await using var office = await PostOffice.Open(DatabaseKind.Postgres, postgres);
        var people = await office.Invite("Ann", "Bob", "Cid");
        var clock = new FakeTimeProvider(office.Clock.GetUtcNow());
        using var first = office.Sender(sink.Url);
        using var second = office.Sender(other.Url, clock: clock);
        // Claiming asks the outbox only; loading asks this too.
        await using var slow = office.Database.Open(office.Given.Workspace);
        await using var locked = await slow.Database.BeginTransactionAsync(Ct);
        await slow.Database.ExecuteSqlAsync($"LOCK TABLE letter_texts IN ACCESS EXCLUSIVE MODE", Ct);

        var sending = Task.Run(() => first.SendDue(Ct));
        using var patience = new CancellationTokenSource(Patience);
        while ((await Marks(office)).Contains(null))
        {
            await Task.Delay(10, patience.Token);
        }

        var step = Options.Silence / 4;
        for (var passed = TimeSpan.Zero; passed < 2 * Options.Silence; passed += step)
        {
            var before = await Marks(office);
            Assert.False(await second.SendDue(Ct));
            office.Clock.Advance(step);
            clock.Advance(step);
            while ((await Marks(office)).Intersect(before).Any())
            {
                await Task.Delay(10, patience.Token);
            }
        }

        await locked.CommitAsync(Ct);
        await sending;

        Assert.Equal(people.Select(p => p.Email).Order(), (await sink.Messages()).Select(m => m.Recipient).Order());
        Assert.False(await second.SendDue(Ct));
        Assert.Empty(await other.Messages());
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("RESTORE-1")]
    public async Task What_is_released_while_it_is_claimed_is_sent_and_not_held_again(DatabaseKind kind)
    {
        await using var office = await PostOffice.Open(kind, postgres);
        await using var slow = new HaltingSmtp();
        var people = await office.Invite("Ann");
        var held = await office.Invite("Bob", "Cid");
        var operation = (await office.MessageTo(held[0])).OperationId;
        await office.ByHand(async db =>
        {
            db.Operations.Add(
                new()
                {
                    WorkspaceId = office.Given.Workspace,
                    Id = operation,
                    Action = "invite-users",
                    Status = OperationStatus.Running,
                    CreatedAt = office.Given.Now,
                    ConfirmedAt = office.Given.Now,
                }
            );
            await db.SaveChangesAsync();
            await db.Workspaces.ExecuteUpdateAsync(set => set.SetProperty(w => w.MailHeldBefore, office.Given.Now));
        });
        using var sender = office.Sender(slow.Url);

        var sending = Task.Run(() => sender.SendDue(Ct));
        await slow.HasOne.WaitAsync(Patience);
        await office.ByHand(db => HeldMail.Release(db, office.Given.Admin, office.Given.Now, Ct));
        slow.GoOn();
        await sending;
        while (await sender.SendDue(Ct)) { }

        Assert.Equal(people.Concat(held).Select(p => p.Email).Order(), slow.Taken.Order());
        Assert.All(await office.Messages(), m => Assert.Equal(MessageStatus.Sent, m.Status));
    }

    private static async Task<IReadOnlyList<DateTime?>> Marks(PostOffice office) =>
        [.. (await office.Messages()).Where(m => m.Status == MessageStatus.Waiting).Select(m => m.ClaimedAt)];

    /// <summary>A mail server that has taken its first message and does not say so before it is told to; afterwards it answers as usual, or with these words.</summary>
    private sealed class HaltingSmtp : IAsyncDisposable
    {
        private readonly ManualResetEventSlim gate = new();
        private readonly TaskCompletionSource hasOne = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly FaultySmtp server;

        public HaltingSmtp(string? words = null) =>
            server = new(step =>
            {
                if (step != ".")
                {
                    return null;
                }

                hasOne.TrySetResult();
                gate.Wait();
                return words is null ? null : (SmtpFault.Say, words);
            });

        public string Url => server.Url;

        public Task HasOne => hasOne.Task;

        public IReadOnlyList<string> Taken => server.Taken;

        public void GoOn() => gate.Set();

        public async ValueTask DisposeAsync()
        {
            gate.Set();
            await server.DisposeAsync();
            gate.Dispose();
        }
    }
}
