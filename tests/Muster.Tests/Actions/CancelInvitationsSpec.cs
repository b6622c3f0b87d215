using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Mail;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>The promises, for Cancel invitations.</summary>
public sealed class CancelInvitationsSpec(PostgresServer postgres) : BulkActionSpec(postgres)
{
    protected override string Action => "cancel-invitations";

    protected override IReadOnlyList<(string Json, string Field)> WrongParameters => [("{\"reason\":\"gone\"}", "reason")];

    // A message that waited stays suppressed: its token is gone, so a new one has to be sent.
    protected override IReadOnlyCollection<string> ColumnsUndoLeaves =>
        ["profiles.operation_id", "invitations.operation_id", "outbox.status", "outbox.secret"];

    protected override Plan OnEverybody(Given given) => new("{}", new() { Filter = new() });

    protected override Plan OnMany(Given given, int users)
    {
        ArgumentNullException.ThrowIfNull(given);
        var people = given.People(users, Kind.Invited);
        foreach (var person in people.Take(20))
        {
            given.Mail(person);
        }

        return new("{}", new() { Users = [.. people.Select(p => p.Id)] });
    }

    protected override Task TouchBeforeRun(Stage stage, OperationItem item)
    {
        ArgumentNullException.ThrowIfNull(stage);
        return stage.ByHand(async db =>
        {
            var person = await db.Profiles.SingleAsync(p => p.Id == item.ProfileId);
            person.Status = item.Ordinal % 2 == 0 ? ProfileStatus.Cancelled : ProfileStatus.Active;
        });
    }

    protected override Task TouchAfterRun(Stage stage, OperationItem item)
    {
        ArgumentNullException.ThrowIfNull(stage);
        return stage.ByHand(async db =>
        {
            var person = await db.Profiles.SingleAsync(p => p.Id == item.ProfileId);
            (person.Status, person.OperationId) = (ProfileStatus.Invited, null);
        });
    }

    protected override async Task<bool> MakeChangeable(Stage stage, OperationItem item)
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(item);
        if (item.Reason == "already-accepted")
        {
            return false;
        }

        await stage.ByHand(async db => (await db.Profiles.SingleAsync(p => p.Id == item.ProfileId)).Status = ProfileStatus.Invited);
        return true;
    }

    protected override Refusal RefusalOf(OperationItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new("profiles", "UPDATE", $"NEW.id = {item.ProfileId}");
    }

    protected override async Task AssertDone(Stage stage, Operation operation, IReadOnlyList<OperationItem> items)
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(operation);
        await using var db = stage.Database.Open(stage.Given.Workspace);
        foreach (var item in items.Where(i => i.Outcome == Outcome.Changed))
        {
            var person = await db.Profiles.SingleAsync(p => p.Id == item.ProfileId);
            var invitation = await db.Invitations.SingleAsync(i => i.ProfileId == item.ProfileId);
            Assert.Equal((ProfileStatus.Cancelled, operation.Id), (person.Status, person.OperationId));
            Assert.NotNull(invitation.CancelledAt);
            Assert.False(await db.Outbox.AnyAsync(m => m.ProfileId == item.ProfileId && m.Status == MessageStatus.Waiting));
        }
    }
}
