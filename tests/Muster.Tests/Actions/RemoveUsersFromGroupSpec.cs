using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>The promises, for Remove users from group.</summary>
public sealed class RemoveUsersFromGroupSpec(PostgresServer postgres) : BulkActionSpec(postgres)
{
    protected override string Action => "remove-users-from-group";

    protected override IReadOnlyList<(string Json, string Field)> WrongParameters =>
        [("{}", "groups"), ("{\"groups\":[]}", "groups"), ("{\"groups\":[\"Crew\"]}", "groups[0]")];

    protected override Plan OnEverybody(Given given)
    {
        ArgumentNullException.ThrowIfNull(given);
        return new($"{{\"groups\":[{given.Crew.Id},{given.Band.Id}]}}", new() { Filter = new() });
    }

    protected override Plan OnMany(Given given, int users)
    {
        ArgumentNullException.ThrowIfNull(given);
        var people = given.People(users);
        foreach (var person in people)
        {
            given.Member(person, given.Crew);
        }

        return new($"{{\"groups\":[{given.Crew.Id},{given.Night.Id}]}}", new() { Users = [.. people.Select(p => p.Id)] });
    }

    protected override Task TouchBeforeRun(Stage stage, OperationItem item)
    {
        ArgumentNullException.ThrowIfNull(stage);
        return stage.ByHand(db =>
            db.Memberships.Where(m => m.ProfileId == item.ProfileId && m.GroupId == item.TargetId).ExecuteDeleteAsync()
        );
    }

    protected override Task TouchAfterRun(Stage stage, OperationItem item) => AddByHand(stage, item);

    protected override async Task<bool> MakeChangeable(Stage stage, OperationItem item)
    {
        await AddByHand(stage, item);
        return true;
    }

    protected override Refusal RefusalOf(OperationItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new("removed_memberships", "INSERT", $"NEW.profile_id = {item.ProfileId}");
    }

    protected override async Task AssertDone(Stage stage, Operation operation, IReadOnlyList<OperationItem> items)
    {
        ArgumentNullException.ThrowIfNull(stage);
        await using var db = stage.Database.Open(stage.Given.Workspace);
        var members = await db.Memberships.Select(m => new { m.ProfileId, m.GroupId }).ToListAsync();
        Assert.All(
            items.Where(i => i.Outcome == Outcome.Changed),
            i => Assert.DoesNotContain(members, m => m.ProfileId == i.ProfileId && m.GroupId == i.TargetId)
        );
    }

    private static Task AddByHand(Stage stage, OperationItem item) =>
        stage.ByHand(db =>
        {
            db.Memberships.Add(
                new Membership
                {
                    WorkspaceId = item.WorkspaceId,
                    ProfileId = item.ProfileId,
                    GroupId = item.TargetId,
                    AddedAt = stage.Given.Now,
                }
            );
            return Task.CompletedTask;
        });
}
