using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.People;

namespace Muster.Bulk;

/// <summary>Once an hour: drafts that nobody confirmed within a day go, and so do the items of operations past the workspace's retention, and used-up idempotency keys.</summary>
public sealed partial class Housekeeping(Databases databases, TimeProvider clock, ILogger<Housekeeping> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);
    private static readonly TimeSpan DraftsLive = TimeSpan.FromHours(24);
    private static readonly TimeSpan KeysLive = TimeSpan.FromHours(24);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Tidy(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                Log.Failed(log, e);
            }

            await Task.Delay(Every, clock, stoppingToken);
        }
    }

    /// <summary>Does it once.</summary>
    public async Task Tidy(CancellationToken ct)
    {
        await using var db = databases.Open(0);
        foreach (var workspace in await db.Workspaces.AsNoTracking().ToListAsync(ct))
        {
            db.WorkspaceId = workspace.Id;
            await DropDrafts(db, workspace.Id, ct);
            await DropOldItems(db, workspace, ct);
            var expired = clock.Now() - KeysLive;
            await db.IdempotencyKeys.Where(k => k.WorkspaceId == workspace.Id && k.CreatedAt < expired).ExecuteDeleteAsync(ct);
        }
    }

    private async Task DropDrafts(MusterDb db, long workspaceId, CancellationToken ct)
    {
        var before = clock.Now() - DraftsLive;
        var drafts = await db
            .Operations.Where(o =>
                o.WorkspaceId == workspaceId
                && o.ConfirmedAt == null
                && o.Review == null
                && o.CreatedAt < before
                && (
                    o.Status == OperationStatus.Draft
                    || o.Status == OperationStatus.Previewed
                    || o.Status == OperationStatus.Failed
                    || o.Status == OperationStatus.Cancelled
                )
            )
            .Select(o => o.Id)
            .ToListAsync(ct);
        foreach (var id in drafts)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            await db.TakeTurn(workspaceId, ct);
            var gone = await db
                .Operations.Where(o => o.WorkspaceId == workspaceId && o.Id == id && o.ConfirmedAt == null)
                .ExecuteDeleteAsync(ct);
            if (gone == 1)
            {
                await Staged.Clear(db, workspaceId, id, ct);
                await db.OperationFiles.Where(f => f.WorkspaceId == workspaceId && f.OperationId == id).ExecuteDeleteAsync(ct);
            }

            await transaction.CommitAsync(ct);
        }
    }

    private async Task DropOldItems(MusterDb db, Workspace workspace, CancellationToken ct)
    {
        var before = clock.Now().AddDays(-workspace.RetentionDays);
        var old = await db
            .Operations.Where(o =>
                o.WorkspaceId == workspace.Id
                && o.FinishedAt < before
                && db.OperationUsers.Any(u => u.WorkspaceId == workspace.Id && u.OperationId == o.Id)
            )
            .Select(o => o.Id)
            .ToListAsync(ct);
        foreach (var id in old)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            await Staged.Clear(db, workspace.Id, id, ct);
            await db.OperationFiles.Where(f => f.WorkspaceId == workspace.Id && f.OperationId == id).ExecuteDeleteAsync(ct);
            await transaction.CommitAsync(ct);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Housekeeping failed; it is tried again in an hour")]
        public static partial void Failed(ILogger log, Exception e);
    }
}
