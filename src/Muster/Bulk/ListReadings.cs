using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Data;
using Muster.People;

namespace Muster.Bulk;

/// <summary>
/// The lists of users that are being frozen, between one slice and the next. A list is read before anybody is frozen, so that nobody who is renamed meanwhile is missed or stands
/// in it twice; and it is kept in memory, 12 bytes a user, so that a chunk's rows can be neighbours in the database although their ordinals are those of the list.
/// A reading lives in this process only: when another runner goes on, or this one restarts, the list is read again, and when it is not the same any more, frozen from
/// its beginning.
/// </summary>
public sealed class ListReadings(TimeProvider clock)
{
    private readonly ConcurrentDictionary<(long Workspace, long Operation), ListReading> open = new();

    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(5);

    /// <summary>The operation's list; null when it is not the one any more with which was begun.</summary>
    public async Task<ListReading?> Read(
        MusterDb db,
        Operation operation,
        UserFilter filter,
        IReadOnlyList<long> except,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(operation);
        var (key, hasBegun) = ((operation.WorkspaceId, operation.Id), operation.LastOrdinal > 0);
        if (hasBegun && operation.PlaceId == ListReading.Gone)
        {
            return null;
        }

        if (hasBegun && open.TryGetValue(key, out var begun) && begun.Mark == operation.PlaceId && begun.Follows(operation.InListOrder))
        {
            begun.LastUsed = clock.GetTimestamp();
            return begun;
        }

        // Lists of operations that were cancelled or went to another runner are let go; should one go on here after all, it is read again.
        foreach (var (old, _) in open.Where(pair => clock.GetElapsedTime(pair.Value.LastUsed) > Idle))
        {
            open.TryRemove(old, out _);
        }

        var zone = await db.Workspaces.Where(w => w.Id == operation.WorkspaceId).Select(w => w.TimeZone).SingleAsync(ct);
        var today = clock.Today(zone);
        var ids = await Ids(db, operation.WorkspaceId, filter, await db.ActorOf(operation, clock, ct), today, zone, ct);
        var excepted = except.ToHashSet();
        var list = new ListReading([.. ids.Where(id => !excepted.Contains(id))]) { LastUsed = clock.GetTimestamp() };
        open[key] = list;
        return hasBegun && list.Mark != operation.PlaceId ? null : list;
    }

    private static async Task<IReadOnlyList<long>> Ids(
        MusterDb db,
        long workspaceId,
        UserFilter filter,
        Actor actor,
        DateOnly today,
        string zone,
        CancellationToken ct
    )
    {
        // The few of a large workspace are not looked for among everybody, but gathered; unless they become many meanwhile.
        var pages = new UserPages(db, actor, filter, today, zone);
        if (
            await pages.Count(ct) <= UserPages.CountLimit
            && (await pages.Read(new(null, 0), UserPages.CountLimit + 1, p => p.Id, ct)).Lines is { Count: <= UserPages.CountLimit } few
        )
        {
            return few;
        }

        await using var transaction = await db.BeginReading(ct);
        return await db.Users(workspaceId, filter, today, zone).VisibleTo(db, actor).InListOrder().Select(p => p.Id).ToListAsync(ct);
    }

    /// <summary>Lets go of the list of an operation that is over or has moved to another runner.</summary>
    public void Forget(Operation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        open.TryRemove((operation.WorkspaceId, operation.Id), out _);
    }
}

/// <summary>A list of users as it was at one moment.</summary>
public sealed class ListReading
{
    /// <summary>The mark of an operation whose list is not the same any more.</summary>
    public const long Gone = -1;

    private readonly long[] profileIds;

    // Made when it is known whether chunks follow the list.
    private int[]? ordinals;
    private bool isInListOrder;

    /// <param name="profileIds">In list order; kept.</param>
    public ListReading(long[] profileIds)
    {
        this.profileIds = profileIds;
        Mark = BitConverter.ToInt64(SHA256.HashData(MemoryMarshal.AsBytes(profileIds.AsSpan()))) & long.MaxValue;
    }

    /// <summary>The same for the same users in the same order, whichever process has read them.</summary>
    public long Mark { get; }

    /// <summary>How many users.</summary>
    public int Count => profileIds.Length;

    /// <summary>When it was last asked for, by the clock's timestamp.</summary>
    internal long LastUsed { get; set; }

    /// <summary>Whether parts have been taken in this order, or none yet.</summary>
    internal bool Follows(bool inListOrder) => ordinals is null || isInListOrder == inListOrder;

    /// <summary>Some of the users with their ordinals, which begin with 1.</summary>
    /// <param name="first">How many come before them.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="inListOrder">Whether chunks follow the list, and not the profiles' ids; the same each time.</param>
    public IReadOnlyList<(long ProfileId, long Ordinal)> Part(int first, int count, bool inListOrder)
    {
        if (ordinals is null)
        {
            (ordinals, isInListOrder) = ([.. Enumerable.Range(1, profileIds.Length)], inListOrder);
            if (!inListOrder)
            {
                Array.Sort(profileIds, ordinals);
            }
        }

        return [.. Enumerable.Range(first, Math.Min(count, profileIds.Length - first)).Select(i => (profileIds[i], (long)ordinals[i]))];
    }
}
