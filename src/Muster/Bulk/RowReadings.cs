using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.Files;

namespace Muster.Bulk;

/// <summary>
/// The files and pasted lists that are being read, between one slice and the next. A reading lives in this process only:
/// when another runner goes on, or this one restarts, the file is read from its beginning and the rows staged so far are passed over.
/// </summary>
public sealed class RowReadings(ActionCatalog catalog, TimeProvider clock, BulkOptions options)
{
    private readonly ConcurrentDictionary<(long Workspace, long Operation), Reading> open = new();

    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(5);

    /// <summary>A batch has no more text than this, however many rows it may have: the longest rows are a million times the shortest.</summary>
    private const int MostText = 4 << 20;

    /// <summary>
    /// Takes the next rows from the file, opening it if need be. Needs no transaction and is given none: unpacking and parsing take seconds at worst,
    /// and SQLite's one writer is not to be held for that.
    /// </summary>
    /// <exception cref="SpreadsheetException">The file as a whole cannot be used.</exception>
    public async Task<RowBatch> ReadAhead(MusterDb db, Operation operation, Selection selection, int size, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(selection);
        var key = (operation.WorkspaceId, operation.Id);
        if (!open.TryGetValue(key, out var reading) || reading.Cursor != operation.Cursor)
        {
            Forget(operation);
            reading = await Begin(db, operation, selection, ct);
            open[key] = reading;
            reading.PassOver(operation.LastOrdinal);
        }

        // Should these rows never be stored, the cursors differ and nobody goes on from here.
        reading.Cursor = -1;
        var users = new List<OperationUser>();
        var rows = new List<OperationRow>();
        var ended = false;
        for (var text = 0; rows.Count < size && text < MostText && !(ended = !reading.Rows.MoveNext()); text += rows[^1].Cells.Length)
        {
            Stage(operation, reading, users, rows);
        }

        reading.Cursor = operation.Cursor + rows.Count;
        reading.LastRead = clock.GetTimestamp();
        return new(reading.Import, reading.Headers, reading.Warnings, users, rows, ended);
    }

    /// <summary>Writes rows that were read ahead into the operation, in the caller's transaction.</summary>
    /// <returns>True when they were the last.</returns>
    public async Task<bool> Store(MusterDb db, Operation operation, RowBatch batch, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(batch);
        if (operation.Cursor == 0 && batch.Headers is { } headers)
        {
            await db
                .OperationFiles.Where(f => f.WorkspaceId == operation.WorkspaceId && f.OperationId == operation.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(f => f.Headers, headers).SetProperty(f => f.Warnings, batch.Warnings), ct);
        }

        await db.BulkInsert(batch.Users, ct);
        await db.BulkInsert(batch.Rows, ct);
        await batch.Import.Flush(db, ct);
        operation.Selected += batch.Users.Count;
        operation.LastOrdinal += batch.Users.Count;
        operation.Cursor = operation.LastPosition = operation.LastOrdinal;
        if (batch.Ended)
        {
            Forget(operation);
            if (batch.Import.MakesPeople && operation.FirstNewId == 0)
            {
                operation.FirstNewId = await db.Reserve(operation.WorkspaceId, operation.LastOrdinal + 1, ct);
            }
        }

        return batch.Ended;
    }

    /// <summary>Closes the reading of an operation that is over or has moved to another runner.</summary>
    public void Forget(Operation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        if (open.TryRemove((operation.WorkspaceId, operation.Id), out var reading))
        {
            reading.Dispose();
        }
    }

    private static void Stage(Operation operation, Reading reading, List<OperationUser> users, List<OperationRow> rows)
    {
        var row = reading.Rows.Current;
        var ordinal = operation.LastOrdinal + rows.Count + 1;
        var problems = reading.Import.Read(row, ordinal, out var emailKey);
        users.Add(
            new OperationUser
            {
                WorkspaceId = operation.WorkspaceId,
                OperationId = operation.Id,
                Position = ordinal,
                Ordinal = ordinal,
                Problem = problems.Count > 0 ? problems[0].Code : null,
            }
        );
        rows.Add(
            new OperationRow
            {
                WorkspaceId = operation.WorkspaceId,
                OperationId = operation.Id,
                Ordinal = ordinal,
                RowNumber = row.Number,
                EmailKey = emailKey,
                Cells = Json.Write(Enumerable.Range(1, row.LastColumn).Select(column => row[column].Text)),
                Problems = problems.Count > 0 ? Json.Write(problems) : null,
            }
        );
    }

    private async Task<Reading> Begin(MusterDb db, Operation operation, Selection selection, CancellationToken ct)
    {
        // Readings of operations that were cancelled or went to another runner are let go; should one go on here after all, it begins again.
        foreach (var (key, reading) in open.Where(pair => clock.GetElapsedTime(pair.Value.LastRead) > Idle))
        {
            open.TryRemove(key, out _);
            reading.Dispose();
        }

        var mended = await db
            .MendedRows.Where(m => m.WorkspaceId == operation.WorkspaceId && m.OperationId == operation.Id)
            .ToDictionaryAsync(m => m.RowNumber, m => m.Cells, ct);
        SheetRow Mended(SheetRow row) => mended.TryGetValue(row.Number, out var cells) ? row.With(Json.Read<List<string>>(cells)) : row;
        if (selection.Emails is { } emails)
        {
            var list = new EmailColumnImport();
            list.Begin([new HeaderCell(1, EmailColumnImport.Column)], 1);
            return new(
                list,
                null,
                null,
                emails.Select((email, i) => new SheetRow(i + 1, hidden: false, [SheetCell.OfText(email)])).Select(Mended).GetEnumerator()
            );
        }

        var action = catalog.Get(operation.Action);
        var import = await action.Import(await db.ContextOf(operation, clock, 0, 0, ct), ct);
        var content = await FileContents.Read(db, operation.WorkspaceId, operation.Id, ct);
        var sheet = Spreadsheet.Open(
            new MemoryStream(content, writable: false),
            new SpreadsheetOptions
            {
                MaxBytes = options.MaxUploadBytes,
                MaxRows = options.MaxRows,
                LooksLikeHeader = import.LooksLikeHeader,
                HeaderAdvice = $"name the columns, one of them “{EmailColumnImport.Column}”",
            },
            ct
        );
        try
        {
            var warnings = import.Begin(sheet.Headers, sheet.HeaderRow);
            return new(import, sheet, Json.Write(warnings), sheet.Rows(ct).Select(Mended).GetEnumerator());
        }
        catch
        {
            sheet.Dispose();
            throw;
        }
    }

    private sealed class Reading(RowImport import, Spreadsheet? sheet, string? warnings, IEnumerator<SheetRow> rows) : IDisposable
    {
        public RowImport Import { get; } = import;

        /// <summary>As stored beside the file; a pasted list has none.</summary>
        public string? Headers { get; } = sheet is null ? null : Json.Write(sheet.Headers);

        public string? Warnings { get; } = warnings;

        public IEnumerator<SheetRow> Rows { get; } = rows;

        public long Cursor { get; set; } = -1;

        public long LastRead { get; set; }

        /// <summary>Goes past rows that are staged already: the same file has the same rows.</summary>
        public void PassOver(long count)
        {
            for (var row = 0L; row < count && Rows.MoveNext(); row++) { }
        }

        public void Dispose()
        {
            Rows.Dispose();
            sheet?.Dispose();
        }
    }
}

/// <summary>Rows that were taken from a file or pasted list and wait for the transaction that stores them.</summary>
/// <param name="Import">Keeps what the action needs of them.</param>
/// <param name="Headers">The file's headings as JSON; none for a pasted list.</param>
/// <param name="Warnings">What is odd about the file as a whole, as JSON.</param>
/// <param name="Users">A user for each row.</param>
/// <param name="Rows">The rows as they stand.</param>
/// <param name="Ended">Whether they are the last.</param>
public sealed record RowBatch(
    RowImport Import,
    string? Headers,
    string? Warnings,
    IReadOnlyCollection<OperationUser> Users,
    IReadOnlyCollection<OperationRow> Rows,
    bool Ended
);
