namespace Muster.Bench;

/// <summary>Invitations, the messages that carry their links, and the people they make.</summary>
internal sealed partial class FloorSql
{
    private readonly string later = sqlite ? "CAST((unixepoch('subsec') + 2592000) * 1000000 AS INTEGER)" : "now() + interval '30 days'";

    /// <summary>As long as the hash of a token.</summary>
    public static string Hash(bool sqlite) =>
        sqlite ? "lower(hex(randomblob(32)))" : "encode(sha256(convert_to(random()::text, 'UTF8')), 'hex')";

    private IEnumerable<string> Invite()
    {
        var staged = "r.workspace_id = i.workspace_id AND r.operation_id = i.operation_id AND r.ordinal = i.ordinal";
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
                SELECT i.workspace_id, i.profile_id, {Hash(sqlite)}, 1, {now}, {later}, i.operation_id FROM operation_items i WHERE {items}
                """,
            Messages(),
        ];
    }

    /// <summary>Everybody who is sent one has an invitation: it is written over.</summary>
    private IEnumerable<string> Resend() =>
        [
            Suppress(),
            $"""
                UPDATE invitations SET token_hash = {Hash(
                    sqlite
                )}, sent_count = sent_count + 1, last_sent_at = {now}, expires_at = {later}, accepted_at = NULL, cancelled_at = NULL,
                    operation_id = {operation} WHERE workspace_id = {workspace} AND profile_id {People}
                """,
            Messages(),
        ];

    private IEnumerable<string> Cancel() =>
        [
            .. EndInvitations(),
            $"UPDATE profiles SET status = 3, operation_id = {operation} WHERE workspace_id = {workspace} AND id {People}",
        ];

    private IEnumerable<string> EndInvitations() =>
        [
            $"""
                UPDATE invitations SET cancelled_at = {now}, operation_id = {operation}
                WHERE workspace_id = {workspace} AND accepted_at IS NULL AND cancelled_at IS NULL AND profile_id {People}
                """,
            Suppress(),
        ];

    private string Suppress() =>
        $"UPDATE outbox SET status = 3, secret = NULL WHERE workspace_id = {workspace} AND purpose = 0 AND status IN (0, 4, 5) AND profile_id {People}";

    private string Messages()
    {
        var secret = sqlite
            ? $"substr(hex(randomblob({(secretLength / 2) + 1})), 1, {secretLength})"
            : $"substr(repeat(md5(random()::text), {(secretLength / 32) + 1}), 1, {secretLength})";
        return $"""
            INSERT INTO outbox (workspace_id, operation_id, profile_id, purpose, secret, status, attempts, created_at, due_at)
            SELECT i.workspace_id, i.operation_id, i.profile_id, 0, {secret}, 0, 0, {now}, {now} FROM operation_items i WHERE {items}
            """;
    }
}
