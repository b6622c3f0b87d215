using System.Data.Common;
using System.Globalization;

namespace Muster.Faults;

/// <summary>A person, as stored.</summary>
public sealed record ProfileRow(long Id, int Status, bool HasRegistered, string? ExpiresOn);

/// <summary>An attempt at a course, as stored.</summary>
public sealed record AttemptRow(
    long Profile,
    long Course,
    int Number,
    int Status,
    string? ExpiresOn,
    long? Operation,
    long? EndedBy,
    int? BeforeEnd
);

/// <summary>An operation, as stored.</summary>
public sealed record OperationRow(
    long Id,
    string Action,
    string Parameters,
    int Status,
    string? Day,
    long? UndoOf,
    bool IsConfirmed,
    string? Error,
    long Cursor,
    long LastPosition
)
{
    /// <summary>Everybody or nobody.</summary>
    public required bool AllOrNothing { get; init; }

    /// <summary>The schedule that began it; null for a person.</summary>
    public required long? Schedule { get; init; }

    /// <summary>When it was begun, by the clock of the node that did.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>It was cancelled while its users were judged again for a later time: confirmed, but never begun, and its cursor is that of the judging.</summary>
    public required bool WasCalledOff { get; init; }

    /// <summary>It was confirmed for later, too much had changed by then, and it waits for a person again.</summary>
    public required bool IsInReview { get; init; }

    /// <summary>As stored: selected, will change, skipped, problems, changed, failed, left alone; users first, then items (which have no selected).</summary>
    public required IReadOnlyList<long> Counts { get; init; }

    public const int Cancelled = 6;
    public const int Completed = 7;
    public const int Failed = 8;
}

/// <summary>An item, as stored.</summary>
public sealed record ItemRow(
    long Operation,
    long Position,
    long Target,
    long Ordinal,
    long Profile,
    int Verdict,
    int Outcome,
    string? OutcomeReason,
    string? After
);

/// <summary>A line of the audit log, as stored.</summary>
public sealed record AuditRow(long Id, string Event, long? Operation, string? Details, string At);

/// <summary>A message of the outbox, as stored.</summary>
public sealed record MessageRow(long Operation, long Profile, int Purpose, int Status);

/// <summary>What one workspace's tables say, read with plain SQL.</summary>
public sealed class Facts
{
    public required IReadOnlyList<ProfileRow> Profiles { get; init; }
    public required IReadOnlyList<(long Profile, long Group)> Memberships { get; init; }
    public required IReadOnlyList<AttemptRow> Attempts { get; init; }

    /// <summary>Seats by course, where there is a limit.</summary>
    public required IReadOnlyDictionary<long, long> Seats { get; init; }

    /// <summary>Course and group of every active rule of groups.</summary>
    public required IReadOnlyList<(long Group, long Course)> Rules { get; init; }
    public required IReadOnlyList<OperationRow> Operations { get; init; }
    public required IReadOnlyList<ItemRow> Items { get; init; }
    public required IReadOnlyList<AuditRow> Audit { get; init; }
    public required IReadOnlyList<MessageRow> Messages { get; init; }

    /// <summary>Reads all of it; nobody writes meanwhile.</summary>
    public static async Task<Facts> Read(Store store, long workspace)
    {
        var where = $"WHERE workspace_id = {workspace}";
        return new()
        {
            Profiles = await store.Read(
                $"SELECT id, status, registered_at IS NOT NULL, CAST(expires_on AS text) FROM profiles {where}",
                row => new ProfileRow(row.GetInt64(0), row.GetInt32(1), Flag(row, 2), Text(row, 3))
            ),
            Memberships = await store.Read(
                $"SELECT profile_id, group_id FROM memberships {where}",
                row => (row.GetInt64(0), row.GetInt64(1))
            ),
            Attempts = await store.Read(
                $"SELECT profile_id, course_id, attempt, status, CAST(expires_on AS text), operation_id, ended_by_operation_id, status_before_end FROM enrolments {where}",
                row => new AttemptRow(
                    row.GetInt64(0),
                    row.GetInt64(1),
                    row.GetInt32(2),
                    row.GetInt32(3),
                    Text(row, 4),
                    Number(row, 5),
                    Number(row, 6),
                    (int?)Number(row, 7)
                )
            ),
            Seats = (
                await store.Read($"SELECT id, seats FROM courses {where} AND seats IS NOT NULL", row => (row.GetInt64(0), row.GetInt64(1)))
            ).ToDictionary(),
            Rules = await store.Read(
                $"""
                SELECT t.target_id, c.course_id FROM rules r
                JOIN rule_targets t ON t.workspace_id = r.workspace_id AND t.rule_id = r.id
                JOIN rule_courses c ON c.workspace_id = r.workspace_id AND c.rule_id = r.id
                WHERE r.workspace_id = {workspace} AND r.is_active AND r.target_kind = 1
                """,
                row => (row.GetInt64(0), row.GetInt64(1))
            ),
            Operations = await store.Read(
                $"""
                SELECT id, action, parameters, status, CAST(day AS text), undo_of, confirmed_at IS NOT NULL, error, cursor, last_position,
                selected, will_change, skipped, problems, changed, failed, left_alone,
                items_will_change, items_skipped, items_problems, items_changed, items_failed, items_left_alone,
                all_or_nothing, schedule_id, created_at, review IS NOT NULL, status = 6 AND previewed_at IS NULL FROM operations {where} ORDER BY id
                """,
                Operation
            ),
            Items = await store.Read(
                $"SELECT operation_id, position, target_id, ordinal, profile_id, verdict, outcome, outcome_reason, after FROM operation_items {where}",
                row => new ItemRow(
                    row.GetInt64(0),
                    row.GetInt64(1),
                    row.GetInt64(2),
                    row.GetInt64(3),
                    row.GetInt64(4),
                    row.GetInt32(5),
                    row.GetInt32(6),
                    Text(row, 7),
                    Text(row, 8)
                )
            ),
            Audit = await store.Read(
                $"SELECT id, event, operation_id, details, CAST(at AS text) FROM audit {where} ORDER BY id",
                row => new AuditRow(row.GetInt64(0), row.GetString(1), Number(row, 2), Text(row, 3), row.GetString(4))
            ),
            Messages = await store.Read(
                $"SELECT operation_id, profile_id, purpose, status FROM outbox {where}",
                row => new MessageRow(row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), row.GetInt32(3))
            ),
        };
    }

    private static OperationRow Operation(DbDataReader row) =>
        new(
            row.GetInt64(0),
            row.GetString(1),
            row.GetString(2),
            row.GetInt32(3),
            Text(row, 4),
            Number(row, 5),
            Flag(row, 6),
            Text(row, 7),
            row.GetInt64(8),
            row.GetInt64(9)
        )
        {
            Counts = [.. Enumerable.Range(10, 13).Select(row.GetInt64)],
            AllOrNothing = Flag(row, 23),
            Schedule = Number(row, 24),
            // SQLite has microseconds since 1970.
            CreatedAt = row.GetValue(25) is long microseconds ? DateTime.UnixEpoch.AddMicroseconds(microseconds) : row.GetDateTime(25),
            IsInReview = Flag(row, 26),
            WasCalledOff = Flag(row, 27),
        };

    private static bool Flag(DbDataReader row, int column) => Convert.ToBoolean(row.GetValue(column), CultureInfo.InvariantCulture);

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static long? Number(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : Convert.ToInt64(row.GetValue(column), CultureInfo.InvariantCulture);
}
