namespace Muster.Bulk;

/// <summary>Trying again with the users who failed.</summary>
public static class Retries
{
    /// <summary>Why nobody can be tried again, as a sentence; null when somebody can.</summary>
    public static string? WhyNotRetry(Operation operation, BulkAction action)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(action);
        return operation switch
        {
            { Failed: 0 } => "Nobody failed in this operation, so there is nobody to try again.",
            { UndoOf: { } original } =>
                $"This operation takes back what operation {original} did; who failed here is still as that one left them.",
            _ when !action.Ways.HasFlag(SelectionWays.Operation) =>
                $"{action.Title} takes its users from a file: download the results, and upload the rows that failed.",
            _ => null,
        };
    }

    /// <summary>Begins an operation with the same action and parameters on the users of an earlier one who failed.</summary>
    /// <exception cref="ConflictException">Nobody failed, or the action cannot take its users from there.</exception>
    public static Task<Operation> Retry(
        this Operations operations,
        Requester requester,
        Operation failed,
        BulkAction action,
        Idempotency? idempotency,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(operations);
        ArgumentNullException.ThrowIfNull(failed);
        return WhyNotRetry(failed, action) is { } why
            ? throw new ConflictException(why)
            : operations.Create(
                requester,
                failed.Action,
                failed.Parameters,
                new Selection { Operation = new(failed.Id, Outcome: Outcome.Failed) },
                idempotency,
                ct
            );
    }
}
