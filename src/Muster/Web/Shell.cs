using System.Globalization;
using Muster.Access;

namespace Muster.Web;

/// <summary>What the frame around a page shows of the reader: where they are and what they may open.</summary>
public sealed class Shell
{
    /// <summary>Address key of the workspace, null outside any.</summary>
    public string? Workspace { get; set; }

    /// <summary>The workspace's name.</summary>
    public string? WorkspaceName { get; set; }

    /// <summary>The reader's name, null before signing in.</summary>
    public string? Reader { get; set; }

    /// <summary>Decides the hue of the reader's avatar.</summary>
    public long ReaderKey { get; set; }

    /// <summary>An Admin here, or a Site Admin.</summary>
    public bool Administers { get; set; }

    /// <summary>Somebody who manages people of some units.</summary>
    public bool Manages { get; set; }

    /// <summary>A Site Admin, in a workspace or outside.</summary>
    public bool AdministersSite { get; set; }

    /// <summary>The frame of whoever makes this request.</summary>
    public static Shell Of(CurrentActor current)
    {
        ArgumentNullException.ThrowIfNull(current);
        var shell = new Shell
        {
            Reader = current.Account?.Name,
            ReaderKey = current.Account?.Id ?? 0,
            AdministersSite = current.Account is { IsSiteAdmin: true },
        };
        if (current.IsInWorkspace)
        {
            shell.Workspace = current.Workspace.Id.ToString(CultureInfo.InvariantCulture);
            shell.WorkspaceName = current.Workspace.Name;
            shell.Administers = current.Actor.IsAdmin;
            shell.Manages = current.Actor.Rank == Rank.Manager;
        }

        return shell;
    }
}
