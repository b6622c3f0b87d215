using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Muster.Data;

/// <summary>Puts the database into the application.</summary>
public static class DataRegistration
{
    public static IServiceCollection AddData(this IServiceCollection services, DatabaseOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        services.AddSingleton(options);
        if (options.IsSqlite)
        {
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(options.SqlitePath)!);
            services.AddDbContextFactory<SqliteMusterDb>(db => Configure(db, options));
            services.AddSingleton<Func<MusterDb>>(provider =>
                provider.GetRequiredService<IDbContextFactory<SqliteMusterDb>>().CreateDbContext
            );
            services.AddScoped<MusterDb>(provider => provider.GetRequiredService<SqliteMusterDb>());
        }
        else
        {
            services.AddDbContextFactory<PostgresMusterDb>(db => Configure(db, options));
            services.AddSingleton<Func<MusterDb>>(provider =>
                provider.GetRequiredService<IDbContextFactory<PostgresMusterDb>>().CreateDbContext
            );
            services.AddScoped<MusterDb>(provider => provider.GetRequiredService<PostgresMusterDb>());
        }

        services.AddSingleton<Databases>();
        services.AddSingleton<SchemaUpgrade>();
        return services;
    }

    /// <summary>A unit of work on a file beside the configured database, which lets go of the file at once.</summary>
    internal static MusterDb NewSqlite(string path)
    {
        var options = DatabaseOptions.Parse($"sqlite:{path}");
        var db = new DbContextOptionsBuilder<SqliteMusterDb>();
        Configure(db, options with { ConnectionString = $"{options.ConnectionString};Pooling=False" });
        return new SqliteMusterDb(db.Options);
    }

    /// <summary>The provider and its habits; also used by tests and the design-time tools.</summary>
    public static void Configure(DbContextOptionsBuilder db, DatabaseOptions options)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(options);
        if (options.IsSqlite)
        {
            db.UseSqlite(options.ConnectionString).AddInterceptors(SqlitePragmas.Instance, SqliteWriters.Instance);
        }
        else
        {
            db.UseNpgsql(options.ConnectionString);
        }

        // Link rows deliberately point at filtered rows: every statement names its workspace, the filter is the second line.
        db.ConfigureWarnings(warnings =>
            warnings.Ignore(
                CoreEventId.PossibleIncorrectRequiredNavigationWithQueryFilterInteractionWarning,
                CoreEventId.RowLimitingOperationWithoutOrderByWarning
            )
        );
    }
}

/// <summary>Opens units of work outside a request.</summary>
public sealed class Databases(Func<MusterDb> create)
{
    /// <summary>A fresh context whose filtered sets show one workspace (0: none; sites and accounts only).</summary>
    public MusterDb Open(long workspaceId)
    {
        var db = create();
        db.WorkspaceId = workspaceId;
        return db;
    }
}

internal sealed class SqliteDesignTime : IDesignTimeDbContextFactory<SqliteMusterDb>
{
    public SqliteMusterDb CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<SqliteMusterDb>();
        DataRegistration.Configure(options, new(true, "Data Source=:memory:"));
        return new(options.Options);
    }
}

internal sealed class PostgresDesignTime : IDesignTimeDbContextFactory<PostgresMusterDb>
{
    public PostgresMusterDb CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<PostgresMusterDb>();
        DataRegistration.Configure(options, new(false, "Host=127.0.0.1"));
        return new(options.Options);
    }
}
