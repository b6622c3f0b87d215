namespace Muster.Learning;

/// <summary>What an auto-enrolment rule watches.</summary>
public enum RuleTargetKind
{
    /// <summary>Organisation units, cascading to the units below.</summary>
    Units = 0,

    Groups = 1,
}

/// <summary>Enrols whoever joins one of its targets in each of its courses, while it is active.</summary>
public sealed class AutoEnrolmentRule
{
    public long WorkspaceId { get; set; }

    public long Id { get; set; }

    public required string Name { get; set; }

    public string? Description { get; set; }

    public bool IsActive { get; set; } = true;

    public RuleTargetKind TargetKind { get; set; }
}

/// <summary>A unit or group that a rule watches, by its <see cref="AutoEnrolmentRule.TargetKind"/>.</summary>
public sealed class RuleTarget
{
    public long WorkspaceId { get; set; }

    public long RuleId { get; set; }

    public long TargetId { get; set; }
}

/// <summary>A course that a rule enrols people in (an "auto-enrolment target").</summary>
public sealed class RuleCourse
{
    public long WorkspaceId { get; set; }

    public long RuleId { get; set; }

    public long CourseId { get; set; }
}
