using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Learning;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>What only Add users to group has to keep: seats in list order, and the very courses the preview named.</summary>
public sealed class AddUsersToGroupTests(PostgresServer postgres)
{
    private static readonly Selection Everybody = new() { Filter = new() { Search = "Person" } };

    /// <summary>People whose ids run against the list: the last of the list was stored first.</summary>
    private Task<Stage> Scene(DatabaseKind kind, int people, int seats) =>
        Stage.Set(
            kind,
            postgres,
            given =>
            {
                given.Catalogue(seats);
                for (var i = people; i > 0; i--)
                {
                    given.Person(Kind.Active, "Person", $"Name{i:000}");
                }
            },
            ("FirstChunk", 4),
            ("LargestChunk", 4)
        );

    private static Task<Operation> Preview(Stage stage, params Group[] groups) =>
        stage.Pipeline.Preview(
            stage.Given.Admin,
            "add-users-to-group",
            new($"{{\"groups\":[{string.Join(',', groups.Select(g => g.Id))}]}}", Everybody)
        );

    private static async Task<List<string>> Seated(Stage stage)
    {
        await using var db = stage.Database.Open(stage.Given.Workspace);
        return await (
            from enrolment in db.Enrolments
            join p in db.Profiles on enrolment.ProfileId equals p.Id
            where enrolment.CourseId == stage.Given.Forklift.Id
            orderby p.SortName
            select p.LastName
        ).ToListAsync();
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("SEAT-4")]
    public async Task Seats_go_to_the_first_in_list_order_and_the_preview_says_who_gets_none(DatabaseKind kind)
    {
        await using var stage = await Scene(kind, people: 13, seats: 5);
        var operation = await Preview(stage, stage.Given.Crew);
        var planned = await stage.Pipeline.Items(operation);
        var noSeat = $"\"noSeat{stage.Given.Forklift.Id}\"";
        Assert.True(operation.InListOrder);
        Assert.Equal(
            planned.Skip(5).Select(i => i.Ordinal),
            planned.Where(i => i.After!.Contains(noSeat, StringComparison.Ordinal)).Select(i => i.Ordinal)
        );
        var effects = Json.Read<List<Effect>>(operation.Effects!).Where(e => e.TargetId == stage.Given.Forklift.Id).ToList();
        Assert.Equal([("enrolments", 5), ("no-seat", 8)], effects.Select(e => (e.Code, e.Count)));

        operation = await stage.Pipeline.Run(stage.Given.Admin, operation);

        Assert.Equal(13, operation.Changed);
        Assert.Equal(Enumerable.Range(1, 5).Select(i => $"Name{i:000}"), await Seated(stage));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("SEAT-2")]
    public async Task A_seat_taken_in_between_is_missing_at_the_end_of_the_list_and_said(DatabaseKind kind)
    {
        await using var stage = await Scene(kind, people: 9, seats: 6);
        var operation = await Preview(stage, stage.Given.Crew);
        var self = stage.Given.Self.Id;
        await stage.ByHand(db =>
        {
            db.Enrolments.Add(
                new Enrolment
                {
                    WorkspaceId = stage.Given.Workspace,
                    ProfileId = self,
                    CourseId = stage.Given.Forklift.Id,
                    Attempt = 1,
                    CreatedAt = stage.Given.Now,
                }
            );
            return Task.CompletedTask;
        });

        operation = await stage.Pipeline.Run(stage.Given.Admin, operation);

        var items = await stage.Pipeline.Items(operation);
        Assert.Equal(9, operation.Changed);
        Assert.Equal((string?[])[null, null, null, null, null, "no-seat-any-more", null, null, null], items.Select(i => i.OutcomeReason));
        Assert.Equal([.. Enumerable.Range(1, 5).Select(i => $"Name{i:000}"), "Self"], await Seated(stage));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite, 30)]
    [InlineData(DatabaseKind.Sqlite, null)]
    [InlineData(DatabaseKind.Postgres, 30)]
    [InlineData(DatabaseKind.Postgres, null)]
    [Rule("SEAT-2")]
    public async Task A_seat_freed_in_between_goes_to_nobody_whom_the_preview_told_there_is_none(DatabaseKind kind, int? seats)
    {
        await using var stage = await Scene(kind, people: 6, seats: 3);
        var operation = await Preview(stage, stage.Given.Crew);
        await stage.ByHand(db =>
            db.Courses.Where(c => c.Id == stage.Given.Forklift.Id).ExecuteUpdateAsync(set => set.SetProperty(c => c.Seats, seats))
        );

        await stage.Pipeline.Run(stage.Given.Admin, operation);

        Assert.Equal(["Name001", "Name002", "Name003"], await Seated(stage));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("SINCE-1")]
    public async Task Another_course_in_place_of_the_one_that_was_shown_is_a_change(DatabaseKind kind)
    {
        await using var stage = await Scene(kind, people: 5, seats: 50);
        var operation = await Preview(stage, stage.Given.Night);
        await stage.ByHand(async db =>
        {
            var rules = db.RuleTargets.Where(t => t.TargetId == stage.Given.Night.Id).Select(t => t.RuleId);
            var course = await db.RuleCourses.SingleAsync(c => rules.Contains(c.RuleId));
            db.RuleCourses.Remove(course);
            db.RuleCourses.Add(
                new RuleCourse
                {
                    WorkspaceId = course.WorkspaceId,
                    RuleId = course.RuleId,
                    CourseId = stage.Given.Chemicals.Id,
                }
            );
        });

        operation = await stage.Pipeline.Run(stage.Given.Admin, operation);

        Assert.Equal((0, 5), (operation.Changed, operation.LeftAlone));
        Assert.All(await stage.Pipeline.Items(operation), i => Assert.Equal("changed-since-preview", i.OutcomeReason));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ORDER-1")]
    [Rule("ORDER-2")]
    public async Task Without_seats_people_stand_in_list_order_and_are_met_as_they_are_stored(DatabaseKind kind)
    {
        await using var stage = await Scene(kind, people: 9, seats: 5);
        var operation = await Preview(stage, stage.Given.Night);

        var items = await stage.Pipeline.Items(operation);

        Assert.False(operation.InListOrder);
        await using var db = stage.Database.Open(stage.Given.Workspace);
        var list = await db.Profiles.Where(p => p.FirstName == "Person").OrderBy(p => p.SortName).Select(p => p.Id).ToListAsync();
        Assert.Equal(list, items.Select(i => i.ProfileId));
        Assert.Equal(Enumerable.Range(1, 9).Select(i => (long)i), items.Select(i => i.Ordinal));
        Assert.All(items, i => Assert.Equal(i.ProfileId, i.Position));
        Assert.Equal(list.Max(), operation.LastPosition);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("INVITED-2")]
    public async Task An_enrolment_names_the_rule_of_a_group_that_was_joined(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(
            kind,
            postgres,
            given =>
            {
                given.Catalogue();
                given.Member(given.Person(Kind.Active, "Person", "Ann"), given.Crew);
                given.Person(Kind.Active, "Person", "Ben");
            }
        );
        await using var db = stage.Database.Open(stage.Given.Workspace);
        async Task<long> RuleOf(Group group) =>
            await db
                .RuleTargets.Where(t =>
                    t.TargetId == group.Id && db.RuleCourses.Any(c => c.RuleId == t.RuleId && c.CourseId == stage.Given.Safety.Id)
                )
                .Select(t => t.RuleId)
                .SingleAsync();

        await stage.Pipeline.Run(stage.Given.Admin, await Preview(stage, stage.Given.Crew, stage.Given.Night));

        var rules = await (
            from enrolment in db.Enrolments
            join p in db.Profiles on enrolment.ProfileId equals p.Id
            where enrolment.CourseId == stage.Given.Safety.Id
            orderby p.SortName
            select enrolment.RuleId
        ).ToListAsync();
        Assert.Equal([await RuleOf(stage.Given.Night), await RuleOf(stage.Given.Crew)], rules);
    }
}
