using Microsoft.AspNetCore.Identity;
using Muster.Access;
using Muster.Data;
using Muster.People;

namespace Muster.Cli;

/// <summary>Accounts of those who may do everything, and their passwords, which are made here and told once.</summary>
internal static class SiteAdmins
{
    /// <summary>Makes an account that is a Site Admin, in the scope's unit of work.</summary>
    public static async Task<(Account Account, string Password)> Create(IServiceProvider scope, string email, CancellationToken ct)
    {
        var db = scope.GetRequiredService<MusterDb>();
        var password = Secrets.Password();
        var account = new Account
        {
            Id = await db.Reserve(IdBlock.Site, 1, ct),
            UserName = email,
            Email = email,
            EmailConfirmed = true,
            FirstName = "Site",
            LastName = "Admin",
            IsSiteAdmin = true,
            LockoutEnabled = true,
            CreatedAt = scope.GetRequiredService<TimeProvider>().Now(),
        };
        Check(await scope.GetRequiredService<UserManager<Account>>().CreateAsync(account, password));
        return (account, password);
    }

    /// <summary>Gives an account a new password and makes it a Site Admin; its sessions end. Makes the account where there is none.</summary>
    public static async Task<(string Password, bool IsNew)> Reset(IServiceProvider scope, string email, CancellationToken ct)
    {
        var accounts = scope.GetRequiredService<UserManager<Account>>();
        if (await accounts.FindByEmailAsync(email) is not { } account)
        {
            return ((await Create(scope, email, ct)).Password, true);
        }

        var password = Secrets.Password();
        account.IsSiteAdmin = true;
        account.PasswordHash = accounts.PasswordHasher.HashPassword(account, password);
        account.LockoutEnd = null;
        account.AccessFailedCount = 0;
        // A new stamp ends the sessions that are open.
        Check(await accounts.UpdateSecurityStampAsync(account));
        return (password, false);
    }

    private static void Check(IdentityResult result)
    {
        if (!result.Succeeded)
        {
            throw new RefusedException(string.Join(' ', result.Errors.Select(error => error.Description)));
        }
    }
}
