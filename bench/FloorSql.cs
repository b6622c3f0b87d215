using System.Globalization;

namespace Muster.Bench;

/// <summary>The statements of the floor, by what they write: here what every operation does, in the files beside it people, learning and invitations.</summary>
/// <param name="sqlite">Which database's words.</param>
/// <param name="ground">The workspace.</param>
/// <param name="operation">The operation that was previewed.</param>
/// <param name="original">What it undoes; 0 for nothing.</param>
/// <param name="chunks">How many lines of the audit log its chunks wrote.</param>
/// <param name="secretLength">Length of the product's encrypted tokens.</param>
internal sealed partial class FloorSql(bool sqlite, Ground ground, long operation, long original, long chunks, int secretLength)
{
    private const string Details = "{\"from\":100001,\"to\":110000,\"items\":20000}";

    private readonly long workspace = ground.Workspace;
    private readonly string now = sqlite ? "CAST(unixepoch('subsec') * 1000000 AS INTEGER)" : "now()";
    private readonly string today = sqlite ? "date('now')" : "current_date";
    private readonly string items = string.Create(
        CultureInfo.InvariantCulture,
        $"i.workspace_id = {ground.Workspace} AND i.operation_id = {operation} AND i.verdict = 0 AND i.outcome = 0"
    );

    private string People => $"IN (SELECT i.profile_id FROM operation_items i WHERE {items})";

    /// <summary>Everything that an action changes, in the order in which it has to be done.</summary>
    public IEnumerable<string> Of(MeasuredAction action) =>
        action switch
        {
            MeasuredAction.Add => [.. Add(), .. End()],
            MeasuredAction.Remove => [.. Remove(), .. End()],
            MeasuredAction.Enrol => [.. Enrol(), .. End()],
            MeasuredAction.Withdraw => [.. Withdraw(), .. End()],
            MeasuredAction.Archive => [.. Archive(), .. End()],
            MeasuredAction.Reactivate => [.. Reactivate(), .. End()],
            MeasuredAction.Expiry => [.. Expiry(), .. End()],
            MeasuredAction.Invite or MeasuredAction.InviteXlsx => [.. Invite(), .. End()],
            MeasuredAction.Resend => [.. Resend(), .. End()],
            MeasuredAction.Cancel => [.. Cancel(), .. End()],
            MeasuredAction.UndoAdd => [.. Joined(), .. UndoAdd(), .. End()],
            MeasuredAction.UndoArchive => [.. Joined(), .. UndoArchive(), .. End(Explained)],
            _ => throw new InvalidOperationException($"{action} changes nothing."),
        };

    /// <summary>
    /// PostgreSQL's statistics do not know yet how many rows the original operation has just written, and a planner that guesses one looks through all items for each of them
    /// (measured: forty seconds for 20,000 memberships): the floor takes the better plan.
    /// </summary>
    private IEnumerable<string> Joined() => sqlite ? [] : ["SET LOCAL enable_nestloop = off"];

    /// <summary>How many items were given a reason, where an action gives any.</summary>
    private string Explained =>
        $"(SELECT count(*) FROM operation_items i WHERE i.workspace_id = {workspace} AND i.operation_id = {operation} AND i.verdict = 0 AND i.outcome_reason IS NOT NULL)";

    /// <summary>Outcomes, the audit log's lines, the operation, and the lease.</summary>
    private IEnumerable<string> End(string explained = "0") =>
        [
            $"UPDATE operation_items AS i SET outcome = 1 WHERE {items}",
            $"""
                WITH RECURSIVE chunk(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM chunk WHERE n < {chunks})
                INSERT INTO audit (workspace_id, id, at, account_id, address, event, operation_id, details)
                SELECT {workspace}, (SELECT next FROM id_blocks WHERE workspace_id = {workspace}) + n, {now}, {ground.Admin}, '127.0.0.1',
                    CASE WHEN n = 0 THEN 'operation.confirmed' ELSE 'operation.chunk' END, {operation}, '{Details}' FROM chunk
                """,
            $"UPDATE id_blocks SET next = next + {chunks} + 1 WHERE workspace_id = {workspace}",
            $"UPDATE workspace_leases SET epoch = epoch + 1, served_at = {now} WHERE workspace_id = {workspace}",
            $"""
                UPDATE operations SET status = 7, cursor = last_position, changed = will_change, items_changed = items_will_change, items_explained = {explained},
                    confirmed_at = {now}, started_at = {now}, finished_at = {now}, served_at = {now}, confirmed_by_account_id = {ground.Admin}
                WHERE workspace_id = {workspace} AND id = {operation}
                """,
        ];

    /// <summary>A plain read of what an export holds.</summary>
    public static string Export(bool sqlite, long workspace)
    {
        var list = sqlite ? "group_concat(g.name, '; ')" : "string_agg(g.name, '; ')";
        var values = sqlite
            ? "group_concat(coalesce(v.text, v.number, v.date, v.yes_no), ',')"
            : "string_agg(coalesce(v.text, v.number::text, v.date::text, v.yes_no::text), ',')";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            SELECT p.first_name, p.last_name, p.email, p.status, p.role, u.path,
                (SELECT {list} FROM memberships m JOIN groups g ON g.workspace_id = m.workspace_id AND g.id = m.group_id WHERE m.workspace_id = p.workspace_id AND m.profile_id = p.id),
                p.invited_at, p.registered_at, p.last_active_at, p.expires_on,
                (SELECT {values} FROM field_values v WHERE v.workspace_id = p.workspace_id AND v.profile_id = p.id), p.id
            FROM profiles p
            LEFT JOIN units u ON u.workspace_id = p.workspace_id AND u.id = p.unit_id
            WHERE p.workspace_id = {workspace} ORDER BY p.sort_name, p.id
            """
        );
    }
}
