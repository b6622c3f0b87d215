namespace Muster.Web;

/// <summary>An organisation unit as the tree shows it.</summary>
public sealed record UnitNode(long Id, string Name, IReadOnlyList<UnitNode> Children)
{
    /// <summary>True when the unit is this one or below it.</summary>
    public bool Holds(long? id) => id is not null && (Id == id || Children.Any(child => child.Holds(id)));
}
