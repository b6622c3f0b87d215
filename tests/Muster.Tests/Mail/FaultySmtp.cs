using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Muster.Tests;

/// <summary>What to do instead of answering as usual.</summary>
public enum SmtpFault
{
    /// <summary>Say this and go on.</summary>
    Say,

    /// <summary>Say nothing, for ever.</summary>
    Hang,

    /// <summary>Cut the connection.</summary>
    Cut,
}

/// <summary>A small SMTP server on real TCP that misbehaves at a place of the conversation as a script says, which a proper server cannot be made to.</summary>
public sealed class FaultySmtp : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource over = new();
    private readonly X509Certificate2? certificate;
    private readonly Func<string, (SmtpFault Fault, string Words)?> script;
    private readonly ConcurrentQueue<string> taken = new();

    /// <param name="script">
    /// Asked at each step with what the client said (<c>CONNECT</c> for the greeting, <c>.</c> for the end of a message); null: as usual.
    /// </param>
    /// <param name="untrusted">Offers TLS, with a certificate that nobody has signed.</param>
    public FaultySmtp(Func<string, (SmtpFault Fault, string Words)?> script, bool untrusted = false)
    {
        this.script = script;
        if (untrusted)
        {
            using var key = RSA.Create(2048);
            var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            var now = TimeProvider.System.GetUtcNow();
            certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        }

        listener.Start();
        _ = Accept();
    }

    /// <summary>The value for <c>Muster__Smtp</c>.</summary>
    public string Url => $"smtp://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>The same, for one who signs in.</summary>
    public string UrlOf(string user) => Url.Replace("//", $"//{user}:secret@", StringComparison.Ordinal);

    /// <summary>Recipients of the messages it answered 250 for.</summary>
    public IReadOnlyList<string> Taken => [.. taken];

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        listener.Dispose();
        certificate?.Dispose();
        over.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                _ = Converse(await listener.AcceptTcpClientAsync(over.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task Converse(TcpClient client)
    {
        using var _ = client;
        var ct = over.Token;
        try
        {
            Stream stream = client.GetStream();
            var reader = new StreamReader(stream, Encoding.ASCII);
            async Task Answer(string step, string usual, string? takes = null)
            {
                var (fault, words) = script(step) ?? (SmtpFault.Say, usual);
                if (takes is not null && fault == SmtpFault.Say && words == usual)
                {
                    // Before the client can know of it, and the test ask.
                    taken.Enqueue(takes);
                }

                if (fault == SmtpFault.Hang)
                {
                    await Task.Delay(Timeout.Infinite, ct);
                }

                if (fault == SmtpFault.Cut)
                {
                    client.Close();
                }
                else
                {
                    await stream.WriteAsync(Encoding.ASCII.GetBytes(words + "\r\n"), ct);
                }
            }

            await Answer("CONNECT", "220 faulty.test");
            var recipient = "";
            while (await reader.ReadLineAsync(ct) is { } line)
            {
                var verb = line.Split(' ')[0].ToUpperInvariant();
                if (verb == "EHLO")
                {
                    await Answer(line, certificate is null ? "250-faulty.test\r\n250 AUTH PLAIN LOGIN" : "250-faulty.test\r\n250 STARTTLS");
                }
                else if (verb == "STARTTLS" && certificate is not null)
                {
                    await Answer(line, "220 go");
                    var tls = new SslStream(stream);
                    await tls.AuthenticateAsServerAsync(certificate);
                    (stream, reader) = (tls, new StreamReader(tls, Encoding.ASCII));
                }
                else if (verb == "AUTH")
                {
                    await Answer(line, "235 welcome");
                }
                else if (verb == "RCPT")
                {
                    recipient = line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];
                    await Answer(line, "250 OK");
                }
                else if (verb == "DATA")
                {
                    await Answer(line, "354 go");
                    while (await reader.ReadLineAsync(ct) is { } text && text != ".") { }

                    await Answer(".", "250 OK", takes: recipient);
                }
                else
                {
                    await Answer(line, "250 OK");
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or AuthenticationException or ObjectDisposedException)
        {
            // The client has hung up, or the test is over.
        }
    }
}
