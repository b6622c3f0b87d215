using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.Files;

namespace Muster.People;

/// <summary>
/// Writes the users of a workspace as a table: names, e-mail, status, role, unit, groups, dates, custom fields, id; in list order.
/// Read page by page behind a place in the list, one page ahead, so memory does not grow with the users and a slow download holds no transaction.
/// </summary>
public static class UserExport
{
    private const int PageSize = 2000;

    /// <summary>Writes header and rows and completes the file.</summary>
    /// <param name="db">The database.</param>
    /// <param name="workspace">The workspace.</param>
    /// <param name="filter">Which users; an empty filter exports everybody, Archived and Cancelled included.</param>
    /// <param name="today">Today in the workspace's zone, which decides who is Expired.</param>
    /// <param name="table">CSV or XLSX.</param>
    /// <param name="ct">Stops between pages.</param>
    /// <returns>How many users were written.</returns>
    public static async Task<long> Write(
        MusterDb db,
        Workspace workspace,
        UserFilter filter,
        DateOnly today,
        ITableWriter table,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(table);
        var workspaceId = workspace.Id;
        Task<Dictionary<long, string>> Units() =>
            db.Units.AsNoTracking().Where(u => u.WorkspaceId == workspaceId).ToDictionaryAsync(u => u.Id, u => u.Path, ct);
        Task<Dictionary<long, string>> Groups() =>
            db.Groups.AsNoTracking().Where(g => g.WorkspaceId == workspaceId).ToDictionaryAsync(g => g.Id, g => g.Name, ct);
        var (units, groups) = (await Units(), await Groups());
        var fields = await db
            .Fields.AsNoTracking()
            .Where(f => f.WorkspaceId == workspaceId)
            .OrderBy(f => f.Position)
            .ThenBy(f => f.Id)
            .ToListAsync(ct);
        await table.WriteHeader(Columns(fields), ct);
        var row = new TableCell[FixedColumns.Length + fields.Count + 1];
        var written = 0L;
        var matching = db.Users(workspaceId, filter, today, workspace.TimeZone).AsNoTracking();
        var reading = Next(null, 0);
        try
        {
            while (await reading is { People.Count: > 0 } page)
            {
                // The next page is read while this one is written.
                var last = page.People[^1];
                reading = Next(last.SortName, last.Id);
                foreach (var (i, person) in page.People.Index())
                {
                    var theirs = page.Groups[person.Id].Select(id => page.GroupNames.GetValueOrDefault(id)).OfType<string>();
                    Fill(row, person, page.UnitPaths, theirs, page.Values.AsSpan(i * fields.Count, fields.Count), today);
                    await table.WriteRow(row, ct);
                }

                written += page.People.Count;
            }
        }
        finally
        {
            // Whoever stops writing waits: the database is the caller's, who closes it.
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await table.Complete(ct);
        return written;

        // On a thread of its own: SQLite reads on its caller's.
        Task<Page> Next(string? afterName, long afterId) =>
            Task.Run(
                async () =>
                {
                    var people = await Shown(matching.InListOrder(afterName, afterId).Take(PageSize)).ToListAsync(ct);
                    var ids = people.ConvertAll(p => p.Id);
                    var memberships = db.Memberships.Where(m => m.WorkspaceId == workspaceId && EF.Parameter(ids).Contains(m.ProfileId));
                    var inGroups = await memberships.Select(m => new { m.ProfileId, m.GroupId }).ToListAsync(ct);
                    units = await Knowing(units, people.Select(p => p.UnitId).OfType<long>(), Units);
                    groups = await Knowing(groups, inGroups.Select(m => m.GroupId), Groups);
                    var values = db.FieldValues.Where(v => v.WorkspaceId == workspaceId && EF.Parameter(ids).Contains(v.ProfileId));
                    return new Page(
                        people,
                        inGroups.ToLookup(m => m.ProfileId, m => m.GroupId),
                        fields.Count == 0 ? [] : await Cells(values, ids, fields, ct),
                        units,
                        groups
                    );
                },
                ct
            );
    }

    /// <summary>The cells of the custom fields, person by person.</summary>
    private static async Task<TableCell[]> Cells(
        IQueryable<FieldValue> values,
        List<long> people,
        List<CustomField> fields,
        CancellationToken ct
    )
    {
        var rowOf = people.Index().ToDictionary(person => person.Item, person => person.Index);
        var columnOf = fields.Index().ToDictionary(field => field.Item.Id, field => field.Index);
        var cells = new TableCell[people.Count * fields.Count];
        var found = values.Select(v => new
        {
            v.ProfileId,
            v.FieldId,
            v.Text,
            v.Number,
            v.Date,
            v.YesNo,
        });
        await foreach (var value in found.AsAsyncEnumerable().WithCancellation(ct))
        {
            // A field made since the header was written has no column.
            if (columnOf.TryGetValue(value.FieldId, out var column))
            {
                cells[(rowOf[value.ProfileId] * fields.Count) + column] = value switch
                {
                    { Number: { } number } => TableCell.Of((decimal?)Shortest(number)),
                    { Date: { } date } => TableCell.Of((DateOnly?)date),
                    { YesNo: { } answer } => TableCell.Of((bool?)answer),
                    _ => TableCell.Of(value.Text),
                };
            }
        }

        return cells;
    }

    /// <summary>Some people, and what stands in their rows beside what they are themselves.</summary>
    private sealed record Page(
        List<Profile> People,
        ILookup<long, long> Groups,
        TableCell[] Values,
        Dictionary<long, string> UnitPaths,
        Dictionary<long, string> GroupNames
    );

    /// <summary>Only what is written of people, and their place in the list.</summary>
    private static IQueryable<Profile> Shown(IQueryable<Profile> people) =>
        people.Select(p => new Profile
        {
            Id = p.Id,
            SortName = p.SortName,
            FirstName = p.FirstName,
            LastName = p.LastName,
            Email = p.Email,
            EmailKey = "",
            SearchText = "",
            Status = p.Status,
            Role = p.Role,
            UnitId = p.UnitId,
            InvitedAt = p.InvitedAt,
            RegisteredAt = p.RegisteredAt,
            LastActiveAt = p.LastActiveAt,
            ExpiresOn = p.ExpiresOn,
        });

    private static readonly TableColumn[] FixedColumns =
    [
        new("First name"),
        new("Last name"),
        new("E-mail"),
        new("Status"),
        new("Roles"),
        new("Organisation unit"),
        new("Groups"),
        new("Invited", TableCellKind.Timestamp),
        new("Registered", TableCellKind.Timestamp),
        new("Last active", TableCellKind.Timestamp),
        new("Expiry date", TableCellKind.Date),
    ];

    private static List<TableColumn> Columns(List<CustomField> fields) =>
        [.. FixedColumns, .. fields.Select(f => new TableColumn(f.Name, KindOf(f.Kind))), new("Id", TableCellKind.Number)];

    private static TableCellKind KindOf(FieldKind kind) =>
        kind switch
        {
            FieldKind.Text or FieldKind.Choice => TableCellKind.Text,
            FieldKind.Number => TableCellKind.Number,
            FieldKind.Date => TableCellKind.Date,
            FieldKind.YesNo => TableCellKind.YesNo,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of field."),
        };

    private static void Fill(
        TableCell[] row,
        Profile person,
        Dictionary<long, string> units,
        IEnumerable<string> groups,
        ReadOnlySpan<TableCell> values,
        DateOnly today
    )
    {
        row[0] = TableCell.Of(person.FirstName);
        row[1] = TableCell.Of(person.LastName);
        row[2] = TableCell.Of(person.Email);
        row[3] = TableCell.Of(person.Standing(today).ToString());
        row[4] = TableCell.Of(person.Role.ToString());
        row[5] = TableCell.Of(person.UnitId is { } unit ? units.GetValueOrDefault(unit) : null);
        row[6] = TableCell.Of(string.Join("; ", groups.Order(StringComparer.Ordinal)));
        row[7] = TableCell.OfUtc(person.InvitedAt);
        row[8] = TableCell.OfUtc(person.RegisteredAt);
        row[9] = TableCell.OfUtc(person.LastActiveAt);
        row[10] = TableCell.Of(person.ExpiresOn);
        values.CopyTo(row.AsSpan(FixedColumns.Length));
        row[^1] = TableCell.Of((long?)person.Id);
    }

    /// <summary>Without the zeros at the end that one database keeps and the other adds.</summary>
    private static decimal Shortest(decimal number) => number / 1.0000000000000000000000000000m;

    /// <summary>Names, read again when somebody has made units or groups during the download.</summary>
    private static async Task<Dictionary<long, string>> Knowing(
        Dictionary<long, string> names,
        IEnumerable<long> ids,
        Func<Task<Dictionary<long, string>>> read
    ) => ids.All(names.ContainsKey) ? names : await read();
}
