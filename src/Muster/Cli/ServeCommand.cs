using Microsoft.Extensions.Options;
using Muster.Data;

namespace Muster.Cli;

/// <summary><c>muster serve</c>, and what <c>muster</c> alone does: the web server with the background work in it.</summary>
public static class ServeCommand
{
    private const int Refused = 2;

    /// <summary>Serves until the process is asked to stop.</summary>
    /// <returns>0 after an orderly end; 2 when a setting or the database does not let it start, with the reason on the error stream.</returns>
    public static async Task<int> Run(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        try
        {
            var builder = WebApplication.CreateBuilder(args is ["serve", ..] ? args[1..] : args);
            Defaults.Apply(builder);
            Program.AddServices(builder.Services, builder.Configuration);
            await using var app = builder.Build();
            Program.UseServices(app);

            NewSite? made = null;
            var upgrade = app.Services.GetRequiredService<SchemaUpgrade>();
            if (!await upgrade.OnStart(async (_, ct) => made = await FirstRun.Prepare(app.Services, ct), CancellationToken.None))
            {
                await Console.Error.WriteLineAsync("The database is of an earlier version. Back it up, then run: muster migrate");
                return Refused;
            }

            if (made is not null)
            {
                app.Lifetime.ApplicationStarted.Register(() => FirstRun.Tell(app, made));
            }

            await app.RunAsync();
            return 0;
        }
        catch (Exception reason) when (reason is FormatException or OptionsValidationException)
        {
            await Console.Error.WriteLineAsync(reason.Message);
            return Refused;
        }
    }
}
