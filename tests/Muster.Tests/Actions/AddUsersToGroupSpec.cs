using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Learning;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>The promises, for Add users to group.</summary>
public sealed class AddUsersToGroupSpec(PostgresServer postgres) : BulkActionSpec(postgres)
{
    protected override string Action => "add-users-to-group";

    protected override IReadOnlyList<(string Json, string Field)> WrongParameters =>
        [("{}", "groups"), ("{\"groups\":[]}", "groups"), ("{\"groups\":null}", "groups"), ("{\"groups\":[\"Crew\"]}", "groups[0]")];

    protected override Plan OnEverybody(Given given)
    {
        ArgumentNullException.ThrowIfNull(given);
        return new($"{{\"groups\":[{given.Crew.Id},{given.Night.Id}]}}", new() { Filter = new() });
    }

    protected override Plan OnMany(Given given, int users)
    {
        ArgumentNullException.ThrowIfNull(given);
        var people = given.People(users);
        foreach (var person in people.Take(20))
        {
            given.Enrol(person, given.Safety, EnrolmentStatus.Completed);
        }

        return OnEverybody(given) with
        {
            Selection = new() { Users = [.. people.Select(p => p.Id)] },
        };
    }

    protected override Task TouchBeforeRun(Stage stage, OperationItem item)
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(item);
        return stage.ByHand(db =>
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

    protected override Task TouchAfterRun(Stage stage, OperationItem item)
    {
        ArgumentNullException.ThrowIfNull(stage);
        return stage.ByHand(db =>
            db.Memberships.Where(m => m.ProfileId == item.ProfileId && m.GroupId == item.TargetId)
                .ExecuteUpdateAsync(set => set.SetProperty(m => m.OperationId, (long?)null))
        );
    }

    protected override async Task<bool> MakeChangeable(Stage stage, OperationItem item)
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(item);
        await stage.ByHand(async db =>
        {
            await db.Memberships.Where(m => m.ProfileId == item.ProfileId && m.GroupId == item.TargetId).ExecuteDeleteAsync();
            var person = await db.Profiles.SingleAsync(p => p.Id == item.ProfileId);
            person.Status = person.RegisteredAt is null ? ProfileStatus.Invited : ProfileStatus.Active;
        });
        return true;
    }

    protected override Refusal RefusalOf(OperationItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new("memberships", "INSERT", $"NEW.profile_id = {item.ProfileId}");
    }

    /// <summary>An attempt that ran out by date counts as Expired, whatever is stored; opening another stores it.</summary>
    protected override void AssertUndone(Dump before, Dump after) =>
        Assert.Equal("", Dump.Difference(before.Where(NotRunOut), after.Where(NotRunOut)));

    protected override async Task AssertDone(Stage stage, Operation operation, IReadOnlyList<OperationItem> items)
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(operation);
        await using var db = stage.Database.Open(stage.Given.Workspace);
        var added = await db
            .Memberships.Where(m => m.OperationId == operation.Id)
            .Select(m => new { m.ProfileId, m.GroupId })
            .ToListAsync();
        Assert.Equal(
            items.Where(i => i.Outcome == Outcome.Changed).Select(i => (i.ProfileId, i.TargetId)).Order(),
            added.Select(m => (m.ProfileId, m.GroupId)).Order()
        );
        var enrolled = await db
            .Enrolments.Where(e => e.OperationId == operation.Id)
            .GroupBy(e => e.CourseId)
            .Select(g => new { CourseId = g.Key, Count = g.LongCount() })
            .ToDictionaryAsync(g => g.CourseId, g => g.Count);
        var promised = Json.Read<List<Effect>>(operation.Effects!)
            .Where(e => e is { Code: "enrolments", Count: > 0 })
            .ToDictionary(e => e.TargetId!.Value, e => e.Count);
        Assert.Equal(promised, enrolled);
    }

    private static bool NotRunOut(string table, IReadOnlyDictionary<string, string> row) =>
        table != "enrolments" || !(string.CompareOrdinal(row["expires_on"], "2026-05-04") < 0 && row["expires_on"] != "NULL");
}
