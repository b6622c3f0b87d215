namespace Muster.Bench;

/// <summary>Memberships and profiles, with what hangs on them.</summary>
internal sealed partial class FloorSql
{
    private string Pairs => $"IN (SELECT i.profile_id, i.target_id FROM operation_items i WHERE {items})";

    private IEnumerable<string> Add() =>
        [
            $"""
                INSERT INTO memberships (workspace_id, profile_id, group_id, added_at, operation_id)
                SELECT i.workspace_id, i.profile_id, i.target_id, {now}, i.operation_id FROM operation_items i WHERE {items}
                """,
            $"""
                INSERT INTO enrolments (workspace_id, profile_id, course_id, attempt, status, starts_on, created_at, operation_id, rule_id)
                SELECT i.workspace_id, i.profile_id, {ground.Courses[0]},
                    coalesce((SELECT max(e.attempt) FROM enrolments e WHERE e.workspace_id = i.workspace_id AND e.profile_id = i.profile_id AND e.course_id = {ground.Courses[
                    0
                ]}), 0) + 1,
                    0, {today}, {now}, i.operation_id, (SELECT rule_id FROM rule_courses WHERE workspace_id = {workspace} AND course_id = {ground.Courses[
                    0
                ]})
                FROM operation_items i JOIN profiles p ON p.workspace_id = i.workspace_id AND p.id = i.profile_id AND p.status = 1
                WHERE {items} AND i.target_id = {ground.Groups[0]}
                    AND NOT EXISTS (SELECT 1 FROM enrolments e WHERE e.workspace_id = i.workspace_id AND e.profile_id = i.profile_id AND e.course_id = {ground.Courses[
                    0
                ]} AND e.status < 3)
                """,
        ];

    private IEnumerable<string> UndoAdd() =>
        [
            $"DELETE FROM memberships WHERE workspace_id = {workspace} AND operation_id = {original} AND (profile_id, group_id) {Pairs}",
            $"DELETE FROM enrolments WHERE workspace_id = {workspace} AND operation_id = {original} AND status = 0 AND started_at IS NULL AND profile_id {People}",
        ];

    private IEnumerable<string> Remove() =>
        [
            $"""
                INSERT INTO removed_memberships (workspace_id, operation_id, profile_id, group_id, added_at, added_by_operation_id)
                SELECT m.workspace_id, i.operation_id, m.profile_id, m.group_id, m.added_at, m.operation_id
                FROM operation_items i JOIN memberships m ON m.workspace_id = i.workspace_id AND m.profile_id = i.profile_id AND m.group_id = i.target_id WHERE {items}
                """,
            $"DELETE FROM memberships WHERE workspace_id = {workspace} AND (profile_id, group_id) {Pairs}",
        ];

    private IEnumerable<string> Archive() =>
        [
            $"""
                UPDATE enrolments SET status_before_end = status, status = 4, withdrawn_at = {now}, ended_by_operation_id = {operation}
                WHERE workspace_id = {workspace} AND status < 3 AND profile_id {People}
                """,
            .. EndInvitations(),
            $"UPDATE profiles SET status = 2, operation_id = {operation} WHERE workspace_id = {workspace} AND id {People}",
        ];

    /// <summary>The reasons first: they tell of invitations that the original operation ended and whose message had not gone out.</summary>
    private IEnumerable<string> UndoArchive() =>
        [
            $"""
                UPDATE operation_items AS i SET outcome_reason = 'mail-not-sent' WHERE {items} AND i.profile_id IN (
                    SELECT v.profile_id FROM invitations v
                    JOIN outbox m ON m.workspace_id = v.workspace_id AND m.profile_id = v.profile_id AND m.purpose = 0 AND m.status = 3 AND m.created_at = v.last_sent_at
                    WHERE v.workspace_id = {workspace} AND v.operation_id = {original} AND v.cancelled_at IS NOT NULL)
                """,
            $"""
                UPDATE invitations SET cancelled_at = NULL, operation_id = {operation}
                WHERE workspace_id = {workspace} AND operation_id = {original} AND cancelled_at IS NOT NULL AND profile_id {People}
                """,
            $"""
                UPDATE enrolments SET status = status_before_end, withdrawn_at = NULL, ended_by_operation_id = NULL, status_before_end = NULL
                WHERE workspace_id = {workspace} AND ended_by_operation_id = {original} AND status = 4 AND status_before_end IS NOT NULL AND profile_id {People}
                """,
            .. Reactivate(),
        ];

    private IEnumerable<string> Reactivate() =>
        [
            $"""
                UPDATE profiles SET status = CASE WHEN registered_at IS NULL THEN 0 ELSE 1 END, operation_id = {operation}
                WHERE workspace_id = {workspace} AND id {People}
                """,
        ];

    private IEnumerable<string> Expiry() =>
        [
            $"UPDATE profiles SET expires_on = '{Scenario.LastDay}', operation_id = {operation} WHERE workspace_id = {workspace} AND id {People}",
        ];
}
