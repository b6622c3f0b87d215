using System.Text.Json;
using Muster.Bulk;

namespace Muster.Web;

/// <summary>The audit log in words.</summary>
public static class AuditWords
{
    /// <summary>What can be filtered by: the events, in words. An event that is not among them is shown by its code.</summary>
    public static IReadOnlyList<(string Event, string Text)> Events { get; } =
    [
        ("operation.created", "Operation begun"),
        ("operation.file-put", "File given to an operation"),
        ("operation.confirmed", "Operation confirmed"),
        ("operation.approved", "Operation approved"),
        ("operation.chunk", "Part of an operation done"),
        ("operation.user-failed", "User failed in an operation"),
        ("operation.paused", "Operation paused"),
        ("operation.resumed", "Operation resumed"),
        ("operation.cancelled", "Operation cancelled"),
        ("operation.undo-created", "Undo begun"),
        ("operation.row-mended", "Row of an operation mended"),
        ("operation.users-unticked", "Users left out of an operation"),
        ("operation.users-ticked", "Users taken back into an operation"),
        ("users.exported", "Users exported"),
        ("profile.edited", "User edited"),
        ("profile.renamed", "Name changed by the user"),
        ("invitation.accepted", "Invitation accepted"),
        ("enrolment.started", "Course started"),
        ("enrolment.completed", "Course completed"),
        ("group.saved", "Group saved"),
        ("unit.saved", "Organisation unit saved"),
        ("unit.moved", "Organisation unit moved"),
        ("unit.deleted", "Organisation unit deleted"),
        ("rule.saved", "Auto-enrolment saved"),
        ("rule.run", "Auto-enrolment run on its present members"),
        ("course.saved", "Course saved"),
        ("field.saved", "Custom field saved"),
        ("field.deleted", "Custom field deleted"),
        ("schedule.created", "Schedule made"),
        ("schedule.changed", "Schedule changed"),
        ("schedule.deleted", "Schedule deleted"),
        ("workspace.saved", "Settings saved"),
        ("workspace.approvals-saved", "Approvals saved"),
        ("workspace.made", "Workspace made"),
        ("workspace.renamed", "Workspace renamed"),
        ("letter.saved", "E-mail text saved"),
        ("letter.restored", "E-mail text restored"),
        ("token.created", "API token made"),
        ("site.restored", "Database restored from a backup"),
        ("mail.released", "Held e-mails released"),
        ("token.revoked", "API token revoked"),
    ];

    /// <summary>What was done.</summary>
    public static string Of(string what) => Events.FirstOrDefault(known => known.Event == what).Text ?? what;

    /// <summary>Who did it.</summary>
    public static string Who(AuditLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return line.Account ?? (line.Token is { } token ? $"API token “{token}”" : "Command line, or Muster itself");
    }

    /// <summary>The ids and numbers of an entry: "From: 1 · To: 500".</summary>
    public static string Details(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.Details is null)
        {
            return "";
        }

        using var json = JsonDocument.Parse(entry.Details);
        return string.Join(" · ", json.RootElement.EnumerateObject().Select(member => $"{Labels.OfMember(member.Name)}: {member.Value}"));
    }
}
