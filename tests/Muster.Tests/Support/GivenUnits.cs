using Muster.Learning;
using Muster.People;

namespace Muster.Tests;

/// <summary>Organisation units and the rules that watch them.</summary>
public sealed partial class Given
{
    /// <summary>Every unit, in the order made.</summary>
    public IReadOnlyList<OrganisationUnit> Units => [.. rows.OfType<OrganisationUnit>()];

    /// <summary>A rule that gives courses to whoever is in one of the units or below.</summary>
    public AutoEnrolmentRule UnitRule(IEnumerable<OrganisationUnit> units, IEnumerable<Course> courses)
    {
        var rule = Rule([], courses);
        rule.TargetKind = RuleTargetKind.Units;
        rows.AddRange(
            units.Select(unit => new RuleTarget
            {
                WorkspaceId = Workspace,
                RuleId = rule.Id,
                TargetId = unit.Id,
            })
        );
        return rule;
    }
}
