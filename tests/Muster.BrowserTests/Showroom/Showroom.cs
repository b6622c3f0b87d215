using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Xunit;

namespace Muster.BrowserTests;

/// <summary>One showroom for all who look around in it.</summary>
[CollectionDefinition(nameof(Showroom))]
public sealed class SharedShowroom : ICollectionFixture<Showroom>;

/// <summary>
/// A server whose first workspace has an operation in every state, long names wherever there can be any, and a reader of each kind.
/// No mail server: messages are kept on the outbox page. What it has prepared is named in the addresses of <see cref="Sights"/>.
/// </summary>
public sealed partial class Showroom : IAsyncLifetime
{
    /// <summary>Of everybody whom the showroom has made.</summary>
    public const string Password = "a long enough password";

    private const long Northwind = 1;
    private const long Harbour = 2;
    private readonly string database = Path.Combine(Reaper.NewFolder("showroom", inMemory: true), "muster.db");
    private readonly Dictionary<string, string> places = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Reader, string> sessions = new();
    private MusterProcess? server;

    /// <summary>The server's process.</summary>
    public MusterProcess Server => server ?? throw new InvalidOperationException("Not started");

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        server = await MusterProcess.Start(
            new()
            {
                Database = $"sqlite:{database}",
                // All these readers come from one address.
                Environment = new Dictionary<string, string?> { ["Muster__Access__TriesPerMinute"] = "1000" },
            }
        );
        await MakePeople();
        await MakeOperations();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>The address with what was prepared in the place of <c>{words in braces}</c>.</summary>
    public string Resolve(string address) => Place().Replace(address, place => places[place.Groups[1].Value]);

    /// <summary>A window of this reader, who is signed in.</summary>
    public async Task<Visit> Visit(Browser browser, Reader reader, VisitOptions? options = null)
    {
        if (reader != Reader.SignedOut && !sessions.ContainsKey(reader))
        {
            sessions[reader] = await SignIn(browser, reader);
        }

        return await browser.Visit(Server.Url, (options ?? new()) with { State = sessions.GetValueOrDefault(reader) });
    }

    /// <summary>E-mail address and password of a reader.</summary>
    public (string Email, string Password) Credentials(Reader reader) =>
        reader == Reader.Admin
            ? ("admin@example.org", FirstPassword().Match(Server.Output).Groups[1].Value)
            : ($"{reader.ToString().ToLowerInvariant()}@readers.example", Password);

    /// <summary>A unit of work on the server's database.</summary>
    public MusterDb Open(long workspace)
    {
        var options = new DbContextOptionsBuilder<SqliteMusterDb>();
        DataRegistration.Configure(options, DatabaseOptions.Parse($"sqlite:{database}"));
        return new SqliteMusterDb(options.Options) { WorkspaceId = workspace };
    }

    /// <summary>Takes a workspace's lease, as another node would: its operations wait.</summary>
    public Task Hold(long workspace) => Lease(workspace, Now.AddYears(1));

    /// <summary>Gives the lease back.</summary>
    public Task LetGo(long workspace) => Lease(workspace, null);

    private async Task Lease(long workspace, DateTime? until)
    {
        await using var db = Open(workspace);
        await db
            .WorkspaceLeases.Where(l => l.WorkspaceId == workspace)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.LeaseUntil, until));
    }

    private async Task<string> SignIn(Browser browser, Reader reader)
    {
        var (email, password) = Credentials(reader);
        await using var visit = await browser.Visit(Server.Url, new() { Script = false });
        await visit.Go("/sign-in");
        await visit.Page.FillAsync("[name=email]", email);
        await visit.Page.FillAsync("[name=password]", password);
        await visit.Page.ClickAsync("main button.primary");
        // The answer brings the cookie; whether all its pictures have come is not asked.
        await BrowserTests.Visit.Arrive(visit.Page, "^(?!.*sign-in)");
        return await visit.State();
    }

    [GeneratedRegex(@"\{([^}]+)\}")]
    private static partial Regex Place();

    [GeneratedRegex(@"password: (\S+)")]
    private static partial Regex FirstPassword();
}
