using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Muster.Mail;

/// <summary>How a message fared at the server.</summary>
public enum Handover
{
    /// <summary>It answered 250.</summary>
    Taken,

    /// <summary>It refused this message or recipient for good.</summary>
    Refused,

    /// <summary>It refused for the time being, or the connection was lost in the middle.</summary>
    NotNow,

    /// <summary>It cannot be reached, does not let us in, or takes nothing from us: everybody has to wait.</summary>
    Unavailable,
}

/// <summary>One connection to the mail server, opened when first needed and used for message after message.</summary>
internal sealed class SmtpLine(SmtpServer server, TimeSpan timeout) : IAsyncDisposable
{
    private SmtpClient? client;

    /// <summary>Hands one message over.</summary>
    /// <returns>How it fared, and the server's words where it did not take it.</returns>
    public async Task<(Handover Handover, string Words)> Send(MimeMessage message)
    {
        // Not to be torn down by a shutdown: a message half handed over may or may not have gone out.
        using var patience = new CancellationTokenSource(timeout);
        try
        {
            await Connect(patience.Token);
        }
        catch (Exception e) when (IsTrouble(e))
        {
            await Hang();
            return (Handover.Unavailable, Words(e));
        }

        try
        {
            await client!.SendAsync(message, patience.Token);
            return (Handover.Taken, "");
        }
        catch (SmtpCommandException e)
        {
            var words = $"{(int)e.StatusCode} {e.Message}";
            if (e.ErrorCode == SmtpErrorCode.SenderNotAccepted || (int)e.StatusCode == 421)
            {
                // Nothing is wrong with this message: the server takes none from us.
                await Hang();
                return (Handover.Unavailable, words);
            }

            return ((int)e.StatusCode >= 500 ? Handover.Refused : Handover.NotNow, words);
        }
        catch (NotSupportedException e)
        {
            // An address outside ASCII, and a server without SMTPUTF8.
            return (Handover.Refused, e.Message);
        }
        catch (Exception e) when (IsTrouble(e))
        {
            await Hang();
            return (Handover.NotNow, Words(e));
        }
    }

    /// <summary>Says goodbye; the next message opens a new connection.</summary>
    public async Task Close()
    {
        if (client is { IsConnected: true })
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            try
            {
                await client.DisconnectAsync(quit: true, patience.Token);
            }
            catch (Exception e) when (IsTrouble(e))
            {
                // It is closed either way.
            }
        }

        await Hang();
    }

    public async ValueTask DisposeAsync() => await Close();

    private async Task Connect(CancellationToken ct)
    {
        if (client is { IsConnected: true })
        {
            return;
        }

        await Hang();
        client = new SmtpClient { Timeout = (int)timeout.TotalMilliseconds };
        var security = server.IsImplicitTls ? SecureSocketOptions.SslOnConnect : SecureSocketOptions.StartTlsWhenAvailable;
        await client.ConnectAsync(server.Host, server.Port, security, ct);
        if (server.User is { } user)
        {
            await client.AuthenticateAsync(user, server.Password ?? "", ct);
        }
    }

    private Task Hang()
    {
        client?.Dispose();
        client = null;
        return Task.CompletedTask;
    }

    private static bool IsTrouble(Exception e) =>
        e
            is IOException
                or SocketException
                or ProtocolException
                or CommandException
                or AuthenticationException
                or SslHandshakeException
                or TimeoutException
                or OperationCanceledException
                or NotSupportedException
                or InvalidOperationException;

    private static string Words(Exception e) =>
        e is OperationCanceledException or TimeoutException ? "The mail server did not answer in time." : e.Message;
}
