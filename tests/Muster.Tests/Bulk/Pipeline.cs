using System.Globalization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Muster.Bulk;
using Muster.Data;
using Muster.Mail;
using Xunit;

namespace Muster.Tests;

/// <summary>The product's own pipeline on a test's database and clock, driven by the test instead of by a background service.</summary>
public sealed class Pipeline : IAsyncDisposable
{
    private readonly TestDatabase database;
    private readonly ServiceProvider services;
    private readonly KeptLog log = new();

    /// <summary>Puts it together as the product does; settings are those of section <c>Muster:Bulk</c>; a lease lasts a minute unless they say otherwise.</summary>
    public Pipeline(TestDatabase database, FakeTimeProvider clock, params (string Name, int Value)[] settings)
    {
        ArgumentNullException.ThrowIfNull(database);
        this.database = database;
        var collection = Services(settings);
        collection.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
        collection.AddSingleton(new Databases(Open));
        collection.AddSingleton<ILoggerProvider>(log);
        services = collection.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true });
    }

    /// <summary>All actions, with nothing behind them.</summary>
    public static ActionCatalog NewCatalog()
    {
        var collection = Services([]);
        collection.AddSingleton(TimeProvider.System);
        collection.AddSingleton(new Databases(() => throw new InvalidOperationException("There is no database here")));
        return collection.BuildServiceProvider().GetRequiredService<ActionCatalog>();
    }

    /// <summary>Sees every statement of the pipeline.</summary>
    public StatementTap Tap { get; } = new();

    public Operations Operations => services.GetRequiredService<Operations>();

    public Confirmations Confirmations => services.GetRequiredService<Confirmations>();

    public Schedules Schedules => services.GetRequiredService<Schedules>();
    public PreviewEdits Edits => services.GetRequiredService<PreviewEdits>();
    public OperationRunner Runner => services.GetRequiredService<OperationRunner>();
    public ChunkExecutor Executor => services.GetRequiredService<ChunkExecutor>();
    public PreviewPlanner Planner => services.GetRequiredService<PreviewPlanner>();
    public RowReadings Readings => services.GetRequiredService<RowReadings>();
    public ListReadings Lists => services.GetRequiredService<ListReadings>();
    public ActionCatalog Catalog => services.GetRequiredService<ActionCatalog>();

    /// <summary>Begins an operation and works until its preview is there.</summary>
    public async Task<Operation> Preview(Requester requester, string action, Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var operation = await Begin(requester, action, plan);
        await Settle();
        var previewed = await Read(operation);
        Assert.True(previewed.Status == OperationStatus.Previewed, $"{previewed.Status}: {previewed.Error}");
        return previewed;
    }

    /// <summary>The token in an outbox message's secret.</summary>
    public string Secret(string secret) =>
        new OutboxSecrets(services.GetRequiredService<IDataProtectionProvider>()).TryUnprotect(secret, out var token)
            ? token
            : throw new InvalidOperationException("The secret is of another key");

    /// <summary>Begins an operation without working on it.</summary>
    public async Task<Operation> Begin(Requester requester, string action, Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var operation = await Operations.Create(requester, action, plan.Parameters, plan.Selection, null, CancellationToken.None);
        if (plan.File is { } file)
        {
            await Operations.PutFile(requester, operation.Id, "people.csv", file, CancellationToken.None);
        }

        return await Read(operation);
    }

    /// <summary>Begins an undo and works until its preview is there.</summary>
    public async Task<Operation> PreviewUndo(Requester requester, Operation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        var undo = await Operations.Undo(requester, operation.Id, null, CancellationToken.None);
        await Settle();
        return await Read(undo);
    }

    /// <summary>Confirms a preview without working on it; one that changes nobody needs no confirming.</summary>
    public async Task Confirm(Requester requester, Operation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        await Confirmations.Confirm(requester, operation.Id, new(operation.WillChange), null, CancellationToken.None);
    }

    /// <summary>Confirms a preview and works until it has ended.</summary>
    public async Task<Operation> Run(Requester requester, Operation operation)
    {
        await Confirm(requester, operation);
        await Settle();
        return await Read(operation);
    }

    /// <summary>Works until there is nothing left to do.</summary>
    public async Task Settle()
    {
        // The runner waits out trouble on the test's clock, which stands still: whatever it has logged by then is why.
        var patience = TimeSpan.FromSeconds(60);
        for (var slices = 0; await Told(Runner.ServeOne(CancellationToken.None).WaitAsync(patience)); slices++)
        {
            Assert.True(slices < 10_000, "The runner finds work for ever");
        }
    }

    /// <summary>Takes the workspace as a runner does; the answer is the epoch.</summary>
    public async Task<long> Claim(long workspace)
    {
        await using var db = Open();
        db.WorkspaceId = workspace;
        var options = services.GetRequiredService<BulkOptions>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;
        return await WorkspaceLeases.Claim(db, workspace, "test", now, options.Lease, CancellationToken.None)
            ?? throw new InvalidOperationException("Somebody holds the workspace");
    }

    /// <summary>Gives it back.</summary>
    public async Task Release(long workspace, long epoch)
    {
        await using var db = Open();
        db.WorkspaceId = workspace;
        await WorkspaceLeases.Release(db, workspace, epoch, CancellationToken.None);
    }

    /// <summary>A confirmed operation as its runner takes it up.</summary>
    public async Task<Operation> Start(Operation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        await using var db = database.Open(operation.WorkspaceId);
        await db
            .Operations.Where(o => o.Id == operation.Id && o.Status == OperationStatus.Queued)
            .ExecuteUpdateAsync(set => set.SetProperty(o => o.Status, OperationStatus.Running));
        return await Read(operation);
    }

    /// <summary>An operation as it stands.</summary>
    public async Task<Operation> Read(Operation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        await using var db = database.Open(operation.WorkspaceId);
        return await db.Operations.AsNoTracking().SingleAsync(o => o.Id == operation.Id);
    }

    /// <summary>An operation's items in order.</summary>
    public async Task<IReadOnlyList<OperationItem>> Items(Operation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        await using var db = database.Open(operation.WorkspaceId);
        return await db
            .OperationItems.AsNoTracking()
            .Where(i => i.OperationId == operation.Id)
            .OrderBy(i => i.Ordinal)
            .ThenBy(i => i.TargetId)
            .ToListAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await services.DisposeAsync();

    private async Task<bool> Told(Task<bool> slice)
    {
        try
        {
            return await slice;
        }
        catch (TimeoutException e)
        {
            throw new InvalidOperationException($"The runner does not get on. It said:\n{string.Join('\n', log.Lines)}", e);
        }
    }

    private static ServiceCollection Services(IEnumerable<(string Name, int Value)> settings)
    {
        // A machine that stands still for the four seconds of a real lease loses its turn; tests that are not about that are not to fail by it.
        settings = settings.Any(s => s.Name == nameof(BulkOptions.LeaseSeconds))
            ? settings
            : [(nameof(BulkOptions.LeaseSeconds), 60), .. settings];
        var collection = new ServiceCollection();
        collection.AddSingleton<IConfiguration>(
            new ConfigurationBuilder()
                .AddInMemoryCollection(
                    settings.Select(s =>
                        KeyValuePair.Create($"Muster:Bulk:{s.Name}", (string?)s.Value.ToString(CultureInfo.InvariantCulture))
                    )
                )
                .Build()
        );
        collection.AddLogging();
        collection.AddDataProtection().UseEphemeralDataProtectionProvider();
        collection.AddSingleton<OutboxSecrets>();
        collection.AddBulk();
        return collection;
    }

    private MusterDb Open()
    {
        if (database.Options.IsSqlite)
        {
            var sqlite = new DbContextOptionsBuilder<SqliteMusterDb>();
            DataRegistration.Configure(sqlite, database.Options);
            Tap.Into(sqlite);
            return new SqliteMusterDb(sqlite.Options);
        }

        var postgres = new DbContextOptionsBuilder<PostgresMusterDb>();
        DataRegistration.Configure(postgres, database.Options);
        Tap.Into(postgres);
        return new PostgresMusterDb(postgres.Options);
    }
}

/// <summary>What an operation is asked to do, and to whom.</summary>
/// <param name="Parameters">As JSON.</param>
/// <param name="Selection">Who.</param>
/// <param name="File">The file, where the selection says there is one.</param>
public sealed record Plan(string Parameters, Selection Selection, byte[]? File = null);
