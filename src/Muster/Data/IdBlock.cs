namespace Muster.Data;

/// <summary>The next free id of a workspace (or of the site, as workspace 0): ids are reserved in blocks by the application, so that one INSERT … SELECT can hand them out on any database.</summary>
public sealed class IdBlock
{
    /// <summary>The workspace number under which site-wide ids (workspaces, accounts) are reserved.</summary>
    public const long Site = 0;

    public long WorkspaceId { get; set; }

    public long Next { get; set; }
}
