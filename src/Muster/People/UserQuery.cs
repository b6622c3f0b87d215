using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Muster.Data;

namespace Muster.People;

/// <summary>Turns a <see cref="UserFilter"/> into a query over indexes; the list, the API, the export and frozen selections all use it.</summary>
public static partial class UserQuery
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
    /// <param name="way">How memberships, attempts, values and words are looked for.</param>
    public static IQueryable<Profile> Users(
        this MusterDb db,
        long workspaceId,
        UserFilter filter,
        DateOnly today,
        string? timeZone = null,
        SearchWay way = SearchWay.Any
    ) =>
        db
            .Profiles.Where(p => p.WorkspaceId == workspaceId)
            .Listed(filter, today, way != SearchWay.RowByRow)
            .Narrowed(db, workspaceId, filter, today, timeZone, way);

    /// <summary>The part of a filter that an index in list order answers: role, one unit, status, the beginning of the last name.</summary>
    /// <param name="profiles">Whom to look among.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="today">Today in the workspace's zone.</param>
    /// <param name="indexed">Whether role and unit are looked up by their indexes, rather than asked of those found by other rows; SQLite cannot know which is better.</param>
    internal static IQueryable<Profile> Listed(this IQueryable<Profile> profiles, UserFilter filter, DateOnly today, bool indexed = true)
    {
        var words = new SearchWords(filter.Search);
        if (words.Indexed.Count == 0 && words.Short.Count > 0)
        {
            profiles = LastNameBegins(profiles, words.Short[0], words.Short[^1]);
        }

        if (filter.Role is { } role)
        {
            profiles = indexed ? profiles.Where(p => p.Role == role) : profiles.Where(p => (int)p.Role + 0 == (int)role);
        }

        if (filter is { Unit: { } unit, UnitsBelow: false })
        {
            profiles = indexed ? profiles.Where(p => p.UnitId == unit) : profiles.Where(p => p.UnitId + 0 == unit);
        }

        return Standing(profiles, filter.Status, today);
    }

    /// <summary>The other part; the query as it is where a filter has none.</summary>
    internal static IQueryable<Profile> Narrowed(
        this IQueryable<Profile> profiles,
        MusterDb db,
        long workspaceId,
        UserFilter filter,
        DateOnly today,
        string? timeZone,
        SearchWay way
    )
    {
        if (filter is { Unit: { } unit, UnitsBelow: not false })
        {
            var units = db.UnitAncestors.Where(a => a.WorkspaceId == workspaceId && a.AncestorId == unit).Select(a => (long?)a.UnitId);
            profiles = profiles.Where(p => units.Contains(p.UnitId));
        }

        foreach (var rows in db.RowsOf(workspaceId, filter, today))
        {
            profiles = profiles.Among(db, rows, way);
        }

        if (filter.Groups is { } groups)
        {
            profiles = profiles.Where(p =>
                db.Memberships.Any(m => m.WorkspaceId == workspaceId && m.ProfileId == p.Id && groups.Contains(m.GroupId))
            );
        }

        if (filter.Courses is { } courses)
        {
            var learning = db.LearningNow(workspaceId, courses, today);
            profiles = profiles.Where(p => learning.Contains(p.Id));
        }

        return Searched(profiles, db, workspaceId, filter.Search, way)
            .Happened(nameof(Profile.InvitedAt), filter.Invited, timeZone)
            .Happened(nameof(Profile.RegisteredAt), filter.Registered, timeZone)
            .Happened(nameof(Profile.LastActiveAt), filter.LastActive, timeZone)
            .Ending(filter.Expires)
            .Expired(filter.Status, today);
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
            return profiles.Where(p => p.Status < ProfileStatus.Archived);
        }

        // SQLite, which plans without statistics, would take the index of all who are present for these.
        if (asked is [StatusFilter.Invited])
        {
            return profiles.Where(p => p.Status == ProfileStatus.Invited);
        }

        if (asked is [StatusFilter.Cancelled])
        {
            return profiles.Where(p => p.Status == ProfileStatus.Cancelled);
        }

        if (asked.TrueForAll(s => s is StatusFilter.Invited or StatusFilter.Active or StatusFilter.Expired))
        {
            profiles = profiles.Where(p => p.Status < ProfileStatus.Archived);
        }
        else if (asked.TrueForAll(s => s is StatusFilter.Archived or StatusFilter.Cancelled))
        {
            profiles = profiles.Where(p => p.Status >= ProfileStatus.Archived);
        }

        return asked is [StatusFilter.Invited, StatusFilter.Active, StatusFilter.Expired] or [StatusFilter.Archived, StatusFilter.Cancelled]
            ? profiles
            : OneOf(profiles, asked, today);
    }

    /// <summary>The expired alone are found by their last day.</summary>
    private static IQueryable<Profile> Expired(this IQueryable<Profile> profiles, IReadOnlyList<StatusFilter>? statuses, DateOnly today) =>
        statuses is not null && statuses.Distinct().SequenceEqual([StatusFilter.Expired])
            ? profiles.Where(p => p.Status == ProfileStatus.Active && p.ExpiresOn < today)
            : profiles;

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

    private static IQueryable<Profile> Searched(IQueryable<Profile> profiles, MusterDb db, long workspaceId, string? search, SearchWay way)
    {
        var words = new SearchWords(search);
        if (db.IsSqlite && way != SearchWay.PersonByPerson && words.Indexed.Count > 0)
        {
            var found = Found(db, workspaceId, words.Indexed);
            profiles = way == SearchWay.RowByRow ? profiles.Among(db, found, way) : profiles.Where(p => found.Contains(p.Id));
        }
        else
        {
            foreach (var word in words.Indexed)
            {
                profiles = Containing(profiles, word);
            }
        }

        if (words.Indexed.Count + words.Short.Count > 1)
        {
            foreach (var word in words.Short)
            {
                profiles = profiles.Where(p => p.SearchText.Contains(word));
            }
        }

        return profiles;
    }

    /// <summary>
    /// PostgreSQL's index has to go through everybody who shares a part of the word. What follows the @ of an address is what whole workspaces share, so the index is
    /// asked for the rest, where that has letters or digits enough, and only those found for the whole.
    /// </summary>
    private static IQueryable<Profile> Containing(IQueryable<Profile> profiles, string word)
    {
        var (pattern, at) = (Pattern(word), word.IndexOf('@', StringComparison.Ordinal));
        if (at < 0 || !IndexedPart().IsMatch(word.AsSpan(0, at)))
        {
            return profiles.Where(p => EF.Functions.Like(p.SearchText, pattern, "\\"));
        }

        var local = Pattern(word[..(at + 1)]);
        return profiles.Where(p => EF.Functions.Like(p.SearchText, local, "\\") && EF.Functions.Like(p.SearchText + "", pattern, "\\"));
    }

    [GeneratedRegex(@"[\p{L}\p{N}]{3}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IndexedPart();

    private static string Pattern(string word) =>
        $"%{word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";

    /// <summary>Ids that SQLite's search index has under all of the words.</summary>
    private static IQueryable<long> Found(MusterDb db, long workspaceId, IReadOnlyList<string> words)
    {
        var match = string.Join(" AND ", words.Select(word => $"\"{word.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));
        var first = workspaceId << 40;
        var last = first | 0xFF_FFFF_FFFF;
        return db.Database.SqlQuery<long>(
            $"SELECT rowid & 1099511627775 AS Value FROM profile_search WHERE search_text MATCH {match} AND rowid BETWEEN {first} AND {last}"
        );
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

    /// <summary>The words of a search, folded as the index has them.</summary>
    private sealed class SearchWords
    {
        public SearchWords(string? search)
        {
            // Neither database can be asked for NUL; whatever is pasted may have tabs between the words.
            var text = (search ?? "").Replace("\0", "", StringComparison.Ordinal);
            var words = Names.Fold(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToLookup(IsIndexed);
            (Indexed, Short) = ([.. words[true]], [.. words[false]]);
        }

        public IReadOnlyList<string> Indexed { get; }

        /// <summary>Words of too few characters for the index.</summary>
        public IReadOnlyList<string> Short { get; }

        private static bool IsIndexed(string word) => word.EnumerateRunes().Take(ShortestIndexedWord).Count() == ShortestIndexedWord;
    }
}
