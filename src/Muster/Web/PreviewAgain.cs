using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;

namespace Muster.Web;

/// <summary>Waits a moment for a preview that is being made again: a small one is shown at once, a large one shows its progress.</summary>
public static class PreviewAgain
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);
    private const int Beats = 40;

    /// <summary>Waits for at most two seconds.</summary>
    /// <returns>Whether it is made.</returns>
    public static async Task<bool> Wait(MusterDb db, Operation operation, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(operation);
        for (var i = 0; i < Beats; i++)
        {
            if (
                !await db.Operations.AnyAsync(
                    o => o.WorkspaceId == operation.WorkspaceId && o.Id == operation.Id && o.Status == OperationStatus.Previewing,
                    ct
                )
            )
            {
                return true;
            }

            await Task.Delay(Beat, ct);
        }

        return false;
    }
}
