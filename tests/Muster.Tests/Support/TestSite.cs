using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Muster.Access;
using Muster.Data;
using Muster.People;

namespace Muster.Tests;

/// <summary>The whole web server inside the test, on a database of its own and a clock that stands until it is moved.</summary>
public sealed class TestSite : IAsyncDisposable
{
    /// <summary>The password of every account made here.</summary>
    public const string Password = "correct horse battery staple";

    private static readonly string PasswordHash = new PasswordHasher<Account>().HashPassword(new Account(), Password);
    private readonly Server server;

    private TestSite(TestDatabase database, FakeTimeProvider clock, IReadOnlyDictionary<string, string> settings)
    {
        (Database, Clock) = (database, clock);
        server = new(database, clock, settings);
    }

    /// <summary>Its database.</summary>
    public TestDatabase Database { get; }

    /// <summary>What time the server believes it is.</summary>
    public FakeTimeProvider Clock { get; }

    /// <summary>Now, as the server stores it.</summary>
    public DateTime Now => Clock.Now();

    /// <summary>The server's services.</summary>
    public IServiceProvider Services => server.Services;

    /// <summary>Starts a server whose database holds one workspace, number 1, with nobody in it.</summary>
    public static async Task<TestSite> Start(DatabaseKind kind, PostgresServer postgres, params (string Name, string Value)[] settings)
    {
        var database = await TestDatabase.Create(kind, postgres);
        var clock = new FakeTimeProvider(new(2030, 5, 15, 10, 0, 0, TimeSpan.Zero));
        var site = new TestSite(database, clock, settings.ToDictionary(setting => setting.Name, setting => setting.Value));
        await site.AddWorkspace("Harbour Academy");
        // Now, because the factory starts a server for each of two callers who come at once.
        site.server.StartServer();
        return site;
    }

    /// <summary>A unit of work on the site's database.</summary>
    public MusterDb Open(long workspaceId = 1) => Database.Open(workspaceId);

    /// <summary>A new browser without cookies.</summary>
    public Visitor Visitor() => new(server.CreateClient(new() { AllowAutoRedirect = false, HandleCookies = true }));

    /// <summary>A browser in which somebody has signed in.</summary>
    public async Task<Visitor> SignedIn(string email)
    {
        var visitor = Visitor();
        var answer = await visitor.SignIn(email, Password);
        return answer.Status == System.Net.HttpStatusCode.Redirect
            ? visitor
            : throw new InvalidOperationException($"{email} could not sign in: {answer.Status}\n{answer.Text}");
    }

    /// <summary>One more workspace; the answer is its id.</summary>
    public async Task<long> AddWorkspace(string name)
    {
        await using var db = Open(0);
        var id = await db.Reserve(IdBlock.Site, 1, CancellationToken.None);
        db.Workspaces.Add(
            new()
            {
                Id = id,
                Name = name,
                CreatedAt = Now,
            }
        );
        await db.SaveChangesAsync();
        return id;
    }

    /// <summary>An account with <see cref="Password"/>.</summary>
    public async Task<long> AddAccount(string email, bool isSiteAdmin = false)
    {
        await using var db = Open(0);
        var account = new Account
        {
            Id = await db.Reserve(IdBlock.Site, 1, CancellationToken.None),
            UserName = email,
            NormalizedUserName = email,
            Email = email,
            NormalizedEmail = email,
            PasswordHash = PasswordHash,
            SecurityStamp = email,
            LockoutEnabled = true,
            FirstName = "Ann",
            LastName = "Lee",
            IsSiteAdmin = isSiteAdmin,
            CreatedAt = Now,
        };
        db.Users.Add(account);
        await db.SaveChangesAsync();
        return account.Id;
    }

    /// <summary>A profile without an account, as an invitation makes it.</summary>
    public async Task<long> AddProfile(
        string email,
        ProfileRole role = ProfileRole.Learner,
        ProfileStatus status = ProfileStatus.Active,
        long? accountId = null,
        long workspaceId = 1,
        long? unitId = null
    )
    {
        await using var db = Open(workspaceId);
        var profile = new Profile
        {
            WorkspaceId = workspaceId,
            Id = await db.Reserve(workspaceId, 1, CancellationToken.None),
            AccountId = accountId,
            Email = email,
            EmailKey = email,
            FirstName = "Ann",
            LastName = "Lee",
            SortName = Names.SortKey("Ann", "Lee"),
            SearchText = Names.SearchText("Ann", "Lee", email),
            Role = role,
            Status = status,
            UnitId = unitId,
            InvitedAt = Now,
        };
        db.Profiles.Add(profile);
        await db.SaveChangesAsync();
        return profile.Id;
    }

    /// <summary>Somebody who can sign in and has access.</summary>
    public async Task<long> AddPerson(string email, ProfileRole role = ProfileRole.Learner, long workspaceId = 1) =>
        await AddProfile(email, role, accountId: await AddAccount(email), workspaceId: workspaceId);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await Database.DisposeAsync();
    }

    private sealed class Server(TestDatabase database, FakeTimeProvider clock, IReadOnlyDictionary<string, string> settings)
        : WebApplicationFactory<Account>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Production");
            builder.UseSetting("Muster:Database", database.Setting);
            builder.UseSetting("Logging:LogLevel:Default", "Error");
            foreach (var (name, value) in settings)
            {
                builder.UseSetting(name, value);
            }

            builder.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(clock));
        }
    }
}
