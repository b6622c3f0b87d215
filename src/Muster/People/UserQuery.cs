using Microsoft.EntityFrameworkCore;
using Muster.Data;

namespace Muster.People;

/// <summary>Turns a <see cref="UserFilter"/> into a query over indexes; the list, the API, the export and frozen selections all use it.</summary>
public static class UserQuery
{
    /// <summary>Words of fewer characters (not UTF-16 units) are not in the trigram index; alone they find people by the beginning of the last name.</summary>
    private const int ShortestIndexedWord = 3;

    /// <summary>Sorts behind every character a name can go on with.</summary>
    private const string Last = "\U0010FFFF";

    /// <summary>The profiles of a workspace that match, in no order.</summary>
    /// <param name="db">The database.</param>
    /// <param name="workspaceId">The workspace; every statement names it.</param>
    /// <param name="filter">What must hold.</param>
    /// <param name="today">Today in the workspace's zone, which decides who is Expired and which attempts are open.</param>
    /// <param name="timeZone">The workspace's zone; needed where the filter names days on which something happened.</param>
    public static IQueryable<Profile> Users(this MusterDb db, long workspaceId, UserFilter filter, DateOnly today, string? timeZone = null)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(filter);
        var profiles = Searched(db, workspaceId, filter.Search).Where(p => p.WorkspaceId == workspaceId);
        if (filter.Role is { } role)
        {
            profiles = profiles.Where(p => p.Role == role);
        }

        if (filter.Unit is { } unit)
        {
            profiles =
                filter.UnitsBelow == false
                    ? profiles.Where(p => p.UnitId == unit)
                    : profiles.Where(p =>
                        db.UnitAncestors.Where(a => a.WorkspaceId == workspaceId && a.AncestorId == unit)
                            .Select(a => (long?)a.UnitId)
                            .Contains(p.UnitId)
                    );
        }

        if (filter.Group is { } group)
        {
            profiles = profiles.Where(p =>
                db.Memberships.Any(m => m.WorkspaceId == workspaceId && m.GroupId == group && m.ProfileId == p.Id)
            );
        }

        if (filter.Groups is { } groups)
        {
            profiles = profiles.Where(p =>
                db.Memberships.Any(m => m.WorkspaceId == workspaceId && m.ProfileId == p.Id && groups.Contains(m.GroupId))
            );
        }

        if (filter.Course is { } course)
        {
            profiles = profiles.LearningNow(db, workspaceId, [course], today);
        }

        if (filter.Courses is { } courses)
        {
            profiles = profiles.LearningNow(db, workspaceId, courses, today);
        }

        if (filter.Field is { } field)
        {
            profiles = profiles.WithValue(db, workspaceId, field);
        }

        profiles = profiles
            .Happened(nameof(Profile.InvitedAt), filter.Invited, timeZone)
            .Happened(nameof(Profile.RegisteredAt), filter.Registered, timeZone)
            .Happened(nameof(Profile.LastActiveAt), filter.LastActive, timeZone)
            .Ending(filter.Expires);
        return Standing(profiles, filter.Status, today);
    }

    /// <summary>In list order, after a place in it: last name, first name, id.</summary>
    public static IQueryable<Profile> InListOrder(this IQueryable<Profile> profiles, string? afterSortName = null, long afterId = 0)
    {
        if (afterSortName is not null)
        {
            // Written so that both databases start the index scan at the place itself.
            profiles = profiles.Where(p =>
                string.Compare(p.SortName, afterSortName) >= 0 && (string.Compare(p.SortName, afterSortName) > 0 || p.Id > afterId)
            );
        }

        return profiles.OrderBy(p => p.SortName).ThenBy(p => p.Id);
    }

    /// <summary>Up to and including a place in list order.</summary>
    public static IQueryable<Profile> UpTo(this IQueryable<Profile> profiles, string sortName, long id) =>
        profiles.Where(p => string.Compare(p.SortName, sortName) <= 0 && (string.Compare(p.SortName, sortName) < 0 || p.Id <= id));

    private static IQueryable<Profile> Standing(IQueryable<Profile> profiles, IReadOnlyList<StatusFilter>? statuses, DateOnly today)
    {
        if (statuses is null or { Count: 0 })
        {
            return profiles;
        }

        var asked = statuses.Distinct().Order().ToList();
        // Constants, not parameters: each of the partial indexes is used where the query repeats its condition.
        if (asked is [StatusFilter.Expired])
        {
            return profiles.Where(p => p.Status == ProfileStatus.Active && p.ExpiresOn < today);
        }

        if (asked.TrueForAll(s => s is StatusFilter.Invited or StatusFilter.Active or StatusFilter.Expired))
        {
            profiles = profiles.Where(p => p.Status < ProfileStatus.Archived);
        }
        else if (asked.TrueForAll(s => s is StatusFilter.Archived or StatusFilter.Cancelled))
        {
            profiles = profiles.Where(p => p.Status >= ProfileStatus.Archived);
        }

        return asked switch
        {
            [StatusFilter.Invited] => profiles.Where(p => p.Status == ProfileStatus.Invited),
            [StatusFilter.Cancelled] => profiles.Where(p => p.Status == ProfileStatus.Cancelled),
            [StatusFilter.Invited, StatusFilter.Active, StatusFilter.Expired] or [StatusFilter.Archived, StatusFilter.Cancelled] =>
                profiles,
            _ => OneOf(profiles, asked, today),
        };
    }

    /// <summary>Expired is not stored: it is an Active profile past its date.</summary>
    private static IQueryable<Profile> OneOf(IQueryable<Profile> profiles, List<StatusFilter> asked, DateOnly today)
    {
        var (active, expired) = (asked.Contains(StatusFilter.Active), asked.Contains(StatusFilter.Expired));
        var stored = asked
            .Where(s => s is not StatusFilter.Expired && (s is not StatusFilter.Active || expired))
            .Select(s => (ProfileStatus)(int)s)
            .ToList();
        if (active == expired)
        {
            return profiles.Where(p => stored.Contains(p.Status));
        }

        return active
            ? profiles.Where(p =>
                stored.Contains(p.Status) || (p.Status == ProfileStatus.Active && (p.ExpiresOn == null || p.ExpiresOn >= today))
            )
            : profiles.Where(p => stored.Contains(p.Status) || (p.Status == ProfileStatus.Active && p.ExpiresOn < today));
    }

    private static IQueryable<Profile> Searched(MusterDb db, long workspaceId, string? search)
    {
        // Neither database can be asked for NUL; whatever is pasted may have tabs between the words.
        var text = (search ?? "").Replace("\0", "", StringComparison.Ordinal);
        var words = Names.Fold(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var indexed = words.Where(IsIndexed).ToList();
        IQueryable<Profile> profiles = db.Profiles;
        if (db.IsSqlite && indexed.Count > 0)
        {
            var match = string.Join(" AND ", indexed.Select(word => $"\"{word.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));
            var first = workspaceId << 40;
            var last = first | 0xFF_FFFF_FFFF;
            profiles = db.Profiles.FromSql(
                $"SELECT * FROM profiles WHERE workspace_id = {workspaceId} AND id IN (SELECT rowid & 1099511627775 FROM profile_search WHERE search_text MATCH {match} AND rowid BETWEEN {first} AND {last})"
            );
        }
        else
        {
            foreach (var word in indexed)
            {
                var pattern =
                    $"%{word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";
                profiles = profiles.Where(p => EF.Functions.Like(p.SearchText, pattern, "\\"));
            }
        }

        var few = words.Where(word => !IsIndexed(word)).ToList();
        if (indexed.Count == 0 && few.Count > 0)
        {
            profiles = LastNameBegins(profiles, few[0], few[^1]);
        }

        if (words.Length > 1)
        {
            foreach (var word in few)
            {
                profiles = profiles.Where(p => p.SearchText.Contains(word));
            }
        }

        return profiles;
    }

    /// <summary>By a range of the list's index each: people type the last name first or last.</summary>
    private static IQueryable<Profile> LastNameBegins(IQueryable<Profile> profiles, string first, string last)
    {
        var (firstEnd, lastEnd) = (first + Last, last + Last);
        return first == last
            ? profiles.Where(p => string.Compare(p.SortName, first) >= 0 && string.Compare(p.SortName, firstEnd) < 0)
            : profiles.Where(p =>
                (string.Compare(p.SortName, first) >= 0 && string.Compare(p.SortName, firstEnd) < 0)
                || (string.Compare(p.SortName, last) >= 0 && string.Compare(p.SortName, lastEnd) < 0)
            );
    }

    private static bool IsIndexed(string word) => word.EnumerateRunes().Take(ShortestIndexedWord).Count() == ShortestIndexedWord;
}
