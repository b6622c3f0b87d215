using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;
using Muster.People;

namespace Muster.Web;

/// <summary>How an operation's users were chosen, in words: the filter stays visible beside the number that was frozen.</summary>
public static class SelectionWords
{
    /// <summary>Words, or null where an operation takes its users from nowhere else: a draft without any, an undo.</summary>
    public static async Task<string?> Of(MusterDb db, Here here, Operation operation, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(operation);
        if (operation.UndoOf is not null || operation.Selection is null)
        {
            return null;
        }

        var selection = Json.Read<Selection>(operation.Selection);
        return selection switch
        {
            { Users: { } users } => $"{Words.Count(users.Count, "user")} ticked on the list",
            { Emails: { } emails } => Words.Count(emails.Count, "pasted address", "pasted addresses"),
            { Operation: { } slice } => $"Users of operation {slice.Id}"
                + (slice.Outcome is { } outcome ? $" with the outcome “{Labels.Of(outcome).Text}”" : ""),
            { Filter: { } filter } => await Of(db, here, filter, ct)
                + (selection.Except is { Count: > 0 } except ? $", except {Words.Number(except.Count)}" : ""),
            _ => await db
                .OperationFiles.Where(f => f.WorkspaceId == operation.WorkspaceId && f.OperationId == operation.Id)
                .Select(f => f.Name == InvitationOfOne.FileName ? "One user, as typed into the form" : "From the file " + f.Name)
                .FirstOrDefaultAsync(ct),
        };
    }

    private static async Task<string> Of(MusterDb db, Here here, UserFilter filter, CancellationToken ct)
    {
        var words = string.Join(", ", (await FilterWords.Of(db, here, filter, ct)).Select(term => term.Text));
        return words.Length == 0 ? "Everybody" : $"Everybody who matches: {words}";
    }
}
