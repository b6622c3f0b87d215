using System.ComponentModel.DataAnnotations;

namespace Muster.Api;

/// <summary>How much one client may ask for. Section <c>Muster:Api</c>.</summary>
public sealed record ApiOptions
{
    /// <summary>Requests a token may make in a minute.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerMinute { get; init; } = 1200;
}
