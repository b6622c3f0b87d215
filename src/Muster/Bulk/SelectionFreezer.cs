using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Data;
using Muster.People;

namespace Muster.Bulk;

/// <summary>
/// Turns a selection into the operation's users, each with an ordinal: the list's sort (last name, first name, id) or the file's row.
/// From here on the very users, not the filter, are what preview and run work on.
/// </summary>
public sealed class SelectionFreezer(RowReadings readings, TimeProvider clock)
{
    /// <summary>A selection of up to so many chunks' users is frozen in one: gathering them once is quicker than each chunk's way through the list.</summary>
    private const int ChunksAtOnce = 10;

    /// <summary>Reads the next rows where the users come from a file or pasted list, before there is a transaction; null where they do not.</summary>
    public async Task<RowBatch?> ReadAhead(MusterDb db, Operation operation, int size, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(operation);
        var selection = Json.Read<Selection>(operation.Selection!);
        return operation.UndoOf is null && (selection.File == true || selection.Emails is not null)
            ? await readings.ReadAhead(db, operation, selection, size, ct)
            : null;
    }

    /// <summary>Freezes the next users, in the caller's transaction.</summary>
    public async Task<Step> Run(MusterDb db, Operation operation, RowBatch? rows, int size, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(operation);
        var selection = Json.Read<Selection>(operation.Selection!);
        var actor = await db.ActorOf(operation, clock, ct);
        var visible = db.Profiles.Where(p => p.WorkspaceId == operation.WorkspaceId).VisibleTo(db, actor);
        var done = operation switch
        {
            { UndoOf: { } original } => await FreezeChanged(db, operation, original, size, ct),
            _ when selection.Operation is { } slice => await FreezeSlice(db, operation, slice, actor.IsAdmin ? null : visible, size, ct),
            _ when selection.Users is { } ids => await FreezeUsers(db, operation, ids, visible, ct),
            _ when selection.Filter is { } filter => await FreezeFilter(db, operation, filter, selection.Except ?? [], actor, size, ct),
            _ => await readings.Store(db, operation, rows!, ct),
        };
        if (done)
        {
            await db.Analyse("operation_users", ct);
            if (selection.File == true || selection.Emails is not null)
            {
                await Staged.Analyse(db, ct);
            }

            operation.PreviewPhase = PreviewPhase.Judging;
            operation.Cursor = 0;
        }

        await Save(db, operation, ct);
        return Step.More;
    }

    private async Task<bool> FreezeFilter(
        MusterDb db,
        Operation operation,
        UserFilter filter,
        IReadOnlyList<long> except,
        Actor actor,
        int size,
        CancellationToken ct
    )
    {
        var zone = await db.Workspaces.Where(w => w.Id == operation.WorkspaceId).Select(w => w.TimeZone).SingleAsync(ct);
        // Somebody renamed while the list is being frozen moves past the place reached, and must not stand in it twice. They are looked for
        // among the users of this chunk: as a condition of the list it made PostgreSQL read everybody for every chunk.
        var (workspaceId, id, today) = (operation.WorkspaceId, operation.Id, clock.Today(zone));
        Expression<Func<Profile, Next>> shape = p =>
            new(
                p.Id,
                p.SortName,
                // One look-up each: as EXISTS, PostgreSQL made a hash table of all users frozen so far for every chunk.
                db.OperationUsers.Where(u => u.WorkspaceId == workspaceId && u.OperationId == id && u.ProfileId == p.Id)
                    .Select(u => (long?)u.Position)
                    .FirstOrDefault()
            );
        // The few of a large workspace are not looked for among everybody, but gathered at once.
        var few = (int)Math.Min(UserPages.CountLimit, (long)size * ChunksAtOnce);
        var pages = new UserPages(db, actor, filter, today, zone);
        var isFew = operation.PlaceSortName is null && await pages.Count(ct) < few;
        var found = isFew
            ? (await pages.Read(new(null, 0), few, shape, ct)).Lines
            : await db.Users(workspaceId, filter, today, zone)
                .VisibleTo(db, actor)
                .InListOrder(operation.PlaceSortName, operation.PlaceId)
                .Take(size)
                .Select(shape)
                .ToListAsync(ct);
        var excepted = except.ToHashSet();
        await Add(db, operation, [.. found.Where(p => p.Frozen is null && !excepted.Contains(p.Id)).Select(p => p.Id)], ct);
        if (found.Count > 0)
        {
            (operation.PlaceSortName, operation.PlaceId) = (found[^1].SortName, found[^1].Id);
        }

        return found.Count < (isFew ? few : size);
    }

    /// <summary>The next user of a list, and where they stand in the operation already.</summary>
    private sealed record Next(long Id, string SortName, long? Frozen);

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
        await Add(db, operation, [.. known.Select(p => p.Id)], ct);
        var missing = ids.Distinct().Count() - known.Count;
        await Add(db, operation, new long[missing], ct, CommonReasons.NotFound.Code);
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
        await Add(db, operation, [.. found.Where(u => !u.IsFrozen).Select(u => u.ProfileId).Distinct()], ct);
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

    private static async Task Add(
        MusterDb db,
        Operation operation,
        IReadOnlyList<long> profileIds,
        CancellationToken ct,
        string? problem = null
    )
    {
        var first = operation.LastOrdinal + 1;
        await db.BulkInsert(
            [
                .. profileIds.Select(
                    (id, i) =>
                        new OperationUser
                        {
                            WorkspaceId = operation.WorkspaceId,
                            OperationId = operation.Id,
                            Position = PositionOf(operation, id, first + i),
                            Ordinal = first + i,
                            ProfileId = id,
                            Problem = problem,
                        }
                ),
            ],
            ct
        );
        operation.LastPosition = profileIds.Select((id, i) => PositionOf(operation, id, first + i)).Append(operation.LastPosition).Max();
        operation.LastOrdinal += profileIds.Count;
        operation.Selected += profileIds.Count;
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
                        .SetProperty(o => o.PlaceSortName, operation.PlaceSortName)
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
