using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Learning;
using Muster.Mail;
using Muster.People;
using Xunit;
using static Muster.Tests.StageReading;

namespace Muster.Tests;

/// <summary>Who is enrolled and withdrawn, who is not, and what undo makes of it (docs/rules.md).</summary>
public sealed class EnrolAndWithdrawRulesTests(PostgresServer postgres)
{
    private static readonly Selection Everybody = new() { Filter = new() { Search = "Person" } };

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ENROL-1")]
    [Rule("ENROL-2")]
    [Rule("ENROL-3")]
    [Rule("ENROL-4")]
    [Rule("ENROL-5")]
    [Rule("ENROL-8")]
    public async Task Each_person_gets_an_attempt_at_each_course_or_the_most_fundamental_reason(DatabaseKind kind)
    {
        await using var stage = await Scene(
            kind,
            given =>
            {
                given.Enrol(Someone(given, "Archived", Kind.Archived), given.Safety, EnrolmentStatus.Completed);
                Someone(given, "Cancelled", Kind.Cancelled);
                given.Enrol(Someone(given, "Done"), given.Safety, EnrolmentStatus.Completed);
                Someone(given, "Invited", Kind.Invited);
                given.Enrol(Someone(given, "Open"), given.Safety, EnrolmentStatus.AwaitingFeedback);
                given.Enrol(Someone(given, "Ran out"), given.Safety, EnrolmentStatus.InProgress, expiresInDays: -1);
            }
        );
        var (safety, hygiene) = (stage.Given.Safety, stage.Given.Hygiene);

        var operation = await Run(stage, "enrol-to-course", Courses(safety, hygiene));

        Assert.Equal(
            ["archived", "cancelled", "already-completed", null, "already-enrolled", null],
            await Reasons(stage, operation, safety)
        );
        Assert.Equal(
            ["archived", "cancelled", "course-closed", "course-closed", "course-closed", "course-closed"],
            await Reasons(stage, operation, hygiene)
        );
        Assert.Equal((2, 2), (operation.Changed, operation.ItemsChanged));
        Assert.Equal(["Safety NotStarted"], await Attempts(stage, "Invited"));
        Assert.Equal(["Safety Expired", "Safety NotStarted"], await Attempts(stage, "Ran out"));
        Assert.Equal(ProfileStatus.Invited, (await Person(stage, "Invited")).Status);

        var again = await Run(stage, "enrol-to-course", Courses(safety, hygiene)[..^1] + ",\"reenrolCompleted\":true}");
        Assert.Equal(1, again.Changed);
        Assert.Equal(["Safety Completed", "Safety NotStarted"], await Attempts(stage, "Done"));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ENROL-6")]
    public async Task Seats_go_in_list_order_and_the_preview_says_how_many_fit(DatabaseKind kind)
    {
        await using var stage = await Scene(
            kind,
            given =>
            {
                // Stored against the list.
                foreach (var name in new[] { "D", "C", "B", "A" })
                {
                    Someone(given, name);
                }
            },
            seats: 2
        );

        var operation = await Run(stage, "enrol-to-course", Courses(stage.Given.Forklift));

        Assert.Equal([null, null, "no-seat", "no-seat"], await Reasons(stage, operation, stage.Given.Forklift));
        Assert.Equal(["Forklift NotStarted"], await Attempts(stage, "B"));
        Assert.Empty(await Attempts(stage, "C"));
        Assert.Equal([("Forklift", 0L)], await Free(stage));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ENROL-7")]
    public async Task Attempts_begin_today_or_on_the_given_day_and_end_on_the_last(DatabaseKind kind)
    {
        await using var stage = await Scene(kind, given => Someone(given, "Ann"));
        var (today, safety, chemicals) = (stage.Given.Today, stage.Given.Safety, stage.Given.Chemicals);
        var (first, last) = (today.AddDays(7), today.AddDays(37));

        await Run(stage, "enrol-to-course", Courses(safety));
        await Run(stage, "enrol-to-course", Courses(chemicals)[..^1] + $",\"startsOn\":\"{first:O}\",\"expiresOn\":\"{last:O}\"}}");

        await using var db = stage.Database.Open(stage.Given.Workspace);
        var attempts = await db.Enrolments.AsNoTracking().OrderBy(e => e.CourseId).ToListAsync();
        Assert.Equal(
            [(safety.Id, today, (DateOnly?)null), (chemicals.Id, first, last)],
            attempts.Select(e => (e.CourseId, e.StartsOn, e.ExpiresOn))
        );
        Assert.All(attempts, e => Assert.Equal(EnrolmentStatus.NotStarted, e.Status));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ENROL-9")]
    public async Task Learners_get_one_e_mail_with_all_their_courses_where_it_was_asked_for(DatabaseKind kind)
    {
        await using var stage = await Scene(
            kind,
            given =>
            {
                Someone(given, "Ann");
                Someone(given, "Ben");
            }
        );
        var (safety, chemicals) = (stage.Given.Safety, stage.Given.Chemicals);
        async Task<List<OutboxMessage>> Messages()
        {
            await using var db = stage.Database.Open(stage.Given.Workspace);
            return await db.Outbox.AsNoTracking().Where(m => m.Purpose == MessagePurpose.Enrolment).ToListAsync();
        }

        await Run(stage, "enrol-to-course", Courses(stage.Given.Forklift));
        Assert.Empty(await Messages());

        var operation = await Run(stage, "enrol-to-course", Courses(safety, chemicals)[..^1] + ",\"notify\":true}");

        Assert.Equal(4, operation.ItemsChanged);
        var messages = await Messages();
        Assert.Equal(2, messages.DistinctBy(m => m.ProfileId).Count());
        Assert.Equal(2, messages.Count(m => m.OperationId == operation.Id));
        Assert.Equal(2, Json.Read<List<Effect>>(operation.Effects!).Single(e => e.Code == "emails").Count);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ENROL-10")]
    public async Task Undo_removes_what_nobody_has_begun(DatabaseKind kind)
    {
        await using var stage = await Scene(
            kind,
            given =>
            {
                Someone(given, "Begun");
                given.Enrol(Someone(given, "Ran out"), given.Safety, EnrolmentStatus.Expired);
            }
        );
        var operation = await Run(stage, "enrol-to-course", Courses(stage.Given.Safety));
        var begun = (await Person(stage, "Begun")).Id;
        await stage.ByHand(db =>
            db.Enrolments.Where(e => e.ProfileId == begun)
                .ExecuteUpdateAsync(set =>
                    set.SetProperty(e => e.Status, EnrolmentStatus.InProgress).SetProperty(e => e.StartedAt, stage.Given.Now)
                )
        );

        var undo = await Undo(stage, operation);

        Assert.Equal((1, 1), (undo.Changed, undo.Skipped));
        Assert.NotNull((await stage.Pipeline.Items(undo)).Single(i => i.ProfileId == begun).Reason);
        Assert.Equal(["Safety InProgress"], await Attempts(stage, "Begun"));
        Assert.Equal(["Safety Expired"], await Attempts(stage, "Ran out"));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("WITHDRAW-1")]
    [Rule("WITHDRAW-2")]
    [Rule("WITHDRAW-3")]
    [Rule("WITHDRAW-4")]
    [Rule("WITHDRAW-5")]
    [Rule("SEAT-3")]
    public async Task Open_attempts_end_whatever_their_status_and_undo_gives_the_very_attempts_back(DatabaseKind kind)
    {
        await using var stage = await Scene(
            kind,
            given =>
            {
                given.Enrol(Someone(given, "Awaiting"), given.Forklift, EnrolmentStatus.AwaitingFeedback);
                given.Enrol(Someone(given, "Deferred"), given.Forklift, EnrolmentStatus.NotStarted).StartsOn = given.Today.AddDays(9);
                given.Enrol(Someone(given, "Done"), given.Forklift, EnrolmentStatus.Completed);
                Someone(given, "Never");
                given.Enrol(Someone(given, "Progress"), given.Forklift, EnrolmentStatus.InProgress, expiresInDays: 30);
                given.Enrol(Someone(given, "Waiting", Kind.Invited), given.Forklift, EnrolmentStatus.NotStarted);
            },
            seats: 4
        );
        var before = await stage.Domain();
        Assert.Equal([("Forklift", 0L)], await Free(stage));

        var operation = await Run(stage, "withdraw-from-course", Courses(stage.Given.Forklift));

        Assert.Equal([null, null, "already-completed", "not-enrolled", null, null], await Reasons(stage, operation, stage.Given.Forklift));
        foreach (var name in new[] { "Awaiting", "Deferred", "Progress", "Waiting" })
        {
            Assert.Equal(["Forklift Withdrawn"], await Attempts(stage, name));
        }

        Assert.Equal(["Forklift Completed"], await Attempts(stage, "Done"));
        Assert.Equal([("Forklift", 4L)], await Free(stage));

        stage.Given.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(4, (await Undo(stage, operation)).Changed);
        Assert.Equal("", Dump.Difference(before, await stage.Domain()));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("WITHDRAW-4")]
    public async Task The_preview_counts_the_seats_then_free_in_a_course_that_is_over_full(DatabaseKind kind)
    {
        await using var stage = await Scene(
            kind,
            given =>
            {
                foreach (var name in new[] { "Ann", "Ben", "Cy", "Di" })
                {
                    given.Enrol(Someone(given, name), given.Forklift, EnrolmentStatus.InProgress);
                }
            },
            seats: 2
        );
        var admin = stage.Given.Admin;
        foreach (var (names, free) in new[] { (new[] { "Ann" }, 0L), (["Ben", "Cy"], 1L) })
        {
            List<long> users = [];
            foreach (var name in names)
            {
                users.Add((await Person(stage, name)).Id);
            }

            var operation = await stage.Pipeline.Preview(
                admin,
                "withdraw-from-course",
                new(Courses(stage.Given.Forklift), new() { Users = users })
            );

            Assert.Equal(free, Json.Read<List<Effect>>(operation.Effects!).Single(e => e.Code == "seats-left").Count);
            await stage.Pipeline.Run(admin, operation);
            Assert.Equal([("Forklift", free)], await Free(stage));
        }
    }

    private static Profile Someone(Given given, string name, Kind kind = Kind.Active) => given.Person(kind, "Person", name);

    private Task<Stage> Scene(DatabaseKind kind, Action<Given> people, int seats = 5) =>
        Stage.Set(kind, postgres, given => people(given.Catalogue(seats)));

    private static string Courses(params Course[] courses) => $"{{\"courses\":[{string.Join(',', courses.Select(c => c.Id))}]}}";

    private static async Task<Operation> Run(Stage stage, string action, string parameters)
    {
        var admin = stage.Given.Admin;
        return await stage.Pipeline.Run(admin, await stage.Pipeline.Preview(admin, action, new(parameters, Everybody)));
    }

    private static async Task<Operation> Undo(Stage stage, Operation operation) =>
        await stage.Pipeline.Run(stage.Given.Admin, await stage.Pipeline.PreviewUndo(stage.Given.Admin, operation));

    private static async Task<IEnumerable<string?>> Reasons(Stage stage, Operation operation, Course course) =>
        (await stage.Pipeline.Items(operation)).Where(i => i.TargetId == course.Id).Select(i => i.Reason);
}
