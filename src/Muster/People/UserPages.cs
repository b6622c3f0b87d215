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

    /// <summary>As many people are met on a walk for each that is asked for, at least.</summary>
    private const int WalkForEach = 50;

    private readonly long workspaceId = reader.WorkspaceId;

    /// <summary>The units in which the filter and what the reader manages leave people to be found; null for all.</summary>
    private List<long>? units;

    /// <summary>So many are gathered and sorted; where there are more, the next are met on a walk.</summary>
    public int Few { get; init; } = CountLimit;

    /// <summary>At least so many people are met on a walk before those who match are gathered after all: for a page, enough where one in a hundred does.</summary>
    public int Walk { get; init; } = 5_000;

    /// <summary>On PostgreSQL, so many rows of a group or field are tried before all of them.</summary>
    public int FirstRows { get; init; } = 12_000;

    /// <summary>How many match, counted up to <see cref="CountLimit"/> and one more.</summary>
    public async Task<long> Count(CancellationToken ct) => (await Read(new(null, 0), 0, p => p.Id, ct)).Matching;

    /// <summary>Reads a page.</summary>
    /// <param name="place">Where it begins.</param>
    /// <param name="limit">Most people; none only counts.</param>
    /// <param name="shape">What is read of each.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<UserPage<T>> Read<T>(UserPlace place, int limit, Expression<Func<Profile, T>> shape, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(shape);
        await using var transaction = await db.BeginReading(ct);
        units ??= await Units(ct);
        return await PageAt(place, limit, shape, ct);
    }

    private async Task<UserPage<T>> PageAt<T>(UserPlace place, int limit, Expression<Func<Profile, T>> shape, CancellationToken ct)
    {
        Task<List<T>> Page(IQueryable<Profile> people) => people.Take(limit).Select(shape).ToListAsync(ct);
        var listed = Everybody.Listed(filter, today);
        if (ReferenceEquals(Narrowed(listed, SearchWay.Any), listed))
        {
            // Ordered, so that SQLite takes the index in which the page is.
            var count = await listed.InListOrder().Take(CountLimit + 1).LongCountAsync(ct);
            return new(limit == 0 || count == 0 ? [] : await Page(InOrder(listed, place)), count);
        }

        var matching = Narrowed(Everybody.Listed(filter, today, indexed: !db.IsSqlite || !HasRows), SearchWay.RowByRow);
        if (limit == 0)
        {
            return new([], (await Some(matching, p => p.Id, ct)).Count);
        }

        var found = await Some(matching, p => new UserPlace(p.SortName, p.Id, false), ct);
        if (found.Count == 0)
        {
            return new([], 0);
        }

        if (found.Count <= Few)
        {
            List<long> nearest = [.. Following(found, place).Take(limit).Select(p => p.Id)];
            return new(nearest.Count == 0 ? [] : await Page(Sorted(Among(nearest), place)), found.Count);
        }

        var (ahead, walk) = (InOrder(listed, place), Math.Max(Walk, limit * WalkForEach));
        var met = await Page(InOrder(Narrowed(ahead.Take(walk), SearchWay.PersonByPerson), place));
        if (met.Count < limit && await ahead.Skip(walk).AnyAsync(ct))
        {
            // Only the ids of all of them are sorted, and then the people of the page.
            var next = await Sorted(matching, place).Select(p => p.Id).Take(limit).ToListAsync(ct);
            met = await Page(Sorted(Among(next), place));
        }

        return new(met, found.Count);
    }

    /// <summary>Those who match, in no order, up to <see cref="CountLimit"/> and one more.</summary>
    /// <remarks>
    /// PostgreSQL would rather read a good part of the workspace than look up as many people as these. Told of no more rows than are likely to be enough, it looks
    /// them up; in vain where something else is asked for besides, which is why that is left to it.
    /// </remarks>
    private async Task<List<T>> Some<T>(IQueryable<Profile> matching, Expression<Func<Profile, T>> shape, CancellationToken ct)
    {
        if (!db.IsSqlite && units is null && IsOfOneTable && Rows.Single() is var ids)
        {
            var some = ids.Take(FirstRows).Join(Everybody.Listed(filter, today), id => id, p => p.Id, (_, p) => p);
            var found = await some.Select(shape).Take(CountLimit + 1).ToListAsync(ct);
            // A few less than were tried: some may have gone between the two statements.
            if (found.Count > CountLimit || !await ids.Skip(FirstRows - (FirstRows / 6)).AnyAsync(ct))
            {
                return found;
            }
        }

        return await matching.Select(shape).Take(CountLimit + 1).ToListAsync(ct);
    }

    /// <summary>Whether nothing is asked for but a group or a field, and perhaps a status that most people have.</summary>
    private bool IsOfOneTable =>
        (filter.Group is null) != (filter.Field is null)
        && filter.Status?.Contains(StatusFilter.Active) != false
        && filter with { Group = null, Field = null, Status = null } == new UserFilter();

    /// <summary>Whether rows of other tables say who matches.</summary>
    private bool HasRows => Rows.Any();

    private IEnumerable<IQueryable<long>> Rows => db.RowsOf(workspaceId, filter, today);

    private IQueryable<Profile> Everybody => db.Profiles.AsNoTracking().Where(p => p.WorkspaceId == workspaceId);

    private IQueryable<Profile> Among(List<long> ids) => Everybody.Where(p => EF.Parameter(ids).Contains(p.Id));

    private IQueryable<Profile> Narrowed(IQueryable<Profile> people, SearchWay way)
    {
        var narrowed = people.Narrowed(db, workspaceId, IsOfUnitsBelow ? filter with { Unit = null } : filter, today, timeZone, way);
        return units is null ? narrowed
            : way == SearchWay.RowByRow && HasRows
                ? narrowed.Where(p => p.UnitId != null && EF.Parameter(units).Contains(p.UnitId.Value + 0))
            : narrowed.Where(p => p.UnitId != null && EF.Parameter(units).Contains(p.UnitId.Value));
    }

    private bool IsOfUnitsBelow => filter is { Unit: not null, UnitsBelow: not false };

    /// <summary>Read first, since there are few: as a part of the query PostgreSQL takes them to have few people, and begins with all of those.</summary>
    private async Task<List<long>?> Units(CancellationToken ct)
    {
        var managed = reader.IsAdmin ? null : Scope.ManagedUnits(db, reader);
        var below = IsOfUnitsBelow
            ? db.UnitAncestors.Where(a => a.WorkspaceId == workspaceId && a.AncestorId == filter.Unit).Select(a => (long?)a.UnitId)
            : null;
        var found = below is null || managed is null ? below ?? managed : below.Where(unit => managed.Contains(unit));
        return found is null ? null : await found.Select(unit => unit!.Value).Distinct().ToListAsync(ct);
    }

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

    /// <summary>In list order or its reverse, after the place.</summary>
    private static IEnumerable<UserPlace> Following(List<UserPlace> found, UserPlace place)
    {
        var order = Comparer<UserPlace>.Create(
            (a, b) => Names.CompareSortNames(a.SortName!, b.SortName!) is var by and not 0 ? by : a.Id.CompareTo(b.Id)
        );
        var ahead =
            place.SortName is null ? found
            : place.IsFalling ? found.Where(p => order.Compare(p, place) < 0)
            : found.Where(p => order.Compare(p, place) > 0);
        return place.IsFalling ? ahead.OrderDescending(order) : ahead.Order(order);
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
