using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace Muster.Bench;

/// <summary>The product and the floor did not do the same, so their times cannot be compared.</summary>
public sealed class UnequalException(string message) : Exception(message);

/// <summary>Compares two databases by the numbers of their changed tables' rows, and by whom they are about.</summary>
public static class Equality
{
    private static readonly Numbers[] Main =
    [
        new(
            "profiles",
            "status",
            "sum(id), count(operation_id), sum(operation_id), count(registered_at), count(expires_on), max(expires_on)"
        ),
        new("memberships", "group_id", "sum(profile_id), count(operation_id), sum(operation_id), count(added_at)"),
        new(
            "enrolments",
            "course_id || ' ' || status || ' ' || attempt",
            "sum(profile_id), count(operation_id), sum(operation_id), count(ended_by_operation_id), sum(status_before_end), count(rule_id), count(started_at), count(withdrawn_at)"
        ),
        new(
            "invitations",
            "CASE WHEN cancelled_at IS NULL THEN 0 ELSE 1 END",
            "sum(profile_id), sum(sent_count), count(operation_id), sum(operation_id), sum(length(token_hash)), count(DISTINCT token_hash)"
        ),
        new("outbox", "status || ' ' || purpose", "sum(profile_id), count(secret), sum(operation_id)"),
        new("field_values", "field_id", "sum(profile_id), count(text)"),
    ];

    private static readonly Numbers[] Tables =
    [
        .. Main,
        new("removed_memberships", "group_id", "sum(profile_id), sum(operation_id), count(added_at), count(added_by_operation_id)"),
        new("operation_items", "verdict || ' ' || outcome", "sum(ordinal), sum(target_id), count(outcome_reason), max(outcome_reason)"),
        new(
            "operations",
            "status",
            "sum(changed), sum(items_changed), sum(failed), sum(left_alone), sum(items_left_alone), sum(items_explained), sum(cursor), count(finished_at)"
        ),
        new("audit", "event", "sum(operation_id)"),
        new("id_blocks", "workspace_id", "sum(next)"),
    ];

    /// <summary>All tables that an operation changes.</summary>
    /// <exception cref="UnequalException">Names the first number that differs.</exception>
    public static Task Check(Store store, string product, string floor) => Check(store, product, floor, Tables, "floor");

    /// <summary>What changes of people, without the operation's own records.</summary>
    /// <exception cref="UnequalException">Names the first number that differs.</exception>
    public static Task CheckMain(Store store, string product, string usual) => Check(store, product, usual, Main, "usual way");

    private static async Task Check(Store store, string product, string other, Numbers[] tables, string name)
    {
        ArgumentNullException.ThrowIfNull(store);
        foreach (var (table, by, sums) in tables)
        {
            var sql = $"SELECT {by}, count(*), {sums} FROM {table} GROUP BY {by} ORDER BY 1";
            var (ours, theirs) = (await Read(store, product, sql), await Read(store, other, sql));
            if (ours != theirs)
            {
                throw new UnequalException(
                    $"{store.Name}: {table} differs, so the ratio would be a lie.\n{sql}\nproduct\n{ours}{name}\n{theirs}"
                );
            }
        }
    }

    private sealed record Numbers(string Table, string By, string Sums);

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
