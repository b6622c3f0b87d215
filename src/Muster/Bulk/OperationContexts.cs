using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Data;
using Muster.People;

namespace Muster.Bulk;

/// <summary>Makes the contexts in which an operation's action is asked, with the actor's rights and the clock of this moment.</summary>
public static class OperationContexts
{
    /// <summary>The actor of an operation, as they stand now.</summary>
    public static async Task<Actor> ActorOf(this MusterDb db, Operation operation, TimeProvider clock, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(operation);
        if (operation.TokenId is { } token)
        {
            return await Actors.Token(db, operation.WorkspaceId, token, clock.Now(), ct);
        }

        return operation.AccountId is { } account
            ? await Actors.Person(db, operation.WorkspaceId, account, clock.Today(await db.ZoneOf(operation.WorkspaceId, ct)), ct)
            : Actors.CommandLine(operation.WorkspaceId);
    }

    /// <summary>The context for the users in (after, upTo] of an operation.</summary>
    internal static async Task<OperationContext> ContextOf(
        this MusterDb db,
        Operation operation,
        TimeProvider clock,
        long after,
        long upTo,
        CancellationToken ct
    )
    {
        var actor = await db.ActorOf(operation, clock, ct);
        var today = operation.Day ?? clock.Today(await db.ZoneOf(operation.WorkspaceId, ct));
        return new OperationContext
        {
            Db = db,
            WorkspaceId = operation.WorkspaceId,
            OperationId = operation.Id,
            OriginalId = operation.UndoOf ?? 0,
            FirstNewId = operation.FirstNewId,
            Actor = actor,
            Now = clock.Now(),
            Today = today,
            IsInListOrder = operation.InListOrder,
            After = after,
            UpTo = upTo,
        };
    }

    /// <summary>The position of the last of the operation's next users after its cursor; frozen users do not change, so this may be read before any lock.</summary>
    internal static async Task<long> PositionAfter(this MusterDb db, Operation operation, int users, CancellationToken ct)
    {
        var (workspaceId, id, cursor) = (operation.WorkspaceId, operation.Id, operation.Cursor);
        var last = await db
            .OperationUsers.Where(u => u.WorkspaceId == workspaceId && u.OperationId == id && u.Position > cursor)
            .OrderBy(u => u.Position)
            .Skip(users - 1)
            .Select(u => (long?)u.Position)
            .FirstOrDefaultAsync(ct);
        return last ?? operation.LastPosition;
    }

    /// <summary>The workspace's time zone.</summary>
    internal static Task<string> ZoneOf(this MusterDb db, long workspaceId, CancellationToken ct) =>
        db.Workspaces.Where(w => w.Id == workspaceId).Select(w => w.TimeZone).SingleAsync(ct);
}
