using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Muster.Data;

namespace Muster.Tests;

/// <summary>The databases the product runs on; tests that touch one run on both.</summary>
public enum DatabaseKind
{
    /// <summary>A file.</summary>
    Sqlite,

    /// <summary>A database on the run's PostgreSQL server.</summary>
    Postgres,
}

/// <summary>An empty database of the present schema for one test alone: migrated once for the whole run, then copied.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private static readonly Lazy<string> Folder = new(() => Reaper.NewFolder("databases", inMemory: true));
    private static readonly Lazy<Task<string>> SqliteTemplate = new(MigrateSqlite);
    private static int created;

    private readonly PostgresServer postgres;

    private TestDatabase(DatabaseKind kind, string setting, PostgresServer postgres)
    {
        Kind = kind;
        Setting = setting;
        this.postgres = postgres;
        Options = DatabaseOptions.Parse(setting);
        Databases = new(() => NewContext(Options));
    }

    /// <summary>Which of the two.</summary>
    public DatabaseKind Kind { get; }

    /// <summary>The value for <c>Muster__Database</c>.</summary>
    public string Setting { get; }

    /// <summary>The same, parsed.</summary>
    public DatabaseOptions Options { get; }

    /// <summary>Opens units of work, as in the product.</summary>
    public Databases Databases { get; }

    /// <summary>A fresh database.</summary>
    public static async Task<TestDatabase> Create(DatabaseKind kind, PostgresServer postgres)
    {
        if (kind == DatabaseKind.Postgres)
        {
            var connection = await postgres.CreateDatabase("muster", async empty => await Migrate(new(IsSqlite: false, empty)));
            return new(kind, $"postgres:{connection}", postgres);
        }

        var path = NextFile();
        File.Copy(await SqliteTemplate.Value, path);
        return new(kind, $"sqlite:{path}", postgres);
    }

    /// <summary>A unit of work whose filtered sets show one workspace (0: none).</summary>
    public MusterDb Open(long workspaceId = 0) => Databases.Open(workspaceId);

    /// <summary>The program's own services on this database, composed as in the product; settings are named as in its configuration.</summary>
    public ServiceProvider Services(TimeProvider? clock = null, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings ?? new Dictionary<string, string?>())
            .AddInMemoryCollection([new("Muster:Database", Setting)])
            .Build();
        var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration);
        Program.AddServices(services, configuration);
        if (clock is not null)
        {
            services.AddSingleton(clock);
        }

        return services.BuildServiceProvider();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (Kind == DatabaseKind.Postgres)
        {
            await postgres.DropDatabase(Options.ConnectionString);
            return;
        }

        using (var connection = new SqliteConnection(Options.ConnectionString))
        {
            SqliteConnection.ClearPool(connection);
        }

        var path = new SqliteConnectionStringBuilder(Options.ConnectionString).DataSource;
        foreach (var suffix in new[] { "", "-wal", "-shm" })
        {
            File.Delete(path + suffix);
        }
    }

    /// <summary>A context on a database that nothing else here made.</summary>
    public static MusterDb NewContext(DatabaseOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.IsSqlite
            ? new SqliteMusterDb(Built<SqliteMusterDb>(options))
            : new PostgresMusterDb(Built<PostgresMusterDb>(options));
    }

    private static DbContextOptions<TContext> Built<TContext>(DatabaseOptions options)
        where TContext : MusterDb
    {
        var builder = new DbContextOptionsBuilder<TContext>();
        DataRegistration.Configure(builder, options);
        return builder.Options;
    }

    private static string NextFile() => Path.Combine(Folder.Value, $"{Interlocked.Increment(ref created)}.db");

    private static async Task<string> MigrateSqlite()
    {
        var path = NextFile();
        var options = DatabaseOptions.Parse($"sqlite:{path}");
        await Migrate(options);

        // Closing the last connection writes the log back into the file, which then is the whole database.
        await using (var connection = new SqliteConnection(options.ConnectionString))
        {
            SqliteConnection.ClearPool(connection);
        }

        return path;
    }

    private static async Task Migrate(DatabaseOptions options)
    {
        await using var db = NewContext(options);
        await Schema.Migrate(db, CancellationToken.None);
    }
}
