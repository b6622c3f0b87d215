using Microsoft.EntityFrameworkCore;
using Muster.Access;

namespace Muster.Bulk;

/// <summary>Puts people to the addresses of a file or pasted list, a chunk at a time.</summary>
internal static class RowMatches
{
    /// <summary>Finds the people behind the addresses of a file or pasted list, and names the rows that say the same person again.</summary>
    public static async Task Match(OperationContext context, Operation operation, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(operation);
        var selection = Json.Read<Selection>(operation.Selection!);
        if (operation.UndoOf is not null || (selection.File != true && selection.Emails is null))
        {
            return;
        }

        var db = context.Db;
        var (workspaceId, operationId, duplicate) = (context.WorkspaceId, context.OperationId, CommonReasons.Duplicate.Code);
        var rows = db.OperationRows.Where(r => r.WorkspaceId == workspaceId && r.OperationId == operationId);
        var users = db.OperationUsers.Where(u => u.WorkspaceId == workspaceId && u.OperationId == operationId);
        // A row's place is its user's position as well as its ordinal. Without "is not null" EF compares nulls as well, by an OR that no index serves.
        var twice =
            from user in context.Users
            join row in rows on user.Position equals row.Ordinal
            where
                rows.Any(earlier =>
                    earlier.EmailKey != null
                    && earlier.EmailKey == row.EmailKey
                    && earlier.Ordinal < row.Ordinal
                    && users.Any(u => u.Position == earlier.Ordinal && u.Problem == null)
                )
            select row.Ordinal;
        // Only this chunk's rows: looking through the whole file for every chunk would cost its square.
        var (after, upTo) = (context.After, context.UpTo);
        var marked = await rows.Where(row => row.Ordinal > after && row.Ordinal <= upTo && twice.Contains(row.Ordinal))
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(
                        row => row.Problems,
                        row =>
                            "[{\"code\":\"duplicate-row\",\"cell\":\"row "
                            + row.RowNumber
                            + "\",\"text\":\"The same person stands in row "
                            + rows.Where(earlier =>
                                    earlier.EmailKey != null
                                    && earlier.EmailKey == row.EmailKey
                                    && earlier.Ordinal < row.Ordinal
                                    && users.Any(u => u.Position == earlier.Ordinal && u.Problem == null)
                                )
                                .Min(earlier => earlier.RowNumber)
                            + "; that row counts. Take this one out.\"}]"
                    ),
                ct
            );
        if (marked > 0)
        {
            await users
                .Where(user => user.Position > after && user.Position <= upTo && user.Problem == null)
                .Where(user => rows.Any(row => row.Ordinal == user.Position && row.Problems != null))
                .ExecuteUpdateAsync(set => set.SetProperty(user => user.Problem, duplicate), ct);
        }

        // Only what differs is written: of an invitation's rows few lead to somebody. Judged for the second time, whoever had the address may have it no more,
        // or be out of sight.
        var matches =
            from row in rows
            join profile in db.Profiles.Where(p => p.WorkspaceId == workspaceId).VisibleTo(db, context.Actor)
                on row.EmailKey equals profile.EmailKey
            select new { row.Ordinal, profile.Id };
        await context
            .Users.Where(user => user.ProfileId != 0 && !matches.Any(m => m.Ordinal == user.Position && m.Id == user.ProfileId))
            .ExecuteUpdateAsync(set => set.SetProperty(user => user.ProfileId, 0), ct);
        var found =
            from user in context.Users
            join m in matches on user.Position equals m.Ordinal
            where user.ProfileId != m.Id
            select new { User = user, m.Id };
        await found.ExecuteUpdateAsync(set => set.SetProperty(f => f.User.ProfileId, f => f.Id), ct);
    }
}
