using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Bulk;
using Muster.Data;

namespace Muster.People;

/// <summary>What people see of their own profile.</summary>
public sealed record OwnProfile(
    string FirstName,
    string LastName,
    string Email,
    string? Unit,
    IReadOnlyList<string> Groups,
    DateTime? RegisteredAt,
    DateOnly? ExpiresOn
);

/// <summary>A person's own profile in the workspace: to see, and to put the name right.</summary>
public sealed class MyProfile(MusterDb db, CurrentActor current, TimeProvider clock)
{
    /// <summary>Null for a reader without a profile here (a Site Admin).</summary>
    public async Task<OwnProfile?> Read(CancellationToken ct)
    {
        var (workspaceId, profileId) = (current.Actor.WorkspaceId, current.Actor.ProfileId);
        var found = await (
            from profile in db.Profiles
            where profile.WorkspaceId == workspaceId && profile.Id == profileId
            select new
            {
                profile.FirstName,
                profile.LastName,
                profile.Email,
                profile.RegisteredAt,
                profile.ExpiresOn,
                Unit = db.Units.Where(u => u.WorkspaceId == workspaceId && u.Id == profile.UnitId).Select(u => u.Path).FirstOrDefault(),
            }
        ).FirstOrDefaultAsync(ct);
        if (found is null)
        {
            return null;
        }

        var groups = await (
            from membership in db.Memberships
            join g in db.Groups on new { membership.WorkspaceId, Id = membership.GroupId } equals new { g.WorkspaceId, g.Id }
            where membership.WorkspaceId == workspaceId && membership.ProfileId == profileId
            orderby g.NameKey
            select g.Name
        ).ToListAsync(ct);
        return new(found.FirstName, found.LastName, found.Email, found.Unit, groups, found.RegisteredAt, found.ExpiresOn);
    }

    /// <summary>Writes the name, here and on the account. An undo of an earlier operation then leaves this profile alone.</summary>
    public async Task Rename(string firstName, string lastName, CancellationToken ct)
    {
        if (current.Actor is not { ProfileId: { } profileId, AccountId: { } accountId, WorkspaceId: var workspaceId })
        {
            return;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var profile = await db.Profiles.SingleAsync(p => p.WorkspaceId == workspaceId && p.Id == profileId, ct);
        (profile.FirstName, profile.LastName, profile.OperationId) = (firstName, lastName, null);
        profile.SortName = Names.SortKey(firstName, lastName);
        profile.SearchText = Names.SearchText(firstName, lastName, profile.Email);
        await db.SaveChangesAsync(ct);
        await db
            .Users.Where(a => a.Id == accountId)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.FirstName, firstName).SetProperty(a => a.LastName, lastName), ct);
        await Audit.Write(
            db,
            new AuditEntry
            {
                WorkspaceId = workspaceId,
                At = clock.Now(),
                AccountId = accountId,
                Address = current.Address,
                Event = "profile.renamed",
                ProfileId = profileId,
            },
            ct
        );
        await transaction.CommitAsync(ct);
    }
}
