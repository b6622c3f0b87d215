using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Learning;
using Muster.Mail;
using Muster.People;
using Xunit;
using static Muster.Tests.StageReading;

namespace Muster.Tests;

/// <summary>What archiving ends with somebody's access, and what undo can bring back.</summary>
public sealed class ArchiveProfilesUndoTests(PostgresServer postgres)
{
    private const string Action = "archive-profiles";

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ARCHIVE-3")]
    [Rule("ARCHIVE-7")]
    [Rule("SEAT-3")]
    public async Task Open_enrolments_are_withdrawn_and_free_their_seats_while_history_stays_and_undo_gives_them_back(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, Enrolled);
        var given = stage.Given;
        var before = await stage.Domain();
        Assert.Equal([("Forklift", 0L), ("Ladder", 0L)], await Free(stage));
        var statuses = await Attempts(stage);
        Assert.Equal(
            [
                "Chemicals AwaitingFeedback",
                "First aid Completed",
                "Forklift NotStarted",
                "Hygiene Withdrawn",
                "Ladder InProgress",
                "Safety Expired",
            ],
            statuses
        );

        var (archived, previewed) = await Archive(stage, "Ann");
        Assert.Equal(
            [("Chemicals", 1L), ("Forklift", 1L), ("Ladder", 1L)],
            previewed.Where(e => e.Code == "enrolments-ended").Select(e => (e.Label.Split(" in ")[1], e.Count))
        );
        Assert.Equal(
            ["Chemicals Withdrawn", "First aid Completed", "Forklift Withdrawn", "Hygiene Withdrawn", "Ladder Withdrawn", "Safety Expired"],
            await Attempts(stage)
        );
        Assert.Equal([("Forklift", 1L), ("Ladder", 1L)], await Free(stage));
        await using (var db = stage.Database.Open(given.Workspace))
        {
            var ended = await db.Enrolments.Where(e => e.EndedByOperationId == archived.Id).ToListAsync();
            Assert.Equal(3, ended.Count);
            Assert.All(ended, e => Assert.Equal(given.Now, e.WithdrawnAt));
        }

        given.Clock.Advance(TimeSpan.FromDays(2));
        var undone = await Undo(stage, archived);

        Assert.Equal((1, 0), (undone.Changed, undone.Failed));
        Assert.Null(Assert.Single(await stage.Pipeline.Items(undone)).OutcomeReason);
        string[] books = ["profiles.operation_id"];
        Assert.Equal("", Dump.Difference(before.Without(books), (await stage.Domain()).Without(books)));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ARCHIVE-8")]
    public async Task An_enrolment_whose_seat_is_taken_stays_withdrawn_and_the_item_says_why(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(
            kind,
            postgres,
            given =>
            {
                var (forklift, safety) = (given.Course("Forklift", seats: 2), given.Course("Safety"));
                foreach (var name in new[] { "Ann", "Ben" })
                {
                    var person = given.Person(Kind.Active, last: name);
                    given.Enrol(person, forklift, EnrolmentStatus.InProgress, expiresInDays: 30);
                    given.Enrol(person, safety, EnrolmentStatus.InProgress);
                }

                given.Person(Kind.Active, last: "Zoe");
            },
            ("FirstChunk", 1),
            ("LargestChunk", 1)
        );
        var (archived, _) = await Archive(stage, "Ann", "Ben");
        await Enrol(stage, "Zoe", "Forklift", attempt: 1);

        var undone = await Undo(stage, archived);

        // Seats go in the operation's order: Ann gets the one that is left.
        Assert.Equal(2, undone.Changed);
        Assert.Equal([(Outcome.Changed, null), (Outcome.Changed, "no-seat")], await Outcomes(stage, undone));
        Assert.Equal(["Forklift InProgress", "Safety InProgress"], await Attempts(stage, "Ann"));
        Assert.Equal(["Forklift Withdrawn", "Safety InProgress"], await Attempts(stage, "Ben"));
        Assert.Equal(ProfileStatus.Active, (await Person(stage, "Ben")).Status);
        Assert.Equal([("Forklift", 0L)], await Free(stage));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ARCHIVE-8")]
    public async Task An_enrolment_with_a_newer_attempt_open_stays_withdrawn_and_the_item_says_so(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(
            kind,
            postgres,
            given =>
            {
                var (forklift, safety) = (given.Course("Forklift", seats: 9), given.Course("Safety"));
                foreach (var (name, course) in new[] { ("Ann", forklift), ("Ben", safety) })
                {
                    given.Enrol(given.Person(Kind.Active, last: name), course, EnrolmentStatus.InProgress);
                }
            }
        );
        var (archived, _) = await Archive(stage, "Ann", "Ben");
        await Enrol(stage, "Ann", "Forklift", attempt: 2);
        await Enrol(stage, "Ben", "Safety", attempt: 2);

        var undone = await Undo(stage, archived);

        Assert.Equal([(Outcome.Changed, "newer-attempt"), (Outcome.Changed, "newer-attempt")], await Outcomes(stage, undone));
        Assert.Equal(["Forklift Withdrawn", "Forklift NotStarted"], await Attempts(stage, "Ann"));
        Assert.Equal(["Safety Withdrawn", "Safety NotStarted"], await Attempts(stage, "Ben"));
        Assert.Equal(ProfileStatus.Active, (await Person(stage, "Ann")).Status);
        var sentence = stage.Pipeline.Catalog.Get(Action).Reasons.Single(r => r.Code == "newer-attempt").Sentence;
        Assert.DoesNotContain("seat", sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ARCHIVE-4")]
    [Rule("ARCHIVE-7")]
    public async Task An_outstanding_invitation_ends_with_its_waiting_message_and_undo_revives_the_link(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(
            kind,
            postgres,
            given =>
            {
                given.Mail(given.Person(Kind.Invited, last: "Ann"));
                given.Person(Kind.Lapsed, last: "Ben");
                given.Person(Kind.Active, last: "Zoe");
                given.Mail(given.Person(Kind.Invited, last: "Untouched"));
                var sent = given.Mail(given.Person(Kind.Invited, last: "Sent"));
                (sent.Status, sent.SentAt, sent.Secret) = (MessageStatus.Sent, given.Now, null);
            }
        );
        var given = stage.Given;
        var before = await stage.Domain();

        var (archived, previewed) = await Archive(stage, "Ann", "Ben", "Zoe", "Sent");

        Assert.Equal(3, previewed.Single(e => e.Code == "invitations-cancelled").Count);
        await using (var db = stage.Database.Open(given.Workspace))
        {
            var invitations = await Invitations(db);
            Assert.All(new[] { "Ann", "Ben", "Sent" }, name => Assert.Equal(given.Now, invitations[name].CancelledAt));
            Assert.Equal(archived.Id, invitations["Ann"].OperationId);
            // Accepted long ago: there is nothing to cancel.
            Assert.Null(invitations["Zoe"].CancelledAt);
            Assert.Null(invitations["Untouched"].CancelledAt);
            Assert.Equal(
                [("Ann", MessageStatus.Suppressed, null), ("Sent", MessageStatus.Sent, null), ("Untouched", MessageStatus.Waiting, "kept")],
                await Messages(db)
            );
        }

        var undone = await Undo(stage, archived);

        Assert.Equal(4, undone.Changed);
        Assert.All(await stage.Pipeline.Items(undone), i => Assert.Null(i.OutcomeReason));
        Assert.Equal(ProfileStatus.Invited, (await Person(stage, "Ann")).Status);
        Assert.Equal(ProfileStatus.Invited, (await Person(stage, "Ben")).Status);
        Assert.Equal(ProfileStatus.Active, (await Person(stage, "Zoe")).Status);
        // The link works as before with its old expiry; the message does not go out any more.
        string[] books = ["profiles.operation_id", "invitations.operation_id", "outbox.status", "outbox.secret"];
        Assert.Equal("", Dump.Difference(before.Without(books), (await stage.Domain()).Without(books)));
        await using var after = stage.Database.Open(given.Workspace);
        Assert.Contains(("Ann", MessageStatus.Suppressed, null), await Messages(after));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ARCHIVE-2")]
    public async Task The_account_and_its_profile_in_another_workspace_do_not_notice(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, Enrolled);
        var ann = await Person(stage, "Ann");
        var there = stage.Other.All.Single(p => p.LastName == "Ann").Id;
        await using (var db = stage.Database.Open(stage.Other.Workspace))
        {
            await db.Profiles.Where(p => p.Id == there).ExecuteUpdateAsync(set => set.SetProperty(p => p.AccountId, ann.AccountId));
        }

        Assert.Equal(ann.Id, there);
        var before = await stage.Dump();

        await Archive(stage, "Ann");

        var after = await stage.Dump();
        var id = $"{ann.AccountId}";
        Dump Account(Dump dump) => dump.Where((table, row) => table == "accounts" && row["id"] == id);
        Assert.Single(Account(before).Lines);
        Assert.Equal(Account(before).Lines, Account(after).Lines);
        var other = stage.Other.Workspace;
        Assert.Equal("", Dump.Difference(before.OfWorkspace(other), after.OfWorkspace(other)));
        Assert.Equal(ProfileStatus.Archived, (await Person(stage, "Ann")).Status);
    }

    /// <summary>Ann has an attempt in every status; the courses with seats are full.</summary>
    private static void Enrolled(Given given)
    {
        var ann = given.Person(Kind.Active, last: "Ann");
        var deferred = given.Enrol(ann, given.Course("Forklift", seats: 1), EnrolmentStatus.NotStarted, expiresInDays: 90);
        deferred.StartsOn = given.Today.AddDays(14);
        var ladder = given.Course("Ladder", seats: 2);
        given.Enrol(ann, ladder, EnrolmentStatus.InProgress, expiresInDays: 30);
        given.Enrol(given.Person(Kind.Active, last: "Ben"), ladder, EnrolmentStatus.InProgress);
        given.Enrol(ann, given.Course("Chemicals"), EnrolmentStatus.AwaitingFeedback);
        given.Enrol(ann, given.Course("First aid"), EnrolmentStatus.Completed);
        given.Enrol(ann, given.Course("Hygiene"), EnrolmentStatus.Withdrawn);
        given.Enrol(ann, given.Course("Safety"), EnrolmentStatus.Expired);
    }

    private static async Task<(Operation Run, IReadOnlyList<Effect> Effects)> Archive(Stage stage, params string[] names)
    {
        var ids = stage.Given.All.Where(p => names.Contains(p.LastName)).Select(p => p.Id).ToList();
        var previewed = await stage.Pipeline.Preview(stage.Given.Admin, Action, new("{}", new() { Users = ids }));
        var run = await stage.Pipeline.Run(stage.Given.Admin, previewed);
        Assert.Equal((OperationStatus.Completed, names.Length), (run.Status, run.Changed));
        return (run, Json.Read<List<Effect>>(previewed.Effects!));
    }

    private static async Task<Operation> Undo(Stage stage, Operation operation) =>
        await stage.Pipeline.Run(stage.Given.Admin, await stage.Pipeline.PreviewUndo(stage.Given.Admin, operation));

    private static Task Enrol(Stage stage, string name, string course, int attempt) =>
        stage.ByHand(async db =>
            db.Enrolments.Add(
                new()
                {
                    WorkspaceId = stage.Given.Workspace,
                    ProfileId = await db.Profiles.Where(p => p.LastName == name).Select(p => p.Id).SingleAsync(),
                    CourseId = await db.Courses.Where(c => c.Title == course).Select(c => c.Id).SingleAsync(),
                    Attempt = attempt,
                    StartsOn = stage.Given.Today,
                    CreatedAt = stage.Given.Now,
                }
            )
        );

    private static async Task<IEnumerable<(Outcome, string?)>> Outcomes(Stage stage, Operation operation) =>
        (await stage.Pipeline.Items(operation)).Select(i => (i.Outcome, i.OutcomeReason));
}
