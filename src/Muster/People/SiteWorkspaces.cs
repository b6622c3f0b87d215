using Microsoft.EntityFrameworkCore;
using Muster.Data;

namespace Muster.People;

/// <summary>A workspace as Site Admins see it.</summary>
/// <param name="Workspace">The workspace.</param>
/// <param name="Users">Its present users: Active, Expired and Invited ones.</param>
/// <param name="Archived">Its Archived users.</param>
/// <param name="Courses">Its courses.</param>
public sealed record WorkspaceLine(Workspace Workspace, long Users, long Archived, long Courses);

/// <summary>Every workspace of the site with what is in it, for Site Admins.</summary>
public static class SiteWorkspaces
{
    /// <summary>In the order of their names, three statements in all.</summary>
    public static async Task<IReadOnlyList<WorkspaceLine>> All(MusterDb db, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        var workspaces = await db.Workspaces.AsNoTracking().OrderBy(w => w.Name).ThenBy(w => w.Id).ToListAsync(ct);
        // Every workspace, so the filter is lifted: numbers of people and courses only.
        var people = await db
            .Profiles.IgnoreQueryFilters()
            .Where(p => p.Status != ProfileStatus.Cancelled)
            .GroupBy(p => new { p.WorkspaceId, Gone = p.Status == ProfileStatus.Archived })
            .Select(g => new
            {
                g.Key.WorkspaceId,
                g.Key.Gone,
                Count = g.LongCount(),
            })
            .ToDictionaryAsync(g => (g.WorkspaceId, g.Gone), g => g.Count, ct);
        var courses = await db
            .Courses.IgnoreQueryFilters()
            .GroupBy(c => c.WorkspaceId)
            .Select(g => new { g.Key, Count = g.LongCount() })
            .ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        return workspaces.ConvertAll(w => new WorkspaceLine(
            w,
            people.GetValueOrDefault((w.Id, false)),
            people.GetValueOrDefault((w.Id, true)),
            courses.GetValueOrDefault(w.Id)
        ));
    }
}
