namespace Muster.Bench;

/// <summary>Enrolments of the courses that items name.</summary>
internal sealed partial class FloorSql
{
    private IEnumerable<string> Enrol() =>
        [
            $"""
                INSERT INTO enrolments (workspace_id, profile_id, course_id, attempt, status, starts_on, created_at, operation_id)
                SELECT i.workspace_id, i.profile_id, i.target_id,
                    coalesce((SELECT max(e.attempt) FROM enrolments e WHERE e.workspace_id = i.workspace_id AND e.profile_id = i.profile_id AND e.course_id = i.target_id), 0) + 1,
                    0, {today}, {now}, i.operation_id
                FROM operation_items i WHERE {items}
                """,
        ];

    private IEnumerable<string> Withdraw() =>
        [
            $"""
                UPDATE enrolments SET status_before_end = status, status = 4, withdrawn_at = {now}, ended_by_operation_id = {operation}
                WHERE workspace_id = {workspace} AND status < 3 AND (profile_id, course_id) {Pairs}
                """,
        ];
}
