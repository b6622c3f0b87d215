using System.Net;
using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Mail;
using Xunit;

namespace Muster.Tests;

/// <summary>A workspace's own words for its letters: what may stand in them, and that neither they nor names can do harm.</summary>
public sealed class LetterTextsTests(PostgresServer postgres)
{
    private const string Boss = "boss@example.com";
    private static readonly LetterValues Values = new(
        "Ann {link} <b>",
        "R&D\r\nBcc: all@example.org",
        "https://learning.example.com/invitation/1/secret",
        30,
        "Monday, 1 June 2026",
        ["First aid", "Fire <i>safety</i>"]
    );

    [Theory]
    [InlineData(MessagePurpose.Invitation)]
    [InlineData(MessagePurpose.Enrolment)]
    [InlineData(MessagePurpose.PasswordReset)]
    [InlineData(MessagePurpose.Approval)]
    public void The_standard_words_are_right_by_their_own_rules_and_leave_no_placeholder(MessagePurpose purpose)
    {
        var standard = StandardLetters.Of(purpose);

        Assert.Equal(standard, LetterTexts.Check(purpose, standard.Subject, standard.Body));
        var letter = Letter.Write(standard, Values with { FirstName = "Ann" });
        Assert.DoesNotContain("{", letter.Subject + letter.Text, StringComparison.Ordinal);
        Assert.Contains($"href=\"{Values.Link}\" style=\"display:inline-block", letter.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_filled_in_is_neither_read_for_placeholders_nor_as_markup_nor_as_another_line()
    {
        var letter = Letter.Write(
            new(
                "Hi { First  NAME } of {workspace}: {courses}",
                "Dear {first name},\n\n<h1>{courses}</h1> in {days} days, by {expires}.\n\n\nGo {link} now"
            ),
            Values
        );

        Assert.Equal("Hi Ann {link} <b> of R&D Bcc: all@example.org: 2 courses", letter.Subject);
        Assert.DoesNotContain("secret", letter.Subject, StringComparison.Ordinal);
        Assert.Contains("Dear Ann {link} <b>,", letter.Text, StringComparison.Ordinal);
        Assert.Contains("Dear Ann {link} &lt;b&gt;,</p>", letter.Html, StringComparison.Ordinal);
        Assert.Contains(
            "&lt;h1&gt;First aid; Fire &lt;i&gt;safety&lt;/i&gt;&lt;/h1&gt; in 30 days, by Monday, 1 June 2026.",
            letter.Html,
            StringComparison.Ordinal
        );
        Assert.Single(letter.Html.Split(Values.Link)[1..^1]);
        Assert.DoesNotContain("<b>", letter.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MessagePurpose.Invitation, "Hello", "No way in", "body", "The letter needs {link}")]
    [InlineData(MessagePurpose.Invitation, "Come: {link}", "{link}", "subject", "cannot stand in the subject")]
    [InlineData(
        MessagePurpose.Invitation,
        "Hello {surname}",
        "{link} {Courses} {nick name}",
        "body",
        "There is no {courses}, {nick name} here. You can use {first name}, {workspace}, {link}, {days}, {expires}."
    )]
    [InlineData(
        MessagePurpose.Invitation,
        "Hello {surname}",
        "{link}",
        "subject",
        "There is no {surname} here. You can use {first name}, {workspace}, {days}, {expires}."
    )]
    [InlineData(MessagePurpose.Approval, "Hello", "Look at {action}", "body", "The letter needs {link}")]
    [InlineData(MessagePurpose.PasswordReset, "Hello\r\nBcc: x@example.org", "{link}", "subject", "one line")]
    [InlineData(MessagePurpose.Enrolment, "Hello", "Bell \u0007", "body", "no text")]
    public void Wrong_words_are_refused_with_what_would_be_right(
        MessagePurpose purpose,
        string subject,
        string body,
        string field,
        string says
    )
    {
        var refused = Assert.Throws<ParametersException>(() => LetterTexts.Check(purpose, subject, body));

        Assert.Contains(says, Assert.Single(refused.Errors[field]), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_typed_means_the_standard_words_and_too_much_is_refused()
    {
        var standard = StandardLetters.Of(MessagePurpose.Enrolment);

        Assert.Equal(standard with { Body = "Only this." }, LetterTexts.Check(MessagePurpose.Enrolment, " ", " Only this.\r\n"));
        var refused = Assert.Throws<ParametersException>(() => LetterTexts.Check(MessagePurpose.Enrolment, new('s', 201), new('b', 5001)));
        Assert.Equal(["subject", "body"], refused.Errors.Keys);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Ones_own_words_are_sent_and_the_standard_ones_again_after_they_are_restored(DatabaseKind kind)
    {
        await using var sink = await SmtpSink.Start();
        await using var office = await PostOffice.Open(kind, postgres);
        var texts = new LetterTexts(office.Database.Databases, office.Clock);
        var ct = CancellationToken.None;
        using var sender = office.Sender(sink.Url);

        await texts.Save(
            office.Given.Admin,
            MessagePurpose.Invitation,
            "Welcome, {first name}",
            "Join {workspace} within {days} days:\n{link}",
            ct
        );
        var ann = (await office.Invite("Ann"))[0];
        await sender.SendDue(ct);
        await texts.Save(office.Given.Admin, MessagePurpose.Invitation, "", "", ct);
        await office.Invite("Bo");
        await sender.SendDue(ct);

        var messages = await sink.Messages();
        Assert.Equal(["Welcome, Ann", "Your invitation to Workspace 1"], messages.Select(m => m.Subject).Order(StringComparer.Ordinal));
        var own = messages.Single(m => m.Subject == "Welcome, Ann");
        Assert.Equal($"Join Workspace 1 within 28 days:\n{office.LinkOf(ann)}", own.Text.ReplaceLineEndings("\n").Trim());
        await using var db = office.Database.Open(office.Given.Workspace);
        Assert.Equal(["letter.saved", "letter.restored"], await db.Audit.OrderBy(a => a.Id).Select(a => a.Event).ToListAsync());
        Assert.Equal(0, await db.LetterTexts.CountAsync());
    }

    [Fact]
    public async Task The_page_previews_saves_refuses_and_restores()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddAccount(Boss, isSiteAdmin: true);
        using var boss = await site.SignedIn(Boss);
        const string page = "/w/1/settings/emails?letter=enrolment";
        Task<Answer> Send(string what, string subject, string body) =>
            boss.Send(page, "save", ("subject", subject), ("body", body), ("do", what));
        await using var db = site.Open();

        var preview = await Send("preview", "News for {first name}", "<script>alert(1)</script> {courses}");
        Assert.Equal((HttpStatusCode.OK, 0), (preview.Status, await db.LetterTexts.CountAsync()));
        Assert.Contains("News for Ann", preview.Text, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt; First aid; Fire safety", preview.Text, StringComparison.Ordinal);

        var refused = await Send("save", "News", "{surname}");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, 0), (refused.Status, await db.LetterTexts.CountAsync()));
        Assert.Contains("There is no {surname} here.", refused.Text, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Redirect, (await Send("save", "News for {first name}", "You have {courses}.")).Status);
        Assert.Contains("You have First aid; Fire safety.", (await boss.Get(page)).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("You have", (await boss.Get("/w/1/settings/emails")).Text, StringComparison.Ordinal);
        await Send("restore", "", "");
        Assert.Equal(0, await db.LetterTexts.CountAsync());
    }
}
