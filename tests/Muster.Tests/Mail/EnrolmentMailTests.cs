using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Learning;
using Muster.Mail;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>The e-mails of an enrolment, from the preview's number to the mailbox: a real SMTP server takes them.</summary>
public sealed class EnrolmentMailTests(PostgresServer postgres)
{
    private static readonly Selection Everybody = new() { Filter = new() { Search = "Person" } };
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ENROL-9")]
    public async Task As_many_go_out_as_the_preview_said_one_each_to_people_who_can_sign_in_and_list_what_they_got(DatabaseKind kind)
    {
        await using var sink = await SmtpSink.Start();
        await using var stage = await Scene(
            kind,
            given =>
            {
                Someone(given, "Ann");
                given.Enrol(Someone(given, "Ben"), given.Safety, EnrolmentStatus.InProgress);
                var cid = Someone(given, "Cid");
                foreach (var course in new[] { given.Safety, given.Forklift, given.Chemicals })
                {
                    given.Enrol(cid, course, EnrolmentStatus.NotStarted);
                }

                // The one seat left at Forklift goes to Ann.
                foreach (
                    var each in new[]
                    {
                        Kind.Invited,
                        Kind.Lapsed,
                        Kind.Expired,
                        Kind.Archived,
                        Kind.ArchivedUnaccepted,
                        Kind.Cancelled,
                        Kind.ExpiredAdmin,
                    }
                )
                {
                    Someone(given, $"{each}", each);
                }

                Someone(given, "Zoe");
            },
            seats: 2
        );

        var preview = await Preview(stage, stage.Given.Safety, stage.Given.Forklift, stage.Given.Chemicals);
        Assert.Equal(3, Emails(preview));
        await stage.Pipeline.Run(stage.Given.Admin, preview);
        await Send(stage, sink);

        var messages = await sink.Messages();
        Assert.Equal(["Ann", "Ben", "Zoe"], await Names(stage, messages));
        async Task Lists(string name, params string[] courses)
        {
            var person = await StageReading.Person(stage, name);
            var message = messages.Single(m => m.Recipient == person.Email);
            var listed = new[] { "Safety", "Forklift", "Chemicals" }.Where(c => message.Text.Contains(c, StringComparison.Ordinal));
            Assert.Equal(courses, listed);
            Assert.All(courses, course => Assert.Contains(course, message.Html, StringComparison.Ordinal));
        }

        await Lists("Ann", "Safety", "Forklift", "Chemicals");
        await Lists("Ben", "Chemicals");
        await Lists("Zoe", "Safety", "Chemicals");
        await Send(stage, sink);
        Assert.Equal(3, (await sink.Messages()).Count);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ENROL-9")]
    public async Task None_goes_out_unasked_nor_to_whoever_was_unticked_or_left_alone(DatabaseKind kind)
    {
        await using var sink = await SmtpSink.Start();
        await using var stage = await Scene(
            kind,
            given =>
            {
                foreach (var name in new[] { "Ann", "Ben", "Cid", "Dan" })
                {
                    Someone(given, name);
                }
            }
        );
        var (admin, safety) = (stage.Given.Admin, stage.Given.Safety);
        var silent = await stage.Pipeline.Preview(admin, "enrol-to-course", new(Courses(false, stage.Given.Chemicals), Everybody));
        Assert.Equal(0, Emails(silent));
        await stage.Pipeline.Run(admin, silent);
        await Send(stage, sink);
        Assert.Empty(await sink.Messages());

        var preview = await Preview(stage, safety);
        Assert.Equal(4, Emails(preview));
        await stage.Pipeline.Edits.Untick(admin, preview.Id, [1], Ct);
        await stage.Pipeline.Settle();
        preview = await stage.Pipeline.Read(preview);
        Assert.Equal(3, Emails(preview));
        var (ben, cid) = (await StageReading.Person(stage, "Ben"), await StageReading.Person(stage, "Cid"));
        await stage.ByHand(async db =>
        {
            (await db.Profiles.SingleAsync(p => p.Id == ben.Id)).Status = ProfileStatus.Archived;
            db.Enrolments.Add(
                new()
                {
                    WorkspaceId = stage.Given.Workspace,
                    ProfileId = cid.Id,
                    CourseId = safety.Id,
                    Attempt = 1,
                    StartsOn = stage.Given.Today,
                    CreatedAt = stage.Given.Now,
                }
            );
        });

        var done = await stage.Pipeline.Run(admin, preview);

        Assert.Equal((1, 2), (done.Changed, done.LeftAlone));
        await Send(stage, sink);
        Assert.Equal(["Dan"], await Names(stage, await sink.Messages()));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Undone_before_it_went_out_none_goes_and_what_stays_of_several_courses_is_told(DatabaseKind kind)
    {
        await using var sink = await SmtpSink.Start();
        await using var stage = await Scene(
            kind,
            given =>
            {
                foreach (var name in new[] { "Ann", "Ben", "Cid" })
                {
                    Someone(given, name);
                }
            }
        );
        var (ann, ben) = (await StageReading.Person(stage, "Ann"), await StageReading.Person(stage, "Ben"));
        await sink.Refuse(stage.Given.All.Where(p => p.Id != ann.Id).ToDictionary(p => p.Email, _ => "450 4.2.0 Not now"));
        var operation = await stage.Pipeline.Run(
            stage.Given.Admin,
            await Preview(stage, stage.Given.Safety, stage.Given.Forklift, stage.Given.Chemicals)
        );
        await Send(stage, sink);
        Assert.Equal(["Ann"], await Names(stage, await sink.Messages()));
        await stage.ByHand(async db =>
        {
            var begun = await db.Enrolments.SingleAsync(e => e.ProfileId == ben.Id && e.CourseId == stage.Given.Chemicals.Id);
            (begun.Status, begun.StartedAt) = (EnrolmentStatus.InProgress, stage.Given.Now);
        });

        await stage.Pipeline.Run(stage.Given.Admin, await stage.Pipeline.PreviewUndo(stage.Given.Admin, operation));
        await sink.Behave();
        stage.Given.Clock.Advance(TimeSpan.FromHours(1));
        await Send(stage, sink);

        var messages = await sink.Messages();
        Assert.Equal(["Ann", "Ben"], await Names(stage, messages));
        var told = messages.Single(m => m.Recipient == ben.Email);
        Assert.Contains("Chemicals", told.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Safety", told.Text + told.Html, StringComparison.Ordinal);
        await using var after = stage.Database.Open(stage.Given.Workspace);
        Assert.Equal(
            [("Ann", MessageStatus.Sent, null), ("Ben", MessageStatus.Sent, null), ("Cid", MessageStatus.Suppressed, (string?)null)],
            await StageReading.Messages(after)
        );
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite, "archive-profiles", "{}")]
    [InlineData(DatabaseKind.Postgres, "archive-profiles", "{}")]
    [InlineData(DatabaseKind.Sqlite, "withdraw-from-course", null)]
    [InlineData(DatabaseKind.Postgres, "withdraw-from-course", null)]
    public async Task Enrolments_that_ended_before_the_message_went_out_are_not_told(DatabaseKind kind, string action, string? parameters)
    {
        await using var sink = await SmtpSink.Start();
        await using var stage = await Scene(kind, given => Someone(given, "Ann"));
        await stage.Pipeline.Run(stage.Given.Admin, await Preview(stage, stage.Given.Safety));

        parameters ??= Courses(null, stage.Given.Safety);
        var ended = await stage.Pipeline.Preview(stage.Given.Admin, action, new(parameters, Everybody));
        Assert.Equal(1, (await stage.Pipeline.Run(stage.Given.Admin, ended)).Changed);
        await Send(stage, sink);

        Assert.Empty(await sink.Messages());
        await using var db = stage.Database.Open(stage.Given.Workspace);
        Assert.Equal([("Ann", MessageStatus.Suppressed, null)], await StageReading.Messages(db));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Whom_a_cancelled_run_did_not_reach_gets_none(DatabaseKind kind)
    {
        await using var sink = await SmtpSink.Start();
        await using var stage = await Scene(
            kind,
            given =>
            {
                foreach (var letter in "ABCDEFGH")
                {
                    Someone(given, $"{letter}");
                }
            }
        );
        var (pipeline, admin) = (stage.Pipeline, stage.Given.Admin);
        var operation = await Preview(stage, stage.Given.Safety, stage.Given.Chemicals);
        await pipeline.Confirm(admin, operation);
        operation = await pipeline.Start(operation);
        var epoch = await pipeline.Claim(operation.WorkspaceId);
        Assert.Equal(Step.More, await pipeline.Executor.Run(operation, epoch, 3, Ct));
        await pipeline.Operations.Cancel(admin, operation.Id, Ct);
        await pipeline.Release(operation.WorkspaceId, epoch);
        await pipeline.Settle();

        await Send(stage, sink);

        var changed = (await pipeline.Items(operation)).Where(i => i.Outcome == Outcome.Changed).Select(i => i.ProfileId).ToHashSet();
        Assert.Equal(3, changed.Count);
        Assert.Equal(stage.Given.All.Where(p => changed.Contains(p.Id)).Select(p => p.LastName), await Names(stage, await sink.Messages()));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task The_workspaces_own_words_arrive_and_names_and_titles_stay_text(DatabaseKind kind)
    {
        await using var sink = await SmtpSink.Start();
        const string hostile = "<b>&\"'\r\nBcc: all@example.org\r\n\r\nBody";
        await using var stage = await Scene(kind, given => Someone(given, "Ann"));
        await new LetterTexts(stage.Database.Databases, stage.Given.Clock).Save(
            stage.Given.Admin,
            MessagePurpose.Enrolment,
            "{first name}, new in {workspace}: {courses}",
            "Dear {first name},\n\nlook at <em>{courses}</em>:\n{link}",
            Ct
        );
        var (workspace, safety) = (stage.Given.Workspace, stage.Given.Safety.Id);
        await stage.ByHand(async db =>
        {
            (await db.Workspaces.SingleAsync(w => w.Id == workspace)).Name = $"House {hostile}";
            (await db.Courses.SingleAsync(c => c.Id == safety)).Title = $"Safety {hostile}";
            var ann = await db.Profiles.SingleAsync(p => p.LastName == "Ann");
            (ann.FirstName, ann.LastName) = ($"Person {hostile}", $"Ann {hostile}");
        });

        await stage.Pipeline.Run(stage.Given.Admin, await Preview(stage, stage.Given.Safety));
        await Send(stage, sink);

        var message = Assert.Single(await sink.Messages());
        Assert.StartsWith("Person <b>&\"'", message.Subject, StringComparison.Ordinal);
        Assert.Contains("new in House", message.Subject, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message.Subject);
        Assert.StartsWith("Dear Person <b>&\"'", message.Text, StringComparison.Ordinal);
        Assert.Contains("look at <em>Safety", message.Text, StringComparison.Ordinal);
        Assert.Contains("Dear Person &lt;b&gt;&amp;", message.Html, StringComparison.Ordinal);
        Assert.Contains("&lt;em&gt;Safety &lt;b&gt;&amp;", message.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", message.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<em>", message.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("You receive this message because", message.Text, StringComparison.Ordinal);
        var mime = message.Message;
        Assert.Empty(mime.Bcc);
        Assert.Empty(mime.Cc);
        Assert.Single(mime.To.Mailboxes);
        Assert.Single(mime.From.Mailboxes);
        Assert.DoesNotContain(mime.Headers, h => h.Field is "Bcc" or "bcc");
    }

    private static Profile Someone(Given given, string name, Kind kind = Kind.Active) => given.Person(kind, "Person", name);

    private Task<Stage> Scene(DatabaseKind kind, Action<Given> people, int seats = 5) =>
        Stage.Set(kind, postgres, given => people(given.Catalogue(seats)));

    private static string Courses(bool? notify, params Course[] courses) =>
        $"{{\"courses\":[{string.Join(',', courses.Select(c => c.Id))}]{(notify is null ? "" : $",\"notify\":{(notify == true ? "true" : "false")}")}}}";

    private static Task<Operation> Preview(Stage stage, params Course[] courses) =>
        stage.Pipeline.Preview(stage.Given.Admin, "enrol-to-course", new(Courses(true, courses), Everybody));

    private static long Emails(Operation operation) =>
        Json.Read<List<Effect>>(operation.Effects!).SingleOrDefault(e => e.Code == "emails")?.Count ?? 0;

    private static async Task Send(Stage stage, SmtpSink sink)
    {
        using var sender = PostOffice.SenderOn(stage.Database, stage.Given.Clock, sink.Url);
        while (await sender.SendDue(Ct)) { }
    }

    /// <summary>Last names of whom the messages went to, once for each message.</summary>
    private static async Task<IReadOnlyList<string>> Names(Stage stage, IReadOnlyList<SinkMessage> messages)
    {
        await using var db = stage.Database.Open(stage.Given.Workspace);
        var names = await db.Profiles.ToDictionaryAsync(p => p.Email, p => p.LastName);
        return [.. messages.Select(m => names[m.Recipient]).Order(StringComparer.Ordinal)];
    }
}
