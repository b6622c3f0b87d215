using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.People;

namespace Muster.Web;

/// <summary>One line of the users list.</summary>
public sealed record UserLine(
    long Id,
    string FirstName,
    string LastName,
    string Email,
    ProfileRole Role,
    long? UnitId,
    ProfileStatus Status,
    DateOnly? ExpiresOn,
    DateTime? LastActiveAt
)
{
    public string Name => $"{FirstName} {LastName}".Trim() is { Length: > 0 } name ? name : Email;

    public string? Unit { get; set; }

    public int Groups { get; set; }
}

/// <summary>One page of the users list.</summary>
/// <param name="Lines">The people, in order.</param>
/// <param name="HasPrevious">People stand before the first.</param>
/// <param name="HasNext">People stand after the last.</param>
/// <param name="Matching">How many match, counted up to <see cref="UserPages.CountLimit"/>.</param>
public sealed record UserListPage(IReadOnlyList<UserLine> Lines, bool HasPrevious, bool HasNext, long Matching)
{
    /// <summary>More match than were counted.</summary>
    public bool IsCapped => Matching > UserPages.CountLimit;
}

/// <summary>Reads pages of the users list by keyset: as quick at the millionth person as at the first.</summary>
public static class UserList
{
    /// <summary>People on a page.</summary>
    public const int PageSize = 50;

    /// <summary>The page that a state asks for.</summary>
    public static async Task<UserListPage> Read(MusterDb db, Here here, UserListState state, UserFilter usual, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(here);
        ArgumentNullException.ThrowIfNull(state);
        // Reading backwards is reading forwards in the other order, turned round afterwards.
        var backwards = state.Before is not null;
        var place = state.Before ?? state.After;
        var from = place is null
            ? null
            : await here.Visible(db, db.Profiles.Where(p => p.WorkspaceId == here.Id && p.Id == place))
                .Select(p => p.SortName)
                .SingleOrDefaultAsync(ct);
        var page = await new UserPages(db, here.Actor, state.ToFilter(usual), here.Today, here.Workspace.TimeZone).Read(
            new(from, place ?? 0, state.Descending != backwards),
            PageSize + 1,
            p => new UserLine(p.Id, p.FirstName, p.LastName, p.Email, p.Role, p.UnitId, p.Status, p.ExpiresOn, p.LastActiveAt),
            ct
        );
        var lines = page.Lines.ToList();
        var more = lines.Count > PageSize;
        lines = lines[..Math.Min(lines.Count, PageSize)];
        if (backwards)
        {
            lines.Reverse();
        }

        await AddDetails(db, here.Id, lines, ct);
        return new(lines, backwards ? more : from is not null, backwards ? from is not null : more, page.Matching);
    }

    /// <summary>Every unit the reader may look into as a tree, in name order; a unit below one they may not stands at the top.</summary>
    public static async Task<IReadOnlyList<UnitNode>> Units(MusterDb db, Here here, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(here);
        var units = await here.Visible(db, db.Units.AsNoTracking().Where(u => u.WorkspaceId == here.Id))
            .OrderBy(u => u.PathKey)
            .Select(u => new
            {
                u.Id,
                u.ParentId,
                u.Name,
            })
            .ToListAsync(ct);
        var shown = units.Select(u => u.Id).ToHashSet();
        var below = units.ToLookup(u => u.ParentId is { } parent && shown.Contains(parent) ? u.ParentId : null);
        IReadOnlyList<UnitNode> Branch(long? parent) => [.. below[parent].Select(u => new UnitNode(u.Id, u.Name, Branch(u.Id)))];
        return Branch(null);
    }

    private static async Task AddDetails(MusterDb db, long workspaceId, List<UserLine> lines, CancellationToken ct)
    {
        var ids = lines.ConvertAll(line => line.Id);
        var unitIds = lines.Where(line => line.UnitId is not null).Select(line => line.UnitId!.Value).Distinct().ToList();
        var units = await db
            .Units.Where(u => u.WorkspaceId == workspaceId && unitIds.Contains(u.Id))
            .ToDictionaryAsync(u => u.Id, u => u.Name, ct);
        var groups = await db
            .Memberships.Where(m => m.WorkspaceId == workspaceId && ids.Contains(m.ProfileId))
            .GroupBy(m => m.ProfileId)
            .Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        foreach (var line in lines)
        {
            line.Unit = line.UnitId is { } unit ? units.GetValueOrDefault(unit) : null;
            line.Groups = groups.GetValueOrDefault(line.Id);
        }
    }
}
