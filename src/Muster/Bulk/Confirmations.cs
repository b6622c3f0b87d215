using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Data;
using Muster.People;
using static Muster.Bulk.IdempotentRequests;
using static Muster.Bulk.OperationRules;

namespace Muster.Bulk;

/// <summary>How a preview is to be run.</summary>
/// <param name="ExpectedChanges">The number of users who will change, as whoever confirms read it; must be right if given, and given where the threshold asks for it.</param>
/// <param name="RunAt">A later time, in UTC; null for as soon as possible.</param>
/// <param name="AllOrNothing">Whether nobody is changed unless everybody is whom the preview says will be.</param>
public sealed record Confirmation(long? ExpectedChanges = null, DateTime? RunAt = null, bool AllOrNothing = false);

/// <summary>Confirms previews, and approves what a second administrator must have seen: from there on an operation runs by itself.</summary>
public sealed class Confirmations(Databases databases, ActionCatalog catalog, OperationSignal signal, TimeProvider clock)
{
    /// <summary>The most items that all or nothing changes in its one transaction.</summary>
    public const int MostAtOnce = 10_000;

    private static readonly TimeSpan Farthest = TimeSpan.FromDays(366);

    /// <summary>Confirms a preview: it is queued, or waits for its time or for an approval.</summary>
    /// <exception cref="ConflictException">Not previewed, nothing to do, or the number is wrong or missing.</exception>
    /// <exception cref="ParametersException">The time is past or too far away, or too many would change for all or nothing.</exception>
    public async Task Confirm(Requester requester, long id, Confirmation confirmation, Idempotency? idempotency, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(requester);
        ArgumentNullException.ThrowIfNull(confirmation);
        var actor = requester.Actor;
        await using var db = databases.Open(actor.WorkspaceId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.TakeTurn(actor.WorkspaceId, ct);
        if (await Repeated(db, actor.WorkspaceId, idempotency, ct) is not null)
        {
            return;
        }

        var operation = await db.Operations.AsNoTracking().SingleAsync(o => o.WorkspaceId == actor.WorkspaceId && o.Id == id, ct);
        if (IsTheSame(operation, confirmation))
        {
            // The same confirm twice (a double click) is one operation.
            await Remember(db, operation, idempotency, clock.Now(), ct);
            await transaction.CommitAsync(ct);
            return;
        }

        // It was judged, and will run, with the rights of whoever began it: nobody borrows rights above their own.
        if ((await db.ActorOf(operation, clock, ct)).Rank > actor.Rank)
        {
            throw new ConflictException($"Operation {id} was previewed with rights above yours; give it its users again.");
        }

        var action = catalog.Get(operation.Action);
        await CheckCount(db, operation, action, confirmation.ExpectedChanges, ct);
        Check(operation, confirmation);
        var next =
            await NeedsApproval(db, operation, ct) ? OperationStatus.AwaitingApproval
            : confirmation.RunAt is null ? OperationStatus.Queued
            : OperationStatus.Scheduled;
        await Move(db, operation, next, confirmation, actor, ct);
        if (next == OperationStatus.AwaitingApproval)
        {
            await ApprovalRequests.Tell(db, operation, await AccountBehind(db, actor, ct), clock, ct);
        }

        await Remember(db, operation, idempotency, clock.Now(), ct);
        await Audit.Write(db, requester, operation, "operation.confirmed", new { users = operation.WillChange }, clock.Now(), ct);
        await transaction.CommitAsync(ct);
        signal.Raise();
    }

    /// <summary>Approves what another administrator confirmed.</summary>
    /// <exception cref="ConflictException">It does not wait for an approval, or not for this person's.</exception>
    public async Task Approve(Requester requester, long id, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(requester);
        var actor = requester.Actor;
        await using var db = databases.Open(actor.WorkspaceId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.TakeTurn(actor.WorkspaceId, ct);
        var operation = await db.Operations.AsNoTracking().SingleAsync(o => o.WorkspaceId == actor.WorkspaceId && o.Id == id, ct);
        if (await WhyNotApprove(db, operation, actor, clock, ct) is { } why)
        {
            throw new ConflictException(why);
        }

        var now = clock.Now();
        var moved = await db
            .Operations.Where(o => o.WorkspaceId == actor.WorkspaceId && o.Id == id && o.Status == OperationStatus.AwaitingApproval)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(o => o.Status, o => o.RunAt == null ? OperationStatus.Queued : OperationStatus.Scheduled)
                        .SetProperty(o => o.ApprovedAt, now)
                        .SetProperty(o => o.ApprovedByAccountId, actor.AccountId),
                ct
            );
        if (moved == 0)
        {
            throw new ConflictException($"Operation {id} changed at the same moment; look at it again.");
        }

        await Audit.Write(db, requester, operation, "operation.approved", new { users = operation.WillChange }, now, ct);
        await transaction.CommitAsync(ct);
        signal.Raise();
    }

    /// <summary>Whether an operation already stands confirmed in the way that is asked for.</summary>
    private static bool IsTheSame(Operation operation, Confirmation confirmation) =>
        operation.ConfirmedAt is not null
        && operation.AllOrNothing == confirmation.AllOrNothing
        && operation.Status switch
        {
            OperationStatus.Queued or OperationStatus.Running or OperationStatus.Completed => true,
            OperationStatus.Scheduled or OperationStatus.AwaitingApproval => operation.RunAt == confirmation.RunAt,
            _ => false,
        };

    private void Check(Operation operation, Confirmation confirmation)
    {
        var now = clock.Now();
        if (confirmation.RunAt is { } at && (at <= now || at > now + Farthest))
        {
            throw new ParametersException("runAt", "Give a time between now and a year from now.");
        }

        if (confirmation.AllOrNothing && operation.ItemsWillChange > MostAtOnce)
        {
            throw new ParametersException(
                "allOrNothing",
                $"All or nothing is one transaction, for {MostAtOnce:N0} changes at most; this would be {operation.ItemsWillChange:N0}."
            );
        }
    }

    private async Task Move(
        MusterDb db,
        Operation operation,
        OperationStatus next,
        Confirmation confirmation,
        Actor actor,
        CancellationToken ct
    )
    {
        var now = clock.Now();
        var moved = await db
            .Operations.Where(o => o.WorkspaceId == operation.WorkspaceId && o.Id == operation.Id && o.Status == OperationStatus.Previewed)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(o => o.Status, next)
                        .SetProperty(o => o.Cursor, 0)
                        .SetProperty(o => o.RunAt, confirmation.RunAt)
                        .SetProperty(o => o.AllOrNothing, confirmation.AllOrNothing)
                        .SetProperty(o => o.Review, (string?)null)
                        .SetProperty(o => o.LargestRun, (long?)null)
                        .SetProperty(o => o.ConfirmedAt, now)
                        .SetProperty(o => o.ConfirmedByAccountId, actor.AccountId)
                        .SetProperty(o => o.ConfirmedByTokenId, actor.TokenId),
                ct
            );
        if (moved == 0)
        {
            throw new ConflictException($"Operation {operation.Id} is {Word(operation.Status)}; only a previewed one can be confirmed.");
        }
    }
}
