using Microsoft.AspNetCore.Identity;

namespace Muster.Access;

/// <summary>
/// Signs in by e-mail address and password. Unknown account, wrong password and locked account get the same answer after the same work,
/// so that nobody learns which addresses have an account here.
/// </summary>
public sealed partial class PasswordSignIn(
    UserManager<Account> accounts,
    SignInManager<Account> session,
    IPasswordHasher<Account> hasher,
    ILogger<PasswordSignIn> log
)
{
    private static readonly Account Nobody = new();
    private static readonly string NobodysHash = new PasswordHasher<Account>().HashPassword(Nobody, Secrets.Create());

    /// <summary>Tries; on success the answer carries the session's cookie.</summary>
    public async Task<bool> Try(string email, string password)
    {
        ArgumentNullException.ThrowIfNull(email);
        ArgumentNullException.ThrowIfNull(password);
        var account = await accounts.FindByEmailAsync(email);
        if (account is null || await accounts.IsLockedOutAsync(account))
        {
            hasher.VerifyHashedPassword(Nobody, NobodysHash, password);
            return false;
        }

        var result = await session.CheckPasswordSignInAsync(account, password, lockoutOnFailure: true);
        if (!result.Succeeded)
        {
            Refused(account.Id, result.IsLockedOut);
            return false;
        }

        await session.SignInAsync(account, isPersistent: false);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "A wrong password for account {AccountId} (locked: {IsLocked})")]
    private partial void Refused(long accountId, bool isLocked);
}
