namespace Muster.Bulk;

/// <summary>Which status may follow which. Every change of status is a compare-and-set on the old one.</summary>
public static class OperationTransitions
{
    private static readonly Dictionary<OperationStatus, OperationStatus[]> Next = new()
    {
        // Its users are known (selection given, file put): the preview begins. Or it is thrown away.
        [OperationStatus.Draft] = [OperationStatus.Previewing, OperationStatus.Cancelled],
        // All users judged; or the file cannot be used; or it is thrown away. Previewed again at its time: it runs unless too much differs.
        [OperationStatus.Previewing] =
        [
            OperationStatus.Previewed,
            OperationStatus.Queued,
            OperationStatus.Failed,
            OperationStatus.Cancelled,
        ],
        // A person confirms, for now, for later, or until another approves; or thinks better of it; or changes parameters or file and previews again.
        [OperationStatus.Previewed] =
        [
            OperationStatus.Queued,
            OperationStatus.Scheduled,
            OperationStatus.AwaitingApproval,
            OperationStatus.Cancelled,
            OperationStatus.Previewing,
        ],
        // Another administrator approves or refuses.
        [OperationStatus.AwaitingApproval] = [OperationStatus.Queued, OperationStatus.Scheduled, OperationStatus.Cancelled],
        // Its time has come: previewed again.
        [OperationStatus.Scheduled] = [OperationStatus.Previewing, OperationStatus.Cancelled],
        [OperationStatus.Queued] = [OperationStatus.Running, OperationStatus.Paused, OperationStatus.Cancelled],
        // Cursor at the end; or a person stops it between chunks; or trouble that is no user's fault.
        [OperationStatus.Running] = [OperationStatus.Completed, OperationStatus.Paused, OperationStatus.Cancelled, OperationStatus.Failed],
        [OperationStatus.Paused] = [OperationStatus.Queued, OperationStatus.Cancelled],
        // Trouble is over: it goes on where it stopped; a draft whose file was unusable gets another file.
        [OperationStatus.Failed] = [OperationStatus.Queued, OperationStatus.Previewing, OperationStatus.Cancelled],
        [OperationStatus.Cancelled] = [],
        [OperationStatus.Completed] = [],
    };

    /// <summary>Whether an operation may go from one status to another.</summary>
    public static bool Allows(OperationStatus from, OperationStatus to) => Next[from].Contains(to);

    /// <summary>The statuses from which one may be reached.</summary>
    public static IReadOnlyList<OperationStatus> Before(OperationStatus to) =>
        [.. Next.Where(pair => pair.Value.Contains(to)).Select(pair => pair.Key)];
}
