using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Data;
using Muster.People;

namespace Muster.Cli;

/// <summary>What a first run has made: told once, on the terminal.</summary>
public sealed record NewSite(string Email, string Password);

/// <summary>Gives an empty site a workspace and somebody who can sign in.</summary>
internal static class FirstRun
{
    private const string Email = "admin@example.com";

    /// <summary>Does nothing where there is a workspace already.</summary>
    public static async Task<NewSite?> Prepare(IServiceProvider services, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MusterDb>();
        if (await db.Workspaces.AnyAsync(ct))
        {
            return null;
        }

        var now = services.GetRequiredService<TimeProvider>().Now();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var workspace = new Workspace
        {
            Id = await db.Reserve(IdBlock.Site, 1, ct),
            Name = "First workspace",
            CreatedAt = now,
        };
        db.Workspaces.Add(workspace);
        var made = await MakeAdmin(scope.ServiceProvider, now, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return made;
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

    private static async Task<NewSite> MakeAdmin(IServiceProvider services, DateTime now, CancellationToken ct)
    {
        var db = services.GetRequiredService<MusterDb>();
        var password = Secrets.Password();
        var account = new Account
        {
            Id = await db.Reserve(IdBlock.Site, 1, ct),
            UserName = Email,
            Email = Email,
            EmailConfirmed = true,
            FirstName = "Site",
            LastName = "Admin",
            IsSiteAdmin = true,
            LockoutEnabled = true,
            CreatedAt = now,
        };
        var result = await services.GetRequiredService<UserManager<Account>>().CreateAsync(account, password);
        return result.Succeeded
            ? new(Email, password)
            : throw new InvalidOperationException(string.Join(' ', result.Errors.Select(error => error.Description)));
    }
}
