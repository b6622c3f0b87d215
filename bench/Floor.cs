using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace Muster.Bench;

/// <summary>Seconds by the clock, and of processors.</summary>
public sealed record Took(double Seconds, double ProcessorSeconds)
{
    public static Took Begin(Store store) => new(0, Environment.CpuUsage.TotalTime.TotalSeconds + store.ProcessorSeconds);

    public Took Until(Stopwatch clock, Store store) =>
        new(clock.Elapsed.TotalSeconds, Environment.CpuUsage.TotalTime.TotalSeconds + store.ProcessorSeconds - ProcessorSeconds);
}

/// <summary>
/// The floor: the fewest set-based statements that make all the row changes of an operation, in one transaction, trusting the preview.
/// No fence, no lock, no judging again, no chunks: nobody could stop it, watch it or survive its being killed.
/// </summary>
public sealed class Floor(Store store, Ground ground)
{
    /// <summary>Does what the product has done to a copy of the database, and takes the time.</summary>
    /// <param name="database">The copy.</param>
    /// <param name="action">What.</param>
    /// <param name="operation">The operation that was previewed.</param>
    /// <param name="chunks">How many chunks the product took: each wrote a line of the audit log.</param>
    /// <param name="secretLength">Length of the product's encrypted tokens.</param>
    public async Task<Took> Run(string database, MeasuredAction action, long operation, long chunks, int secretLength)
    {
        await using var db = store.Open(database);
        await db.Database.OpenConnectionAsync();
        var connection = db.Database.GetDbConnection();
        await Execute(connection, null, "SELECT 1");
        var sql = new Sql(db.IsSqlite, ground.Workspace, operation, ground.Admin, chunks, secretLength);
        var statements = action switch
        {
            MeasuredAction.Add => sql.Add(ground.Groups[0], ground.Course),
            MeasuredAction.Archive => sql.Archive(),
            MeasuredAction.Invite => sql.Invite(),
            _ => throw new InvalidOperationException("Export changes nothing."),
        };
        var began = Took.Begin(store);
        var clock = Stopwatch.StartNew();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            foreach (var statement in statements)
            {
                var before = clock.Elapsed.TotalSeconds;
                await Execute(connection, transaction, statement);
                Taken.Add(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{clock.Elapsed.TotalSeconds - before, 9:F3} s  {string.Join(' ', statement.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}"
                    )
                );
            }

            await transaction.CommitAsync();
        }

        return began.Until(clock, store);
    }

    /// <summary>What each statement took.</summary>
    public List<string> Taken { get; } = [];

    /// <summary>A plain read of the rows of an export to a file.</summary>
    public async Task<Took> Export(string database, string file)
    {
        await using var db = store.Open(database);
        await db.Database.OpenConnectionAsync();
        var began = Took.Begin(store);
        var clock = Stopwatch.StartNew();
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandTimeout = 0;
        command.CommandText = Sql.Export(db.IsSqlite, ground.Workspace);
        await using var reader = await command.ExecuteReaderAsync();
        await using var writer = new StreamWriter(file);
        await writer.WriteLineAsync("header");
        while (await reader.ReadAsync())
        {
            for (var i = 0; i < reader.FieldCount; i++)
            {
                if (i > 0)
                {
                    await writer.WriteAsync(',');
                }

                if (!await reader.IsDBNullAsync(i))
                {
                    await writer.WriteAsync(Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture));
                }
            }

            await writer.WriteLineAsync();
        }

        await writer.FlushAsync();
        return began.Until(clock, store);
    }

    private static async Task Execute(DbConnection connection, DbTransaction? transaction, string sql)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandTimeout = 0;
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    private sealed class Sql(bool sqlite, long workspace, long operation, long account, long chunks, int secretLength)
    {
        private readonly string now = sqlite ? "CAST(unixepoch('subsec') * 1000000 AS INTEGER)" : "now()";
        private readonly string later = sqlite
            ? "CAST((unixepoch('subsec') + 2592000) * 1000000 AS INTEGER)"
            : "now() + interval '30 days'";
        private readonly string today = sqlite ? "date('now')" : "current_date";
        private readonly string items = string.Create(
            CultureInfo.InvariantCulture,
            $"i.workspace_id = {workspace} AND i.operation_id = {operation} AND i.verdict = 0 AND i.outcome = 0"
        );

        public IEnumerable<string> Add(long group, long course) =>
            [
                $"""
                    INSERT INTO memberships (workspace_id, profile_id, group_id, added_at, operation_id)
                    SELECT i.workspace_id, i.profile_id, i.target_id, {now}, i.operation_id FROM operation_items i WHERE {items}
                    """,
                $"""
                    INSERT INTO enrolments (workspace_id, profile_id, course_id, attempt, status, starts_on, created_at, operation_id, rule_id)
                    SELECT i.workspace_id, i.profile_id, {course},
                        coalesce((SELECT max(e.attempt) FROM enrolments e WHERE e.workspace_id = i.workspace_id AND e.profile_id = i.profile_id AND e.course_id = {course}), 0) + 1,
                        0, {today}, {now}, i.operation_id, (SELECT rule_id FROM rule_courses WHERE workspace_id = {workspace} AND course_id = {course})
                    FROM operation_items i JOIN profiles p ON p.workspace_id = i.workspace_id AND p.id = i.profile_id AND p.status = 1
                    WHERE {items} AND i.target_id = {group}
                        AND NOT EXISTS (SELECT 1 FROM enrolments e WHERE e.workspace_id = i.workspace_id AND e.profile_id = i.profile_id AND e.course_id = {course} AND e.status < 3)
                    """,
                .. End(),
            ];

        public IEnumerable<string> Archive()
        {
            var people = $"IN (SELECT i.profile_id FROM operation_items i WHERE {items})";
            return
            [
                $"""
                    UPDATE enrolments SET status_before_end = status, status = 4, withdrawn_at = {now}, ended_by_operation_id = {operation}
                    WHERE workspace_id = {workspace} AND status < 3 AND profile_id {people}
                    """,
                $"""
                    UPDATE invitations SET cancelled_at = {now}, operation_id = {operation}
                    WHERE workspace_id = {workspace} AND accepted_at IS NULL AND cancelled_at IS NULL AND profile_id {people}
                    """,
                $"UPDATE outbox SET status = 3, secret = NULL WHERE workspace_id = {workspace} AND status = 0 AND profile_id {people}",
                $"UPDATE profiles SET status = 2, operation_id = {operation} WHERE workspace_id = {workspace} AND id {people}",
                .. End(),
            ];
        }

        public IEnumerable<string> Invite()
        {
            var staged = "r.workspace_id = i.workspace_id AND r.operation_id = i.operation_id AND r.ordinal = i.ordinal";
            var hash = sqlite ? "lower(hex(randomblob(32)))" : "encode(sha256(convert_to(random()::text, 'UTF8')), 'hex')";
            var secret = sqlite
                ? $"substr(hex(randomblob({(secretLength / 2) + 1})), 1, {secretLength})"
                : $"substr(repeat(md5(random()::text), {(secretLength / 32) + 1}), 1, {secretLength})";
            return
            [
                $"""
                    INSERT INTO profiles (workspace_id, id, email, email_key, first_name, last_name, sort_name, search_text, role, unit_id, status, invited_at, expires_on, operation_id)
                    SELECT r.workspace_id, i.profile_id, r.email, r.email_key, r.first_name, r.last_name, r.sort_name, r.search_text, r.role, r.unit_id, 0, {now}, r.expires_on, r.operation_id
                    FROM operation_items i JOIN invitation_rows r ON {staged} WHERE {items}
                    """,
                $"""
                    INSERT INTO memberships (workspace_id, profile_id, group_id, added_at, operation_id)
                    SELECT r.workspace_id, i.profile_id, r.group_id, {now}, r.operation_id FROM operation_items i JOIN invitation_row_groups r ON {staged} WHERE {items}
                    """,
                $"""
                    INSERT INTO field_values (workspace_id, profile_id, field_id, text, number, date, yes_no)
                    SELECT r.workspace_id, i.profile_id, r.field_id, r.text, r.number, r.date, r.yes_no FROM operation_items i JOIN invitation_row_values r ON {staged} WHERE {items}
                    """,
                $"""
                    INSERT INTO invitations (workspace_id, profile_id, token_hash, sent_count, last_sent_at, expires_at, operation_id)
                    SELECT i.workspace_id, i.profile_id, {hash}, 1, {now}, {later}, i.operation_id FROM operation_items i WHERE {items}
                    """,
                $"""
                    INSERT INTO outbox (workspace_id, operation_id, profile_id, purpose, secret, status, attempts, created_at, due_at)
                    SELECT i.workspace_id, i.operation_id, i.profile_id, 0, {secret}, 0, 0, {now}, {now} FROM operation_items i WHERE {items}
                    """,
                .. End(),
            ];
        }

        /// <summary>Outcomes, the audit log's lines, the operation, and the lease.</summary>
        private IEnumerable<string> End() =>
            [
                $"UPDATE operation_items AS i SET outcome = 1 WHERE {items}",
                $"""
                    WITH RECURSIVE chunk(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM chunk WHERE n < {chunks})
                    INSERT INTO audit (workspace_id, id, at, account_id, address, event, operation_id, details)
                    SELECT {workspace}, (SELECT next FROM id_blocks WHERE workspace_id = {workspace}) + n, {now}, {account}, '127.0.0.1',
                        CASE WHEN n = 0 THEN 'operation.confirmed' ELSE 'operation.chunk' END, {operation}, '{Details}' FROM chunk
                    """,
                $"UPDATE id_blocks SET next = next + {chunks} + 1 WHERE workspace_id = {workspace}",
                $"UPDATE workspace_leases SET epoch = epoch + 1, served_at = {now} WHERE workspace_id = {workspace}",
                $"""
                    UPDATE operations SET status = 7, cursor = last_position, changed = will_change, items_changed = items_will_change, confirmed_at = {now}, started_at = {now},
                        finished_at = {now}, served_at = {now}, confirmed_by_account_id = {account} WHERE workspace_id = {workspace} AND id = {operation}
                    """,
            ];

        private const string Details = "{\"from\":100001,\"to\":110000,\"items\":20000}";

        public static string Export(bool sqlite, long workspace)
        {
            var list = sqlite ? "group_concat(g.name, '; ')" : "string_agg(g.name, '; ')";
            return string.Create(
                CultureInfo.InvariantCulture,
                $"""
                SELECT p.first_name, p.last_name, p.email, p.status, p.role, u.path,
                    (SELECT {list} FROM memberships m JOIN groups g ON g.workspace_id = m.workspace_id AND g.id = m.group_id WHERE m.workspace_id = p.workspace_id AND m.profile_id = p.id),
                    p.invited_at, p.registered_at, p.last_active_at, p.expires_on,
                    (SELECT v.text FROM field_values v WHERE v.workspace_id = p.workspace_id AND v.profile_id = p.id
                        AND v.field_id = (SELECT min(f.id) FROM fields f WHERE f.workspace_id = {workspace})), p.id
                FROM profiles p
                LEFT JOIN units u ON u.workspace_id = p.workspace_id AND u.id = p.unit_id
                WHERE p.workspace_id = {workspace} ORDER BY p.sort_name, p.id
                """
            );
        }
    }
}
