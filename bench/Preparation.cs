using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.People;

namespace Muster.Bench;

/// <summary>Brings the people of a copy of the seeded database into the state that an action begins with, before its preview; never measured.</summary>
public static class Preparation
{
    private static readonly string[] Written = ["profiles", "memberships", "enrolments", "invitations", "outbox", "field_values"];

    /// <summary>Fields that an export has beside the seed's one, so that it has 25 columns.</summary>
    private const int MoreFields = 12;

    public static async Task Run(Store store, string database, MeasuredAction action, Ground ground)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(ground);
        await using (var db = store.Open(database))
        {
            db.Database.SetCommandTimeout(0);
            var statements = Statements(action, ground, db.IsSqlite).ToList();
            if (statements.Count == 0)
            {
                return;
            }

            await using var transaction = await db.Database.BeginTransactionAsync();
            foreach (var statement in statements)
            {
                await db.Database.ExecuteSqlRawAsync(statement);
            }

            await transaction.CommitAsync();
            foreach (var table in Written)
            {
                await db.Analyse(table, CancellationToken.None);
            }
        }

        await store.Settle(database);
    }

    private static IEnumerable<string> Statements(MeasuredAction action, Ground ground, bool sqlite)
    {
        // 2026-01-05, as the seed has it, and 3000 days later.
        var (then, later) = sqlite
            ? ("1767600000000000", "2026800000000000")
            : ("timestamptz '2026-01-05 08:00Z'", "timestamptz '2026-01-05 08:00Z' + interval '3000 days'");
        var (here, courses) = ($"workspace_id = {ground.Workspace}", $"({ground.Courses[0]}, {ground.Courses[1]})");
        var others = $"{here} AND (account_id IS NULL OR account_id <> {ground.Admin})";
        return action switch
        {
            MeasuredAction.Remove => ground
                .Groups.Take(2)
                .Select(group =>
                    $"INSERT INTO memberships (workspace_id, profile_id, group_id, added_at) SELECT workspace_id, id, {group}, {then} FROM profiles WHERE {here}"
                ),
            // Nobody is passed over because of an attempt that is open already.
            MeasuredAction.Enrol => [$"DELETE FROM enrolments WHERE {here} AND course_id = {ground.Courses[0]} AND status < 3"],
            MeasuredAction.Withdraw =>
            [
                $"DELETE FROM enrolments WHERE {here} AND course_id IN {courses}",
                $"""
                    INSERT INTO enrolments (workspace_id, profile_id, course_id, attempt, status, starts_on, created_at, started_at)
                    SELECT p.workspace_id, p.id, c.id, 1, CASE WHEN p.id % 3 = 0 THEN 1 ELSE 0 END, '2026-01-05', {then}, CASE WHEN p.id % 3 = 0 THEN {then} END
                    FROM profiles p JOIN courses c ON c.workspace_id = p.workspace_id AND c.id IN {courses} WHERE p.{here}
                    """,
            ],
            MeasuredAction.Reactivate =>
            [
                $"UPDATE enrolments SET status_before_end = status, status = 4, withdrawn_at = {then} WHERE {here} AND status < 3",
                $"UPDATE invitations SET cancelled_at = {then} WHERE {here}",
                $"UPDATE outbox SET status = 3, secret = NULL WHERE {here} AND status = 0",
                $"UPDATE profiles SET status = 2 WHERE {others}",
            ],
            MeasuredAction.Resend or MeasuredAction.Cancel =>
            [
                $"UPDATE profiles SET status = 0, account_id = NULL, registered_at = NULL, last_active_at = NULL WHERE {others}",
                $"""
                    INSERT INTO invitations (workspace_id, profile_id, token_hash, sent_count, last_sent_at, expires_at)
                    SELECT p.workspace_id, p.id, {FloorSql.Hash(sqlite)}, 1, {then}, {later} FROM profiles p
                    WHERE p.{here} AND p.status = 0 AND NOT EXISTS (SELECT 1 FROM invitations i WHERE i.workspace_id = p.workspace_id AND i.profile_id = p.id)
                    """,
            ],
            MeasuredAction.Export or MeasuredAction.ExportXlsx => Fields(ground, sqlite),
            _ => [],
        };
    }

    /// <summary>Fields of each kind, and a value of each for everybody.</summary>
    private static IEnumerable<string> Fields(Ground ground, bool sqlite)
    {
        var (yes, day) = sqlite
            ? ("p.id % 2", "date('2020-01-01', (p.id % 2000) || ' days')")
            : ("p.id % 2 = 0", "date '2020-01-01' + (p.id % 2000)::int");
        for (var field = 0; field < MoreFields; field++)
        {
            var id = 900_000 + field;
            var kind = (FieldKind)(field % 4);
            var (column, value) = kind switch
            {
                FieldKind.Text => ("text", $"'Words of person ' || p.id || ' in field {field}'"),
                FieldKind.Number => ("number", "p.id % 1000 + 0.5"),
                FieldKind.Date => ("date", day),
                _ => ("yes_no", yes),
            };
            yield return $"""
                INSERT INTO fields (workspace_id, id, name, name_key, kind, is_required, position)
                VALUES ({ground.Workspace}, {id}, 'Field {field}', 'field {field}', {(int)kind}, {(sqlite ? "0" : "false")}, {field + 1})
                """;
            yield return $"INSERT INTO field_values (workspace_id, profile_id, field_id, {column}) SELECT p.workspace_id, p.id, {id}, {value} FROM profiles p WHERE p.workspace_id = {ground.Workspace}";
        }
    }
}
