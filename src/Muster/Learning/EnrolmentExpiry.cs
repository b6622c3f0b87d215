using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;
using Muster.People;

namespace Muster.Learning;

/// <summary>
/// Once an hour: stores attempts past their last day as Expired. Everything that judges, shows or counts reads the dates, so nothing waits for it; it keeps the index of
/// attempts that run out small. A workspace where nothing ran out costs one statement.
/// </summary>
public sealed partial class EnrolmentExpiry(Databases databases, TimeProvider clock, ILogger<EnrolmentExpiry> log) : BackgroundService
{
    private const int Batch = 5000;
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    // A start has enough to do.
    private static readonly TimeSpan First = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var rest = First;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(rest, clock, stoppingToken);
                rest = Every;
                await Sweep(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                Log.Failed(log, e);
            }
        }
    }

    /// <summary>Does it once, in batches of a transaction each.</summary>
    public async Task Sweep(CancellationToken ct)
    {
        await using var db = databases.Open(0);
        foreach (var workspace in await db.Workspaces.AsNoTracking().OrderBy(w => w.Id).ToListAsync(ct))
        {
            var (workspaceId, today) = (workspace.Id, clock.Today(workspace.TimeZone));
            db.WorkspaceId = workspaceId;
            // Course by course, because the index of attempts that run out begins with it.
            var courses = await db
                .Courses.Where(c =>
                    c.WorkspaceId == workspaceId
                    && db.Enrolments.Any(e =>
                        e.WorkspaceId == workspaceId && e.CourseId == c.Id && e.Status < EnrolmentStatus.Completed && e.ExpiresOn < today
                    )
                )
                .Select(c => c.Id)
                .OrderBy(id => id)
                .ToListAsync(ct);
            foreach (var course in courses)
            {
                while (await StoreBatch(db, workspaceId, course, today, ct) == Batch) { }
            }
        }
    }

    private async Task<int> StoreBatch(MusterDb db, long workspaceId, long courseId, DateOnly today, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await WorkspaceLeases.StandBetweenChunks(db, workspaceId, ct);
        var runOut = RunOutAttempts.Of(db, workspaceId, courseId, today);
        var stored = await (
            from e in runOut
            join first in runOut.OrderBy(e => e.ExpiresOn).Take(Batch)
                on new
                {
                    e.WorkspaceId,
                    e.ProfileId,
                    e.CourseId,
                    e.Attempt,
                } equals new
                {
                    first.WorkspaceId,
                    first.ProfileId,
                    first.CourseId,
                    first.Attempt,
                }
            select e
        ).ExecuteUpdateAsync(set => set.SetProperty(e => e.Status, EnrolmentStatus.Expired), ct);
        if (stored > 0)
        {
            await Audit.Write(
                db,
                new AuditEntry
                {
                    WorkspaceId = workspaceId,
                    At = clock.Now(),
                    Event = "enrolments.expired",
                    Details = Json.Write(new { course = courseId, enrolments = stored }),
                },
                ct
            );
        }

        await transaction.CommitAsync(ct);
        return stored;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Storing expired enrolments failed; it is tried again in an hour")]
        public static partial void Failed(ILogger log, Exception e);
    }
}
