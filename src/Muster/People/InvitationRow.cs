namespace Muster.People;

/// <summary>
/// One row of an invitation file, understood: what the profile will be if the row's verdict is <em>will change</em>.
/// A row under the negative of an ordinal holds what a formerly Cancelled person was before that ordinal's row took effect, which is what undo gives back.
/// </summary>
public sealed class InvitationRow
{
    public long WorkspaceId { get; set; }

    public long OperationId { get; set; }

    /// <summary>The user's place in the operation (<see cref="Bulk.OperationUser.Ordinal"/>).</summary>
    public long Ordinal { get; set; }

    public required string Email { get; set; }

    public required string EmailKey { get; set; }

    public required string FirstName { get; set; }

    public required string LastName { get; set; }

    public required string SortName { get; set; }

    public required string SearchText { get; set; }

    public ProfileRole Role { get; set; }

    public long? UnitId { get; set; }

    public DateOnly? ExpiresOn { get; set; }

    /// <summary>From here on only for a formerly Cancelled person: the rest of the profile and the invitation as they were.</summary>
    public DateTime? InvitedAt { get; set; }

    public long? ProfileOperationId { get; set; }

    /// <summary>Null when there was no invitation.</summary>
    public int? SentCount { get; set; }

    public string? TokenHash { get; set; }

    public DateTime? LastSentAt { get; set; }

    public DateTime? ExpiresAt { get; set; }

    public DateTime? CancelledAt { get; set; }

    public long? InvitationOperationId { get; set; }
}

/// <summary>A group named in an invitation file's row.</summary>
public sealed class InvitationRowGroup
{
    public long WorkspaceId { get; set; }

    public long OperationId { get; set; }

    public long Ordinal { get; set; }

    public long GroupId { get; set; }

    /// <summary>For a membership that was taken away from a formerly Cancelled person: when it began.</summary>
    public DateTime? AddedAt { get; set; }

    /// <summary>For such a membership: the operation that had added it.</summary>
    public long? AddedByOperationId { get; set; }
}

/// <summary>A unit that the person of an invitation file's row will manage.</summary>
public sealed class InvitationRowUnit
{
    public long WorkspaceId { get; set; }

    public long OperationId { get; set; }

    public long Ordinal { get; set; }

    public long UnitId { get; set; }
}

/// <summary>A custom field's value in an invitation file's row.</summary>
public sealed class InvitationRowValue
{
    public long WorkspaceId { get; set; }

    public long OperationId { get; set; }

    public long Ordinal { get; set; }

    public long FieldId { get; set; }

    public string? Text { get; set; }

    public decimal? Number { get; set; }

    public DateOnly? Date { get; set; }

    public bool? YesNo { get; set; }
}
