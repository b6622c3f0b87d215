using Muster.Bulk;
using Muster.People;

namespace Muster.Learning;

/// <summary>An open course that an active rule gives to the members of a group.</summary>
public sealed class GroupCourse
{
    public required long GroupId { get; init; }
    public required long CourseId { get; init; }
    public required long RuleId { get; init; }
}

/// <summary>Somebody who is to join a group, with the courses that this leads to.</summary>
public sealed class Joiner
{
    public required long Position { get; init; }
    public required long Ordinal { get; init; }

    /// <summary>See <see cref="Subject.Planned"/>.</summary>
    public required string? Planned { get; init; }

    public required long ProfileId { get; init; }
    public required long GroupId { get; init; }
    public required ProfileStatus Status { get; init; }

    /// <summary>Ids of the courses they hold no open attempt at, each behind a space, in id order.</summary>
    public required string Courses { get; init; }
}
