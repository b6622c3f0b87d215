using System.Globalization;
using System.Text;
using Muster.Bulk;
using Muster.People;

namespace Muster.Cli;

/// <summary>An operation as lines of text.</summary>
internal static class OperationReport
{
    private const int NumberWidth = 12;

    public static string Of(OperationView view, Workspace workspace)
    {
        var (o, users) = (view.Operation, view.Users);
        var text = new StringBuilder();
        var what = o.UndoOf is { } original ? $"Undo of operation {original}: {view.Action.Title}" : view.Action.Title;
        text.AppendLine(CultureInfo.InvariantCulture, $"{what}, operation {o.Id} in {workspace.Name}: {Words(o.Status)}");
        text.AppendLine();
        Line(text, users.Selected, "users selected");
        if (o.ConfirmedAt is null)
        {
            Line(text, users.WillChange, "will change");
        }
        else
        {
            Line(text, users.Changed, "changed");
            Line(text, users.Failed, "failed");
            Line(text, users.Pending, "not run");
        }

        Line(text, users.Skipped, "skipped");
        Line(text, users.Problems, "problems");
        Section(text, "Reasons", view.Reasons.Select(r => (r.Users, r.Sentence)));
        Section(text, "Effects", view.Effects.Select(e => (e.Count, e.Label)));
        if (view.Mail.All > 0)
        {
            var mail = view.Mail;
            Section(
                text,
                "E-mails",
                [
                    (mail.Waiting, "waiting"),
                    (mail.Sent, "sent"),
                    (mail.Failed, "failed"),
                    (mail.Suppressed, "suppressed"),
                    (mail.Kept, "kept"),
                ]
            );
        }

        foreach (var warning in view.Warnings)
        {
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Warning: {warning}");
        }

        if (view.Approvers is { Count: 0 })
        {
            text.AppendLine().AppendLine("Warning: There is nobody who may approve it; it waits until there is.");
        }

        if (o.Error is { } error)
        {
            text.AppendLine().AppendLine(error);
        }

        if (o.Status == OperationStatus.Previewed && users.WillChange > 0)
        {
            var number = view.CountToType is { } count ? $" --expected-changes {count}" : "";
            text.AppendLine()
                .AppendLine(
                    CultureInfo.InvariantCulture,
                    $"To run it: muster operation confirm {o.Id} --workspace {workspace.Id} --yes{number}"
                );
        }

        return text.ToString().TrimEnd();
    }

    private static void Section(StringBuilder text, string title, IEnumerable<(long Count, string Words)> lines)
    {
        var shown = lines.Where(line => line.Count > 0).ToList();
        if (shown.Count == 0)
        {
            return;
        }

        text.AppendLine().AppendLine(title);
        foreach (var (count, words) in shown)
        {
            Line(text, count, words);
        }
    }

    private static void Line(StringBuilder text, long count, string words) =>
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{count.ToString("N0", CultureInfo.InvariantCulture).PadLeft(NumberWidth)}  {words}"
        );

    private static string Words(OperationStatus status) =>
        status switch
        {
            OperationStatus.Previewed => "previewed, nothing changed yet",
            OperationStatus.Scheduled => "confirmed for later, nothing changed yet",
            OperationStatus.AwaitingApproval => "waits for another administrator's approval, nothing changed yet",
            _ => status.ToString().ToLowerInvariant(),
        };
}
