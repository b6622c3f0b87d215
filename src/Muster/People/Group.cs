namespace Muster.People;

/// <summary>A flat set of users; a profile can be in many.</summary>
public sealed class Group
{
    public long WorkspaceId { get; set; }

    public long Id { get; set; }

    public required string Name { get; set; }

    /// <summary>Folded name; unique in the workspace.</summary>
    public required string NameKey { get; set; }
}

/// <summary>One profile in one group.</summary>
public sealed class Membership
{
    public long WorkspaceId { get; set; }

    public long ProfileId { get; set; }

    public long GroupId { get; set; }

    public DateTime AddedAt { get; set; }

    /// <summary>The operation that added the profile; null when a person did it by hand.</summary>
    public long? OperationId { get; set; }
}

/// <summary>A membership that an operation took away, kept as it was for its undo.</summary>
public sealed class RemovedMembership
{
    public long WorkspaceId { get; set; }

    /// <summary>The operation that took it away.</summary>
    public long OperationId { get; set; }

    public long ProfileId { get; set; }

    public long GroupId { get; set; }

    public DateTime AddedAt { get; set; }

    /// <summary>The operation that had added the profile, if one had.</summary>
    public long? AddedByOperationId { get; set; }
}
