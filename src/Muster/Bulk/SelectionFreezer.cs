using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Data;
using Muster.People;

namespace Muster.Bulk;

/// <summary>
/// Turns a selection into the operation's users, each with an ordinal: the list's sort (last name, first name, id) or the file's row.
/// From here on the very users, not the filter, are what preview and run work on.
/// </summary>
public sealed class SelectionFreezer(RowReadings rows, ListReadings lists, TimeProvider clock)
{
    /// <summary>Reads what takes long before there is a transaction: the next rows of a file or pasted list, or a filter's whole list.</summary>
    public async Task<ReadAhead> ReadAhead(MusterDb db, Operation operation, int size, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(operation);
        var selection = Json.Read<Selection>(operation.Selection!);
        return operation.UndoOf is not null ? new(null, null)
            : selection.File == true || selection.Emails is not null ? new(await rows.ReadAhead(db, operation, selection, size, ct), null)
            : selection.Filter is { } filter ? new(null, await lists.Read(db, operation, filter, selection.Except ?? [], ct))
            : new(null, null);
    }

    /// <summary>Lets go of what was read of an operation that is over or has moved to another runner.</summary>
    public void Forget(Operation operation)
    {
        rows.Forget(operation);
        lists.Forget(operation);
    }

    /// <summary>Freezes the next users, in the caller's transaction.</summary>
    public async Task<Step> Run(MusterDb db, Operation operation, ReadAhead read, int size, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(read);
        var selection = Json.Read<Selection>(operation.Selection!);
        var actor = await db.ActorOf(operation, clock, ct);
        var visible = db.Profiles.Where(p => p.WorkspaceId == operation.WorkspaceId).VisibleTo(db, actor);
        var done = operation switch
        {
            { UndoOf: { } original } => await FreezeChanged(db, operation, original, size, ct),
            _ when selection.Operation is { } slice => await FreezeSlice(db, operation, slice, actor.IsAdmin ? null : visible, size, ct),
            _ when selection.Users is { } ids => await FreezeUsers(db, operation, ids, visible, ct),
            _ when selection.Filter is not null => await FreezeList(db, operation, read.List, size, ct),
            _ => await rows.Store(db, operation, read.Rows!, ct),
        };
        if (done)
        {
            await db.Analyse("operation_users", ct);
            if (selection.File == true || selection.Emails is not null)
            {
                await Staged.Analyse(db, ct);
            }

            lists.Forget(operation);
            operation.PreviewPhase = PreviewPhase.Judging;
            operation.Cursor = 0;
        }

        await Save(db, operation, ct);
        return Step.More;
    }

    private static async Task<bool> FreezeList(MusterDb db, Operation operation, ListReading? list, int size, CancellationToken ct)
    {
        if (list is null)
        {
            await BeginAnew(db, operation, size, ct);
            return false;
        }

        var part = list.Part((int)operation.LastOrdinal, size, operation.InListOrder);
        operation.PlaceId = list.Mark;
        await Add(db, operation, part, ct);
        return operation.LastOrdinal == list.Count;
    }

    /// <summary>The list from which these users came is not the same any more: they go, a chunk at a time.</summary>
    private static async Task BeginAnew(MusterDb db, Operation operation, int size, CancellationToken ct)
    {
        var (workspaceId, id) = (operation.WorkspaceId, operation.Id);
        var users = db.OperationUsers.Where(u => u.WorkspaceId == workspaceId && u.OperationId == id);
        var upTo = await users.OrderBy(u => u.Position).Select(u => u.Position).Take(size).MaxAsync(ct);
        operation.PlaceId = ListReading.Gone;
        operation.LastOrdinal -= await users.Where(u => u.Position <= upTo).ExecuteDeleteAsync(ct);
        operation.Selected = operation.Cursor = operation.LastOrdinal;
        operation.LastPosition = operation.LastOrdinal == 0 ? 0 : operation.LastPosition;
    }

    /// <summary>Ticked people: as many as fit into a request, so they are put into list order in memory. Ids of another workspace are not found.</summary>
    private static async Task<bool> FreezeUsers(
        MusterDb db,
        Operation operation,
        IReadOnlyList<long> ids,
        IQueryable<Profile> visible,
        CancellationToken ct
    )
    {
        var known = new List<(string SortName, long Id)>();
        foreach (var part in ids.Distinct().Chunk(1000))
        {
            var found = await visible.Where(p => part.Contains(p.Id)).Select(p => new { p.SortName, p.Id }).ToListAsync(ct);
            known.AddRange(found.Select(p => (p.SortName, p.Id)));
        }

        known.Sort((a, b) => Names.CompareSortNames(a.SortName, b.SortName) is var order and not 0 ? order : a.Id.CompareTo(b.Id));
        await Add(db, operation, Numbered(operation, known.Select(p => p.Id)), ct);
        var missing = ids.Distinct().Count() - known.Count;
        await Add(db, operation, Numbered(operation, new long[missing]), ct, CommonReasons.NotFound.Code);
        return true;
    }

    private static async Task<bool> FreezeSlice(
        MusterDb db,
        Operation operation,
        OperationSlice slice,
        IQueryable<Profile>? only,
        int size,
        CancellationToken ct
    )
    {
        var (workspaceId, id, source, place) = (operation.WorkspaceId, operation.Id, slice.Id, operation.PlaceId);
        var items = db.OperationItems.Where(i => i.WorkspaceId == workspaceId && i.OperationId == source);
        if (slice.Verdict is { } verdict)
        {
            items = items.Where(i => i.Verdict == verdict);
        }

        if (slice.Outcome is { } outcome)
        {
            items = items.Where(i => i.Outcome == outcome);
        }

        if (slice.Reason == OperationViews.FailedCode)
        {
            items = items.Where(i => i.Outcome == Outcome.Failed);
        }
        else if (slice.Reason is { } reason)
        {
            items = items.Where(i => i.Reason == reason || i.OutcomeReason == reason);
        }

        if (only is not null)
        {
            items = items.Where(i => only.Any(p => p.Id == i.ProfileId));
        }

        var found = await items
            .Where(i => i.Ordinal > place && i.ProfileId != 0)
            .Select(i => new { i.Ordinal, i.ProfileId })
            .Distinct()
            .OrderBy(u => u.Ordinal)
            .Take(size)
            .Select(u => new
            {
                u.Ordinal,
                u.ProfileId,
                IsFrozen = db.OperationUsers.Any(f => f.WorkspaceId == workspaceId && f.OperationId == id && f.ProfileId == u.ProfileId),
            })
            .ToListAsync(ct);
        // Two rows of a file lead to one person when an address moves from one to the other while they are matched.
        await Add(db, operation, Numbered(operation, found.Where(u => !u.IsFrozen).Select(u => u.ProfileId).Distinct()), ct);
        operation.PlaceId = found.Count > 0 ? found[^1].Ordinal : operation.PlaceId;
        return found.Count < size;
    }

    /// <summary>The users an operation changed, under the positions and ordinals they had there.</summary>
    private static async Task<bool> FreezeChanged(MusterDb db, Operation operation, long originalId, int size, CancellationToken ct)
    {
        var (workspaceId, id) = (operation.WorkspaceId, operation.Id);
        var original = await db.Operations.AsNoTracking().SingleAsync(o => o.WorkspaceId == workspaceId && o.Id == originalId, ct);
        (original.Cursor, operation.LastOrdinal) = (operation.Cursor, original.LastOrdinal);
        var (after, upTo) = (operation.Cursor, await db.PositionAfter(original, size, ct));
        var count = await db
            .OperationItems.Where(i =>
                i.WorkspaceId == workspaceId
                && i.OperationId == originalId
                && i.Position > after
                && i.Position <= upTo
                && i.Outcome == Outcome.Changed
            )
            .Select(i => new
            {
                i.Position,
                i.Ordinal,
                i.ProfileId,
            })
            .Distinct()
            .InsertInto(
                db.OperationUsers,
                i => new OperationUser
                {
                    WorkspaceId = workspaceId,
                    OperationId = id,
                    Position = i.Position,
                    Ordinal = i.Ordinal,
                    ProfileId = i.ProfileId,
                },
                ct
            );
        operation.Selected += count;
        (operation.Cursor, operation.LastPosition) = (upTo, upTo);
        return upTo == original.LastPosition;
    }

    /// <summary>With the ordinals that follow.</summary>
    private static List<(long ProfileId, long Ordinal)> Numbered(Operation operation, IEnumerable<long> profileIds) =>
        [.. profileIds.Select((id, i) => (id, operation.LastOrdinal + 1 + i))];

    private static async Task Add(
        MusterDb db,
        Operation operation,
        IReadOnlyList<(long ProfileId, long Ordinal)> users,
        CancellationToken ct,
        string? problem = null
    )
    {
        await db.BulkInsert(
            [
                .. users.Select(user => new OperationUser
                {
                    WorkspaceId = operation.WorkspaceId,
                    OperationId = operation.Id,
                    Position = PositionOf(operation, user.ProfileId, user.Ordinal),
                    Ordinal = user.Ordinal,
                    ProfileId = user.ProfileId,
                    Problem = problem,
                }),
            ],
            ct
        );
        operation.LastPosition = users
            .Select(user => PositionOf(operation, user.ProfileId, user.Ordinal))
            .Append(operation.LastPosition)
            .Max();
        operation.LastOrdinal += users.Count;
        operation.Selected += users.Count;
        operation.Cursor = operation.LastOrdinal;
    }

    // Profile ids stay below 2^40; whoever was not found comes behind all of them.
    private static long PositionOf(Operation operation, long profileId, long ordinal) =>
        operation.InListOrder ? ordinal
        : profileId == 0 ? (1L << 40) + ordinal
        : profileId;

    private static Task Save(MusterDb db, Operation operation, CancellationToken ct) =>
        db
            .Operations.Where(o => o.WorkspaceId == operation.WorkspaceId && o.Id == operation.Id)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(o => o.PreviewPhase, operation.PreviewPhase)
                        .SetProperty(o => o.Cursor, operation.Cursor)
                        .SetProperty(o => o.PlaceId, operation.PlaceId)
                        .SetProperty(o => o.LastOrdinal, operation.LastOrdinal)
                        .SetProperty(o => o.LastPosition, operation.LastPosition)
                        .SetProperty(o => o.InListOrder, operation.InListOrder)
                        .SetProperty(o => o.Day, operation.Day)
                        .SetProperty(o => o.Selected, operation.Selected)
                        .SetProperty(o => o.FirstNewId, operation.FirstNewId),
                ct
            );
}

/// <summary>What was read before a chunk's transaction.</summary>
/// <param name="Rows">Of a file or pasted list.</param>
/// <param name="List">Of a filter; null also when it is not the one any more with which was begun.</param>
public sealed record ReadAhead(RowBatch? Rows, ListReading? List);
