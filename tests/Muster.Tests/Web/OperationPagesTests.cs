using System.Net;
using Microsoft.EntityFrameworkCore;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>The whole way of a bulk action as plain pages and forms, as a browser without script goes it.</summary>
public sealed class OperationPagesTests(PostgresServer postgres)
{
    private const string Boss = "boss@example.com";

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Ticked_people_are_previewed_confirmed_and_changed(DatabaseKind kind)
    {
        await using var site = await TestSite.Start(kind, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        var (ann, ben) = (await site.AddProfile("ann@example.com"), await site.AddProfile("ben@example.com"));
        using var visitor = await site.SignedIn(Boss);

        var begun = await Begin(visitor, ("key", "archive-profiles"), ("ids", $"{ann}"), ("ids", $"{ben}"));
        Assert.Equal(HttpStatusCode.Redirect, begun.Status);
        var address = begun.Location!;
        var preview = await Until(visitor, address, "#preview");
        Assert.Contains("2 users selected: 2 will change", preview.Text, StringComparison.Ordinal);
        Assert.Equal(0, await Archived(site));

        var confirmed = await visitor.Send(address + "?confirm", "confirm");
        Assert.Equal((HttpStatusCode.Redirect, address), (confirmed.Status, confirmed.Location));
        var summary = await Until(visitor, address, "#summary");
        Assert.Contains("Finished: 2 users changed", summary.Text, StringComparison.Ordinal);
        Assert.Equal(2, await Archived(site));

        var results = await visitor.Get(address + "/results.csv");
        Assert.Contains("ann@example.com", results.Text, StringComparison.Ordinal);
        Assert.Contains("Archive profiles", (await visitor.Get("/w/1/operations")).Text, StringComparison.Ordinal);
        Assert.Contains("Archive profiles", (await visitor.Get($"/w/1/users/{ann}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everybody_who_matches_but_the_unticked_is_taken()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        var (ann, ben) = (await site.AddProfile("ann@example.com"), await site.AddProfile("ben@example.com"));
        await site.AddProfile("old@example.com", status: ProfileStatus.Archived);
        using var visitor = await site.SignedIn(Boss);

        var begun = await Begin(visitor, ("key", "archive-profiles"), ("all", "true"), ("except", $"{ben}"), ("script", "true"));
        var preview = await Until(visitor, begun.Location!, "#preview");
        Assert.Contains("Everybody who matches: status Invited or Active or Expired, except 1", preview.Text, StringComparison.Ordinal);

        await using var db = site.Open();
        var chosen = await db.OperationUsers.Select(u => u.ProfileId).ToListAsync();
        Assert.Contains(ann, chosen);
        Assert.DoesNotContain(ben, chosen);
        Assert.Equal(2, chosen.Count);
    }

    [Fact]
    public async Task An_action_with_parameters_asks_for_them_and_names_what_is_wrong()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        var ann = await site.AddProfile("ann@example.com");
        await using (var db = site.Open())
        {
            db.Groups.Add(
                new()
                {
                    WorkspaceId = 1,
                    Id = 900,
                    Name = "First aiders",
                    NameKey = "first aiders",
                }
            );
            await db.SaveChangesAsync();
        }

        using var visitor = await site.SignedIn(Boss);
        var address = (await Begin(visitor, ("key", "add-users-to-group"), ("ids", $"{ann}"))).Location!;

        var refused = await visitor.Send(address, "parameters");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("Choose at least one group", refused.Page.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.Send(address, "parameters", ("groups", "900"))).Status);
        Assert.Contains("1 will change", (await Until(visitor, address, "#preview")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_form_sent_twice_begins_one_operation()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        var ann = await site.AddProfile("ann@example.com");
        using var visitor = await site.SignedIn(Boss);
        var page = await visitor.Get("/w/1/users");

        var first = await Post(visitor, page, ("key", "archive-profiles"), ("ids", $"{ann}"));
        var second = await Post(visitor, page, ("key", "archive-profiles"), ("ids", $"{ann}"));

        Assert.Equal(first.Location, second.Location);
    }

    [Fact]
    public async Task A_form_without_its_token_changes_nothing()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        using var visitor = await site.SignedIn(Boss);
        using var body = new FormUrlEncodedContent([new("key", "archive-profiles"), new("all", "true")]);

        var answer = await visitor.Client.PostAsync(new Uri("/w/1/operations/begin", UriKind.Relative), body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        await using var db = site.Open();
        Assert.False(await db.Operations.AnyAsync());
    }

    [Theory]
    [InlineData("/w/1")]
    [InlineData("/w/1/users")]
    [InlineData("/w/1/bulk")]
    [InlineData("/w/1/bulk/add-users-to-group")]
    [InlineData("/w/1/bulk/invite-users")]
    [InlineData("/w/1/operations")]
    public async Task A_page_keeps_the_promises_every_page_makes(string path)
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        using var visitor = await site.SignedIn(Boss);

        var answer = await visitor.Get(path);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains(
            "default-src 'none'",
            string.Join(' ', answer.Headers.GetValues("Content-Security-Policy")),
            StringComparison.Ordinal
        );
        var page = answer.Page;
        Assert.Empty(page.QuerySelectorAll("[style], style, script:not([src])"));
        Assert.Empty(page.QuerySelectorAll("[name=action], [name=method]"));
        Assert.Single(page.QuerySelectorAll("h1"));
        Assert.Single(page.QuerySelectorAll("main"));
        Assert.All(
            page.QuerySelectorAll("form[method=post]"),
            form => Assert.NotNull(form.QuerySelector("[name=__RequestVerificationToken]"))
        );
        var ids = page.QuerySelectorAll("[id]").Select(element => element.Id).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    private static async Task<Answer> Begin(Visitor visitor, params (string Name, string Value)[] fields) =>
        await Post(visitor, await visitor.Get("/w/1/users"), fields);

    private static async Task<Answer> Post(Visitor visitor, Answer users, params (string Name, string Value)[] fields)
    {
        var form = users.Page.QuerySelector("form#bulk") ?? throw new InvalidOperationException(users.Text);
        var hidden = form.QuerySelectorAll("input[type=hidden]")
            .Select(input => KeyValuePair.Create(input.GetAttribute("name")!, input.GetAttribute("value") ?? ""));
        using var body = new FormUrlEncodedContent(hidden.Concat(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));
        using var answer = await visitor.Client.PostAsync(new Uri(form.GetAttribute("action")!, UriKind.Relative), body);
        return new(answer.StatusCode, answer.Headers.Location?.OriginalString, await answer.Content.ReadAsStringAsync(), answer.Headers);
    }

    /// <summary>Reloads, as the page tells a browser without script to, until the step is there.</summary>
    private static async Task<Answer> Until(Visitor visitor, string address, string selector)
    {
        for (var i = 0; i < 600; i++)
        {
            var answer = await visitor.Get(address);
            if (answer.Page.QuerySelector(selector) is not null)
            {
                return answer;
            }

            await Task.Delay(50);
        }

        throw new TimeoutException($"{address} never showed {selector}");
    }

    private static async Task<int> Archived(TestSite site)
    {
        await using var db = site.Open();
        return await db.Profiles.CountAsync(p => p.Status == ProfileStatus.Archived);
    }
}
