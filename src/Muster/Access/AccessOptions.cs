using System.ComponentModel.DataAnnotations;

namespace Muster.Access;

/// <summary>How sign-in defends itself. Section <c>Muster:Access</c>.</summary>
public sealed record AccessOptions
{
    /// <summary>The shortest password; length is worth more than odd characters, so nothing else is asked for.</summary>
    public const int ShortestPassword = 12;

    /// <summary>Tries to sign in, and to follow an invitation, from one address in a minute.</summary>
    [Range(1, 10_000)]
    public int TriesPerMinute { get; init; } = 20;

    /// <summary>Wrong passwords in a row after which an account cannot be signed in to for <see cref="LockoutMinutes"/>.</summary>
    [Range(3, 1000)]
    public int LockoutAfter { get; init; } = 10;

    [Range(1, 1440)]
    public int LockoutMinutes { get; init; } = 5;

    /// <summary>Hours without a request after which a session ends.</summary>
    [Range(1, 720)]
    public int SessionHours { get; init; } = 12;
}
