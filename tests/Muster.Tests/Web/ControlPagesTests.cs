using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Muster.Access;
using Muster.Bulk;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>Confirming for later, approving and repeating on the pages, as people do them.</summary>
public sealed class ControlPagesTests(PostgresServer postgres)
{
    private const string Boss = "boss@example.com";
    private const string Colleague = "colleague@example.com";

    [Fact]
    public async Task An_operation_is_confirmed_for_later_and_says_so()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        using var visitor = await site.SignedIn(Boss);
        var address = await Previewed(site, visitor);

        var wrong = await visitor.Send(address + "?confirm", "confirm", ("runAt", "2001-01-01T06:00"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.Status);
        Assert.NotNull(wrong.Page.QuerySelector("#runAt-error"));

        await visitor.Send(address + "?confirm", "confirm", ("runAt", $"{site.Now.AddDays(3):yyyy-MM-ddTHH:mm}"), ("allOrNothing", "true"));

        var waiting = (await visitor.Get(address)).Page.QuerySelector("#waiting")!.ParentElement!.TextContent;
        Assert.Contains("Runs at", waiting, StringComparison.Ordinal);
        Assert.Contains("all or nothing", waiting, StringComparison.Ordinal);
        await using var db = site.Open();
        Assert.Equal(OperationStatus.Scheduled, (await db.Operations.SingleAsync()).Status);
    }

    [Fact]
    public async Task A_colleague_is_offered_to_approve_and_whoever_asked_is_not()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        await site.AddPerson(Colleague, ProfileRole.Admin);
        using var boss = await site.SignedIn(Boss);
        using var colleague = await site.SignedIn(Colleague);
        await boss.Send("/w/1/settings", "save", [.. Settings, ("approvalFrom.archive-profiles", "1")]);
        var address = await Previewed(site, boss);
        Assert.Contains(
            "Another administrator must approve this before it runs. 1 administrator is told by e-mail.",
            (await boss.Get(address + "?confirm")).Text,
            StringComparison.Ordinal
        );
        await boss.Send(address + "?confirm", "confirm");

        Assert.Null((await boss.Get(address)).Page.QuerySelector("button[form=approve]"));
        var page = await colleague.Get(address);
        Assert.NotNull(page.Page.QuerySelector("button[form=approve]"));
        await Post(colleague, page, "form#approve");

        for (var i = 0; i < 600 && (await boss.Get(address)).Page.QuerySelector("#summary") is null; i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Contains("Approved", (await boss.Get(address)).Page.QuerySelector("dl.facts")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_there_is_nobody_who_may_approve_the_dialog_and_the_page_say_so()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        using var boss = await site.SignedIn(Boss);
        await boss.Send("/w/1/settings", "save", [.. Settings, ("approvalFrom.archive-profiles", "1")]);
        var address = await Previewed(site, boss);

        Assert.Contains("There is nobody else who may", (await boss.Get(address + "?confirm")).Text, StringComparison.Ordinal);
        await boss.Send(address + "?confirm", "confirm");

        Assert.Contains("There is nobody else who may", (await boss.Get(address)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_filter_chose_is_repeated_by_a_schedule_which_can_be_turned_off_and_deleted()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        var account = await site.AddAccount(Boss);
        var profile = await site.AddProfile(Boss, ProfileRole.Admin, accountId: account);
        using var visitor = await site.SignedIn(Boss);
        var operation = await site
            .Services.GetRequiredService<Operations>()
            .Create(
                new(new Actor(1, Rank.Admin, account, profile, null), OperationSource.Web, null),
                "archive-profiles",
                "{}",
                new() { Filter = new() },
                null,
                default
            );
        var form = $"/w/1/schedules/new?operation={operation.Id}";

        var wrong = await visitor.Send(form, "save", ("name", ""), ("often", "* * 1-5"), ("at", "06:30"), ("largestRun", "20"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.Status);
        var saved = await visitor.Send(form, "save", ("name", "Tidy"), ("often", "* * 1-5"), ("at", "06:30"), ("largestRun", "20"));
        Assert.Equal("/w/1/schedules", saved.Location);
        Assert.Contains("Monday to Friday at 06:30", (await visitor.Get("/w/1/schedules")).Text, StringComparison.Ordinal);

        await using var db = site.Open();
        var schedule = await db.Schedules.AsNoTracking().SingleAsync();
        Assert.Equal(("30 6 * * 1-5", 20, account), (schedule.Cron, schedule.LargestRun, schedule.AccountId));
        var page = $"/w/1/schedules/{schedule.Id}";
        await visitor.Send(page, "save", ("name", "Tidy"), ("often", "cron"), ("cron", "*/10 * * * *"), ("largestRun", "20"));
        schedule = await db.Schedules.AsNoTracking().SingleAsync();
        Assert.Equal(("*/10 * * * *", false, null), (schedule.Cron, schedule.IsActive, schedule.NextAt));
        await visitor.Send(page, "delete");
        Assert.Equal(0, await db.Schedules.CountAsync());
    }

    private static readonly (string, string)[] Settings =
    [
        ("name", "Harbour"),
        ("timeZone", "Etc/UTC"),
        ("thresholdUsers", "500"),
        ("thresholdPercent", "20"),
        ("thresholdMinimum", "20"),
        ("invitationDays", "30"),
        ("resendMinutes", "10"),
        ("retentionDays", "400"),
    ];

    private static async Task<string> Previewed(TestSite site, Visitor visitor)
    {
        await site.AddProfile("ann@example.com");
        var address = (await visitor.Send("/w/1/bulk/archive-profiles", "paste", ("emails", "ann@example.com"))).Location!;
        for (var i = 0; i < 600 && (await visitor.Get(address)).Page.QuerySelector("#preview") is null; i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        return address;
    }

    private static async Task Post(Visitor visitor, Answer page, string selector)
    {
        var form = page.Page.QuerySelector(selector)!;
        var hidden = form.QuerySelectorAll("input[type=hidden]")
            .Select(input => KeyValuePair.Create(input.GetAttribute("name")!, input.GetAttribute("value") ?? ""));
        using var body = new FormUrlEncodedContent(hidden);
        using var answer = await visitor.Client.PostAsync(new Uri(form.GetAttribute("action")!, UriKind.Relative), body);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }
}
