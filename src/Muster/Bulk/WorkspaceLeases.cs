using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.People;

namespace Muster.Bulk;

/// <summary>
/// One runner at a time works in a workspace. Claiming raises the epoch; every chunk begins by writing the lease of its own epoch,
/// so a runner that was paused and overtaken finds its epoch gone and stops before it has changed anything.
/// </summary>
public static class WorkspaceLeases
{
    // "chunk" on a telephone's keys, for PostgreSQL's advisory locks of two numbers.
    private const int LineOfChunks = 24865;

    /// <summary>Claims a workspace whose lease is free or lapsed.</summary>
    /// <returns>The new epoch, or null when somebody else holds it.</returns>
    public static async Task<long?> Claim(MusterDb db, long workspaceId, string owner, DateTime now, TimeSpan lease, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Prepare(lease, ct);
        if (!await TryLock(db, workspaceId, ct))
        {
            // A chunk is being written there: whoever writes it is alive.
            return null;
        }

        var until = now + lease;
        var claimed = await db
            .WorkspaceLeases.Where(l => l.WorkspaceId == workspaceId && (l.LeaseUntil == null || l.LeaseUntil < now))
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(l => l.Epoch, l => l.Epoch + 1)
                        .SetProperty(l => l.Owner, owner)
                        .SetProperty(l => l.LeaseUntil, until)
                        .SetProperty(l => l.ServedAt, now),
                ct
            );
        if (claimed == 0)
        {
            return null;
        }

        var epoch = await db.WorkspaceLeases.Where(l => l.WorkspaceId == workspaceId).Select(l => l.Epoch).SingleAsync(ct);
        await transaction.CommitAsync(ct);
        return epoch;
    }

    /// <summary>
    /// On SQLite one process serves: whoever held a lease when this one starts is gone, and nobody waits for it to lapse.
    /// Were it a command still running beside the server, the epoch would stop it, and it would wait for its turn.
    /// </summary>
    /// <returns>Whether there was anything to take over.</returns>
    public static async Task<bool> TakeOver(Databases databases, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(databases);
        await using var db = databases.Open(0);
        return db.IsSqlite
            && await db
                .WorkspaceLeases.IgnoreQueryFilters()
                .Where(l => l.LeaseUntil != null)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(l => l.LeaseUntil, (DateTime?)null).SetProperty(l => l.Epoch, l => l.Epoch + 1),
                    ct
                ) > 0;
    }

    /// <summary>Nobody who looks for work waits for a chunk of somebody else's. SQLite has one process, which waits for its own.</summary>
    private static async Task<bool> TryLock(MusterDb db, long workspaceId, CancellationToken ct)
    {
        if (db.IsSqlite)
        {
            return true;
        }

        var mine = db.Database.SqlQuery<long>(
            $"SELECT workspace_id AS \"Value\" FROM workspace_leases WHERE workspace_id = {workspaceId} FOR UPDATE SKIP LOCKED"
        );
        return (await mine.ToListAsync(ct)).Count == 1;
    }

    /// <summary>The fence: every chunk's transaction begins with it. Locks the lease until the chunk commits.</summary>
    /// <returns>False when another runner has taken over; the caller must roll back.</returns>
    public static async Task<bool> Hold(MusterDb db, long workspaceId, long epoch, DateTime now, TimeSpan lease, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        await db.Prepare(lease, ct);
        await TakePlace(db, workspaceId, ct);
        var until = now + lease;
        return await db
                .WorkspaceLeases.Where(l => l.WorkspaceId == workspaceId && l.Epoch == epoch)
                .ExecuteUpdateAsync(set => set.SetProperty(l => l.LeaseUntil, until), ct) == 1;
    }

    /// <summary>
    /// For changes of many people outside of an operation, at the beginning of their transaction: waits for the chunk that runs and holds up the next until the
    /// commit, so that the two never lock each other out. SQLite has one writer anyway.
    /// </summary>
    public static async Task StandBetweenChunks(MusterDb db, long workspaceId, CancellationToken ct)
    {
        await StandInLine(db, workspaceId, ct);
        if (!db.IsSqlite)
        {
            await db.Database.ExecuteSqlAsync(
                $"SELECT count(*) FROM (SELECT 1 FROM workspace_leases WHERE workspace_id = {workspaceId} FOR UPDATE) AS locked",
                ct
            );
        }
    }

    /// <summary>
    /// For requests that change rows which chunks hold, at the beginning of their transaction: one after the other in the order in which they came, until the commit.
    /// PostgreSQL hands this lock to who has waited longest; a row goes to whoever looks at the right moment, which is now and then the next chunk (measured on a busy
    /// machine: two of a hundred times). On SQLite the operation itself lets others go first.
    /// </summary>
    public static async Task StandInLine(MusterDb db, long workspaceId, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        if (!db.IsSqlite)
        {
            // A node that stands still must not hold up the workspace until it wakes.
            await db.Prepare(Schema.Idle, ct);
            await TakePlace(db, workspaceId, ct);
        }
    }

    private static Task TakePlace(MusterDb db, long workspaceId, CancellationToken ct) =>
        db.IsSqlite
            ? Task.CompletedTask
            : db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({LineOfChunks}, {(int)(workspaceId & int.MaxValue)})", ct);

    /// <summary>Writes the lease now and then while something is read outside of a transaction; work whose lease was lost is cancelled.</summary>
    public static async Task<T> KeepWhile<T>(
        Databases databases,
        long workspaceId,
        long epoch,
        TimeSpan lease,
        TimeProvider clock,
        Func<CancellationToken, Task<T>> work,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(databases);
        ArgumentNullException.ThrowIfNull(work);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var working = Task.Run(() => work(stop.Token), ct);
        try
        {
            while (await Task.WhenAny(working, Task.Delay(lease / 3, CancellationToken.None)) != working)
            {
                await using var db = databases.Open(workspaceId);
                await using var transaction = await db.Database.BeginTransactionAsync(ct);
                if (!await Hold(db, workspaceId, epoch, clock.Now(), lease, ct))
                {
                    await stop.CancelAsync();
                    break;
                }

                await transaction.CommitAsync(ct);
            }
        }
        catch
        {
            // Nobody waits for the work any more: it must not go on beside its own second try.
            await stop.CancelAsync();
            await ((Task)working).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return await working;
    }

    /// <summary>Gives the workspace back at the end of a slice.</summary>
    public static Task Release(MusterDb db, long workspaceId, long epoch, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        return db
            .WorkspaceLeases.Where(l => l.WorkspaceId == workspaceId && l.Epoch == epoch)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.LeaseUntil, (DateTime?)null), ct);
    }
}

/// <summary>The right to run chunks of one workspace, held by one runner at a time; the epoch is what stops a paused runner that wakes up.</summary>
public sealed class WorkspaceLease
{
    public long WorkspaceId { get; set; }

    public long Epoch { get; set; }

    public string? Owner { get; set; }

    public DateTime? LeaseUntil { get; set; }

    public DateTime? ServedAt { get; set; }
}
