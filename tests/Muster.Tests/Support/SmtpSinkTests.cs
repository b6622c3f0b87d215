using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Xunit;

namespace Muster.Tests;

public sealed class SmtpSinkTests
{
    [Fact]
    public async Task A_message_sent_by_MailKit_is_kept_with_its_envelope_and_its_parts()
    {
        await using var sink = await SmtpSink.Start();

        await Send(sink, Message("zoë@example.org", "first@muster.test"));

        var kept = Assert.Single(await sink.Messages());
        Assert.Equal("zoë@example.org", kept.Recipient);
        Assert.Equal("first@muster.test", kept.MessageId);
        Assert.Equal("Grüße aus Łódź", kept.Subject);
        Assert.Equal("plain ✔", kept.Text.Trim());
        Assert.Equal("<p>rich ✔</p>", kept.Html.Trim());
    }

    [Fact]
    public async Task A_refused_recipient_is_refused_and_the_others_are_not()
    {
        await using var sink = await SmtpSink.Start();
        await sink.Refuse(new Dictionary<string, string> { ["Gone@example.org"] = "550 5.1.1 No such user" });

        var refusal = await Assert.ThrowsAsync<SmtpCommandException>(() => Send(sink, Message("gone@example.org", "a@muster.test")));
        await Send(sink, Message("here@example.org", "b@muster.test"));

        Assert.Equal(SmtpErrorCode.RecipientNotAccepted, refusal.ErrorCode);
        Assert.Equal(["here@example.org"], (await sink.Messages()).Select(kept => kept.Recipient));
    }

    [Fact]
    public async Task A_dropped_connection_loses_the_message_or_hides_that_it_was_kept()
    {
        await using var sink = await SmtpSink.Start();

        await sink.DropBeforeKeeping();
        await Assert.ThrowsAnyAsync<Exception>(() => Send(sink, Message("lost@example.org", "a@muster.test")));
        await sink.DropAfterKeeping();
        await Assert.ThrowsAnyAsync<Exception>(() => Send(sink, Message("kept@example.org", "b@muster.test")));
        await Send(sink, Message("well@example.org", "c@muster.test"));

        Assert.Equal(
            ["kept@example.org", "well@example.org"],
            (await sink.WaitFor(2, TimeSpan.FromSeconds(10))).Select(kept => kept.Recipient)
        );
    }

    [Fact]
    public async Task A_slow_server_answers_late_and_sign_in_is_noted()
    {
        await using var sink = await SmtpSink.Start();
        await sink.TakeTime(TimeSpan.FromSeconds(30));
        using var impatient = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Send(sink, Message("late@example.org", "a@muster.test"), ct: impatient.Token)
        );

        await sink.Behave();
        await Send(sink, Message("soon@example.org", "b@muster.test"), user: "muster");

        Assert.Equal(["muster"], (await sink.Messages()).Select(kept => kept.SignedInAs));
    }

    private static MimeMessage Message(string to, string id)
    {
        var message = new MimeMessage { Subject = "Grüße aus Łódź", MessageId = id };
        message.From.Add(MailboxAddress.Parse("muster@example.org"));
        message.To.Add(new MailboxAddress("", to));
        message.Body = new BodyBuilder { TextBody = "plain ✔", HtmlBody = "<p>rich ✔</p>" }.ToMessageBody();
        return message;
    }

    private static async Task Send(SmtpSink sink, MimeMessage message, string? user = null, CancellationToken ct = default)
    {
        using var client = new SmtpClient();
        await client.ConnectAsync("127.0.0.1", sink.Port, SecureSocketOptions.None, ct);
        if (user is not null)
        {
            await client.AuthenticateAsync(user, "secret", ct);
        }

        var format = FormatOptions.Default.Clone();
        format.International = client.Capabilities.HasFlag(SmtpCapabilities.UTF8);
        await client.SendAsync(format, message, ct, progress: (ITransferProgress?)null);
        await client.DisconnectAsync(quit: true, ct);
    }
}
