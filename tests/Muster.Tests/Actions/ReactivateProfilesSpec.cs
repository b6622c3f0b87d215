using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>The promises, for Reactivate profiles.</summary>
public sealed class ReactivateProfilesSpec(PostgresServer postgres) : BulkActionSpec(postgres)
{
    protected override string Action => "reactivate-profiles";

    protected override IReadOnlyList<(string Json, string Field)> WrongParameters => [("{\"reason\":\"back\"}", "reason")];

    protected override IReadOnlyCollection<string> ColumnsUndoLeaves => ["profiles.operation_id"];

    protected override Plan OnEverybody(Given given) => new("{}", new() { Filter = new() });

    protected override Plan OnMany(Given given, int users)
    {
        ArgumentNullException.ThrowIfNull(given);
        return new(
            "{}",
            new()
            {
                Users = [.. given.People(users - 10, Kind.Archived).Concat(given.People(10, Kind.ArchivedUnaccepted)).Select(p => p.Id)],
            }
        );
    }

    protected override Task TouchBeforeRun(Stage stage, OperationItem item)
    {
        ArgumentNullException.ThrowIfNull(stage);
        return stage.ByHand(async db => (await db.Profiles.SingleAsync(p => p.Id == item.ProfileId)).Status = ProfileStatus.Active);
    }

    protected override Task TouchAfterRun(Stage stage, OperationItem item)
    {
        ArgumentNullException.ThrowIfNull(stage);
        return stage.ByHand(async db => (await db.Profiles.SingleAsync(p => p.Id == item.ProfileId)).OperationId = null);
    }

    protected override async Task<bool> MakeChangeable(Stage stage, OperationItem item)
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(item);
        if (item.ProfileId == stage.Given.Self.Id)
        {
            return false;
        }

        await stage.ByHand(async db => (await db.Profiles.SingleAsync(p => p.Id == item.ProfileId)).Status = ProfileStatus.Archived);
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
            Assert.Equal(
                (person.RegisteredAt is null ? ProfileStatus.Invited : ProfileStatus.Active, operation.Id),
                (person.Status, person.OperationId)
            );
            Assert.Equal($"{{\"status\":\"{person.Status}\"}}", item.After);
        }
    }
}
