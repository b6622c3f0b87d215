namespace Muster.Bulk;

/// <summary>A bulk action that is begun again and again: the same action and parameters, on whoever matches the filter then.</summary>
public sealed class Schedule
{
    public long WorkspaceId { get; set; }

    public long Id { get; set; }

    public required string Name { get; set; }

    /// <summary>Key of the action.</summary>
    public required string Action { get; set; }

    /// <summary>The action's parameters as JSON.</summary>
    public required string Parameters { get; set; }

    /// <summary>The <see cref="Bulk.Selection"/> as JSON; a filter.</summary>
    public required string Selection { get; set; }

    /// <summary>When, as a cron expression of five fields, by the workspace's clock.</summary>
    public required string Cron { get; set; }

    public bool IsActive { get; set; } = true;

    /// <summary>A run that would change more users waits for a person.</summary>
    public long LargestRun { get; set; }

    /// <summary>The next time, in UTC; null when there is none, or it is off. Whoever moves it on begins the operation, in the same transaction.</summary>
    public DateTime? NextAt { get; set; }

    /// <summary>In whose name and with whose rights it runs; null for a token or the command line.</summary>
    public long? AccountId { get; set; }

    public long? TokenId { get; set; }

    public DateTime CreatedAt { get; set; }
}
