using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.Files;
using Muster.People;

namespace Muster.Bulk;

/// <summary>
/// Works on previews and confirmed operations, a slice at a time, the least recently served workspace first.
/// Our rows say what is to be done, so a process that dies is replaced by whoever sweeps next: this one restarted, or another node.
/// </summary>
public sealed partial class OperationRunner(
    Databases databases,
    PreviewPlanner planner,
    ChunkExecutor executor,
    SelectionFreezer freezer,
    OperationSignal signal,
    BulkOptions options,
    TimeProvider clock,
    ILogger<OperationRunner> log
) : BackgroundService
{
    private readonly string owner = $"{Environment.MachineName}:{Environment.ProcessId}";
    private readonly ConcurrentDictionary<long, bool> inHand = new();
    private readonly ConcurrentDictionary<(long, long), int> sizes = new();
    private readonly ConcurrentDictionary<(long, long), int> troubles = new();

    /// <summary>
    /// Workspaces served at once: while one waits for a long statement (the counts of a very large preview), another has its small operation done. More would only wait
    /// for the same database.
    /// </summary>
    private const int Hands = 2;

    /// <summary>After so many troubles in a row an operation is set to Failed; a person can resume it.</summary>
    private const int MostTroubles = 6;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Persist(() => WorkspaceLeases.TakeOver(databases, stoppingToken), stoppingToken);
        await Task.WhenAll(Enumerable.Range(0, Hands).Select(_ => Serve(stoppingToken)));
    }

    private async Task Serve(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            if (!await Persist(() => ServeOne(ct), ct))
            {
                await signal.Wait(TimeSpan.FromSeconds(options.SweepSeconds), ct);
            }
        }
    }

    /// <summary>Tries until it is done, whatever the database does meanwhile.</summary>
    private async Task<bool> Persist(Func<Task<bool>> work, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return await work();
            }
            catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
            {
                Log.SweepFailed(log, e);
                await Task.Delay(TimeSpan.FromSeconds(options.SweepSeconds), clock, ct);
            }
        }
    }

    /// <summary>Gives one slice to the workspace that has waited longest, of those that nobody works on.</summary>
    /// <returns>False when there was nothing to do.</returns>
    public async Task<bool> ServeOne(CancellationToken ct)
    {
        // A lease that lapses while its holder is in a long chunk must not bring the other hand of this very process to the same workspace.
        var others = inHand.Keys.ToList();
        while (await WaitingWork.LongestWaiting(databases, others, clock.Now(), ct) is { } workspaceId)
        {
            others.Add(workspaceId);
            if (!inHand.TryAdd(workspaceId, true))
            {
                continue;
            }

            try
            {
                if (await Serve(workspaceId, ct))
                {
                    return true;
                }
            }
            finally
            {
                inHand.TryRemove(workspaceId, out _);
            }
        }

        return false;
    }

    /// <returns>False when another node was faster.</returns>
    private async Task<bool> Serve(long workspaceId, CancellationToken ct)
    {
        await using var db = databases.Open(workspaceId);
        if (await WorkspaceLeases.Claim(db, workspaceId, owner, clock.Now(), options.Lease, ct) is not { } epoch)
        {
            return false;
        }

        try
        {
            await Slice(workspaceId, epoch, ct);
        }
        finally
        {
            await WorkspaceLeases.Release(db, workspaceId, epoch, CancellationToken.None);
        }

        return true;
    }

    private async Task Slice(long workspaceId, long epoch, CancellationToken ct)
    {
        if (await Next(workspaceId, ct) is not { } operation)
        {
            return;
        }

        var slice = Stopwatch.StartNew();
        var (step, anew) = (Step.More, false);
        // A list that changed while another process went on with it is frozen anew in one go, so that this cannot go on for ever.
        while (step == Step.More && (anew || slice.ElapsedMilliseconds < options.SliceMilliseconds))
        {
            ct.ThrowIfCancellationRequested();
            step = await Attempt(operation, epoch, ct);
            anew =
                operation is { Status: OperationStatus.Previewing, PreviewPhase: PreviewPhase.Selecting }
                && (anew || operation.PlaceId == ListReading.Gone);
        }

        if (step != Step.More)
        {
            sizes.TryRemove((operation.WorkspaceId, operation.Id), out _);
            freezer.Forget(operation);
        }
    }

    /// <summary>The workspace's least recently served operation, set to Running when it was waiting.</summary>
    private async Task<Operation?> Next(long workspaceId, CancellationToken ct)
    {
        await using var db = databases.Open(workspaceId);
        var now = clock.Now();
        var operation = await WaitingWork
            .Of(db.Operations.AsNoTracking().Where(o => o.WorkspaceId == workspaceId), now)
            // A list that is being frozen is kept in memory, and must not change: it comes first.
            .OrderBy(o => o.Status != OperationStatus.Previewing || o.PreviewPhase != PreviewPhase.Selecting || o.PlaceId == 0)
            .ThenBy(o => o.ServedAt != null)
            .ThenBy(o => o.ServedAt)
            .ThenBy(o => o.Id)
            .FirstOrDefaultAsync(ct);
        if (operation is null)
        {
            return null;
        }

        if (operation.Status == OperationStatus.Scheduled)
        {
            return await Reviews.Begin(db, operation, clock, ct) ? operation : null;
        }

        var status = operation.Status == OperationStatus.Queued ? OperationStatus.Running : operation.Status;
        var served = await db
            .Operations.Where(o => o.WorkspaceId == workspaceId && o.Id == operation.Id && o.Status == operation.Status)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(o => o.Status, status)
                        .SetProperty(o => o.ServedAt, now)
                        .SetProperty(o => o.StartedAt, o => status == OperationStatus.Running ? o.StartedAt ?? now : null),
                ct
            );
        operation.Status = status;
        return served == 1 ? operation : null;
    }

    private async Task<Step> Attempt(Operation operation, long epoch, CancellationToken ct)
    {
        var key = (operation.WorkspaceId, operation.Id);
        var isOne = operation is { AllOrNothing: true, Status: OperationStatus.Running };
        var size = isOne ? int.MaxValue : sizes.GetOrAdd(key, options.FirstChunk);
        try
        {
            await SqliteWriters.LetOthersFirst(databases, ct);
            var watch = Stopwatch.StartNew();
            var step =
                operation.Status == OperationStatus.Previewing
                    ? await planner.Run(operation, epoch, size, ct)
                    : await executor.Run(operation, epoch, size, ct);
            sizes[key] = isOne ? size : Adapt(size, watch.Elapsed);
            troubles.TryRemove(key, out _);
            return step;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e) when (operation.Status == OperationStatus.Previewing && e is SpreadsheetException or ParametersException)
        {
            await Fail(operation, e.Message, ct);
            return Step.Stopped;
        }
        catch (Exception e) when (Troubles.Contain(e) || operation.Status == OperationStatus.Previewing)
        {
            return await Trouble(operation, e, ct);
        }
        catch (Exception e) when (isOne)
        {
            Log.ChunkFailed(log, e, operation.WorkspaceId, operation.Id, size);
            await Fail(
                operation,
                $"All or nothing, and one of them could not be changed: {e.GetBaseException().Message} Nobody was changed.",
                ct
            );
            return Step.Stopped;
        }
        catch (Exception e)
        {
            // Somebody in this chunk is the cause: halve until it is one user, who fails alone.
            Log.ChunkFailed(log, e, operation.WorkspaceId, operation.Id, size);
            if (size > 1)
            {
                sizes[key] = size / 2;
                return Step.More;
            }

            return await executor.FailUser(operation, epoch, e.GetBaseException().Message, ct);
        }
    }

    private int Adapt(int size, TimeSpan took)
    {
        var factor = Math.Clamp(options.ChunkMilliseconds / Math.Max(1, took.TotalMilliseconds), 0.5, 2);
        // Below the first size a chunk costs its fixed statements, not its users; smaller ones come only from narrowing an error down, and grow again.
        var smallest = Math.Min(options.FirstChunk, size * 2);
        return Math.Clamp((int)(size * factor), smallest, options.LargestChunk);
    }

    /// <summary>Trouble with database or disk is nobody's fault: wait, try again, and in the end stop so that a person can resume.</summary>
    private async Task<Step> Trouble(Operation operation, Exception e, CancellationToken ct)
    {
        var key = (operation.WorkspaceId, operation.Id);
        var count = troubles.AddOrUpdate(key, 1, (_, n) => n + 1);
        Log.Trouble(log, e, operation.WorkspaceId, operation.Id, count);
        freezer.Forget(operation);
        await Task.Delay(TimeSpan.FromMilliseconds(100 << count), clock, ct);
        if (count >= MostTroubles)
        {
            troubles.TryRemove(key, out _);
            await Fail(
                operation,
                $"Stopped by trouble that is no user's fault: {e.GetBaseException().Message} Resume it when that is mended; nothing is lost.",
                ct
            );
        }

        return Step.Stopped;
    }

    private async Task Fail(Operation operation, string error, CancellationToken ct)
    {
        var now = clock.Now();
        freezer.Forget(operation);
        await using var db = databases.Open(operation.WorkspaceId);
        await db
            .Operations.Where(o => o.WorkspaceId == operation.WorkspaceId && o.Id == operation.Id && o.Status == operation.Status)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(o => o.Status, OperationStatus.Failed)
                        .SetProperty(o => o.Error, error)
                        .SetProperty(o => o.FinishedAt, now),
                ct
            );
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Looking for work failed")]
        public static partial void SweepFailed(ILogger log, Exception e);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "A chunk of {Size} users of operation {Workspace}/{Operation} failed; narrowing it down"
        )]
        public static partial void ChunkFailed(ILogger log, Exception e, long workspace, long operation, int size);

        [LoggerMessage(Level = LogLevel.Error, Message = "Trouble {Count} with operation {Workspace}/{Operation}")]
        public static partial void Trouble(ILogger log, Exception e, long workspace, long operation, int count);
    }
}
