using Microsoft.EntityFrameworkCore;
using Muster.Data;

namespace Muster.Bench;

/// <summary>Brings the people of a copy of the seeded database into the state that an action begins with, before its preview; never measured.</summary>
public static class Preparation
{
    private static readonly string[] Written = ["profiles", "memberships", "enrolments", "invitations", "outbox"];

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
            _ => [],
        };
    }
}
