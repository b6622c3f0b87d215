using System.Data.Common;
using MimeKit;
using Muster.Bulk;

namespace Muster.Mail;

/// <summary>Hands the outbox's messages to the mail server, workspace by workspace, at least once each and never for a change that was rolled back.</summary>
public sealed partial class OutboxSender(
    Outbox outbox,
    OutboxClaims claims,
    OutboxSecrets secrets,
    SiteAddress site,
    ActionCatalog actions,
    MailOptions options,
    TimeProvider clock,
    ILogger<OutboxSender> log
) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private const int MostMarks = 60;
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(1);

    /// <summary>After so long the rest of a page is let go of: others may help, and what is loaded stays fresh.</summary>
    private static readonly TimeSpan LongestPage = TimeSpan.FromMinutes(1);

    private readonly SmtpLine? line = options.Smtp is { } server ? new(server, options.Timeout) : null;
    private long lastHandover;
    private int troubles;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options is { Smtp: not null, PublicUrl: null })
        {
            Log.NoPublicUrl(log, site.Root);
        }

        var hasTakenOver = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!hasTakenOver)
                {
                    await claims.TakeOver(stoppingToken);
                    hasTakenOver = true;
                }

                var rest = await SendDue(stoppingToken) ? TimeSpan.Zero : Rest();
                if (rest > TimeSpan.Zero)
                {
                    await Task.Delay(rest, clock, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                troubles++;
                Log.Trouble(log, e);
                await Task.Delay(Rest(), clock, stoppingToken);
            }
        }

        if (line is not null)
        {
            await line.DisposeAsync();
        }
    }

    /// <summary>Sends one page of every workspace that has messages due.</summary>
    /// <returns>False when there was nothing to send, or the server takes nothing at present.</returns>
    public async Task<bool> SendDue(CancellationToken ct)
    {
        if (line is null)
        {
            await outbox.Keep(ct);
            return false;
        }

        await claims.GiveUpSilent(ct);
        var workspaces = await claims.Workspaces(ct);
        foreach (var workspace in workspaces)
        {
            if (!await SendPage(workspace, ct))
            {
                return false;
            }
        }

        if (workspaces.Count == 0)
        {
            await line.Close();
        }

        return workspaces.Count > 0;
    }

    /// <returns>False when the server takes nothing at present.</returns>
    private async Task<bool> SendPage(long workspace, CancellationToken ct)
    {
        var begun = clock.GetTimestamp();
        var claim = await claims.Claim(workspace, ct);
        try
        {
            while (claim.Messages.TryPeek(out var message))
            {
                await claims.KeepWhile(claim, Pace(ct));
                if (ct.IsCancellationRequested || clock.GetElapsedTime(begun) > LongestPage)
                {
                    return true;
                }

                if (!await Send(claim, message))
                {
                    return false;
                }

                claim.Messages.Dequeue();
            }

            return true;
        }
        finally
        {
            await claims.Release(claim, CancellationToken.None);
        }
    }

    /// <returns>False when the server takes nothing at present; the message was not tried then.</returns>
    private async Task<bool> Send(MailClaim claim, DueMessage message)
    {
        var ct = CancellationToken.None;
        if (message.IsHeld && await outbox.Hold(claim, message, ct))
        {
            return true;
        }

        var token = "";
        if (message.HasLink && !secrets.TryUnprotect(message.Secret, out token))
        {
            await outbox.Fail(claim, message, "The key that its link was encrypted with is gone; send it again with a new link.", ct);
            return true;
        }

        var standing = await outbox.Ask(claim, message, token, ct);
        if (standing != Standing.Stands)
        {
            await (standing == Standing.Gone ? outbox.Suppress(claim, message, ct) : Task.CompletedTask);
            return true;
        }

        MimeMessage mime;
        try
        {
            mime = Compose(message, token);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            // One that cannot be written must not keep the others waiting.
            await outbox.Fail(claim, message, $"The message cannot be written: {e.Message}", ct);
            return true;
        }

        var handing = line!.Send(mime);
        await claims.KeepWhile(claim, handing);
        var (handover, words) = await handing;
        switch (handover)
        {
            case Handover.Taken:
                await Mark(claim, message);
                troubles = 0;
                return true;
            case Handover.Refused:
                Log.Refused(log, message.WorkspaceId, message.OperationId, message.ProfileId);
                await outbox.Fail(claim, message, words, ct);
                return true;
            case Handover.NotNow:
                Log.Postponed(log, message.WorkspaceId, message.OperationId, message.ProfileId, message.Attempts + 1);
                await outbox.Postpone(claim, message, words, ct);
                return true;
            default:
                troubles++;
                Log.Unavailable(log, options.Smtp!.ToString(), words, troubles);
                await outbox.Note(claim, message, words, ct);
                return false;
        }
    }

    /// <summary>Writes down that the server took a message, for as long as the database has trouble: let go of, it would be sent again.</summary>
    private async Task Mark(MailClaim claim, DueMessage message)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await outbox.Sent(message, CancellationToken.None);
                return;
            }
            catch (Exception e) when (attempt < MostMarks && (e is DbException or InvalidOperationException))
            {
                Log.Unmarked(log, message.WorkspaceId, message.OperationId, message.ProfileId, e);
                await claims.KeepWhile(claim, Task.Delay(Poll));
            }
        }
    }

    private MimeMessage Compose(DueMessage message, string token)
    {
        var letter = message.Write(site, actions, token);
        var sender = site.Sender;
        var mime = new MimeMessage
        {
            Subject = letter.Subject,
            Date = clock.GetUtcNow(),
            MessageId = message.MessageId(sender[(sender.LastIndexOf('@') + 1)..]),
            Body = new BodyBuilder { TextBody = letter.Text, HtmlBody = letter.Html }.ToMessageBody(),
        };
        mime.From.Add(new MailboxAddress(message.Workspace, sender));
        mime.To.Add(new MailboxAddress($"{message.FirstName} {message.LastName}", message.Email));
        // No out-of-office note shall answer this.
        mime.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return mime;
    }

    /// <summary>Keeps to the rate.</summary>
    private async Task Pace(CancellationToken ct)
    {
        if (options.PerSecond > 0 && lastHandover != 0)
        {
            var wait = TimeSpan.FromSeconds(1 / options.PerSecond) - clock.GetElapsedTime(lastHandover);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, clock, ct);
            }
        }

        lastHandover = clock.GetTimestamp();
    }

    /// <summary>How long to wait before looking again: longer each time the server is not there.</summary>
    private TimeSpan Rest() => troubles == 0 ? Poll : TimeSpan.FromTicks(Math.Min(Poll.Ticks << Math.Min(troubles, 10), LongestRest.Ticks));

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "Muster__Smtp is set and Muster__PublicUrl is not: links in e-mails will lead to {Address}"
        )]
        public static partial void NoPublicUrl(ILogger logger, string address);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Mail server {Server} is not available ({Words}), {Count} times in a row")]
        public static partial void Unavailable(ILogger logger, string server, string words, int count);

        [LoggerMessage(Level = LogLevel.Information, Message = "Message {Workspace}/{Operation}/{Profile} was refused by the mail server")]
        public static partial void Refused(ILogger logger, long workspace, long operation, long profile);

        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "Message {Workspace}/{Operation}/{Profile} was put off after attempt {Attempt}"
        )]
        public static partial void Postponed(ILogger logger, long workspace, long operation, long profile, int attempt);

        [LoggerMessage(Level = LogLevel.Error, Message = "Message {Workspace}/{Operation}/{Profile} was sent and cannot be marked so yet")]
        public static partial void Unmarked(ILogger logger, long workspace, long operation, long profile, Exception e);

        [LoggerMessage(Level = LogLevel.Error, Message = "Sending mail stopped; it goes on after a pause")]
        public static partial void Trouble(ILogger logger, Exception e);
    }
}
