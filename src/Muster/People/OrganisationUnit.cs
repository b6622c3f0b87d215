namespace Muster.People;

/// <summary>A node of the workspace's tree of units, at most <see cref="MaxTiers"/> deep.</summary>
public sealed class OrganisationUnit
{
    /// <summary>How deep the tree may be, the top tier counted as 1.</summary>
    public const int MaxTiers = 6;

    /// <summary>What stands between the names of a path: <c>Sales / North</c>.</summary>
    public const string Separator = " / ";

    public long WorkspaceId { get; set; }

    public long Id { get; set; }

    public long? ParentId { get; set; }

    public required string Name { get; set; }

    /// <summary>Names from the top to this unit, joined by <see cref="Separator"/>.</summary>
    public required string Path { get; set; }

    /// <summary>Folded <see cref="Path"/>; unique in the workspace.</summary>
    public required string PathKey { get; set; }

    /// <summary>1 for a unit at the top.</summary>
    public int Tier { get; set; }
}

/// <summary>One row per unit and unit above it, itself included: the tree as a set, so that "with the units below" is a join.</summary>
public sealed class UnitAncestor
{
    public long WorkspaceId { get; set; }

    public long AncestorId { get; set; }

    public long UnitId { get; set; }
}
