using System.Net;
using Microsoft.EntityFrameworkCore;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>Changing a preview by plain forms, as a browser without script does: leaving users out, putting them back, mending rows.</summary>
public sealed class PreviewPagesTests(PostgresServer postgres)
{
    private const string Boss = "boss@example.com";

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Somebody_is_left_out_and_put_back_by_a_button_on_their_line(DatabaseKind kind)
    {
        await using var site = await TestSite.Start(kind, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        var ann = await site.AddProfile("ann@example.com");
        await site.AddProfile("ben@example.com");
        using var visitor = await site.SignedIn(Boss);
        var pasted = await visitor.Send("/w/1/bulk/archive-profiles", "paste", ("emails", "ann@example.com, ben@example.com"));
        var address = pasted.Location!;
        var page = await Until(visitor, address, "#preview");
        var button = page.Page.QuerySelector("button[name=untick]")!;
        Assert.Equal("Leave out Ann Lee", button.GetAttribute("aria-label"));

        var left = await visitor.Send(address + "?verdict=willChange", "ticks", ("untick", button.GetAttribute("value")!));

        Assert.Equal((HttpStatusCode.Redirect, address + "?verdict=willChange"), (left.Status, left.Location));
        page = await Until(visitor, address, "#preview");
        Assert.Contains("1 will change, 1 skipped", page.Text, StringComparison.Ordinal);
        Assert.Contains("Left out in the preview.", page.Text, StringComparison.Ordinal);
        Assert.Single(page.Page.QuerySelectorAll("button[name=tick]"));
        await visitor.Send(address, "ticks", ("tick", "1"));
        page = await Until(visitor, address, "#preview");
        Assert.Contains("2 will change, 0 skipped", page.Text, StringComparison.Ordinal);
        await visitor.Send(address, "ticks", ("untick", "1"));
        await Until(visitor, address, "#preview");

        await visitor.Send(address + "?confirm", "confirm");
        await Until(visitor, address, "#summary");
        await using var db = site.Open();
        Assert.Equal(ProfileStatus.Active, (await db.Profiles.SingleAsync(p => p.Id == ann)).Status);
        Assert.Equal(1, await db.Profiles.CountAsync(p => p.Status == ProfileStatus.Archived));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Wrong_addresses_are_mended_one_after_the_other(DatabaseKind kind)
    {
        await using var site = await TestSite.Start(kind, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        await site.AddProfile("ann@example.com");
        await site.AddProfile("ben@example.com");
        using var visitor = await site.SignedIn(Boss);
        var pasted = await visitor.Send("/w/1/bulk/archive-profiles", "paste", ("emails", "ann at example.com, bean@example.com"));
        var address = pasted.Location!;
        await Until(visitor, address, "#preview");
        var problems = address + "?verdict=problem";
        var open = (await visitor.Get(problems + "&mend=1")).Page;
        var cell = open.QuerySelector("input[name=cell]")!;
        Assert.Equal(("ann at example.com", "true"), (cell.GetAttribute("value"), cell.GetAttribute("aria-invalid")));

        var still = await visitor.Send(problems + "&mend=1", "mend", ("cell", "ann@"));
        Assert.Equal(problems + "&mend=1", still.Location);
        var next = await visitor.Send(problems + "&mend=1", "mend", ("cell", "ann@example.com"));
        Assert.Equal(problems + "&mend=2", next.Location);
        var done = await visitor.Send(problems + "&mend=2", "mend", ("cell", "ben@example.com"));
        Assert.Equal(address, done.Location);

        Assert.Contains("2 will change, 0 skipped, 0 problems", (await Until(visitor, address, "#preview")).Text, StringComparison.Ordinal);
    }

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
}
