using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Data;
using Muster.Mail;
using Muster.People;

namespace Muster.Bulk;

/// <summary>Who may give the approval that an operation asks for.</summary>
/// <param name="Count">How many people; with none it waits until there is somebody.</param>
/// <param name="Told">How many of them an e-mail tells of it: those with access to the workspace. A Site Admin who is no user of it gets none.</param>
public sealed record Approvers(int Count, int Told);

/// <summary>Finds whoever may approve an operation (<see cref="OperationRules.WhyNotApprove"/>) and writes to them: one e-mail for each confirmation.</summary>
internal static class ApprovalRequests
{
    /// <summary>How many may approve.</summary>
    /// <param name="db">The database.</param>
    /// <param name="operation">Which operation.</param>
    /// <param name="confirmer">The account that confirmed it, or is about to; null for a program.</param>
    /// <param name="clock">Who has access today.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<Approvers> Find(MusterDb db, Operation operation, long? confirmer, TimeProvider clock, CancellationToken ct)
    {
        var (people, siteAdmins) = await May(db, operation, confirmer, clock, ct);
        var told = await people.CountAsync(ct);
        var counted = await people.CountAsync(p => siteAdmins.Contains(p.AccountId), ct);
        return new(siteAdmins.Count + told - counted, told);
    }

    /// <summary>
    /// Writes an e-mail to each of them who has access to the workspace, in the transaction of the confirmation. Whoever was told of an earlier confirmation
    /// of the same operation is told again; a message that still waits tells of this one.
    /// </summary>
    public static async Task Tell(MusterDb db, Operation operation, long? confirmer, TimeProvider clock, CancellationToken ct)
    {
        var (workspaceId, operationId, now) = (operation.WorkspaceId, operation.Id, clock.Now());
        var (people, _) = await May(db, operation, confirmer, clock, ct);
        var messages = db.Outbox.Where(m =>
            m.WorkspaceId == workspaceId && m.OperationId == operationId && m.Purpose == MessagePurpose.Approval
        );
        // What still waits from an earlier confirmation is not for those who may no longer approve.
        await messages
            .Where(m => (m.Status == MessageStatus.Waiting || m.Status == MessageStatus.Held) && !people.Any(p => p.Id == m.ProfileId))
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(m => m.Status, MessageStatus.Suppressed)
                        .SetProperty(m => m.CreatedAt, now)
                        .SetProperty(m => m.ClaimedAt, (DateTime?)null),
                ct
            );
        await messages
            .Where(m => people.Any(p => p.Id == m.ProfileId))
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(m => m.Status, MessageStatus.Waiting)
                        .SetProperty(m => m.Attempts, 0)
                        .SetProperty(m => m.CreatedAt, now)
                        .SetProperty(m => m.DueAt, now)
                        .SetProperty(m => m.ClaimedAt, (DateTime?)null)
                        .SetProperty(m => m.SentAt, (DateTime?)null)
                        .SetProperty(m => m.Error, (string?)null),
                ct
            );
        await people
            .Where(p => !messages.Any(m => m.ProfileId == p.Id))
            .InsertInto(
                db.Outbox,
                p => new OutboxMessage
                {
                    WorkspaceId = workspaceId,
                    OperationId = operationId,
                    ProfileId = p.Id,
                    Purpose = MessagePurpose.Approval,
                    Status = MessageStatus.Waiting,
                    Attempts = 0,
                    CreatedAt = now,
                    DueAt = now,
                },
                ct
            );
    }

    /// <summary>Users of the workspace who may approve, and the accounts of all Site Admins who may.</summary>
    private static async Task<(IQueryable<Profile> People, List<long?> SiteAdmins)> May(
        MusterDb db,
        Operation operation,
        long? confirmer,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (workspaceId, today) = (operation.WorkspaceId, clock.Today(await db.ZoneOf(operation.WorkspaceId, ct)));
        var maker = await OperationRules.MakerOf(db, operation, ct);
        var mayAdmins = (await db.ActorOf(operation, clock, ct)).Rank <= Rank.Admin;
        var siteAdmins = await db
            .Users.Where(a => a.IsSiteAdmin && a.Id != maker && a.Id != confirmer)
            .Select(a => (long?)a.Id)
            .ToListAsync(ct);
        var people = db.Profiles.Where(p =>
            p.WorkspaceId == workspaceId
            && p.Status == ProfileStatus.Active
            && (p.ExpiresOn == null || p.ExpiresOn >= today)
            && p.AccountId != null
            && p.AccountId != maker
            && p.AccountId != confirmer
            && ((mayAdmins && p.Role == ProfileRole.Admin) || siteAdmins.Contains(p.AccountId))
        );
        return (people, siteAdmins);
    }
}
