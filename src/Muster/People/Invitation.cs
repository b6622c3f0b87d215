namespace Muster.People;

/// <summary>The offer to join a workspace: one per profile, renewed by a resend. Only the token's hash is stored.</summary>
public sealed class Invitation
{
    public long WorkspaceId { get; set; }

    public long ProfileId { get; set; }

    /// <summary>
    /// SHA-256 of the token in the newest e-mailed link, as lower-case hex; null when there is none. It stays after acceptance and cancellation, which
    /// end the link by their dates: so the link can say what became of it.
    /// </summary>
    public string? TokenHash { get; set; }

    public int SentCount { get; set; }

    public DateTime LastSentAt { get; set; }

    public DateTime ExpiresAt { get; set; }

    public DateTime? AcceptedAt { get; set; }

    public DateTime? CancelledAt { get; set; }

    /// <summary>The operation that last wrote this invitation; null when a person did it by hand.</summary>
    public long? OperationId { get; set; }
}
