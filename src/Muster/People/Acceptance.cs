using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Bulk;
using Muster.Data;
using Muster.Learning;
using Npgsql;

namespace Muster.People;

/// <summary>What somebody without an account gives when they accept.</summary>
public sealed record Newcomer(string FirstName, string LastName, string Password);

/// <summary>How an attempt to accept ended.</summary>
/// <param name="State">Open only when it was accepted.</param>
/// <param name="Account">The account that has access now; null when nothing was changed.</param>
/// <param name="Problem">A sentence for the reader when nothing was changed and the state does not say why.</param>
public sealed record AcceptanceResult(InvitationState State, Account? Account, string? Problem);

/// <summary>Turns an invitation into access, once: account, profile, auto-enrolment and audit in one transaction.</summary>
public sealed class Acceptance(MusterDb db, UserManager<Account> accounts, TimeProvider clock)
{
    private const int MostAttempts = 5;
    private const string SignInFirst = "This address has an account on this site by now. Sign in with it, then accept.";
    private const string AlreadyHere =
        "Your account is a user of this workspace already. Ask its administrator which of the two it should be.";

    /// <summary>What a link leads to.</summary>
    public async Task<InvitationView> Look(long workspaceId, string token, CancellationToken ct)
    {
        db.WorkspaceId = workspaceId;
        var (hash, profileId) = (Secrets.Hash(token), Secrets.IdOf(token));
        var found = await (
            from invitation in db.Invitations
            join profile in db.Profiles
                on new { invitation.WorkspaceId, Id = invitation.ProfileId } equals new { profile.WorkspaceId, profile.Id }
            join workspace in db.Workspaces on invitation.WorkspaceId equals workspace.Id
            where invitation.WorkspaceId == workspaceId && invitation.ProfileId == profileId && invitation.TokenHash == hash
            select new
            {
                invitation.AcceptedAt,
                invitation.ExpiresAt,
                invitation.CancelledAt,
                profile.Id,
                profile.Status,
                profile.FirstName,
                profile.LastName,
                profile.Email,
                workspace.Name,
                workspace.TimeZone,
            }
        ).FirstOrDefaultAsync(ct);
        if (found is null)
        {
            return new(InvitationState.Unusable);
        }

        var state =
            found.AcceptedAt is not null ? InvitationState.Accepted
            : found.CancelledAt is not null || found.Status != ProfileStatus.Invited ? InvitationState.Cancelled
            : found.ExpiresAt <= clock.Now() ? InvitationState.Expired
            : InvitationState.Open;
        var account = await accounts.FindByEmailAsync(found.Email);
        return new(state, found.Id, found.Name, found.TimeZone, found.FirstName, found.LastName, found.Email, found.ExpiresAt, account?.Id);
    }

    /// <summary>What is wrong with a password, in sentences; empty when it will do.</summary>
    public async Task<IReadOnlyList<string>> ProblemsOf(string password)
    {
        var problems = new List<string>();
        foreach (var rule in accounts.PasswordValidators)
        {
            problems.AddRange((await rule.ValidateAsync(accounts, new Account(), password)).Errors.Select(error => error.Description));
        }

        return problems;
    }

    /// <summary>Accepts as somebody new on the site: makes their account. Refused when the address has one; a link never sets a password.</summary>
    public async Task<AcceptanceResult> Accept(long workspaceId, string token, Newcomer newcomer, string? address, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(newcomer);
        // Hashing takes long on purpose, so it is done before the transaction.
        var hash = accounts.PasswordHasher.HashPassword(new Account(), newcomer.Password);
        return await Accept(workspaceId, token, newcomer, address, view => Make(view, newcomer, hash, ct), ct);
    }

    /// <summary>Accepts as somebody who is signed in with the account of the invited address.</summary>
    public Task<AcceptanceResult> AcceptAs(long workspaceId, string token, long accountId, string? address, CancellationToken ct) =>
        Accept(
            workspaceId,
            token,
            null,
            address,
            async view => view.AccountId == accountId ? await accounts.FindByIdAsync($"{accountId}") : null,
            ct
        );

    private async Task<AcceptanceResult> Accept(
        long workspaceId,
        string token,
        Newcomer? newcomer,
        string? address,
        Func<InvitationView, Task<Account?>> account,
        CancellationToken ct
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var transaction = await db.Database.BeginTransactionAsync(ct);
                var result = await AcceptOnce(workspaceId, token, newcomer, address, account, ct);
                if (result.Account is not null)
                {
                    await transaction.CommitAsync(ct);
                }

                return result;
            }
            catch (RulesMovedException) when (attempt < MostAttempts)
            {
                db.ChangeTracker.Clear();
            }
            catch (DbUpdateException reason)
                when (reason.InnerException
                        is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation }
                            or SqliteException { SqliteErrorCode: 19 }
                )
            {
                // Two invitations of one address, accepted at the same moment: the other made the account.
                return new(InvitationState.Open, null, SignInFirst);
            }
        }
    }

    private async Task<AcceptanceResult> AcceptOnce(
        long workspaceId,
        string token,
        Newcomer? newcomer,
        string? address,
        Func<InvitationView, Task<Account?>> account,
        CancellationToken ct
    )
    {
        var view = await Look(workspaceId, token, ct);
        if (view.State != InvitationState.Open)
        {
            return new(view.State, null, null);
        }

        if (await account(view) is not { } joining)
        {
            return new(view.State, null, SignInFirst);
        }

        if (await db.Profiles.AnyAsync(p => p.WorkspaceId == workspaceId && p.AccountId == joining.Id, ct))
        {
            return new(view.State, null, AlreadyHere);
        }

        return await Join(workspaceId, token, view, joining, newcomer, address, ct)
            ? new(view.State, joining, null)
            : new(InvitationState.Unusable, null, null);
    }

    private async Task<Account?> Make(InvitationView view, Newcomer newcomer, string passwordHash, CancellationToken ct)
    {
        if (view.AccountId is not null)
        {
            return null;
        }

        var account = new Account
        {
            Id = await db.Reserve(IdBlock.Site, 1, ct),
            UserName = view.Email,
            Email = view.Email,
            EmailConfirmed = true, // Following the e-mailed link is what proves the mailbox.
            FirstName = newcomer.FirstName,
            LastName = newcomer.LastName,
            PasswordHash = passwordHash,
            LockoutEnabled = true,
            CreatedAt = clock.Now(),
        };
        var made = await accounts.CreateAsync(account);
        return made.Succeeded ? account : null;
    }

    /// <summary>Courses, then the profile are locked, in the order of every chunk; then the invitation is taken, by whoever comes first.</summary>
    private async Task<bool> Join(
        long workspaceId,
        string token,
        InvitationView view,
        Account account,
        Newcomer? newcomer,
        string? address,
        CancellationToken ct
    )
    {
        var (now, today, hash) = (clock.Now(), clock.Today(view.TimeZone!), Secrets.Hash(token));
        var expected = await JoiningRules.CoursesOf(db, workspaceId, view.ProfileId, ct);
        await Seats.Lock(db, workspaceId, [.. expected.Select(course => course.CourseId)], ct);
        var joined = await db
            .Profiles.Where(p => p.WorkspaceId == workspaceId && p.Id == view.ProfileId && p.Status == ProfileStatus.Invited)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(p => p.Status, ProfileStatus.Active)
                        .SetProperty(p => p.AccountId, account.Id)
                        .SetProperty(p => p.RegisteredAt, now)
                        .SetProperty(p => p.OperationId, (long?)null),
                ct
            );
        var taken = await db
            .Invitations.Where(i =>
                i.WorkspaceId == workspaceId
                && i.ProfileId == view.ProfileId
                && i.TokenHash == hash
                && i.AcceptedAt == null
                && i.CancelledAt == null
                && i.ExpiresAt > now
            )
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.AcceptedAt, now).SetProperty(i => i.OperationId, (long?)null), ct);
        if (joined != 1 || taken != 1)
        {
            return false;
        }

        // Whoever has an account keeps the name that the workspace has for them, which somebody may be correcting now.
        if (newcomer is { FirstName: var first, LastName: var last })
        {
            await db
                .Profiles.Where(p => p.WorkspaceId == workspaceId && p.Id == view.ProfileId)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(p => p.FirstName, first)
                            .SetProperty(p => p.LastName, last)
                            .SetProperty(p => p.SortName, Names.SortKey(first, last))
                            .SetProperty(p => p.SearchText, Names.SearchText(first, last, view.Email!)),
                    ct
                );
        }

        // Groups or rules may have changed until the profile was locked. A course that was not locked in its turn means beginning again.
        var given = await JoiningRules.CoursesOf(db, workspaceId, view.ProfileId, ct);
        if (given.Select(course => course.CourseId).Except(expected.Select(course => course.CourseId)).Any())
        {
            throw new RulesMovedException();
        }

        var enrolled = await JoiningRules.Enrol(db, workspaceId, view.ProfileId, given, now, today, ct);
        await Audit.Write(
            db,
            new AuditEntry
            {
                WorkspaceId = workspaceId,
                At = now,
                AccountId = account.Id,
                Address = address,
                Event = "invitation.accepted",
                ProfileId = view.ProfileId,
                Details = Json.Write(new { enrolments = enrolled.Count }),
            },
            ct
        );
        return true;
    }

    private sealed class RulesMovedException() : Exception("The rules of the person's groups changed while they accepted.");
}
