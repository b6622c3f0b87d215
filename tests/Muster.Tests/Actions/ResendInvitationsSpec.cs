using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Mail;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>The promises, for Resend invitations.</summary>
public sealed class ResendInvitationsSpec(PostgresServer postgres) : BulkActionSpec(postgres)
{
    protected override string Action => "resend-invitations";

    protected override IReadOnlyList<(string Json, string Field)> WrongParameters => [("{\"days\":3}", "days")];

    protected override IReadOnlyCollection<string> RandomColumns => ["token_hash", "secret"];

    protected override Plan OnEverybody(Given given) => new("{}", new() { Filter = new() });

    protected override Plan OnMany(Given given, int users)
    {
        ArgumentNullException.ThrowIfNull(given);
        var people = given.People(users, Kind.Lapsed);
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
            if (item.Ordinal % 2 == 0)
            {
                (await db.Profiles.SingleAsync(p => p.Id == item.ProfileId)).Status = ProfileStatus.Cancelled;
            }
            else
            {
                (await db.Invitations.SingleAsync(i => i.ProfileId == item.ProfileId)).SentCount++;
            }
        });
    }

    protected override Task TouchAfterRun(Stage stage, OperationItem item) => throw new NotSupportedException("A resend is never undone.");

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
        return new("outbox", "INSERT", $"NEW.profile_id = {item.ProfileId}");
    }

    protected override async Task AssertDone(Stage stage, Operation operation, IReadOnlyList<OperationItem> items)
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(operation);
        await using var db = stage.Database.Open(stage.Given.Workspace);
        foreach (var item in items.Where(i => i.Outcome == Outcome.Changed))
        {
            var invitation = await db.Invitations.SingleAsync(i => i.ProfileId == item.ProfileId);
            Assert.Equal(
                (2, stage.Given.Now, stage.Given.Now.AddDays(30), null, null),
                (invitation.SentCount, invitation.LastSentAt, invitation.ExpiresAt, invitation.CancelledAt, invitation.AcceptedAt)
            );
            Assert.NotEqual($"hash of {item.ProfileId}", invitation.TokenHash);
            var waiting = await db.Outbox.SingleAsync(m => m.ProfileId == item.ProfileId && m.Status == MessageStatus.Waiting);
            Assert.Equal(operation.Id, waiting.OperationId);
        }
    }
}
