namespace Muster.People;

/// <summary>A separate space with its own users, units, groups, courses and settings. Nothing crosses workspaces except accounts and Site Admins.</summary>
public sealed class Workspace
{
    public long Id { get; set; }

    public required string Name { get; set; }

    /// <summary>IANA time zone in which dates are shown and "today" is decided, such as <c>Europe/London</c>.</summary>
    public string TimeZone { get; set; } = "Etc/UTC";

    /// <summary>A destructive action over this many users asks for the typed number (the smaller of this and <see cref="ThresholdPercent"/>).</summary>
    public int ThresholdUsers { get; set; } = 500;

    /// <summary>The same threshold as a share of the workspace's users, in percent.</summary>
    public int ThresholdPercent { get; set; } = 20;

    /// <summary>The threshold is never below this many users.</summary>
    public int ThresholdMinimum { get; set; } = 20;

    /// <summary>Days until an invitation lapses.</summary>
    public int InvitationDays { get; set; } = 30;

    /// <summary>Minutes that must lie between two e-mails of the same invitation.</summary>
    public int ResendMinutes { get; set; } = 10;

    /// <summary>Days for which an operation's items are kept; Undo is offered as long as they exist.</summary>
    public int RetentionDays { get; set; } = 400;

    /// <summary>From how many users on an action waits for a second administrator's approval, by the action's key, as JSON; an action that is not named never does.</summary>
    public string ApprovalFrom { get; set; } = "{}";

    public DateTime CreatedAt { get; set; }

    /// <summary>Set when the database came back from a backup: what operations confirmed until then write to people is held, since it may have been sent already. Null otherwise.</summary>
    public DateTime? MailHeldBefore { get; set; }
}
