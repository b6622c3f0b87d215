using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Muster.Data;

namespace Muster.Cli;

/// <summary><c>muster serve</c>, and what <c>muster</c> alone does: the web server with the background work in it.</summary>
public static class ServeCommand
{
    /// <summary>The command as the help shows it; its arguments are settings and go to the server as they are.</summary>
    internal static Command Create()
    {
        var command = new Command(
            "serve",
            """
            Serves the site, with the background work in it. This is what muster does without a command.

            The first start on an empty database makes a demonstration and prints how to sign in, once (Muster__Demo=false: an empty workspace).
              muster serve --urls http://0.0.0.0:8080
              Muster__PublicUrl=https://learn.example.org   the address in e-mails
              Muster__Smtp=smtp://user:password@host:587    without it, e-mails stay on the built-in outbox page
            """
        )
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.SetAction((parsed, _) => Run([.. parsed.UnmatchedTokens]));
        return command;
    }

    /// <summary>Serves until the process is asked to stop.</summary>
    /// <returns>0 after an orderly end; 2 when a setting or the database does not let it start, with the reason on the error stream.</returns>
    public static async Task<int> Run(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        try
        {
            var builder = WebApplication.CreateBuilder(args);
            Defaults.Apply(builder);
            Program.AddServices(builder.Services, builder.Configuration);
            await using var app = builder.Build();
            Program.UseServices(app);

            NewSite? made = null;
            var upgrade = app.Services.GetRequiredService<SchemaUpgrade>();
            if (!await upgrade.OnStart(async (_, ct) => made = await FirstRun.Prepare(app.Services, ct), CancellationToken.None))
            {
                await Console.Error.WriteLineAsync("The database is of an earlier version. Back it up, then run: muster migrate");
                return ExitCode.Refused;
            }

            // However idle it is, the embedded database is seen to be in use.
            await using var present = app.Services.GetRequiredService<Databases>().Open(0);
            if (present.IsSqlite)
            {
                await present.Database.OpenConnectionAsync();
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
            return ExitCode.Refused;
        }
    }
}
