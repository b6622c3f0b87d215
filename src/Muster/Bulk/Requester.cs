using Muster.Access;

namespace Muster.Bulk;

/// <summary>A request that does not fit the state things are in (HTTP 409): what, and what would be right.</summary>
public sealed class ConflictException(string message) : Exception(message);

/// <summary>Who asks, from where; goes onto the operation and into the audit log.</summary>
/// <param name="Actor">With the rights they have now.</param>
/// <param name="Source">Page, API or command line.</param>
/// <param name="Address">IP address, where there is one.</param>
public sealed record Requester(Actor Actor, OperationSource Source, string? Address);
