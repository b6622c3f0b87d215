using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace Muster.Bench;

/// <summary>The product and the floor did not do the same, so their times cannot be compared.</summary>
public sealed class UnequalException(string message) : Exception(message);

/// <summary>Compares two databases by the numbers of their changed tables' rows, and by whom they are about.</summary>
public static class Equality
{
    private static readonly (string Table, string By, string Sums)[] Tables =
    [
        ("profiles", "status", "sum(id), count(operation_id), sum(operation_id)"),
        ("memberships", "group_id", "sum(profile_id), count(operation_id)"),
        (
            "enrolments",
            "course_id || ' ' || status || ' ' || attempt",
            "sum(profile_id), count(ended_by_operation_id), sum(status_before_end), count(rule_id)"
        ),
        (
            "invitations",
            "CASE WHEN cancelled_at IS NULL THEN 0 ELSE 1 END",
            "sum(profile_id), sum(sent_count), count(operation_id), sum(length(token_hash))"
        ),
        ("outbox", "status", "sum(profile_id), count(secret)"),
        ("field_values", "field_id", "sum(profile_id), count(text)"),
        ("operation_items", "verdict || ' ' || outcome", "sum(ordinal), sum(target_id), count(outcome_reason)"),
        ("operations", "status", "sum(changed), sum(items_changed), sum(left_alone), sum(cursor)"),
        ("audit", "event", "sum(operation_id)"),
        ("id_blocks", "workspace_id", "sum(next)"),
    ];

    /// <exception cref="UnequalException">Names the first number that differs.</exception>
    public static async Task Check(Store store, string product, string floor)
    {
        ArgumentNullException.ThrowIfNull(store);
        foreach (var (table, by, sums) in Tables)
        {
            var sql = $"SELECT {by}, count(*), {sums} FROM {table} GROUP BY {by} ORDER BY 1";
            var (ours, theirs) = (await Read(store, product, sql), await Read(store, floor, sql));
            if (ours != theirs)
            {
                throw new UnequalException(
                    $"{store.Name}: {table} differs, so the ratio would be a lie.\n{sql}\nproduct\n{ours}floor\n{theirs}"
                );
            }
        }
    }

    private static async Task<string> Read(Store store, string database, string sql)
    {
        await using var db = store.Open(database);
        await db.Database.OpenConnectionAsync();
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandTimeout = 0;
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var text = new System.Text.StringBuilder();
        while (await reader.ReadAsync())
        {
            for (var i = 0; i < reader.FieldCount; i++)
            {
                text.Append(CultureInfo.InvariantCulture, $"{reader.GetValue(i)} | ");
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}
