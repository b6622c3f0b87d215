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
/// <param name="Matching">How many match, counted up to <see cref="UserList.CountLimit"/>.</param>
public sealed record UserListPage(IReadOnlyList<UserLine> Lines, bool HasPrevious, bool HasNext, long Matching)
{
    /// <summary>More match than were counted.</summary>
    public bool IsCapped => Matching > UserList.CountLimit;
}

/// <summary>Reads pages of the users list by keyset: as quick at the millionth person as at the first.</summary>
public static class UserList
{
    /// <summary>People on a page.</summary>
    public const int PageSize = 50;

    /// <summary>Counting stops here, and the page says "more than".</summary>
    public const int CountLimit = 10_000;

    /// <summary>The page that a state asks for.</summary>
    public static async Task<UserListPage> Read(MusterDb db, Here here, UserListState state, UserFilter usual, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(here);
        ArgumentNullException.ThrowIfNull(state);
        var matching = here.Visible(db, db.Users(here.Id, state.ToFilter(usual), here.Today, here.Workspace.TimeZone)).AsNoTracking();
        var count = await matching.Select(p => p.Id).Take(CountLimit + 1).LongCountAsync(ct);

        // Reading backwards is reading forwards in the other order, turned round afterwards.
        var backwards = state.Before is not null;
        var place = state.Before ?? state.After;
        var from = place is null
            ? null
            : await here.Visible(db, db.Profiles.Where(p => p.WorkspaceId == here.Id && p.Id == place))
                .Select(p => p.SortName)
                .SingleOrDefaultAsync(ct);
        var falling = state.Descending != backwards;
        var lines = await Ordered(matching, falling, from, place ?? 0)
            .Take(PageSize + 1)
            .Select(p => new UserLine(p.Id, p.FirstName, p.LastName, p.Email, p.Role, p.UnitId, p.Status, p.ExpiresOn, p.LastActiveAt))
            .ToListAsync(ct);
        var more = lines.Count > PageSize;
        lines = lines[..Math.Min(lines.Count, PageSize)];
        if (backwards)
        {
            lines.Reverse();
        }

        await AddDetails(db, here.Id, lines, ct);
        return new(lines, backwards ? more : from is not null, backwards ? from is not null : more, count);
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

    private static IQueryable<Profile> Ordered(IQueryable<Profile> profiles, bool falling, string? from, long id)
    {
        if (!falling)
        {
            return profiles.InListOrder(from, id);
        }

        if (from is not null)
        {
            profiles = profiles.Where(p => string.Compare(p.SortName, from) <= 0 && (string.Compare(p.SortName, from) < 0 || p.Id < id));
        }

        return profiles.OrderByDescending(p => p.SortName).ThenByDescending(p => p.Id);
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
