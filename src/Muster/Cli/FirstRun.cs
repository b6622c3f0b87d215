using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.People;

namespace Muster.Cli;

/// <summary>What a first run has made: told once, on the terminal.</summary>
public sealed record NewSite(string Email, string Password);

/// <summary>Gives an empty site somebody who can sign in, and something to look at: a demonstration, or an empty workspace with <c>Muster__Demo=false</c>.</summary>
internal static class FirstRun
{
    /// <summary>Does nothing where there is a workspace already. Happens as a whole or not at all.</summary>
    public static async Task<NewSite?> Prepare(IServiceProvider services, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MusterDb>();
        if (await db.Workspaces.AnyAsync(ct))
        {
            return null;
        }

        var clock = services.GetRequiredService<TimeProvider>();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Before the account takes one: the first workspaces are 1 and 2.
        var firstId = await db.Reserve(IdBlock.Site, 2, ct);
        var (admin, password) = await SiteAdmins.Create(scope.ServiceProvider, DemoSite.AdminEmail, ct);
        if (services.GetRequiredService<IConfiguration>().GetValue("Muster:Demo", defaultValue: true))
        {
            await DemoSite.Create(db, firstId, admin, clock, ct);
        }
        else
        {
            db.Workspaces.Add(
                new Workspace
                {
                    Id = firstId,
                    Name = "First workspace",
                    CreatedAt = clock.Now(),
                }
            );
            await db.SaveChangesAsync(ct);
        }

        await transaction.CommitAsync(ct);
        return new(admin.Email!, password);
    }

    /// <summary>Says where and how to sign in, once the address is known.</summary>
    public static void Tell(WebApplication app, NewSite made)
    {
        var listening = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
        Console.WriteLine(
            $"""

                Muster is ready. Sign in at {app.Configuration["Muster:PublicUrl"] ?? listening}
                  e-mail:   {made.Email}
                  password: {made.Password}
                The password is shown only this once.

            """
        );
    }
}
