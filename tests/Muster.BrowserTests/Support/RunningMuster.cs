using Xunit;

namespace Muster.BrowserTests;

/// <summary>A server as on a first run: an empty SQLite file in a folder of its own, and a mail server that takes everything.</summary>
public sealed class RunningMuster : IAsyncLifetime
{
    private MusterProcess? server;
    private SmtpSink? mail;

    /// <summary>The server's process.</summary>
    public MusterProcess Server => server ?? throw new InvalidOperationException("Not started");

    /// <summary>The mail server it was told to use.</summary>
    public SmtpSink Mail => mail ?? throw new InvalidOperationException("Not started");

    /// <summary>The database file.</summary>
    public string Database { get; } = Path.Combine(Reaper.NewFolder("browser", inMemory: true), "muster.db");

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        mail = await SmtpSink.Start();
        server = await MusterProcess.Start(new() { Database = $"sqlite:{Database}", Smtp = mail.Url });
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        if (mail is not null)
        {
            await mail.DisposeAsync();
        }
    }
}
