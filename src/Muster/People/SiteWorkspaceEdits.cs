using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;

namespace Muster.People;

/// <summary>Makes and renames workspaces; for Site Admins.</summary>
public sealed class SiteWorkspaceEdits(Databases databases, TimeProvider clock)
{
    private const int LongestName = 100;

    /// <summary>Makes a workspace with nobody in it. Site Admins have access to it from then on.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="ParametersException">Names each wrong field.</exception>
    public async Task<long> Create(Requester requester, string? name, string? timeZone, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(requester);
        var (checkedName, zone) = (NameOf(name), ZoneOf(timeZone));
        await using var db = databases.Open(IdBlock.Site);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Also the turn of everybody else who names a workspace.
        var id = await db.Reserve(IdBlock.Site, 1, ct);
        await CheckUnique(db, null, checkedName, ct);
        db.Workspaces.Add(
            new Workspace
            {
                Id = id,
                Name = checkedName,
                TimeZone = zone,
                CreatedAt = clock.Now(),
            }
        );
        await db.SaveChangesAsync(ct);
        await Write(db, requester, id, "workspace.made", new { name = checkedName, timeZone = zone }, ct);
        await transaction.CommitAsync(ct);
        return id;
    }

    /// <summary>Gives a workspace another name.</summary>
    /// <returns>False when there is no such workspace.</returns>
    /// <exception cref="ParametersException">The name cannot be used; says what would be right.</exception>
    public async Task<bool> Rename(Requester requester, long id, string? name, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(requester);
        var checkedName = NameOf(name);
        await using var db = databases.Open(id);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.TakeTurn(IdBlock.Site, ct);
        if (await db.Workspaces.SingleOrDefaultAsync(w => w.Id == id, ct) is not { } workspace)
        {
            return false;
        }

        await CheckUnique(db, id, checkedName, ct);
        workspace.Name = checkedName;
        await db.SaveChangesAsync(ct);
        await Write(db, requester, id, "workspace.renamed", new { name = checkedName }, ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>Into the log of the workspace itself, where its Admins find it.</summary>
    private Task Write(MusterDb db, Requester requester, long id, string what, object details, CancellationToken ct) =>
        Audit.Write(db, requester with { Actor = requester.Actor with { WorkspaceId = id } }, what, details, clock.Now(), ct);

    private static string NameOf(string? name) =>
        (name ?? "").Trim().Normalize() switch
        {
            "" => throw new ParametersException("name", "Enter a name for the workspace."),
            { Length: > LongestName } => throw new ParametersException("name", "A name has at most 100 characters."),
            var trimmed when trimmed.Any(char.IsControl) => throw new ParametersException("name", "A name is one line of text."),
            var trimmed => trimmed,
        };

    private static string ZoneOf(string? timeZone)
    {
        var zone = (timeZone ?? "").Trim();
        return TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) && found.HasIanaId && zone.Length <= 64
            ? found.Id
            : throw new ParametersException("timeZone", "Enter a time zone by its IANA name, such as Europe/London or Etc/UTC.");
    }

    /// <summary>The command line and people know workspaces by their names. There are few enough to look at all.</summary>
    private static async Task CheckUnique(MusterDb db, long? own, string name, CancellationToken ct)
    {
        var others = await db.Workspaces.Where(w => w.Id != own).Select(w => w.Name).ToListAsync(ct);
        if (others.Exists(other => Names.Fold(other) == Names.Fold(name)))
        {
            throw new ParametersException("name", "There is a workspace of this name already; choose another name.");
        }
    }
}
