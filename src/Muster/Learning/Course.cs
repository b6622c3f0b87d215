namespace Muster.Learning;

/// <summary>Something people can be enrolled to.</summary>
public sealed class Course
{
    public long WorkspaceId { get; set; }

    public long Id { get; set; }

    public required string Title { get; set; }

    /// <summary>The course's id in the system that delivers it.</summary>
    public string? ExternalReference { get; set; }

    /// <summary>A closed course takes no new enrolment by any path.</summary>
    public bool IsOpen { get; set; } = true;

    /// <summary>Licence limit: how many attempts may be open at once; null for no limit.</summary>
    public int? Seats { get; set; }
}
