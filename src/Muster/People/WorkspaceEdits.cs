using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;
using Muster.Files;

namespace Muster.People;

/// <summary>What an administrator can say of their workspace; null leaves a value as it is.</summary>
/// <param name="Name">At most 100 characters.</param>
/// <param name="TimeZone">An IANA name such as <c>Europe/London</c>.</param>
/// <param name="ThresholdUsers">Destructive actions on more users ask for the number; 1 to 1,000,000.</param>
/// <param name="ThresholdPercent">The same as a share of the workspace's users; 1 to 100.</param>
/// <param name="ThresholdMinimum">The threshold is never below; 0 to <paramref name="ThresholdUsers"/>.</param>
/// <param name="InvitationDays">Until an invitation lapses; 1 to 365.</param>
/// <param name="ResendMinutes">Between two e-mails of one invitation; 0 to 1,440.</param>
/// <param name="RetentionDays">For which the items of operations are kept; 7 to 3,650.</param>
/// <param name="ApprovalFrom">
/// From how many users on an action waits for a second administrator's approval, by the action's key; 1 to 1,000,000. An action that is not named never does.
/// </param>
public sealed record WorkspaceDetails(
    string? Name,
    string? TimeZone,
    int? ThresholdUsers,
    int? ThresholdPercent,
    int? ThresholdMinimum,
    int? InvitationDays,
    int? ResendMinutes,
    int? RetentionDays,
    IReadOnlyDictionary<string, int>? ApprovalFrom
)
{
    /// <summary>A workspace as it is.</summary>
    public static WorkspaceDetails Of(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        return new(
            workspace.Name,
            workspace.TimeZone,
            workspace.ThresholdUsers,
            workspace.ThresholdPercent,
            workspace.ThresholdMinimum,
            workspace.InvitationDays,
            workspace.ResendMinutes,
            workspace.RetentionDays,
            Json.Read<Dictionary<string, int>>(workspace.ApprovalFrom)
        );
    }
}

/// <summary>Changes a workspace's settings.</summary>
public sealed class WorkspaceEdits(Databases databases, ActionCatalog catalog, TimeProvider clock)
{
    private const int MaxName = 100;

    /// <summary>The time zones that can be chosen, by name.</summary>
    public static IReadOnlyList<string> TimeZones { get; } =
    [.. TimeZoneInfo.GetSystemTimeZones().Where(zone => zone.HasIanaId).Select(zone => zone.Id).Order(StringComparer.Ordinal)];

    /// <summary>Saves what is given.</summary>
    /// <exception cref="ParametersException">Names each wrong field and its bounds.</exception>
    public async Task Save(Requester requester, WorkspaceDetails details, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(requester);
        ArgumentNullException.ThrowIfNull(details);
        var id = requester.Actor.WorkspaceId;
        await using var db = databases.Open(id);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.TakeTurn(id, ct);
        var workspace = await db.Workspaces.SingleAsync(w => w.Id == id, ct);
        var was = WorkspaceDetails.Of(workspace);
        var name = was.Name!;
        if (details.Name is not null)
        {
            CellValues.TryName(SheetCell.OfText(details.Name), out name, out _);
        }

        var wanted = new WorkspaceDetails(
            name,
            details.TimeZone ?? was.TimeZone,
            details.ThresholdUsers ?? was.ThresholdUsers,
            details.ThresholdPercent ?? was.ThresholdPercent,
            details.ThresholdMinimum ?? was.ThresholdMinimum,
            details.InvitationDays ?? was.InvitationDays,
            details.ResendMinutes ?? was.ResendMinutes,
            details.RetentionDays ?? was.RetentionDays,
            details.ApprovalFrom ?? was.ApprovalFrom
        );
        Check(wanted);
        (workspace.Name, workspace.TimeZone) = (name, wanted.TimeZone!);
        (workspace.ThresholdUsers, workspace.ThresholdPercent, workspace.ThresholdMinimum) = (
            wanted.ThresholdUsers!.Value,
            wanted.ThresholdPercent!.Value,
            wanted.ThresholdMinimum!.Value
        );
        (workspace.InvitationDays, workspace.ResendMinutes, workspace.RetentionDays) = (
            wanted.InvitationDays!.Value,
            wanted.ResendMinutes!.Value,
            wanted.RetentionDays!.Value
        );
        var approvals = Json.Write(wanted.ApprovalFrom);
        var isOther = approvals != workspace.ApprovalFrom;
        workspace.ApprovalFrom = approvals;
        await db.SaveChangesAsync(ct);
        var now = clock.Now();
        if (wanted.TimeZone != was.TimeZone)
        {
            await ScheduleTimes.Renew(db, db.Schedules.Where(s => s.WorkspaceId == id && s.NextAt > now), now, wanted.TimeZone!, ct);
        }

        // Numbers and the zone; a name may say more than a log should.
        await Audit.Write(db, requester, "workspace.saved", wanted with { Name = null, ApprovalFrom = null }, now, ct);
        if (isOther)
        {
            await Audit.Write(db, requester, "workspace.approvals-saved", wanted.ApprovalFrom!, now, ct);
        }

        await transaction.CommitAsync(ct);
    }

    private void Check(WorkspaceDetails wanted)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (wanted.Name!.Length is 0 or > MaxName)
        {
            errors["name"] = [$"Enter a name of at most {MaxName} characters."];
        }

        if (!TimeZoneInfo.TryFindSystemTimeZoneById(wanted.TimeZone!, out var zone) || !zone.HasIanaId || zone.Id != wanted.TimeZone)
        {
            errors["timeZone"] = ["Choose a time zone by its IANA name, such as Europe/London."];
        }

        Within("thresholdUsers", wanted.ThresholdUsers, 1, 1_000_000);
        Within("thresholdPercent", wanted.ThresholdPercent, 1, 100);
        Within("thresholdMinimum", wanted.ThresholdMinimum, 0, wanted.ThresholdUsers is > 0 and var most ? most : 1_000_000);
        Within("invitationDays", wanted.InvitationDays, 1, 365);
        Within("resendMinutes", wanted.ResendMinutes, 0, 1440);
        Within("retentionDays", wanted.RetentionDays, 7, 3650);
        foreach (var (key, from) in wanted.ApprovalFrom!)
        {
            if (catalog.Find(key) is not { IsOperation: true })
            {
                errors["approvalFrom"] = [$"There is no action '{key}' that could wait for an approval."];
            }

            Within($"approvalFrom.{key}", from, 1, 1_000_000);
        }

        if (errors.Count > 0)
        {
            throw new ParametersException(errors);
        }

        void Within(string field, int? value, int least, int most)
        {
            if (value < least || value > most)
            {
                errors[field] = [$"Enter a whole number from {least:N0} to {most:N0}."];
            }
        }
    }
}
