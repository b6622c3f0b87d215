using System.Net.Http.Headers;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Muster.Access;
using Muster.Bulk;
using Muster.Data;
using Muster.Learning;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>
/// A workspace with something of every kind in it, on a running site. Every name in it carries one word that no other workspace uses, and no id of it
/// is used by another: whatever shows the word elsewhere has shown what it must not, and an id from here leads nowhere there.
/// </summary>
internal sealed class Tenant
{
    private static readonly CancellationToken Ct = CancellationToken.None;
    private readonly Dictionary<string, IReadOnlyList<NamedRow>> rows = new(StringComparer.Ordinal);
    private Requester boss = null!;

    private Tenant(TestSite site, Given given, string word) => (Site, Given, Word) = (site, given, word);

    public TestSite Site { get; }

    public Given Given { get; }

    public long Id => Given.Workspace;

    /// <summary>Stands in every name and address; capitalised.</summary>
    public string Word { get; }

    /// <summary>The last name of all its people; stands in no address.</summary>
    public string LastName => Word + "son";

    /// <summary>Somebody of the unit that <see cref="Email"/> (Manager) manages, in the group, with a field, an attempt and an operation behind them.</summary>
    public Profile Near { get; private set; } = null!;

    /// <summary>People of no unit, for operations.</summary>
    public IReadOnlyList<Profile> Others { get; private set; } = [];

    public OrganisationUnit Unit { get; private set; } = null!;

    public OrganisationUnit Top { get; private set; } = null!;

    public Group Group { get; private set; } = null!;

    public Course Course { get; private set; } = null!;

    /// <summary>An operation by what it stands at: draft, file, parameters, failed, previewed, rows, completed, paused.</summary>
    public IReadOnlyDictionary<string, long> Operations { get; private set; } = null!;

    /// <summary>The kinds of rows an address can name, by the word before their id.</summary>
    public IReadOnlyCollection<string> Kinds => rows.Keys;

    /// <summary>Rows of a kind; the same place in two tenants is the same thing.</summary>
    public IReadOnlyList<NamedRow> Rows(string kind) => rows[kind];

    /// <summary>The address of somebody who can sign in: admin, colleague (another Admin), manager, learner.</summary>
    public string Email(string who) => $"{who}@{Word.ToLowerInvariant()}.example";

    public static async Task<Tenant> Settle(TestSite site, string word, long workspace, long after)
    {
        var tenant = new Tenant(site, new Given(site.Database, site.Clock, workspace, after), word);
        await tenant.Furnish();
        await tenant.GiveAccounts();
        await tenant.Operate();
        await tenant.Index();
        return tenant;
    }

    /// <summary>A client with a token of this workspace.</summary>
    public async Task<HttpClient> Token(ProfileRole role, string name = "Robot", DateTime? expiresAt = null, bool revoked = false)
    {
        var (by, tokens) = (Actors.CommandLine(Id), Site.Services.GetRequiredService<ApiTokens>());
        var made = await tokens.Create(by, $"{Word} {name}", role, null, null, Ct);
        // Written past the product, which makes no token that has ended already.
        await using (var db = Site.Open(Id))
        {
            await db.ApiTokens.Where(t => t.Id == made.Id).ExecuteUpdateAsync(set => set.SetProperty(t => t.ExpiresAt, expiresAt));
        }

        if (revoked)
        {
            await tokens.Revoke(by, made.Id, null, Ct);
        }

        var client = Site.Visitor().Client;
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", made.Text);
        return client;
    }

    /// <summary>Everything that is this workspace's: its rows, its accounts and the workspace itself.</summary>
    public async Task<Dump> Dump()
    {
        await Rest();
        var all = await Muster.Tests.Dump.Of(Site.Database);
        var own = $"{Id}";
        return all.Where(
            (table, row) =>
                row.GetValueOrDefault(table == "workspaces" ? "id" : "workspace_id") == own
                // An account.
                || (
                    !row.ContainsKey("workspace_id")
                    && row.GetValueOrDefault("email", "").Contains(Word, StringComparison.OrdinalIgnoreCase)
                )
        );
    }

    /// <summary>Waits until an operation waits for somebody or has ended.</summary>
    public async Task<Operation> Settled(long id)
    {
        for (var i = 0; i < 1200; i++)
        {
            await using var db = Site.Open(Id);
            var operation = await db.Operations.AsNoTracking().SingleAsync(o => o.WorkspaceId == Id && o.Id == id);
            if (operation.Status is not (OperationStatus.Previewing or OperationStatus.Queued or OperationStatus.Running))
            {
                return operation;
            }

            await Task.Delay(25);
        }

        throw new TimeoutException($"Operation {id} does not get on");
    }

    private async Task Furnish()
    {
        Top = Given.Unit($"{Word} Sales");
        Unit = Given.Unit($"{Word} North", Top);
        (Group, var choir) = (Given.Group($"{Word} Crew"), Given.Group($"{Word} Choir"));
        (Course, var hygiene) = (Given.Course($"{Word} Safety", seats: 7), Given.Course($"{Word} Hygiene", isOpen: false));
        Course.ExternalReference = $"{Word}-1";
        Given.Rule([Group], [Course, hygiene]).Name = $"{Word} rule";
        Given.UnitRule([Top], [Course]).Description = $"{Word} description";
        Near = Given.Person(Kind.Active, Word, LastName, Unit);
        Given.Member(Near, Group);
        Given.Enrol(Near, Course, EnrolmentStatus.InProgress);
        Others = [.. Enumerable.Range(0, 6).Select(_ => Given.Person(Kind.Active, Word, LastName))];
        Given.Member(Others[0], choir);
        var invited = Given.Person(Kind.Invited, Word, LastName);
        var message = Given.Mail(invited);
        Given.Person(Kind.Archived, Word, LastName);
        await Given.Save();
        rows["users"] = [new(("id", Near.Id)), new(("id", invited.Id))];
        rows["units"] = [new(("id", Unit.Id)), new(("id", Top.Id))];
        rows["groups"] = [new(("id", Group.Id))];
        rows["courses"] = [new(("id", Course.Id))];
        rows["outbox"] = [new(("operation", message.OperationId), ("profile", invited.Id), ("purpose", 0))];
        await using var db = Site.Open(Id);
        await db.Workspaces.Where(w => w.Id == Id).ExecuteUpdateAsync(set => set.SetProperty(w => w.Name, $"{Word} Academy"));
        var field = await db.Reserve(Id, 1, Ct);
        db.Fields.Add(
            new()
            {
                WorkspaceId = Id,
                Id = field,
                Name = $"{Word} badge",
                NameKey = Names.Fold($"{Word} badge"),
            }
        );
        db.FieldValues.Add(
            new()
            {
                WorkspaceId = Id,
                ProfileId = Near.Id,
                FieldId = field,
                Text = $"{Word} blue",
            }
        );
        await db.SaveChangesAsync();
        rows["fields"] = [new(("id", field))];
        var token = await Site
            .Services.GetRequiredService<ApiTokens>()
            .Create(Actors.CommandLine(Id), $"{Word} key", ProfileRole.Admin, null, null, Ct);
        rows["tokens"] = [new(("id", token.Id))];
        var schedule = await Site
            .Services.GetRequiredService<Schedules>()
            .Create(
                new(Actors.CommandLine(Id), OperationSource.Cli, null),
                "archive-profiles",
                "{}",
                new() { Filter = new() },
                new($"{Word} nightly", "0 6 1 1 *", 5),
                Ct
            );
        rows["schedules"] = [new(("id", schedule))];
        rows["rules"] = [.. (await db.Rules.Select(r => r.Id).Order().ToListAsync()).Select(id => new NamedRow(("id", id)))];
    }

    private async Task GiveAccounts()
    {
        var admin = await Site.AddPerson(Email("admin"), ProfileRole.Admin, Id);
        await Site.AddPerson(Email("colleague"), ProfileRole.Admin, Id);
        await Site.AddPerson(Email("learner"), workspaceId: Id);
        var manager = await Site.AddPerson(Email("manager"), ProfileRole.Manager, Id);
        await using var db = Site.Open(Id);
        db.ManagedUnits.Add(
            new()
            {
                WorkspaceId = Id,
                ProfileId = manager,
                UnitId = Unit.Id,
            }
        );
        await db.SaveChangesAsync();
        var account = await db.Profiles.Where(p => p.Id == admin).Select(p => p.AccountId).SingleAsync();
        boss = new(new Actor(Id, Rank.Admin, account, admin, null), OperationSource.Web, "192.0.2.1");
    }

    private async Task Operate()
    {
        var toGroup = $$"""{"groups":[{{Group.Id}}]}""";
        var begun = new Dictionary<string, long>(StringComparer.Ordinal)
        {
            ["draft"] = await Begin("archive-profiles", null),
            ["file"] = await Begin("archive-profiles", new() { File = true }),
            ["parameters"] = await Begin("add-users-to-group", new() { Users = [Others[1].Id] }),
            ["failed"] = await Begin("archive-profiles", new() { File = true }, file: $"{Word} is no list\n"),
            ["previewed"] = await Begin("archive-profiles", new() { Users = [Others[1].Id] }),
            ["rows"] = await Begin(
                "archive-profiles",
                new() { File = true },
                file: $"Email\n{Others[2].Email}\n{Word} is no address\nnobody@{Word}.example\n"
            ),
            ["completed"] = await Begin("add-users-to-group", new() { Users = [Others[3].Id, Near.Id] }, toGroup),
            ["paused"] = await Begin("archive-profiles", new() { Users = [Others[4].Id] }),
        };
        foreach (var id in begun.Values)
        {
            await Settled(id);
        }

        await Site
            .Services.GetRequiredService<Confirmations>()
            .Confirm(boss, begun["completed"], new(), new Idempotency($"{Word} key", "request"), Ct);
        Assert.Equal(OperationStatus.Completed, (await Settled(begun["completed"])).Status);
        await using var db = Site.Open(Id);
        var (paused, now) = (begun["paused"], Site.Now);
        await db
            .Operations.Where(o => o.WorkspaceId == Id && o.Id == paused)
            .ExecuteUpdateAsync(set => set.SetProperty(o => o.Status, OperationStatus.Paused).SetProperty(o => o.ConfirmedAt, now));
        Operations = begun;
    }

    private async Task Index()
    {
        rows["operations"] = [.. Operations.Values.Select(id => new NamedRow(("id", id)))];
        await using var db = Site.Open(Id);
        var entry = new AuditEntry
        {
            WorkspaceId = Id,
            At = Site.Now,
            Event = "profile.edited",
            ProfileId = Near.Id,
        };
        await Audit.Write(db, entry, Ct);
        await Rest();
    }

    private Operations Product => Site.Services.GetRequiredService<Operations>();

    private async Task<long> Begin(string action, Selection? selection, string? parameters = null, string? file = null)
    {
        var operation = await Product.Create(boss, action, parameters, selection, null, Ct);
        if (file is not null)
        {
            await Product.PutFile(boss, operation.Id, $"{Word}.csv", Encoding.UTF8.GetBytes(file), Ct);
        }

        return operation.Id;
    }

    /// <summary>Waits until no runner holds the workspace, whose lease is a row as well.</summary>
    private async Task Rest()
    {
        for (var i = 0; i < 1200; i++)
        {
            await using var db = Site.Open(Id);
            if (!await db.WorkspaceLeases.AnyAsync(lease => lease.LeaseUntil != null))
            {
                return;
            }

            await Task.Delay(25);
        }

        throw new TimeoutException("The runner does not let go");
    }
}

/// <summary>What an address says to name one row: route values by name.</summary>
internal sealed class NamedRow(params (string Name, long Value)[] values)
{
    public long? this[string name] => values.Where(value => value.Name == name).Select(value => (long?)value.Value).FirstOrDefault();

    /// <summary>Its only or first id.</summary>
    public long Id => values[0].Value;
}
