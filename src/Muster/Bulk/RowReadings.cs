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

    /// <summary>Reads the next rows into the operation, in the caller's transaction.</summary>
    /// <returns>True when the last row has been read.</returns>
    /// <exception cref="SpreadsheetException">The file as a whole cannot be used.</exception>
    public async Task<bool> ReadBatch(MusterDb db, Operation operation, Selection selection, long epoch, int size, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(selection);
        var key = (operation.WorkspaceId, operation.Id);
        if (!open.TryGetValue(key, out var reading) || reading.Cursor != operation.Cursor)
        {
            Forget(operation);
            reading = await Begin(db, operation, selection, ct);
            reading.PassOver(operation.LastOrdinal);
            reading.LastRead = clock.GetTimestamp();
            open[key] = reading;
        }

        var users = new List<OperationUser>();
        var rows = new List<OperationRow>();
        var ended = false;
        try
        {
            while (rows.Count < size && !(ended = !reading.Rows.MoveNext()))
            {
                Stage(operation, reading, users, rows);
            }

            await db.BulkInsert(users, ct);
            await db.BulkInsert(rows, ct);
            await reading.Import.Flush(db, ct);
        }
        catch
        {
            // Rows were taken from the file and not stored: nobody may go on from here.
            Forget(operation);
            throw;
        }

        operation.Selected += users.Count;
        operation.LastOrdinal += users.Count;
        operation.Cursor = operation.LastOrdinal;
        reading.Cursor = operation.Cursor;
        reading.LastRead = clock.GetTimestamp();
        if (ended)
        {
            Forget(operation);
            if (reading.Import.MakesPeople && operation.FirstNewId == 0)
            {
                operation.FirstNewId = await db.Reserve(operation.WorkspaceId, operation.LastOrdinal + 1, ct);
            }
        }

        return ended;
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

        if (selection.Emails is { } emails)
        {
            var list = new EmailColumnImport();
            list.Begin([new HeaderCell(1, EmailColumnImport.Column)], 1);
            return new(
                list,
                null,
                emails.Select((email, i) => new SheetRow(i + 1, hidden: false, [SheetCell.OfText(email)])).GetEnumerator()
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
            var headers = Json.Write(sheet.Headers);
            await db
                .OperationFiles.Where(f => f.WorkspaceId == operation.WorkspaceId && f.OperationId == operation.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(f => f.Headers, headers), ct);
            operation.Warnings = Json.Write(import.Begin(sheet.Headers, sheet.HeaderRow));
            return new(import, sheet, sheet.Rows(ct).GetEnumerator());
        }
        catch
        {
            sheet.Dispose();
            throw;
        }
    }

    private sealed class Reading(RowImport import, Spreadsheet? sheet, IEnumerator<SheetRow> rows) : IDisposable
    {
        public RowImport Import { get; } = import;

        public IEnumerator<SheetRow> Rows { get; } = rows;

        public long Cursor { get; set; }

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
