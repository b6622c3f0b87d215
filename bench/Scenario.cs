using System.Globalization;
using Muster.Bulk;
using Muster.People;

namespace Muster.Bench;

/// <summary>The bulk actions that are measured.</summary>
public enum MeasuredAction
{
    /// <summary>Everybody to two groups, of which one has an active rule.</summary>
    Add,

    /// <summary>Everybody out of the two groups.</summary>
    Remove,

    /// <summary>Everybody into one course.</summary>
    Enrol,

    /// <summary>Everybody out of two courses.</summary>
    Withdraw,

    /// <summary>Everybody but the Admin who asks.</summary>
    Archive,

    /// <summary>Everybody but the Admin who asks, who were all archived.</summary>
    Reactivate,

    /// <summary>A last day for everybody but the Admin who asks.</summary>
    Expiry,

    /// <summary>As many new people as there are users, from a CSV file.</summary>
    Invite,

    /// <summary>The same from a workbook.</summary>
    InviteXlsx,

    /// <summary>Everybody but the Admin who asks, of whom nobody has accepted.</summary>
    Resend,

    /// <summary>The same people.</summary>
    Cancel,

    /// <summary>The undo of <see cref="Add"/>.</summary>
    UndoAdd,

    /// <summary>The undo of <see cref="Archive"/>.</summary>
    UndoArchive,

    /// <summary>Everybody to a CSV file.</summary>
    Export,

    /// <summary>Everybody to a workbook.</summary>
    ExportXlsx,
}

/// <summary>What the product is asked to do where an action is measured.</summary>
/// <param name="Key">The action.</param>
/// <param name="Parameters">Its parameters as JSON.</param>
/// <param name="Selection">Who.</param>
/// <param name="IsUndo">Whether that is done unmeasured, and its undo is what is measured.</param>
public sealed record Scenario(string Key, string Parameters, Selection Selection, bool IsUndo = false)
{
    /// <summary>The last day that <see cref="MeasuredAction.Expiry"/> gives.</summary>
    public const string LastDay = "2099-12-31";

    /// <summary>What the users list shows that is read meanwhile: where nearly everybody is archived, it would be empty as it opens.</summary>
    public static UserFilter List(MeasuredAction action) =>
        action is MeasuredAction.Reactivate or MeasuredAction.UndoArchive ? new() : UserFilter.Default;

    public static bool IsExport(MeasuredAction action) => action is MeasuredAction.Export or MeasuredAction.ExportXlsx;

    public static bool IsFromFile(MeasuredAction action) => action is MeasuredAction.Invite or MeasuredAction.InviteXlsx;

    /// <summary>An action's name in tables and on the command line, such as <c>undo-add</c>.</summary>
    public static string Name(MeasuredAction action) =>
        string.Concat(
            action
                .ToString()
                .Select(
                    (letter, i) => i > 0 && char.IsUpper(letter) ? $"-{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"
                )
        );

    public static Scenario Of(MeasuredAction action, Ground ground)
    {
        ArgumentNullException.ThrowIfNull(ground);
        var (groups, courses) = (Ids(ground.Groups), Ids(ground.Courses));
        return action switch
        {
            MeasuredAction.Add => new("add-users-to-group", $"{{\"groups\":{groups}}}", Everybody),
            MeasuredAction.Remove => new(
                "remove-users-from-group",
                $"{{\"groups\":{groups}}}",
                new() { Filter = new() { Groups = [.. ground.Groups.Take(2)] } }
            ),
            MeasuredAction.Enrol => new("enrol-to-course", $"{{\"courses\":[{ground.Courses[0]}],\"reenrolCompleted\":true}}", Everybody),
            MeasuredAction.Withdraw => new(
                "withdraw-from-course",
                $"{{\"courses\":{courses}}}",
                new() { Filter = new() { Courses = [.. ground.Courses.Take(2)] } }
            ),
            MeasuredAction.Archive => new("archive-profiles", "{}", Everybody),
            MeasuredAction.Reactivate => new("reactivate-profiles", "{}", With(StatusFilter.Archived)),
            MeasuredAction.Expiry => new("set-expiry-date", $"{{\"expiresOn\":\"{LastDay}\"}}", Everybody),
            MeasuredAction.Invite or MeasuredAction.InviteXlsx => new("invite-users", "{}", new() { File = true }),
            MeasuredAction.Resend => new("resend-invitations", "{}", With(StatusFilter.Invited)),
            MeasuredAction.Cancel => new("cancel-invitations", "{}", With(StatusFilter.Invited)),
            MeasuredAction.UndoAdd => Of(MeasuredAction.Add, ground) with { IsUndo = true },
            MeasuredAction.UndoArchive => Of(MeasuredAction.Archive, ground) with { IsUndo = true },
            _ => throw new ArgumentOutOfRangeException(nameof(action), action, "An export is not an operation."),
        };
    }

    private static Selection Everybody => new() { Filter = UserFilter.Default };

    private static Selection With(StatusFilter status) => new() { Filter = new() { Status = [status] } };

    /// <summary>The first two, as JSON.</summary>
    private static string Ids(IReadOnlyList<long> ids) => string.Create(CultureInfo.InvariantCulture, $"[{ids[0]},{ids[1]}]");
}
