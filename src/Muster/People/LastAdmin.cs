using Microsoft.EntityFrameworkCore;
using Muster.Bulk;

namespace Muster.People;

/// <summary>Somebody who can administer the workspace always stays: an Active Admin who is not past the expiry date.</summary>
internal static class LastAdmin
{
    /// <summary>If no Admin would be left, skips the first one in list order; everybody who will change loses access.</summary>
    public static Task Stays(OperationContext context, ItemScope scope, Reason reason, CancellationToken ct) =>
        Stays(context, scope, scope.Items, reason, ct);

    /// <summary>The same where not everybody who will change loses access.</summary>
    /// <param name="context">Whose Admins.</param>
    /// <param name="scope">Who will change.</param>
    /// <param name="losing">Those of them who lose access.</param>
    /// <param name="reason">Why the one who stays does.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task Stays(
        OperationContext context,
        ItemScope scope,
        IQueryable<OperationItem> losing,
        Reason reason,
        CancellationToken ct
    )
    {
        var (workspaceId, today) = (context.WorkspaceId, context.Today);
        var admins = context.Db.Profiles.Where(p =>
            p.WorkspaceId == workspaceId
            && p.Role == ProfileRole.Admin
            && p.Status == ProfileStatus.Active
            && (p.ExpiresOn == null || p.ExpiresOn >= today)
        );
        var leaving = losing.Select(item => item.ProfileId);
        if (await admins.AnyAsync(p => !leaving.Contains(p.Id), ct))
        {
            return;
        }

        var first = await losing
            .Where(item => admins.Any(p => p.Id == item.ProfileId))
            .OrderBy(item => item.Ordinal)
            .Select(item => (long?)item.Ordinal)
            .FirstOrDefaultAsync(ct);
        if (first is { } ordinal)
        {
            await scope.Skip(scope.Items.Where(item => item.Ordinal == ordinal), reason, ct);
        }
    }
}
