using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.Files;
using Muster.People;
using static Muster.Bulk.OperationRules;

namespace Muster.Bulk;

/// <summary>
/// What a person may change in a preview: leave users out, take them in again, put rows right. Everything the preview says is true again afterwards:
/// where what one user gets can hang on who else is selected (seats, the last Admin) all are judged again, else only counts and effects are read again.
/// </summary>
public sealed class PreviewEdits(Databases databases, ActionCatalog catalog, OperationSignal signal, TimeProvider clock)
{
    /// <summary>Most users that one request can leave out or take in again.</summary>
    public const int MostUsers = 10_000;

    /// <summary>Most rows of one operation that can be mended in place.</summary>
    public const int MostRows = 1_000;

    /// <summary>Longest text of a cell, as in a spreadsheet.</summary>
    private const int LongestCell = 32_767;

    /// <summary>Leaves users out: they count as skipped. Somebody who is out already stays out.</summary>
    /// <param name="requester">Who asks.</param>
    /// <param name="id">The operation.</param>
    /// <param name="ordinals">Places of users of whom something will change.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="ConflictException">It is not previewed (any more).</exception>
    /// <exception cref="ParametersException">A place is nobody's, or of somebody who will not change.</exception>
    public Task Untick(Requester requester, long id, IReadOnlyList<long> ordinals, CancellationToken ct) =>
        Set(requester, id, ordinals, untick: true, ct);

    /// <summary>Takes users in again who were left out.</summary>
    /// <inheritdoc cref="Untick" />
    public Task Tick(Requester requester, long id, IReadOnlyList<long> ordinals, CancellationToken ct) =>
        Set(requester, id, ordinals, untick: false, ct);

    /// <summary>Puts a row of the file or a line of the pasted list right; the preview is made again from the file with that row in its place.</summary>
    /// <param name="requester">Who asks; the operation is theirs from then on.</param>
    /// <param name="id">The operation.</param>
    /// <param name="ordinal">The row's place in the operation.</param>
    /// <param name="cells">The row's texts under the file's headings, in their order.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="ConflictException">It is not previewed (any more), has no rows, or has too many mended ones.</exception>
    /// <exception cref="ParametersException">There is no such row, or the cells do not fit under the headings.</exception>
    public async Task Mend(Requester requester, long id, long ordinal, IReadOnlyList<string> cells, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(requester);
        ArgumentNullException.ThrowIfNull(cells);
        var workspaceId = requester.Actor.WorkspaceId;
        await using var db = databases.Open(workspaceId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.TakeTurn(workspaceId, ct);
        var operation = await Previewed(db, workspaceId, id, ct);
        var headers = await ItemList.HeadersOf(db, operation, ct);
        if (headers.Count == 0)
        {
            throw new ConflictException($"The users of operation {id} come from no file or pasted list, so there are no rows to mend.");
        }

        var row =
            await db
                .OperationRows.AsNoTracking()
                .SingleOrDefaultAsync(r => r.WorkspaceId == workspaceId && r.OperationId == id && r.Ordinal == ordinal, ct)
            ?? throw new ParametersException("ordinal", $"There is no row with the ordinal {ordinal} in operation {id}.");
        var mended = db.MendedRows.Where(m => m.WorkspaceId == workspaceId && m.OperationId == id);
        await mended.Where(m => m.RowNumber == row.RowNumber).ExecuteDeleteAsync(ct);
        if (await mended.CountAsync(ct) >= MostRows)
        {
            throw new ConflictException(
                $"{MostRows} rows have been mended here, which is as many as can be. Download the other problem rows, mend them in the spreadsheet and upload them."
            );
        }

        db.MendedRows.Add(
            new()
            {
                WorkspaceId = workspaceId,
                OperationId = id,
                RowNumber = row.RowNumber,
                Cells = Json.Write(Merged(row, headers, cells)),
            }
        );
        await db.SaveChangesAsync(ct);
        await Restart(db, requester, operation, operation.Parameters, operation.Selection, false, ct);
        await Audit.Write(db, requester, operation, "operation.row-mended", new { row = row.RowNumber }, clock.Now(), ct);
        await transaction.CommitAsync(ct);
        signal.Raise();
    }

    private async Task Set(Requester requester, long id, IReadOnlyList<long> ordinals, bool untick, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(requester);
        ArgumentNullException.ThrowIfNull(ordinals);
        if (ordinals.Count is 0 or > MostUsers)
        {
            throw new ParametersException("ordinals", $"Name 1 to {MostUsers} users by their ordinals.");
        }

        var workspaceId = requester.Actor.WorkspaceId;
        await using var db = databases.Open(workspaceId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.TakeTurn(workspaceId, ct);
        var operation = await Previewed(db, workspaceId, id, ct);
        var action = catalog.Get(operation.Action);
        var items = db.OperationItems.Where(i => i.WorkspaceId == workspaceId && i.OperationId == id && ordinals.Contains(i.Ordinal));
        var users = await UsersOf(items, ordinals, ct);
        await Remember(db, operation, users, untick, ct);
        if (action.JudgesTogether(undo: operation.UndoOf is not null))
        {
            await db.OperationItems.Where(i => i.WorkspaceId == workspaceId && i.OperationId == id).ExecuteDeleteAsync(ct);
            await Again(db, operation, PreviewPhase.Judging, ct);
        }
        else
        {
            await (untick ? Unticks.Skip(items, ct) : Unticks.PutBack(items, ct));
            await Again(db, operation, PreviewPhase.Counting, ct);
        }

        var what = untick ? "operation.users-unticked" : "operation.users-ticked";
        await Audit.Write(db, requester, operation, what, new { users = users.Count }, clock.Now(), ct);
        await transaction.CommitAsync(ct);
        signal.Raise();
    }

    /// <summary>The ordinals and profiles asked for; each must have an item that would change, or would if it had not been unticked.</summary>
    private static async Task<List<(long Ordinal, long ProfileId)>> UsersOf(
        IQueryable<OperationItem> items,
        IReadOnlyList<long> ordinals,
        CancellationToken ct
    )
    {
        var unticked = CommonReasons.Unticked.Code;
        var found = await items
            .Where(i => i.Verdict == Verdict.WillChange || i.Reason == unticked)
            .Select(i => new { i.Ordinal, i.ProfileId })
            .Distinct()
            .ToListAsync(ct);
        var missing = ordinals.Except(found.Select(f => f.Ordinal)).ToList();
        if (missing.Count > 0)
        {
            throw new ParametersException(
                "ordinals",
                $"Nobody with the ordinal {missing[0]} will change, so nobody can be left out there."
            );
        }

        return [.. found.Select(f => (f.Ordinal, f.ProfileId))];
    }

    private static async Task Remember(
        MusterDb db,
        Operation operation,
        List<(long Ordinal, long ProfileId)> users,
        bool untick,
        CancellationToken ct
    )
    {
        var (workspaceId, id) = (operation.WorkspaceId, operation.Id);
        var byRow = Unticks.AreByRow(operation);
        var who = users.ConvertAll(user => byRow ? user.Ordinal : user.ProfileId);
        await db
            .UntickedUsers.Where(u => u.WorkspaceId == workspaceId && u.OperationId == id && who.Contains(u.Who))
            .ExecuteDeleteAsync(ct);
        if (untick)
        {
            await db.BulkInsert(
                who.ConvertAll(w => new UntickedUser
                {
                    WorkspaceId = workspaceId,
                    OperationId = id,
                    Who = w,
                }),
                ct
            );
        }
    }

    private static async Task<Operation> Previewed(MusterDb db, long workspaceId, long id, CancellationToken ct)
    {
        var operation = await db.Operations.AsNoTracking().SingleAsync(o => o.WorkspaceId == workspaceId && o.Id == id, ct);
        return operation.Status == OperationStatus.Previewed
            ? operation
            : throw new ConflictException($"Operation {id} is {Word(operation.Status)}; only a preview can be changed.");
    }

    private static async Task Again(MusterDb db, Operation operation, PreviewPhase from, CancellationToken ct)
    {
        var moved = await db
            .Operations.Where(o => o.WorkspaceId == operation.WorkspaceId && o.Id == operation.Id && o.Status == OperationStatus.Previewed)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(o => o.Status, OperationStatus.Previewing)
                        .SetProperty(o => o.PreviewPhase, from)
                        .SetProperty(o => o.Cursor, o => from == PreviewPhase.Judging ? 0 : o.Cursor)
                        .SetProperty(o => o.Judged, o => from == PreviewPhase.Judging ? 0 : o.Judged),
                ct
            );
        if (moved == 0)
        {
            throw new ConflictException($"Operation {operation.Id} changed at the same moment; look at it again.");
        }
    }

    /// <summary>The row's cells, those under a heading replaced by what was given.</summary>
    private static List<string> Merged(OperationRow row, IReadOnlyList<HeaderCell> headers, IReadOnlyList<string> cells)
    {
        if (cells.Count != headers.Count || cells.Any(cell => cell is null || cell.Length > LongestCell))
        {
            throw new ParametersException(
                "cells",
                $"Give one text for each of the {headers.Count} columns, in their order, of {LongestCell} characters at most."
            );
        }

        var merged = Json.Read<List<string>>(row.Cells);
        merged.AddRange(Enumerable.Repeat("", Math.Max(0, headers.Max(h => h.Column) - merged.Count)));
        foreach (var (i, header) in headers.Index())
        {
            merged[header.Column - 1] = cells[i].Replace("\0", "", StringComparison.Ordinal);
        }

        return merged;
    }
}
