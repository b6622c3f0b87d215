using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Data;

namespace Muster.People;

/// <summary>Where a page of users begins.</summary>
/// <param name="SortName">Of the person before it in this direction; null begins with the first.</param>
/// <param name="Id">That person's id, which tells namesakes apart.</param>
/// <param name="IsFalling">Whether the list is read from its end.</param>
public sealed record UserPlace(string? SortName, long Id, bool IsFalling = false);

/// <summary>People on a page, and how many match on all pages, counted up to <see cref="UserPages.CountLimit"/> and one more.</summary>
public sealed record UserPage<T>(IReadOnlyList<T> Lines, long Matching);

/// <summary>
/// Pages of the users whom a reader may see and a filter asks for, in list order. What the planner believes is not relied upon, because it is wrong just when a
/// large operation changes what it believes in: up to <see cref="CountLimit"/> people are gathered and sorted; where there are more, the next ones are soon met by
/// walking along the list.
/// </summary>
public sealed class UserPages(MusterDb db, Actor reader, UserFilter filter, DateOnly today, string timeZone)
{
    /// <summary>Counting stops behind this many, and a page says "more than".</summary>
    public const int CountLimit = 10_000;

    private readonly long workspaceId = reader.WorkspaceId;

    /// <summary>So many are gathered and sorted; where there are more, the next are met on a walk.</summary>
    public int Few { get; init; } = CountLimit;

    /// <summary>People met on a walk before those who match are gathered after all: enough where one in a hundred does.</summary>
    public int Walk { get; init; } = 5_000;

    /// <summary>Reads a page.</summary>
    /// <param name="place">Where it begins.</param>
    /// <param name="limit">Most people.</param>
    /// <param name="shape">What is read of each.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<UserPage<T>> Read<T>(UserPlace place, int limit, Expression<Func<Profile, T>> shape, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(shape);
        Task<List<T>> Page(IQueryable<Profile> people) => people.Take(limit).Select(shape).ToListAsync(ct);
        if (reader.IsAdmin && !UserQuery.IsNarrow(filter))
        {
            var people = Everybody.Listed(filter, today);
            // Ordered, so that SQLite takes the index in which the page is.
            var count = await people.InListOrder().Take(CountLimit + 1).LongCountAsync(ct);
            return new(count == 0 ? [] : await Page(InOrder(people, place)), count);
        }

        var found = await Matching.Select(p => p.Id).Take(CountLimit + 1).ToListAsync(ct);
        return new(
            found.Count switch
            {
                0 => [],
                var count when count <= Few => await Page(Sorted(Among(found), place)),
                _ when await Page(InOrder(Met(place), place)) is var met && met.Count == limit => met,
                _ => await Page(Sorted(Among(await Sorted(Matching, place).Select(p => p.Id).Take(limit).ToListAsync(ct)), place)),
            },
            found.Count
        );
    }

    private IQueryable<Profile> Everybody => db.Profiles.AsNoTracking().Where(p => p.WorkspaceId == workspaceId);

    private IQueryable<Profile> Among(List<long> ids) => Everybody.Where(p => EF.Parameter(ids).Contains(p.Id));

    /// <summary>All who match, gathered from the rows that say so.</summary>
    private IQueryable<Profile> Matching =>
        Everybody.Listed(filter, today).Narrowed(db, workspaceId, filter, today, timeZone, SearchWay.RowByRow).VisibleTo(db, reader);

    /// <summary>Those who match among the next people of the list.</summary>
    private IQueryable<Profile> Met(UserPlace place) =>
        InOrder(Everybody.Listed(filter, today), place)
            .Take(Walk)
            .Narrowed(db, workspaceId, filter, today, timeZone, SearchWay.PersonByPerson)
            .VisibleTo(db, reader);

    /// <summary>Along an index in list order, from the place on.</summary>
    private static IQueryable<Profile> InOrder(IQueryable<Profile> people, UserPlace place)
    {
        if (!place.IsFalling)
        {
            return people.InListOrder(place.SortName, place.Id);
        }

        if (place is { SortName: { } from, Id: var id })
        {
            people = people.Where(p => string.Compare(p.SortName, from) <= 0 && (string.Compare(p.SortName, from) < 0 || p.Id < id));
        }

        return people.OrderByDescending(p => p.SortName).ThenByDescending(p => p.Id);
    }

    /// <summary>By sorting: no index has the name with nothing added, so that no planner walks through everybody to find a few.</summary>
    private static IQueryable<Profile> Sorted(IQueryable<Profile> people, UserPlace place)
    {
        if (place is { SortName: { } from, Id: var id })
        {
            people = place.IsFalling
                ? people.Where(p => string.Compare(p.SortName + "", from) < 0 || (p.SortName + "" == from && p.Id < id))
                : people.Where(p => string.Compare(p.SortName + "", from) > 0 || (p.SortName + "" == from && p.Id > id));
        }

        return place.IsFalling
            ? people.OrderByDescending(p => p.SortName + "").ThenByDescending(p => p.Id)
            : people.OrderBy(p => p.SortName + "").ThenBy(p => p.Id);
    }
}
