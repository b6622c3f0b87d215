using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Muster.Mail;

/// <summary>Encrypts the tokens that wait in the outbox, so that a copy of the database opens no invitation.</summary>
public sealed class OutboxSecrets(IDataProtectionProvider protection)
{
    private readonly IDataProtector protector = protection.CreateProtector("Muster.Mail.Outbox");

    /// <summary>
    /// Has the keys read, and a new one written where there is none or the last grows old. That happens on a connection of its own, which on SQLite would wait for ever
    /// for a transaction that itself waits for the key: so this comes before any transaction that encrypts.
    /// </summary>
    public void Ready() => protector.Protect("");

    public string Protect(string token) => protector.Protect(token);

    /// <summary>The token; false when the keys it was encrypted with are gone.</summary>
    public bool TryUnprotect(string? secret, [NotNullWhen(true)] out string? token)
    {
        token = null;
        try
        {
            token = secret is null ? null : protector.Unprotect(secret);
        }
        catch (CryptographicException)
        {
            // Keys were lost or the row was tampered with: the message can only be sent again with a new token.
        }

        return token is not null;
    }
}
