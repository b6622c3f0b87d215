using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Muster.Access;
using Muster.Mail;
using Muster.People;

namespace Muster.Tests;

/// <summary>A workspace with invited people whose messages wait, and the product's sender driven by the test.</summary>
public sealed class PostOffice : IAsyncDisposable
{
    private readonly EphemeralDataProtectionProvider keys = new();
    private readonly OutboxSecrets secrets;
    private readonly Dictionary<long, string> tokens = [];
    private long operationId = 50;

    private PostOffice(TestDatabase database, FakeTimeProvider clock, Given given)
    {
        (Database, Clock, Given) = (database, clock, given);
        secrets = new(keys);
    }

    public TestDatabase Database { get; }
    public FakeTimeProvider Clock { get; }
    public Given Given { get; }
    public RecordedLog Log { get; } = new();

    /// <summary>Where links lead.</summary>
    public const string Url = "https://learning.example.com";

    public static async Task<PostOffice> Open(DatabaseKind kind, PostgresServer postgres)
    {
        var database = await TestDatabase.Create(kind, postgres);
        var clock = Given.NewClock();
        var given = new Given(database, clock);
        await given.Save();
        return new(database, clock, given);
    }

    /// <summary>Invites people by name; their messages wait.</summary>
    public async Task<IReadOnlyList<Profile>> Invite(params string[] names)
    {
        var people = names.Select(name => Given.Person(Kind.Invited, name, "Guest")).ToList();
        await Given.Save();
        operationId++;
        await using var db = Database.Open(Given.Workspace);
        foreach (var person in people)
        {
            var token = tokens[person.Id] = Secrets.CreateFor(person.Id);
            await db
                .Invitations.Where(i => i.ProfileId == person.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(i => i.TokenHash, Secrets.Hash(token)));
            db.Outbox.Add(
                new OutboxMessage
                {
                    WorkspaceId = Given.Workspace,
                    OperationId = operationId,
                    ProfileId = person.Id,
                    Secret = secrets.Protect(token),
                    CreatedAt = Given.Now,
                    DueAt = Given.Now,
                }
            );
        }

        await db.SaveChangesAsync();
        return people;
    }

    public string LinkOf(Profile person) => $"{Url}/invitation/{Given.Workspace}/{tokens[person.Id]}";

    /// <summary>A sender as another process would have it.</summary>
    public OutboxSender Sender(string? smtp, Func<MailOptions, MailOptions>? change = null, FakeTimeProvider? clock = null) =>
        SenderOn(Database, clock ?? Clock, smtp, secrets, Log, change);

    /// <summary>The claims of another process.</summary>
    public OutboxClaims Claims(FakeTimeProvider? clock = null) => ClaimsOn(Database, clock ?? Clock, new());

    /// <summary>A sender on any database; messages without a link need no secrets.</summary>
    public static OutboxSender SenderOn(
        TestDatabase database,
        FakeTimeProvider clock,
        string? smtp,
        OutboxSecrets? secrets = null,
        RecordedLog? log = null,
        Func<MailOptions, MailOptions>? change = null
    )
    {
        ArgumentNullException.ThrowIfNull(database);
        var options = new MailOptions
        {
            Smtp = smtp is null ? null : SmtpServer.Parse(smtp),
            PublicUrl = new Uri(Url),
            PerSecond = 0,
        };
        options = change?.Invoke(options) ?? options;
        var site = new SiteAddress(options, new EmptyServices());
        return new(
            new Outbox(database.Databases, options, clock),
            ClaimsOn(database, clock, options),
            secrets ?? new(new EphemeralDataProtectionProvider()),
            site,
            Pipeline.NewCatalog(),
            options,
            clock,
            log ?? new()
        );
    }

    public async Task<IReadOnlyList<OutboxMessage>> Messages()
    {
        await using var db = Database.Open(Given.Workspace);
        return await db.Outbox.AsNoTracking().OrderBy(m => m.OperationId).ThenBy(m => m.ProfileId).ToListAsync();
    }

    public async Task<OutboxMessage> MessageTo(Profile person) => (await Messages()).Single(m => m.ProfileId == person.Id);

    public async Task ByHand(Func<Data.MusterDb, Task> change)
    {
        await using var db = Database.Open(Given.Workspace);
        await change(db);
    }

    public ValueTask DisposeAsync() => Database.DisposeAsync();

    private static OutboxClaims ClaimsOn(TestDatabase database, FakeTimeProvider clock, MailOptions options) =>
        new(database.Databases, options, clock, NullLogger<OutboxClaims>.Instance);

    private sealed class EmptyServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
