namespace Muster.Bench;

/// <summary>The ids of a seeded workspace; the same for every size but the people.</summary>
/// <param name="Workspace">The workspace.</param>
/// <param name="Admin">Account of the Admin who confirms; they are in the workspace themselves.</param>
/// <param name="Users">People in it.</param>
/// <param name="Groups">Fifteen groups; nobody is in the first two, and the first has an auto-enrolment rule.</param>
/// <param name="Courses">Twenty courses; the first is the course of that rule.</param>
/// <param name="Units">Paths of the units.</param>
public sealed record Ground(
    long Workspace,
    long Admin,
    int Users,
    IReadOnlyList<long> Groups,
    IReadOnlyList<long> Courses,
    IReadOnlyList<string> Units
)
{
    /// <summary>The one custom field.</summary>
    public const string Field = "Site";
}
