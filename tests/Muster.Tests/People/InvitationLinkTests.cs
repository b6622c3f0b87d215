using System.Net;
using Microsoft.EntityFrameworkCore;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>What becomes of the links in people's mailboxes when administrators change their minds, as the people see it.</summary>
public sealed class InvitationLinkTests(PostgresServer postgres)
{
    private const string Bo = "bo@example.com";
    private const string Gone = "This invitation can no longer be used";
    private const string Cancelled = "It was cancelled.";
    private const string Replaced = "A newer e-mail has replaced it";
    private const string Accepted = "It was accepted already.";

    private static readonly (string, string)[] Filled =
    [
        ("first-name", "Bo"),
        ("last-name", "Ström"),
        ("password", "a long enough password"),
        ("again", "a long enough password"),
    ];

    [Theory]
    [InlineData(DatabaseKind.Sqlite, "cancelled", Cancelled)]
    [InlineData(DatabaseKind.Postgres, "cancelled", Cancelled)]
    [InlineData(DatabaseKind.Sqlite, "archived", Cancelled)]
    [InlineData(DatabaseKind.Postgres, "archived", Cancelled)]
    [InlineData(DatabaseKind.Sqlite, "taken back", Cancelled)]
    [InlineData(DatabaseKind.Postgres, "taken back", Cancelled)]
    [InlineData(DatabaseKind.Sqlite, "sent again", Replaced)]
    [InlineData(DatabaseKind.Postgres, "sent again", Replaced)]
    [InlineData(DatabaseKind.Sqlite, "expired", "It was valid until 2030-06-14")]
    [InlineData(DatabaseKind.Postgres, "expired", "It was valid until 2030-06-14")]
    [Rule("INVITED-4")]
    [Rule("CANCEL-1")]
    [Rule("RESEND-1")]
    [Rule("ARCHIVE-4")]
    public async Task A_link_that_has_ended_is_dead_at_once_and_its_page_says_why(DatabaseKind kind, string what, string sentence)
    {
        await using var desk = await InvitationDesk.Open(kind, postgres);
        var invited = await desk.Invite(Bo);
        var link = await desk.LinkOf(invited);
        using var visitor = desk.Site.Visitor();
        var opened = await visitor.Get(link);
        Assert.Equal(HttpStatusCode.OK, opened.Status);
        desk.Site.Clock.Advance(what == "expired" ? TimeSpan.FromDays(30) : TimeSpan.FromMinutes(11));

        await (
            what switch
            {
                "cancelled" => desk.Run("cancel-invitations", Bo),
                "archived" => desk.Run("archive-profiles", Bo),
                "sent again" => desk.Run("resend-invitations", Bo),
                "taken back" => desk.Undo(invited),
                _ => Task.CompletedTask,
            }
        );

        var sent = await visitor.SendFrom(opened, link, "accept", Filled);
        Assert.Equal((HttpStatusCode.Redirect, link), (sent.Status, sent.Location));
        await AssertDead(visitor, link, sentence);
        await AssertNobodyCame(desk);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("INVITED-4")]
    public async Task A_link_followed_twice_says_that_it_was_accepted_even_after_the_person_is_archived(DatabaseKind kind)
    {
        await using var desk = await InvitationDesk.Open(kind, postgres);
        var link = await desk.LinkOf(await desk.Invite(Bo));
        using var visitor = desk.Site.Visitor();
        using var second = desk.Site.Visitor();
        var opened = await second.Get(link);

        await AssertJoins(visitor, link);

        var sent = await second.SendFrom(opened, link, "accept", Filled);
        Assert.Equal((HttpStatusCode.Redirect, link), (sent.Status, sent.Location));
        await AssertDead(second, link, Accepted);
        await desk.Run("archive-profiles", Bo);
        await AssertDead(second, link, Accepted);
        await using var db = desk.Site.Open();
        Assert.Equal(ProfileStatus.Archived, (await db.Profiles.SingleAsync(p => p.EmailKey == Bo)).Status);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("CANCEL-4")]
    public async Task Undo_of_a_cancel_revives_the_newest_link_only(DatabaseKind kind)
    {
        await using var desk = await InvitationDesk.Open(kind, postgres);
        var first = await desk.LinkOf(await desk.Invite(Bo));
        desk.Site.Clock.Advance(TimeSpan.FromMinutes(11));
        var second = await desk.LinkOf(await desk.Run("resend-invitations", Bo));
        var cancelled = await desk.Run("cancel-invitations", Bo);
        using var visitor = desk.Site.Visitor();
        await AssertDead(visitor, second, Cancelled);

        await desk.Undo(cancelled);

        await AssertDead(visitor, first, Replaced);
        await AssertJoins(visitor, second);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("RESEND-1")]
    public async Task Sent_again_after_an_undo_the_revived_link_is_dead(DatabaseKind kind)
    {
        await using var desk = await InvitationDesk.Open(kind, postgres);
        var first = await desk.LinkOf(await desk.Invite(Bo));
        await desk.Undo(await desk.Run("cancel-invitations", Bo));
        desk.Site.Clock.Advance(TimeSpan.FromMinutes(11));

        var second = await desk.LinkOf(await desk.Run("resend-invitations", Bo));

        using var visitor = desk.Site.Visitor();
        await AssertDead(visitor, first, Replaced);
        await AssertJoins(visitor, second);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ARCHIVE-7")]
    [Rule("REACTIVATE-2")]
    public async Task Undo_of_archiving_revives_the_link_and_reactivating_asks_for_a_new_one(DatabaseKind kind)
    {
        await using var desk = await InvitationDesk.Open(kind, postgres);
        var first = await desk.LinkOf(await desk.Invite(Bo));
        using var visitor = desk.Site.Visitor();
        await desk.Undo(await desk.Run("archive-profiles", Bo));
        Assert.Equal("Join Harbour Academy", (await visitor.Get(first)).Heading);

        await desk.Run("archive-profiles", Bo);
        await desk.Run("reactivate-profiles", Bo);
        await AssertDead(visitor, first, Cancelled);
        desk.Site.Clock.Advance(TimeSpan.FromMinutes(11));
        var second = await desk.LinkOf(await desk.Run("resend-invitations", Bo));

        await AssertDead(visitor, first, Replaced);
        await AssertJoins(visitor, second);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("CANCEL-4")]
    [Rule("INVITE-11")]
    public async Task Invited_afresh_after_a_cancel_only_the_new_link_lives_and_taken_back_none_does(DatabaseKind kind)
    {
        await using var desk = await InvitationDesk.Open(kind, postgres);
        var first = await desk.LinkOf(await desk.Invite(Bo));
        var cancelled = await desk.Run("cancel-invitations", Bo);
        var afresh = await desk.Invite(Bo);
        var second = await desk.LinkOf(afresh);
        using var visitor = desk.Site.Visitor();

        await AssertDead(visitor, first, Replaced);
        var opened = await visitor.Get(second);
        Assert.Equal("Join Harbour Academy", opened.Heading);

        await desk.Undo(afresh);

        await AssertDead(visitor, first, Cancelled);
        await visitor.SendFrom(opened, second, "accept", Filled);
        Assert.Equal((HttpStatusCode.Gone, Gone), await Shown(visitor, second));
        await AssertNobodyCame(desk);
        await desk.Undo(cancelled);
        await AssertJoins(visitor, first);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ACCOUNT-1")]
    public async Task Of_several_who_accept_one_link_at_once_one_comes_in_and_the_others_are_told(DatabaseKind kind)
    {
        await using var desk = await InvitationDesk.Open(kind, postgres);
        var link = await desk.LinkOf(await desk.Invite(Bo));
        var visitors = Enumerable.Range(0, 4).Select(_ => desk.Site.Visitor()).ToList();
        var opened = await Task.WhenAll(visitors.Select(v => v.Get(link)));

        var answers = await Task.WhenAll(visitors.Zip(opened, (v, page) => Task.Run(() => v.SendFrom(page, link, "accept", Filled))));

        Assert.Single(answers, a => a.Location == "/?to=1");
        Assert.All(answers.Where(a => a.Location != "/?to=1"), a => AssertToldPlainly(a, link));
        await AssertDead(visitors[0], link, Accepted);
        await using var db = desk.Site.Open();
        Assert.Equal(2, await db.Users.CountAsync());
        Assert.Equal(1, await db.Audit.CountAsync(entry => entry.Event == "invitation.accepted"));
        visitors.ForEach(v => v.Dispose());
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite, "cancel-invitations", Cancelled)]
    [InlineData(DatabaseKind.Postgres, "cancel-invitations", Cancelled)]
    [InlineData(DatabaseKind.Sqlite, "resend-invitations", Replaced)]
    [InlineData(DatabaseKind.Postgres, "resend-invitations", Replaced)]
    [Rule("SINCE-1")]
    public async Task Accepting_while_an_operation_ends_the_link_one_of_the_two_happens(DatabaseKind kind, string action, string sentence)
    {
        await using var desk = await InvitationDesk.Open(kind, postgres);
        for (var round = 0; round < 4; round++)
        {
            var email = $"bo{round}@example.com";
            var link = await desk.LinkOf(await desk.Invite(email));
            desk.Site.Clock.Advance(TimeSpan.FromMinutes(11));
            var preview = await desk.Preview(action, email);
            using var visitor = desk.Site.Visitor();
            var opened = await visitor.Get(link);

            var accepting = Task.Run(() => visitor.SendFrom(opened, link, "accept", Filled));
            await Task.Delay(round * 60);
            var done = await desk.Confirm(preview);
            var answer = await accepting;

            await using var db = desk.Site.Open();
            var isHere = (await db.Profiles.SingleAsync(p => p.EmailKey == email)).Status == ProfileStatus.Active;
            Assert.Equal(isHere, answer.Location == "/?to=1");
            Assert.Equal(isHere, await db.Users.AnyAsync(a => a.Email == email));
            Assert.Equal((isHere ? 0 : 1, isHere ? 1 : 0), (done.Changed, done.LeftAlone));
            if (!isHere)
            {
                AssertToldPlainly(answer, link);
            }

            using var later = desk.Site.Visitor();
            await AssertDead(later, link, isHere ? Accepted : sentence);
        }
    }

    private static void AssertToldPlainly(Answer answer, string link)
    {
        Assert.Contains(answer.Status, new[] { HttpStatusCode.Redirect, HttpStatusCode.Gone, HttpStatusCode.Conflict });
        Assert.True(
            answer.Location == link || answer.Heading == Gone || answer.Text.Contains("Sign in with it", StringComparison.Ordinal),
            answer.Text
        );
    }

    private static async Task AssertJoins(Visitor visitor, string link)
    {
        var accepted = await visitor.Send(link, "accept", Filled);
        Assert.Equal((HttpStatusCode.Redirect, "/?to=1"), (accepted.Status, accepted.Location));
    }

    private static async Task AssertDead(Visitor visitor, string link, string sentence)
    {
        var page = await visitor.Get(link);
        Assert.Equal((HttpStatusCode.Gone, Gone), (page.Status, page.Heading));
        Assert.Contains(sentence, page.Page.Body!.TextContent, StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode Status, string? Heading)> Shown(Visitor visitor, string link)
    {
        var page = await visitor.Get(link);
        return (page.Status, page.Heading);
    }

    private static async Task AssertNobodyCame(InvitationDesk desk)
    {
        await using var db = desk.Site.Open();
        Assert.Equal(1, await db.Users.CountAsync());
        Assert.NotEqual(ProfileStatus.Active, (await db.Profiles.SingleAsync(p => p.EmailKey == Bo)).Status);
    }
}
