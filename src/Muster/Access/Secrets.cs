using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Muster.Access;

/// <summary>The random part of links and tokens. What is handed out is never stored; its hash is.</summary>
public static class Secrets
{
    private const int Bytes = 32;

    // No letters or digits that are mistaken for one another when read from a terminal.
    private const string Readable = "abcdefghjkmnpqrstuvwxyz23456789";

    /// <summary>256 random bits, as base64url.</summary>
    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>256 random bits behind the id of what they open, which therefore needs no index of hashes: a million hashes are written at a million places of one.</summary>
    /// <param name="id">Not secret; the whole text is hashed.</param>
    public static string CreateFor(long id) => string.Create(CultureInfo.InvariantCulture, $"{id:x}.{Create()}");

    /// <summary>The id in such a text; null when there is none.</summary>
    public static long? IdOf(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        var end = secret.IndexOf('.', StringComparison.Ordinal);
        return end > 0 && long.TryParse(secret.AsSpan(0, end), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id)
            ? id
            : null;
    }

    /// <summary>SHA-256 of a secret, as lower-case hex: what is stored and looked up.</summary>
    public static string Hash(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
    }

    /// <summary>A password for a person to type once: five groups of four.</summary>
    public static string Password() => string.Join('-', Enumerable.Range(0, 5).Select(_ => RandomNumberGenerator.GetString(Readable, 4)));
}
