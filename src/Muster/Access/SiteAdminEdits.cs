using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;
using Muster.People;

namespace Muster.Access;

/// <summary>Says who is a Site Admin. There is always one, and nobody takes the mark from themselves.</summary>
public sealed class SiteAdminEdits(Databases databases, ILookupNormalizer normalizer, TimeProvider clock)
{
    /// <summary>The Site Admins by name.</summary>
    public static async Task<IReadOnlyList<SignedInAccount>> All(MusterDb db, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        var admins = await db
            .Users.AsNoTracking()
            .Where(a => a.IsSiteAdmin)
            .OrderBy(a => a.LastName)
            .ThenBy(a => a.FirstName)
            .ThenBy(a => a.Id)
            .Select(a => new
            {
                a.Id,
                a.FirstName,
                a.LastName,
                a.Email,
            })
            .ToListAsync(ct);
        return admins.ConvertAll(a => new SignedInAccount(
            a.Id,
            $"{a.FirstName} {a.LastName}".Trim() is { Length: > 0 } name ? name : a.Email!,
            a.Email!,
            true
        ));
    }

    /// <summary>Makes the account of this address a Site Admin.</summary>
    /// <exception cref="ParametersException">No account has the address, or it is one already.</exception>
    public async Task Add(Requester requester, string? email, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(requester);
        var key = normalizer.NormalizeEmail((email ?? "").Trim());
        if (string.IsNullOrEmpty(key))
        {
            throw new ParametersException("email", "Enter the e-mail address of an account.");
        }

        await using var db = databases.Open(IdBlock.Site);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.TakeTurn(IdBlock.Site, ct);
        var account =
            await db.Users.SingleOrDefaultAsync(a => a.NormalizedEmail == key, ct)
            ?? throw new ParametersException(
                "email",
                "No account has this address. An account is made when somebody accepts an invitation; invite them to a workspace first."
            );
        if (account.IsSiteAdmin)
        {
            throw new ParametersException("email", "This account is a Site Admin already.");
        }

        account.IsSiteAdmin = true;
        await db.SaveChangesAsync(ct);
        await Audit.Write(db, requester, "site-admin.added", new { account = account.Id }, clock.Now(), ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Takes the mark from an account; its profiles keep their roles.</summary>
    /// <returns>False when there is no such Site Admin.</returns>
    /// <exception cref="ConflictException">It is the requester's own account, or the last one.</exception>
    public async Task<bool> Remove(Requester requester, long accountId, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(requester);
        await using var db = databases.Open(IdBlock.Site);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Two who remove each other wait for one another here, and the second is no Site Admin any more.
        await db.TakeTurn(IdBlock.Site, ct);
        var admins = await db.Users.Where(a => a.IsSiteAdmin).Select(a => a.Id).ToListAsync(ct);
        if (!admins.Contains(accountId))
        {
            return false;
        }

        if (accountId == requester.Actor.AccountId)
        {
            throw new ConflictException("You cannot remove yourself; ask another Site Admin.");
        }

        if (admins.Count == 1)
        {
            throw new ConflictException("The last Site Admin has to stay.");
        }

        if (requester.Actor.AccountId is { } own && !admins.Contains(own))
        {
            throw new ConflictException("You are no Site Admin any more.");
        }

        await db.Users.Where(a => a.Id == accountId).ExecuteUpdateAsync(set => set.SetProperty(a => a.IsSiteAdmin, false), ct);
        await Audit.Write(db, requester, "site-admin.removed", new { account = accountId }, clock.Now(), ct);
        await transaction.CommitAsync(ct);
        return true;
    }
}
