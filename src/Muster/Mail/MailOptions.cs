using System.Globalization;
using Muster.Files;

namespace Muster.Mail;

/// <summary>How e-mail leaves the site. Without a server messages are kept on the outbox page, so that a first run needs none.</summary>
public sealed record MailOptions
{
    /// <summary><c>Muster__Smtp</c>; null when messages are kept.</summary>
    public SmtpServer? Smtp { get; init; }

    /// <summary><c>Muster__PublicUrl</c>: the address under which people reach the site; null to use the one the server listens on.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary><c>Muster__MailFrom</c>: the sender's address; by default <c>muster@</c> the host of <see cref="PublicUrl"/>.</summary>
    public string? From { get; init; }

    /// <summary><c>Muster__MailsPerSecond</c>: how many messages a process hands over in a second; 0 for no limit.</summary>
    public double PerSecond { get; init; } = 20;

    /// <summary>After so many refusals for the time being, or lost connections, a message counts as failed: with the growing pauses about a day.</summary>
    public int MostAttempts { get; init; } = 12;

    /// <summary>The pause after a first refusal for the time being; it doubles each time.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest pause.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromHours(4);

    /// <summary><c>Muster__SmtpTimeoutSeconds</c>: how long one message may take, with the connection for it; a server that has not answered by then is hung up on.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>After how long without a sign of life others send what a process had claimed.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How often a process gives that sign while it sends, however long one message takes.</summary>
    public TimeSpan Beat => Silence / 4;

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="FormatException">A setting cannot be used; the message says which and what would be right.</exception>
    public static MailOptions Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var options = new MailOptions();
        return new()
        {
            Smtp = Text(configuration, "Smtp") is { } smtp ? SmtpServer.Parse(smtp) : null,
            PublicUrl = Text(configuration, "PublicUrl") is { } url ? Address(url) : null,
            From = Text(configuration, "MailFrom") is { } from ? Sender(from) : null,
            PerSecond = Text(configuration, "MailsPerSecond") is { } rate ? Rate(rate) : options.PerSecond,
            Timeout = Text(configuration, "SmtpTimeoutSeconds") is { } seconds ? Seconds(seconds) : options.Timeout,
        };
    }

    private static string? Text(IConfiguration configuration, string name) =>
        configuration[$"Muster:{name}"] is { } text && text.Trim().Length > 0 ? text.Trim() : null;

    private static Uri Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Query.Length == 0
            ? url
            : throw new FormatException(
                $"Muster__PublicUrl is '{text}'; it must be the address people reach this site under, for example 'https://learning.example.com'."
            );

    private static string Sender(string text) =>
        EmailAddress.TryParse(text, out var address, out var problem, allowDotless: true)
            ? address.Address
            : throw new FormatException($"Muster__MailFrom is '{text}'. {problem}");

    private static TimeSpan Seconds(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= 600
            ? TimeSpan.FromSeconds(seconds)
            : throw new FormatException($"Muster__SmtpTimeoutSeconds is '{text}'; it must be a whole number from 1 to 600.");

    private static double Rate(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) && rate is >= 0 and <= 10_000
            ? rate
            : throw new FormatException($"Muster__MailsPerSecond is '{text}'; it must be a number from 0 (no limit) to 10000.");
}
