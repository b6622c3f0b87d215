using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Learning;
using Muster.People;
using Xunit;
using static Muster.Tests.StageReading;

namespace Muster.Tests;

/// <summary>Who gets the last seat when an undo brings people back to a course.</summary>
public sealed class SeatsOfUndoTests(PostgresServer postgres)
{
    [Theory]
    [InlineData("archive-profiles", DatabaseKind.Sqlite)]
    [InlineData("archive-profiles", DatabaseKind.Postgres)]
    [InlineData("withdraw-from-course", DatabaseKind.Sqlite)]
    [InlineData("withdraw-from-course", DatabaseKind.Postgres)]
    [Rule("ARCHIVE-8")]
    [Rule("WITHDRAW-5")]
    public async Task No_seat_is_kept_for_somebody_whom_the_undo_will_leave_alone(string action, DatabaseKind kind)
    {
        // Ann comes first in the list, but in the second chunk.
        await using var stage = await Stage.Set(kind, postgres, Enrolled, ("FirstChunk", 1), ("LargestChunk", 1));
        var (pipeline, admin, given) = (stage.Pipeline, stage.Given.Admin, stage.Given);
        var (ben, ann, zoe) = ((await Person(stage, "Ben")).Id, (await Person(stage, "Ann")).Id, (await Person(stage, "Zoe")).Id);
        await using var db = stage.Database.Open(given.Workspace);
        var course = (await db.Courses.SingleAsync()).Id;
        var parameters = action == "archive-profiles" ? "{}" : $"{{\"courses\":[{course}]}}";
        var ended = await pipeline.Run(admin, await pipeline.Preview(admin, action, new(parameters, new() { Users = [ann, ben] })));
        var undo = await pipeline.PreviewUndo(admin, ended);
        Assert.Equal(2, undo.WillChange);
        await stage.ByHand(async hand =>
        {
            hand.Enrolments.Add(
                new()
                {
                    WorkspaceId = given.Workspace,
                    ProfileId = zoe,
                    CourseId = course,
                    Attempt = 1,
                    StartsOn = given.Today,
                    CreatedAt = given.Now,
                }
            );
            var touched = await hand.Profiles.SingleAsync(p => p.Id == ann);
            touched.Status = touched.Status == ProfileStatus.Active ? ProfileStatus.Archived : ProfileStatus.Active;
            touched.OperationId = null;
        });

        undo = await pipeline.Run(admin, undo);

        Assert.Equal(
            [(Outcome.Skipped, "changed-since-preview"), (Outcome.Changed, null)],
            (await pipeline.Items(undo)).Select(i => (i.Outcome, i.OutcomeReason))
        );
        Assert.Equal(["Forklift Withdrawn"], await Attempts(stage, "Ann"));
        Assert.Equal(["Forklift InProgress"], await Attempts(stage, "Ben"));
    }

    private static void Enrolled(Given given)
    {
        var forklift = given.Course("Forklift", seats: 2);
        foreach (var name in new[] { "Ben", "Ann" })
        {
            given.Enrol(given.Person(Kind.Active, last: name), forklift, EnrolmentStatus.InProgress);
        }

        given.Person(Kind.Active, last: "Zoe");
    }
}
