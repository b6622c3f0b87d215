namespace Muster.Mail;

/// <summary>A mail server to hand messages to, read from <c>Muster__Smtp</c>: <c>smtp://user:password@host:port</c>, or <c>smtps://</c> for TLS from the first byte.</summary>
/// <param name="Host">Its name.</param>
/// <param name="Port">25 unless given, 465 for <c>smtps</c>, 587 where somebody signs in.</param>
/// <param name="IsImplicitTls">TLS from the first byte; otherwise STARTTLS where the server offers it.</param>
/// <param name="User">Whom to sign in as; null not to.</param>
/// <param name="Password">Their password.</param>
public sealed record SmtpServer(string Host, int Port, bool IsImplicitTls, string? User, string? Password)
{
    private const string Right = "it must be 'smtp://user:password@host:port' or 'smtps://…', for example 'smtp://mail.example.com:25'";

    /// <summary>Reads the setting.</summary>
    /// <exception cref="FormatException">The message says what would be right, without repeating a password.</exception>
    public static SmtpServer Parse(string setting)
    {
        ArgumentNullException.ThrowIfNull(setting);
        if (
            !Uri.TryCreate(setting.Trim(), UriKind.Absolute, out var url)
            || url.Scheme is not ("smtp" or "smtps")
            || url.Host.Length == 0
            || url.AbsolutePath is not ("" or "/")
            || url.Query.Length > 0
        )
        {
            throw new FormatException($"Muster__Smtp cannot be read; {Right}.");
        }

        var parts = url.UserInfo.Split(':', 2);
        var user = url.UserInfo.Length == 0 ? null : Uri.UnescapeDataString(parts[0]);
        if (user is not null && parts.Length < 2)
        {
            throw new FormatException($"Muster__Smtp names a user but no password; {Right}.");
        }

        var tls = url.Scheme == "smtps";
        var port =
            url.Port > 0 ? url.Port
            : tls ? 465
            : user is null ? 25
            : 587;
        return new(url.Host, port, tls, user, user is null ? null : Uri.UnescapeDataString(parts[1]));
    }

    /// <summary>Host and port; never the password.</summary>
    public override string ToString() => $"{Host}:{Port}";
}
