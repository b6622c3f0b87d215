using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.Files;

namespace Muster.Bulk;

/// <summary>An operation's result as a table, one line an item, and its bad rows as a workbook to mend; both streamed.</summary>
public sealed class ResultsFile(ItemList items)
{
    private const int PageSize = 2000;

    /// <summary>Writes every item, in the operation's order; a file's rows with their number and original cells.</summary>
    public async Task Write(MusterDb db, Operation operation, ITableWriter table, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(table);
        var headers = await ItemList.HeadersOf(db, operation, ct);
        await table.WriteHeader(Columns(headers), ct);
        var cells = new List<TableCell>();
        ItemPlace? place = default(ItemPlace);
        while (place is { } after)
        {
            var page = await items.Page(db, operation, new(), after, PageSize, ct);
            foreach (var line in page.Lines)
            {
                Fill(cells, line, headers);
                await table.WriteRow(CollectionsMarshal.AsSpan(cells), ct);
            }

            place = page.Next;
        }

        await table.Complete(ct);
    }

    /// <summary>Writes the rows that are problems as they came, each with its reason, to be mended and uploaded again.</summary>
    /// <param name="db">The database.</param>
    /// <param name="operation">An operation over a file or pasted list.</param>
    /// <param name="output">Where to; need not be seekable and stays open.</param>
    /// <param name="template">The action's own template, whose notes and drop-downs the columns of the same title get.</param>
    /// <param name="ct">Checked while writing.</param>
    public static async Task WriteProblemRows(
        MusterDb db,
        Operation operation,
        Stream output,
        IReadOnlyList<TemplateColumn>? template,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(operation);
        var headers = (await ItemList.HeadersOf(db, operation, ct))
            .Where(h => HeaderMap.KeyOf(h.Text) != HeaderMap.KeyOf(XlsxTemplate.ProblemTitle))
            .ToList();
        var columns = headers.ConvertAll(h =>
            template?.FirstOrDefault(t => HeaderMap.KeyOf(t.Title) == HeaderMap.KeyOf(h.Text)) ?? new TemplateColumn(h.Text.Trim())
        );
        await XlsxTemplate.Write(output, "Rows to mend", columns, ProblemRows(db, operation, headers, ct), ct);
    }

    private static async IAsyncEnumerable<TemplateRow> ProblemRows(
        MusterDb db,
        Operation operation,
        List<HeaderCell> headers,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var (workspaceId, id, after) = (operation.WorkspaceId, operation.Id, 0L);
        while (true)
        {
            var page = await (
                from item in db.OperationItems
                where item.WorkspaceId == workspaceId && item.OperationId == id && item.Ordinal > after && item.Verdict == Verdict.Problem
                join row in db.OperationRows
                    on new
                    {
                        item.WorkspaceId,
                        item.OperationId,
                        item.Ordinal,
                    } equals new
                    {
                        row.WorkspaceId,
                        row.OperationId,
                        row.Ordinal,
                    }
                orderby row.Ordinal
                select new { Row = row, item.Reason }
            )
                .AsNoTracking()
                .Take(PageSize)
                .ToListAsync(ct);
            foreach (var found in page)
            {
                yield return Mend(found.Row, found.Reason, headers);
            }

            if (page.Count < PageSize)
            {
                yield break;
            }

            after = page[^1].Row.Ordinal;
        }
    }

    private static TemplateRow Mend(OperationRow row, string? reason, List<HeaderCell> headers)
    {
        var problems = row.Problems is null ? [] : Json.Read<List<RowProblem>>(row.Problems);
        var wrong = problems.Select(p => CellReference.ColumnOf(p.Cell)).Where(column => column > 0).ToHashSet();
        return new(
            [.. ItemList.CellsOf(row, headers).Select(text => TableCell.Of(text))],
            problems.Count > 0
                ? string.Join(" ", problems.Select(p => $"{p.Cell}: {p.Text}"))
                : $"Row {row.RowNumber}: {(reason == CommonReasons.NotFound.Code ? CommonReasons.NotFound.Sentence : ReasonSentences.Spell(reason ?? ""))}",
            [.. headers.Index().Where(h => wrong.Contains(h.Item.Column)).Select(h => h.Index)]
        );
    }

    private static List<TableColumn> Columns(IReadOnlyList<HeaderCell> headers) =>
        [
            .. headers.Count > 0 ? [new TableColumn("Row", TableCellKind.Number)] : Array.Empty<TableColumn>(),
            new("First name"),
            new("Last name"),
            new("Email"),
            new("Target"),
            new("Preview"),
            new("Outcome"),
            new("Reason"),
            new("Before"),
            new("After"),
            new("User id", TableCellKind.Number),
            .. headers.Select(h => new TableColumn($"{h.Text.Trim()} (as uploaded)")),
        ];

    private static void Fill(List<TableCell> cells, ItemLine line, IReadOnlyList<HeaderCell> headers)
    {
        cells.Clear();
        if (headers.Count > 0)
        {
            cells.Add(TableCell.Of((long?)line.RowNumber));
        }

        cells.Add(TableCell.Of(line.FirstName));
        cells.Add(TableCell.Of(line.LastName));
        cells.Add(TableCell.Of(line.Email));
        cells.Add(TableCell.Of(line.Target));
        cells.Add(TableCell.Of(Words(line.Item.Verdict)));
        cells.Add(TableCell.Of(Words(line.Item.Outcome)));
        cells.Add(TableCell.Of(line.Reason));
        cells.Add(TableCell.Of(line.Before));
        cells.Add(TableCell.Of(line.After));
        cells.Add(line.HasProfile ? TableCell.Of((long?)line.Item.ProfileId) : TableCell.Empty);
        cells.AddRange(line.Cells.Select(text => TableCell.Of(text)));
    }

    private static string Words(Verdict verdict) =>
        verdict switch
        {
            Verdict.WillChange => "Will change",
            Verdict.Skipped => "Skipped",
            _ => "Problem",
        };

    private static string Words(Outcome outcome) => outcome == Outcome.Pending ? "Not run" : outcome.ToString();
}
