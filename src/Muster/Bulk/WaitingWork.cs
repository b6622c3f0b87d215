using Microsoft.EntityFrameworkCore;
using Muster.Data;

namespace Muster.Bulk;

/// <summary>What a runner can do something about, and where it is most urgent.</summary>
internal static class WaitingWork
{
    /// <summary>Operations to be previewed or run now.</summary>
    public static IQueryable<Operation> Of(IQueryable<Operation> operations, DateTime now) =>
        operations.Where(o =>
            o.Status == OperationStatus.Previewing
            || o.Status == OperationStatus.Queued
            || o.Status == OperationStatus.Running
            || (o.Status == OperationStatus.Scheduled && o.RunAt <= now)
        );

    /// <summary>The workspace with work that was served longest ago, of those whose lease is free or lapsed.</summary>
    /// <param name="databases">Where.</param>
    /// <param name="others">Workspaces that are not meant.</param>
    /// <param name="now">In UTC.</param>
    /// <param name="ct">Ends the question.</param>
    public static async Task<long?> LongestWaiting(Databases databases, List<long> others, DateTime now, CancellationToken ct)
    {
        await using var db = databases.Open(0);
        return await (
            from operation in Of(db.Operations.IgnoreQueryFilters(), now)
            join lease in db.WorkspaceLeases.IgnoreQueryFilters() on operation.WorkspaceId equals lease.WorkspaceId
            where (lease.LeaseUntil == null || lease.LeaseUntil < now) && !others.Contains(operation.WorkspaceId)
            // Never served comes first: left to themselves, PostgreSQL puts NULL last and SQLite first.
            orderby lease.ServedAt != null, lease.ServedAt, operation.WorkspaceId
            select (long?)operation.WorkspaceId
        ).FirstOrDefaultAsync(ct);
    }
}
