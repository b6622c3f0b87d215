using Muster.People;

namespace Muster.Access;

/// <summary>A key for the API, bound to one workspace and a role. Only the secret's hash is stored.</summary>
public sealed class ApiToken
{
    public long WorkspaceId { get; set; }

    public long Id { get; set; }

    public required string Name { get; set; }

    /// <summary>SHA-256 of the token, as lower-case hex.</summary>
    public required string TokenHash { get; set; }

    public ProfileRole Role { get; set; }

    public DateTime CreatedAt { get; set; }

    /// <summary>Who made it; null when the command line did.</summary>
    public long? CreatedByAccountId { get; set; }

    public DateTime? ExpiresAt { get; set; }

    public DateTime? RevokedAt { get; set; }

    public DateTime? LastUsedAt { get; set; }
}
