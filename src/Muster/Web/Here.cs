using Muster.Access;
using Muster.Bulk;
using Muster.Data;
using Muster.People;

namespace Muster.Web;

/// <summary>The workspace a page is about, as its reader sees it: addresses, days and hours, and the people they may see.</summary>
public sealed class Here(CurrentActor current, TimeProvider clock)
{
    /// <summary>The workspace.</summary>
    public Workspace Workspace => current.Workspace;

    /// <summary>The reader, with the rights of this moment.</summary>
    public Actor Actor => current.Actor;

    /// <summary>Id of the workspace.</summary>
    public long Id => Workspace.Id;

    /// <summary>Start of every address in the workspace: <c>/w/7</c>.</summary>
    public string Root => $"/w/{Workspace.Id}";

    /// <summary>Today in the workspace's zone.</summary>
    public DateOnly Today => clock.Today(Workspace.TimeZone);

    /// <summary>Who asks the pipeline, from where.</summary>
    public Requester Requester => new(Actor, OperationSource.Web, current.Address);

    /// <summary>The same about the site as a whole, on pages of Site Admins.</summary>
    public Requester SiteRequester =>
        new(new Actor(IdBlock.Site, current.Rank, current.Account?.Id, null, null), OperationSource.Web, current.Address);

    /// <summary>A UTC time as a day of the workspace; "Never" for none.</summary>
    public string Day(DateTime? utc) => utc is { } time ? $"{time.InZone(Workspace.TimeZone):yyyy-MM-dd}" : "Never";

    /// <summary>A UTC time as the workspace's wall clock shows it; an en dash for none.</summary>
    public string Moment(DateTime? utc) => utc is { } time ? $"{time.InZone(Workspace.TimeZone):yyyy-MM-dd HH:mm}" : "–";

    /// <summary>Only the people this reader may see: a Manager sees those of the managed units and all units below.</summary>
    public IQueryable<Profile> Visible(MusterDb db, IQueryable<Profile> profiles) => profiles.VisibleTo(db, Actor);

    /// <summary>Only the units whose people this reader may see.</summary>
    public IQueryable<OrganisationUnit> Visible(MusterDb db, IQueryable<OrganisationUnit> units)
    {
        if (Actor.IsAdmin)
        {
            return units;
        }

        var managed = Scope.ManagedUnits(db, Actor);
        return units.Where(u => managed.Contains(u.Id));
    }

    /// <summary>Only the groups of people this reader may see.</summary>
    public IQueryable<Group> Visible(MusterDb db, IQueryable<Group> groups)
    {
        if (Actor.IsAdmin)
        {
            return groups;
        }

        var workspaceId = Id;
        var people = Visible(db, db.Profiles.Where(p => p.WorkspaceId == workspaceId)).Select(p => p.Id);
        var theirs = db.Memberships.Where(m => m.WorkspaceId == workspaceId && people.Contains(m.ProfileId)).Select(m => m.GroupId);
        return groups.Where(g => theirs.Contains(g.Id));
    }
}
