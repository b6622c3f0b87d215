using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Muster.Access;
using Muster.Bulk;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>What somebody who is signed in notices of being archived.</summary>
public sealed class ArchiveProfilesAccessTests(PostgresServer postgres)
{
    private const string Boss = "boss@example.com";
    private const string Ann = "ann@example.com";

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ARCHIVE-1")]
    public async Task The_next_request_here_is_refused_and_elsewhere_all_is_as_before(DatabaseKind kind)
    {
        await using var site = await TestSite.Start(kind, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        var second = await site.AddWorkspace("Lighthouse");
        var account = await site.AddAccount(Ann);
        var ann = await site.AddProfile(Ann, ProfileRole.Admin, accountId: account);
        await site.AddProfile(Ann, accountId: account, workspaceId: second);
        var now = site.Now;
        await using (var db = site.Open())
        {
            await db.Profiles.Where(p => p.Id == ann).ExecuteUpdateAsync(set => set.SetProperty(p => p.RegisteredAt, now));
        }

        using var visitor = await site.SignedIn(Ann);
        Assert.Equal(HttpStatusCode.OK, (await visitor.Get("/w/1/users")).Status);
        Assert.Equal(HttpStatusCode.OK, (await visitor.Get($"/w/{second}/my-courses")).Status);

        var operation = await Archive(site, ann);

        Assert.Equal(HttpStatusCode.NotFound, (await visitor.Get("/w/1/users")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.Get("/w/1/my-courses")).Status);
        Assert.Equal(HttpStatusCode.OK, (await visitor.Get($"/w/{second}/my-courses")).Status);
        using var again = await site.SignedIn(Ann);
        Assert.Equal($"/w/{second}/my-courses", (await again.Get("/")).Location);

        await Undo(site, operation);
        Assert.Equal(HttpStatusCode.OK, (await visitor.Get("/w/1/users")).Status);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ARCHIVE-1")]
    public async Task An_open_stream_of_progress_ends_within_five_seconds(DatabaseKind kind)
    {
        await using var site = await TestSite.Start(kind, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        var ann = await site.AddPerson(Ann, ProfileRole.Admin);
        var watched = await Begin(site, await site.AddProfile("somebody@example.com"));
        using var visitor = await site.SignedIn(Ann);
        using var boss = await site.SignedIn(Boss);
        using var ended = await Watch(visitor, watched.Id);
        using var open = await Watch(boss, watched.Id);
        site.Clock.Advance(TimeSpan.FromSeconds(4.5));
        var stays = Rest(open);
        var ends = Rest(ended);

        await Archive(site, ann);
        Assert.False(ends.IsCompleted);
        site.Clock.Advance(TimeSpan.FromSeconds(5));

        // The server's clock has moved by five seconds, no more; what it does then takes a moment of ours.
        await ends.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(stays.IsCompleted);
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.Get($"/w/1/operations/{watched.Id}/progress")).Status);
        Assert.Equal(HttpStatusCode.OK, (await boss.Get($"/w/1/operations/{watched.Id}/progress")).Status);
    }

    private static async Task<Stream> Watch(Visitor visitor, long operation)
    {
        var address = new Uri($"/w/1/operations/{operation}/events", UriKind.Relative);
        var answer = await visitor.Client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var stream = await answer.Content.ReadAsStreamAsync();
        Assert.NotEqual(0, await stream.ReadAsync(new byte[1]));
        return stream;
    }

    private static Task Rest(Stream stream) => stream.CopyToAsync(Stream.Null);

    private static async Task<Operation> Begin(TestSite site, long profile)
    {
        var requester = await BossOf(site);
        var operations = site.Services.GetRequiredService<Operations>();
        var begun = await operations.Create(requester, "archive-profiles", "{}", new() { Users = [profile] }, null, default);
        return await Until(site, begun.Id, OperationStatus.Previewed);
    }

    private static async Task<Operation> Archive(TestSite site, long profile)
    {
        var previewed = await Begin(site, profile);
        Assert.Equal(1, previewed.WillChange);
        await site.Services.GetRequiredService<Confirmations>().Confirm(await BossOf(site), previewed.Id, new(), null, default);
        return await Until(site, previewed.Id, OperationStatus.Completed);
    }

    private static async Task Undo(TestSite site, Operation operation)
    {
        var operations = site.Services.GetRequiredService<Operations>();
        var undo = await operations.Undo(await BossOf(site), operation.Id, null, default);
        await Until(site, undo.Id, OperationStatus.Previewed);
        await site.Services.GetRequiredService<Confirmations>().Confirm(await BossOf(site), undo.Id, new(), null, default);
        await Until(site, undo.Id, OperationStatus.Completed);
    }

    private static async Task<Requester> BossOf(TestSite site)
    {
        await using var db = site.Open();
        var boss = await db.Profiles.SingleAsync(p => p.Email == Boss);
        return new(new Actor(1, Rank.Admin, boss.AccountId, boss.Id, null), OperationSource.Web, "192.0.2.1");
    }

    private static async Task<Operation> Until(TestSite site, long id, OperationStatus status)
    {
        for (var i = 0; i < 600; i++)
        {
            await using var db = site.Open();
            var operation = await db.Operations.AsNoTracking().SingleAsync(o => o.Id == id);
            if (operation.Status == status)
            {
                return operation;
            }

            await Task.Delay(50);
        }

        throw new TimeoutException($"Operation {id} does not become {status}");
    }
}
