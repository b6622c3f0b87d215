using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Learning;
using Xunit;

namespace Muster.Tests;

/// <summary>The promises, for Withdraw from course.</summary>
public sealed class WithdrawFromCourseSpec(PostgresServer postgres) : BulkActionSpec(postgres)
{
    protected override string Action => "withdraw-from-course";

    protected override IReadOnlyList<(string Json, string Field)> WrongParameters =>
        [("{}", "courses"), ("{\"courses\":[]}", "courses"), ("{\"courses\":[\"Safety\"]}", "courses[0]")];

    protected override Plan OnEverybody(Given given)
    {
        ArgumentNullException.ThrowIfNull(given);
        return new($"{{\"courses\":[{given.Safety.Id},{given.Forklift.Id},{given.Chemicals.Id}]}}", new() { Filter = new() });
    }

    protected override Plan OnMany(Given given, int users)
    {
        ArgumentNullException.ThrowIfNull(given);
        var people = given.People(users);
        foreach (var person in people)
        {
            given.Enrol(person, given.Safety, EnrolmentStatus.InProgress);
        }

        return new($"{{\"courses\":[{given.Safety.Id}]}}", new() { Users = [.. people.Select(p => p.Id)] });
    }

    protected override Task TouchBeforeRun(Stage stage, OperationItem item)
    {
        ArgumentNullException.ThrowIfNull(stage);
        return stage.ByHand(db =>
            db.Enrolments.Where(e => e.ProfileId == item.ProfileId && e.CourseId == item.TargetId && e.Status < EnrolmentStatus.Completed)
                .ExecuteUpdateAsync(set => set.SetProperty(e => e.Status, EnrolmentStatus.Completed))
        );
    }

    protected override Task TouchAfterRun(Stage stage, OperationItem item)
    {
        ArgumentNullException.ThrowIfNull(stage);
        return stage.ByHand(db =>
        {
            db.Enrolments.Add(Attempt(stage, item));
            return Task.CompletedTask;
        });
    }

    protected override async Task<bool> MakeChangeable(Stage stage, OperationItem item)
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(item);
        await stage.ByHand(async db =>
        {
            // One that ran out by date may still be stored as open, and only one may be.
            await db
                .Enrolments.Where(e => e.ProfileId == item.ProfileId && e.CourseId == item.TargetId)
                .ExecuteUpdateAsync(set => set.SetProperty(e => e.Status, EnrolmentStatus.Expired));
            db.Enrolments.Add(Attempt(stage, item));
        });
        return true;
    }

    protected override Refusal RefusalOf(OperationItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new("enrolments", "UPDATE", $"NEW.profile_id = {item.ProfileId}");
    }

    protected override async Task AssertDone(Stage stage, Operation operation, IReadOnlyList<OperationItem> items)
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(operation);
        await using var db = stage.Database.Open(stage.Given.Workspace);
        var ended = await db.Enrolments.Where(e => e.EndedByOperationId == operation.Id).ToListAsync();
        Assert.Equal(
            items.Where(i => i.Outcome == Outcome.Changed).Select(i => (i.ProfileId, i.TargetId)).Order(),
            ended.Select(e => (e.ProfileId, e.CourseId)).Order()
        );
        Assert.All(ended, e => Assert.Equal((EnrolmentStatus.Withdrawn, stage.Given.Now), (e.Status, e.WithdrawnAt)));
    }

    private static Enrolment Attempt(Stage stage, OperationItem item) =>
        new()
        {
            WorkspaceId = item.WorkspaceId,
            ProfileId = item.ProfileId,
            CourseId = item.TargetId,
            Attempt = 9,
            CreatedAt = stage.Given.Now,
        };
}
