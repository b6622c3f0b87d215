using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Learning;
using Xunit;

namespace Muster.Tests;

/// <summary>What may not happen between the preview of an archiving and its run.</summary>
public sealed class ArchiveProfilesInBetweenTests(PostgresServer postgres)
{
    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("SINCE-1")]
    public async Task One_course_ended_and_another_begun_is_a_change_although_the_number_is_the_same(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(
            kind,
            postgres,
            given =>
            {
                given.Catalogue();
                foreach (var person in given.People(3))
                {
                    given.Enrol(person, given.Safety, EnrolmentStatus.InProgress);
                }
            }
        );
        var people = stage.Given.All.Where(p => p.Id != stage.Given.Self.Id).Select(p => p.Id).Order().ToList();
        var operation = await stage.Pipeline.Preview(stage.Given.Admin, "archive-profiles", new("{}", new() { Users = people }));
        await stage.ByHand(async db =>
        {
            var attempt = await db.Enrolments.SingleAsync(e => e.ProfileId == people[1]);
            attempt.Status = EnrolmentStatus.Completed;
            db.Enrolments.Add(
                new Enrolment
                {
                    WorkspaceId = attempt.WorkspaceId,
                    ProfileId = attempt.ProfileId,
                    CourseId = stage.Given.Chemicals.Id,
                    Attempt = 1,
                    CreatedAt = stage.Given.Now,
                }
            );
        });

        operation = await stage.Pipeline.Run(stage.Given.Admin, operation);

        Assert.Equal((2, 1), (operation.Changed, operation.LeftAlone));
        var left = Assert.Single(await stage.Pipeline.Items(operation), i => i.Outcome == Outcome.Skipped);
        Assert.Equal((people[1], "changed-since-preview"), (left.ProfileId, left.OutcomeReason));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("SINCE-4")]
    public async Task Midnight_between_preview_and_run_changes_nothing(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(
            kind,
            postgres,
            given =>
            {
                given.Catalogue();
                given.Enrol(given.People(1)[0], given.Safety, EnrolmentStatus.InProgress, expiresInDays: 0);
            }
        );
        var person = stage.Given.All.Single(p => p.Id != stage.Given.Self.Id).Id;
        var operation = await stage.Pipeline.Preview(stage.Given.Admin, "archive-profiles", new("{}", new() { Users = [person] }));
        Assert.Contains("\"openEnrolments\":1", Assert.Single(await stage.Pipeline.Items(operation)).Before, StringComparison.Ordinal);
        stage.Given.Clock.Advance(TimeSpan.FromHours(15));

        operation = await stage.Pipeline.Run(stage.Given.Admin, operation);

        Assert.Equal((1, 0), (operation.Changed, operation.LeftAlone));
        await using var db = stage.Database.Open(stage.Given.Workspace);
        Assert.Equal(EnrolmentStatus.Withdrawn, (await db.Enrolments.SingleAsync(e => e.ProfileId == person)).Status);
    }
}
