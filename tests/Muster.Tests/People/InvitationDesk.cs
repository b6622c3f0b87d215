using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Muster.Access;
using Muster.Bulk;
using Muster.Mail;
using Xunit;

namespace Muster.Tests;

/// <summary>A whole server in which an Admin invites, sends again, cancels and takes back, and the links that went out.</summary>
internal sealed class InvitationDesk : IAsyncDisposable
{
    private readonly Requester boss;

    private InvitationDesk(TestSite site, Requester boss) => (Site, this.boss) = (site, boss);

    public TestSite Site { get; }

    private Operations Operations => Site.Services.GetRequiredService<Operations>();

    public static async Task<InvitationDesk> Open(DatabaseKind kind, PostgresServer postgres)
    {
        var site = await TestSite.Start(kind, postgres);
        var account = await site.AddAccount("boss@example.com");
        var boss = await site.AddProfile("boss@example.com", Muster.People.ProfileRole.Admin, accountId: account);
        return new(site, new(new Actor(1, Rank.Admin, account, boss, null), OperationSource.Web, "192.0.2.1"));
    }

    /// <summary>Invites an address with a file.</summary>
    public Task<Operation> Invite(string email) =>
        Run("invite-users", new Selection { File = true }, $"Email,First name,Last name\n{email},Bo,Strom\n");

    /// <summary>Runs an action about one address.</summary>
    public Task<Operation> Run(string action, string email) => Run(action, new Selection { Emails = [email] });

    /// <summary>Begins an action about one address and waits for the preview.</summary>
    public async Task<Operation> Preview(string action, string email) => await Begin(action, new() { Emails = [email] });

    /// <summary>Confirms a preview and waits for the end.</summary>
    public async Task<Operation> Confirm(Operation previewed)
    {
        await Site.Services.GetRequiredService<Confirmations>().Confirm(boss, previewed.Id, new(previewed.WillChange), null, default);
        return await Until(previewed.Id, OperationStatus.Completed);
    }

    /// <summary>Takes an operation back.</summary>
    public async Task<Operation> Undo(Operation operation)
    {
        var undo = await Operations.Undo(boss, operation.Id, null, default);
        return await Confirm(await Until(undo.Id, OperationStatus.Previewed));
    }

    /// <summary>The link that an operation sent.</summary>
    public async Task<string> LinkOf(Operation operation)
    {
        await using var db = Site.Open();
        var message = await db.Outbox.SingleAsync(m => m.OperationId == operation.Id);
        var secrets = Site.Services.GetRequiredService<OutboxSecrets>();
        Assert.True(secrets.TryUnprotect(message.Secret, out var token), "The link is no longer kept");
        return $"/invitation/1/{token}";
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => Site.DisposeAsync();

    private async Task<Operation> Run(string action, Selection selection, string? file = null)
    {
        var previewed = await Begin(action, selection, file);
        Assert.Equal(1, previewed.WillChange);
        var done = await Confirm(previewed);
        Assert.Equal(1, done.Changed);
        return done;
    }

    private async Task<Operation> Begin(string action, Selection selection, string? file = null)
    {
        var begun = await Operations.Create(boss, action, "{}", selection, null, default);
        if (file is not null)
        {
            await Operations.PutFile(boss, begun.Id, "people.csv", Encoding.UTF8.GetBytes(file), default);
        }

        return await Until(begun.Id, OperationStatus.Previewed);
    }

    private async Task<Operation> Until(long id, OperationStatus status)
    {
        for (var i = 0; i < 1200; i++)
        {
            await using var db = Site.Open();
            var operation = await db.Operations.AsNoTracking().SingleAsync(o => o.Id == id);
            if (operation.Status == status)
            {
                return operation;
            }

            await Task.Delay(25);
        }

        throw new TimeoutException($"Operation {id} is not {status} after 30 s");
    }
}
