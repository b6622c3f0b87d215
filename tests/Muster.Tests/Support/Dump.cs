using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Muster.Data;

namespace Muster.Tests;

/// <summary>Every row of every table of the model, as text, so that two moments or two databases can be compared to the last value.</summary>
public sealed class Dump
{
    private static readonly HashSet<string> Bookkeeping = new(StringComparer.Ordinal)
    {
        "operations",
        "operation_users",
        "operation_rows",
        "operation_items",
        "operation_files",
        "invitation_rows",
        "invitation_row_groups",
        "invitation_row_units",
        "invitation_row_values",
        "removed_memberships",
        "workspace_leases",
        "idempotency_keys",
        "audit",
        "id_blocks",
        "data_protection_keys",
    };

    private readonly SortedDictionary<string, List<SortedDictionary<string, string>>> tables;

    private Dump(SortedDictionary<string, List<SortedDictionary<string, string>>> tables) => this.tables = tables;

    /// <summary>Reads a database as it stands.</summary>
    public static Task<Dump> Of(TestDatabase database) => Of(database, _ => true);

    /// <summary>Reads only what the product is about; uploads among the pipeline's own books can be large.</summary>
    public static Task<Dump> OfTheDomainOf(TestDatabase database) => Of(database, table => !Bookkeeping.Contains(table));

    private static async Task<Dump> Of(TestDatabase database, Predicate<string> isWanted)
    {
        ArgumentNullException.ThrowIfNull(database);
        await using var db = database.Open();
        var read = new SortedDictionary<string, List<SortedDictionary<string, string>>>(StringComparer.Ordinal);
        await db.Database.OpenConnectionAsync();
        foreach (var table in db.Model.GetEntityTypes().Select(entity => entity.GetTableName()!).Distinct(StringComparer.Ordinal))
        {
            if (!isWanted(table))
            {
                continue;
            }

            read[table] = await Read(db, table);
        }

        return new(read);
    }

    /// <summary>Without the pipeline's own books: what the product is about.</summary>
    public Dump OfTheDomain => Where((table, _) => !Bookkeeping.Contains(table));

    /// <summary>The rows of one workspace.</summary>
    public Dump OfWorkspace(long workspace) =>
        Where(
            (table, row) =>
                row.GetValueOrDefault(table == "workspaces" ? "id" : "workspace_id") == workspace.ToString(CultureInfo.InvariantCulture)
        );

    /// <summary>The rows about one person: their profile and whatever names it.</summary>
    public Dump OfPerson(long workspace, long profile) =>
        OfWorkspace(workspace)
            .Where(
                (table, row) =>
                    row.GetValueOrDefault(table == "profiles" ? "id" : "profile_id") == profile.ToString(CultureInfo.InvariantCulture)
            );

    /// <summary>Everything but some columns.</summary>
    public Dump Without(IReadOnlyCollection<string> columns) =>
        new(
            new(
                tables.ToDictionary(
                    table => table.Key,
                    table =>
                        table
                            .Value.Select(row => new SortedDictionary<string, string>(
                                row.Where(cell => !columns.Contains(cell.Key) && !columns.Contains($"{table.Key}.{cell.Key}"))
                                    .ToDictionary(cell => cell.Key, cell => cell.Value),
                                StringComparer.Ordinal
                            ))
                            .ToList()
                ),
                StringComparer.Ordinal
            )
        );

    /// <summary>Only the rows that pass.</summary>
    public Dump Where(Func<string, IReadOnlyDictionary<string, string>, bool> keep) =>
        new(
            new(
                tables.ToDictionary(table => table.Key, table => table.Value.Where(row => keep(table.Key, row)).ToList()),
                StringComparer.Ordinal
            )
        );

    /// <summary>A table's rows, column → text; NULL is the word.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Rows(string table) => tables[table];

    /// <summary>One line for each row, in order; what tests compare.</summary>
    public IReadOnlyList<string> Lines =>
        [
            .. tables
                .SelectMany(table =>
                    table.Value.Select(row => $"{table.Key}: {string.Join(", ", row.Select(cell => $"{cell.Key}={cell.Value}"))}")
                )
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>The lines that are in one of the two only; empty when they are equal.</summary>
    public static string Difference(Dump before, Dump after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var (first, second) = (before.Lines, after.Lines);
        var text = new StringBuilder();
        foreach (var line in first.Except(second, StringComparer.Ordinal).Take(20))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"- {line}");
        }

        foreach (var line in second.Except(first, StringComparer.Ordinal).Take(20))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"+ {line}");
        }

        return text.Length == 0 && first.Count != second.Count ? $"{first.Count} rows, then {second.Count}" : text.ToString();
    }

    private static async Task<List<SortedDictionary<string, string>>> Read(MusterDb db, string table)
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100 // The table's name is the model's own.
        command.CommandText = $"SELECT * FROM {table}";
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<SortedDictionary<string, string>>();
        while (await reader.ReadAsync())
        {
            var row = new SortedDictionary<string, string>(StringComparer.Ordinal);
            for (var i = 0; i < reader.FieldCount; i++)
            {
                row[reader.GetName(i)] = await reader.IsDBNullAsync(i) ? "NULL" : Text(reader.GetValue(i));
            }

            rows.Add(row);
        }

        return rows;
    }

    private static string Text(object value) =>
        value switch
        {
            byte[] bytes => Convert.ToHexStringLower(bytes),
            DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
            DateOnly date => date.ToString("O", CultureInfo.InvariantCulture),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
}
