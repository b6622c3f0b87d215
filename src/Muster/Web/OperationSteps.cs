using Muster.Bulk;

namespace Muster.Web;

/// <summary>The steps every bulk action goes through, as the stepper shows them.</summary>
public static class OperationSteps
{
    /// <summary>Their names.</summary>
    public static readonly IReadOnlyList<string> Names = ["Select", "Preview", "Confirm", "Progress", "Summary"];

    /// <summary>The step an operation is at.</summary>
    public static int Of(Operation operation, bool confirming) =>
        operation.Status switch
        {
            OperationStatus.Draft => 0,
            OperationStatus.Previewing => 1,
            OperationStatus.Previewed => confirming ? 2 : 1,
            OperationStatus.Failed when operation.ConfirmedAt is null => 0,
            OperationStatus.AwaitingApproval or OperationStatus.Scheduled => 2,
            OperationStatus.Queued or OperationStatus.Running or OperationStatus.Paused => 3,
            _ => 4,
        };
}
