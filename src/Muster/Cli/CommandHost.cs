using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.People;

namespace Muster.Cli;

/// <summary>The program's services for one command, on an up-to-date database, without a server and without background work.</summary>
internal sealed class CommandHost : IAsyncDisposable
{
    private readonly WebApplication app;

    private CommandHost(WebApplication app) => this.app = app;

    public IServiceProvider Services => app.Services;

    public Databases Databases => Get<Databases>();

    public TimeProvider Clock => Get<TimeProvider>();

    /// <summary>Builds the services; the embedded database, and an empty one, get their tables first.</summary>
    /// <exception cref="RefusedException">The database is of an earlier version.</exception>
    public static async Task<CommandHost> Open(CancellationToken ct)
    {
        var host = Build();
        try
        {
            return await host.Get<SchemaUpgrade>().OnStart((_, _) => Task.CompletedTask, ct)
                ? host
                : throw new RefusedException("The database is of an earlier version. Back it up, then run: muster migrate");
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Builds the services and leaves the database alone.</summary>
    public static CommandHost Build()
    {
        var builder = WebApplication.CreateBuilder([]);
        Defaults.Apply(builder);
        // The standard output is the command's answer.
        builder.Logging.ClearProviders();
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter(null, LogLevel.Warning);
        Program.AddServices(builder.Services, builder.Configuration);
        return new(builder.Build());
    }

    public T Get<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    /// <summary>Finds a workspace by its name, whatever the case, or by its id.</summary>
    /// <exception cref="RefusedException">There is none, or there are several of that name.</exception>
    public async Task<Workspace> Workspace(string nameOrId, CancellationToken ct)
    {
        await using var db = Databases.Open(0);
        var all = await db.Workspaces.AsNoTracking().OrderBy(w => w.Id).ToListAsync(ct);
        var found = all.FindAll(w => Names.Fold(w.Name) == Names.Fold(nameOrId.Trim()));
        if (found.Count == 0 && long.TryParse(nameOrId, out var id))
        {
            found = all.FindAll(w => w.Id == id);
        }

        return found.Count switch
        {
            1 => found[0],
            0 => throw new RefusedException(
                $"There is no workspace '{nameOrId}'. There are: {string.Join(", ", all.Select(w => $"{w.Name} ({w.Id})").DefaultIfEmpty("none"))}."
            ),
            _ => throw new RefusedException(
                $"Several workspaces are named '{nameOrId}'; give one of these ids instead: {string.Join(", ", found.Select(w => w.Id))}."
            ),
        };
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
