using System.Net;
using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>The users of an earlier operation are taken up again by a form: all of them, those with one outcome, those who failed.</summary>
public sealed class EarlierUsersTests(PostgresServer postgres)
{
    private const string Boss = "boss@example.com";

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Users_are_selected_by_what_became_of_them_before(DatabaseKind kind)
    {
        await using var site = await TestSite.Start(kind, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        using var visitor = await site.SignedIn(Boss);
        Assert.Null((await visitor.Get("/w/1/bulk/archive-profiles")).Page.QuerySelector("#from-earlier"));
        var (id, ben) = await Archived(site, visitor);

        var form = (await visitor.Get("/w/1/bulk/archive-profiles")).Page;
        Assert.Equal($"{id}", form.QuerySelector("#operation option")!.GetAttribute("value"));
        var begun = await visitor.Send("/w/1/bulk/archive-profiles", "earlier", ("operation", $"{id}"), ("outcome", "failed"));

        Assert.Equal(HttpStatusCode.Redirect, begun.Status);
        Assert.Equal([ben], await Selected(site, begun.Location!));
        var failed = await visitor.Get($"/w/1/operations/{id}?reason=failed&search=nobody");
        Assert.Contains("Use users with this reason", failed.Text, StringComparison.Ordinal);
        Assert.Equal([ben], await Selected(site, await Post(visitor, failed, "form#reuse", ("key", "archive-profiles"))));
        var all = await visitor.Send("/w/1/bulk/archive-profiles", "earlier", ("operation", $"{id}"), ("outcome", ""));
        Assert.Equal(2, (await Selected(site, all.Location!)).Count);
        Assert.NotNull((await visitor.Get($"/w/1/operations/{id}?reason=a%00b")).Page.QuerySelector("#summary"));
        var odd = await visitor.Send("/w/1/bulk/archive-profiles", "earlier", ("operation", $"{id}"), ("outcome", "99"));
        Assert.Equal(HttpStatusCode.Redirect, odd.Status);
        var wrong = await visitor.Send("/w/1/bulk/archive-profiles", "earlier", ("operation", "999"), ("outcome", ""));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.Status);
        Assert.Contains("There is no operation 999", wrong.Page.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Who_failed_is_tried_again_once(DatabaseKind kind)
    {
        await using var site = await TestSite.Start(kind, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        using var visitor = await site.SignedIn(Boss);
        var (id, ben) = await Archived(site, visitor);
        var summary = await visitor.Get($"/w/1/operations/{id}");
        Assert.Contains("Retry 1 failed user", summary.Text, StringComparison.Ordinal);

        var first = await Post(visitor, summary, "form#retry");
        var second = await Post(visitor, summary, "form#retry");

        Assert.Equal(first, second);
        Assert.Equal([ben], await Selected(site, first));
        await using var db = site.Open();
        await db.Operations.Where(o => o.Id == id).ExecuteUpdateAsync(set => set.SetProperty(o => o.Failed, 0));
        Assert.Null((await visitor.Get($"/w/1/operations/{id}")).Page.QuerySelector("button[form=retry]"));
        Assert.Equal($"/w/1/operations/{id}", await Post(visitor, await visitor.Get($"/w/1/operations/{id}"), "form#retry"));
    }

    [Fact]
    public async Task A_Manager_is_offered_only_the_actions_that_Managers_run()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddPerson("manager@example.com", ProfileRole.Manager);
        await using var db = site.Open();
        var course = await JoiningRulesTests.AddCourse(db, "Safety at sea");
        using var manager = await site.SignedIn("manager@example.com");
        var draft = (await manager.Send("/w/1/bulk/enrol-to-course", "parameters", ("courses", $"{course}"))).Location!;
        await manager.Send(draft, "paste", ("emails", "nobody@example.com"));
        await Until(manager, draft, "#preview");
        await db.Operations.ExecuteUpdateAsync(set =>
            set.SetProperty(o => o.Status, OperationStatus.Completed).SetProperty(o => o.ConfirmedAt, site.Now)
        );

        var offered = (await manager.Get(draft)).Page.QuerySelectorAll("button[form=reuse]").Select(button => button.GetAttribute("value"));

        Assert.Equal(["enrol-to-course", "withdraw-from-course"], offered);
    }

    /// <summary>An operation that archived Ann and failed for Ben.</summary>
    private static async Task<(long Operation, long Ben)> Archived(TestSite site, Visitor visitor)
    {
        await site.AddProfile("ann@example.com");
        var ben = await site.AddProfile("ben@example.com");
        var address = (await visitor.Send("/w/1/bulk/archive-profiles", "paste", ("emails", "ann@example.com, ben@example.com"))).Location!;
        await Until(visitor, address, "#preview");
        await visitor.Send(address + "?confirm", "confirm");
        await Until(visitor, address, "#summary");
        var id = long.Parse(address.Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture);
        await using var db = site.Open();
        await db.Profiles.Where(p => p.Id == ben).ExecuteUpdateAsync(set => set.SetProperty(p => p.Status, ProfileStatus.Active));
        await db
            .OperationItems.Where(i => i.OperationId == id && i.ProfileId == ben)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.Outcome, Outcome.Failed).SetProperty(i => i.OutcomeReason, "Trouble"));
        await db
            .Operations.Where(o => o.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(o => o.Changed, 1).SetProperty(o => o.Failed, 1));
        return (id, ben);
    }

    private static async Task<List<long>> Selected(TestSite site, string address)
    {
        var id = long.Parse(address.Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture);
        for (var i = 0; i < 600; i++)
        {
            await using var db = site.Open();
            if (await db.Operations.AnyAsync(o => o.Id == id && o.Status == OperationStatus.Previewed))
            {
                return await db.OperationUsers.Where(u => u.OperationId == id).Select(u => u.ProfileId).ToListAsync();
            }

            await Task.Delay(50);
        }

        throw new TimeoutException($"{address} was never previewed");
    }

    private static async Task<string> Post(Visitor visitor, Answer page, string selector, params (string Name, string Value)[] fields)
    {
        var form = page.Page.QuerySelector(selector)!;
        var hidden = form.QuerySelectorAll("input[type=hidden]")
            .Select(input => KeyValuePair.Create(input.GetAttribute("name")!, input.GetAttribute("value") ?? ""));
        using var body = new FormUrlEncodedContent(hidden.Concat(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));
        using var answer = await visitor.Client.PostAsync(new Uri(form.GetAttribute("action")!, UriKind.Relative), body);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return answer.Headers.Location!.OriginalString;
    }

    private static async Task Until(Visitor visitor, string address, string selector)
    {
        for (var i = 0; i < 600 && (await visitor.Get(address)).Page.QuerySelector(selector) is null; i++)
        {
            await Task.Delay(50);
        }
    }
}
