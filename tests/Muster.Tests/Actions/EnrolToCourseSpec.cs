using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Learning;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>The promises, for Enrol to course.</summary>
public sealed class EnrolToCourseSpec(PostgresServer postgres) : BulkActionSpec(postgres)
{
    protected override string Action => "enrol-to-course";

    protected override IReadOnlyList<(string Json, string Field)> WrongParameters =>
        [
            ("{}", "courses"),
            ("{\"courses\":[]}", "courses"),
            ("{\"courses\":[\"Safety\"]}", "courses[0]"),
            ("{\"courses\":[1],\"startsOn\":\"soon\"}", "startsOn"),
        ];

    protected override Plan OnEverybody(Given given)
    {
        ArgumentNullException.ThrowIfNull(given);
        return On(given, new() { Filter = new() }, given.Safety, given.Forklift, given.Hygiene);
    }

    protected override Plan OnMany(Given given, int users)
    {
        ArgumentNullException.ThrowIfNull(given);
        var people = given.People(users);
        foreach (var person in people.Take(20))
        {
            given.Enrol(person, given.Safety, EnrolmentStatus.Withdrawn);
        }

        return On(given, new() { Users = [.. people.Select(p => p.Id)] }, given.Safety);
    }

    protected override Task TouchBeforeRun(Stage stage, OperationItem item)
    {
        ArgumentNullException.ThrowIfNull(stage);
        return stage.ByHand(db =>
        {
            db.Enrolments.Add(
                new Enrolment
                {
                    WorkspaceId = item.WorkspaceId,
                    ProfileId = item.ProfileId,
                    CourseId = item.TargetId,
                    Attempt = 9,
                    // Even an attempt that has ended already: the number of the next one is another now.
                    Status = item.Ordinal % 2 == 0 ? EnrolmentStatus.Withdrawn : EnrolmentStatus.NotStarted,
                    CreatedAt = stage.Given.Now,
                }
            );
            return Task.CompletedTask;
        });
    }

    protected override Task TouchAfterRun(Stage stage, OperationItem item)
    {
        ArgumentNullException.ThrowIfNull(stage);
        return stage.ByHand(db =>
            db.Enrolments.Where(e => e.ProfileId == item.ProfileId && e.CourseId == item.TargetId && e.OperationId != null)
                .ExecuteUpdateAsync(set =>
                    set.SetProperty(e => e.Status, EnrolmentStatus.InProgress).SetProperty(e => e.StartedAt, stage.Given.Now)
                )
        );
    }

    protected override async Task<bool> MakeChangeable(Stage stage, OperationItem item)
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(item);
        if (item.TargetId != stage.Given.Safety.Id)
        {
            return false;
        }

        await stage.ByHand(async db =>
        {
            await db.Enrolments.Where(e => e.ProfileId == item.ProfileId && e.CourseId == item.TargetId).ExecuteDeleteAsync();
            var person = await db.Profiles.SingleAsync(p => p.Id == item.ProfileId);
            person.Status = person.RegisteredAt is null ? ProfileStatus.Invited : ProfileStatus.Active;
        });
        return true;
    }

    protected override Refusal RefusalOf(OperationItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new("enrolments", "INSERT", $"NEW.profile_id = {item.ProfileId}");
    }

    /// <summary>
    /// An attempt that ran out by date counts as Expired, whatever is stored; opening another stores it. Messages that were written stay, not to be sent.
    /// </summary>
    protected override void AssertUndone(Dump before, Dump after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        Assert.Equal("", Dump.Difference(before.Where(Kept), after.Where(Kept)));
        Assert.All(after.Rows("outbox").Where(row => row["purpose"] == "2"), row => Assert.Equal("3", row["status"]));
    }

    protected override async Task AssertDone(Stage stage, Operation operation, IReadOnlyList<OperationItem> items)
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(operation);
        await using var db = stage.Database.Open(stage.Given.Workspace);
        var made = await db.Enrolments.Where(e => e.OperationId == operation.Id).ToListAsync();
        Assert.Equal(
            items.Where(i => i.Outcome == Outcome.Changed).Select(i => (i.ProfileId, i.TargetId)).Order(),
            made.Select(e => (e.ProfileId, e.CourseId)).Order()
        );
        Assert.All(
            made,
            e =>
                Assert.Equal(
                    (EnrolmentStatus.NotStarted, stage.Given.Today, new DateOnly(2026, 12, 31)),
                    (e.Status, e.StartsOn, e.ExpiresOn!.Value)
                )
        );
        // Three of five seats were free.
        Assert.Equal(3, made.Count(e => e.CourseId == stage.Given.Forklift.Id));
        Assert.Equal("no-seat", items.Last(i => i.TargetId == stage.Given.Forklift.Id && i.Verdict == Verdict.Skipped).Reason);
        var told = await db.Outbox.Where(m => m.OperationId == operation.Id).Select(m => m.ProfileId).ToListAsync();
        var active = await db
            .Profiles.Where(p => p.Status == ProfileStatus.Active && (p.ExpiresOn == null || p.ExpiresOn >= stage.Given.Today))
            .Select(p => p.Id)
            .ToListAsync();
        Assert.Equal(made.Select(e => e.ProfileId).Distinct().Intersect(active).Order(), told.Order());
        Assert.Equal(told.Count, Json.Read<List<Effect>>(operation.Effects!).Single(e => e.Code == "emails").Count);
    }

    private static Plan On(Given given, Selection selection, params Course[] courses)
    {
        ArgumentNullException.ThrowIfNull(given);
        return new(
            $"{{\"courses\":[{string.Join(',', courses.Select(c => c.Id))}],\"expiresOn\":\"2026-12-31\",\"notify\":true,\"reenrolCompleted\":false}}",
            selection
        );
    }

    private static bool Kept(string table, IReadOnlyDictionary<string, string> row) =>
        table switch
        {
            "enrolments" => !(string.CompareOrdinal(row["expires_on"], "2026-05-04") < 0 && row["expires_on"] != "NULL"),
            "outbox" => row["purpose"] != "2",
            _ => true,
        };
}
