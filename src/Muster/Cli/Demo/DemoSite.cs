using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Data;
using Muster.People;

namespace Muster.Cli;

/// <summary>
/// What a first look at Muster finds: a care provider of 500 people and a college of 60, a few people at home in both,
/// and one Site Admin, whose password the caller makes.
/// </summary>
internal static class DemoSite
{
    /// <summary>The Site Admin's address.</summary>
    public const string AdminEmail = "admin@example.org";

    private const int NorthwindUsers = 500;
    private const int HarbourUsers = 60;
    private const int InBoth = 3;
    private const int Seed = 20_240_229;

    /// <summary>Makes all of it in the caller's transaction.</summary>
    /// <param name="db">A unit of work.</param>
    /// <param name="firstId">The first of two ids for the workspaces.</param>
    /// <param name="admin">The Site Admin's account, already stored.</param>
    /// <param name="clock">Everything happened in the two years before this moment.</param>
    /// <param name="ct">Stops.</param>
    public static async Task Create(MusterDb db, long firstId, Account admin, TimeProvider clock, CancellationToken ct)
    {
        var northwind = await Fill(db, firstId, WorkspacePlan.NorthwindCare, NorthwindUsers, "example.org", clock, ct);
        await AddAdmin(db, northwind, admin, clock, ct);
        var harbour = await Fill(db, firstId + 1, WorkspacePlan.HarbourCollege, HarbourUsers, "harbour.example.org", clock, ct);
        await AddAdmin(db, harbour, admin, clock, ct);
        await AddPeopleOfBoth(db, northwind, harbour, clock, ct);
        await Seeder.Analyse(db, ct);
    }

    private static async Task<long> Fill(
        MusterDb db,
        long id,
        WorkspacePlan plan,
        int users,
        string domain,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        await WorkspaceBuilder.Create(db, id, plan, clock.Now().AddDays(-740), ct);
        var ground = await Ground.Read(db, id, clock, ct);
        await Seeder.AddPeople(db, ground, users, Seed, 0, Seeder.ReadableAddresses(domain), null, ct);
        return id;
    }

    private static async Task AddAdmin(MusterDb db, long workspaceId, Account admin, TimeProvider clock, CancellationToken ct)
    {
        var profile = ProfileOf(admin, workspaceId, await db.Reserve(workspaceId, 1, ct), clock.Now().AddDays(-735));
        profile.Role = ProfileRole.Admin;
        db.Profiles.Add(profile);
        await db.SaveChangesAsync(ct);
        db.ChangeTracker.Clear();
    }

    /// <summary>Some who work at the one teach at the other, with one account.</summary>
    private static async Task AddPeopleOfBoth(MusterDb db, long home, long guest, TimeProvider clock, CancellationToken ct)
    {
        var accounts = await (
            from p in db.Profiles.IgnoreQueryFilters()
            join a in db.Users on p.AccountId equals a.Id
            where p.WorkspaceId == home && p.Status == ProfileStatus.Active && p.Role == ProfileRole.Learner && p.ExpiresOn == null
            orderby p.SortName, p.Id
            select a
        )
            .AsNoTracking()
            .Take(InBoth)
            .ToListAsync(ct);
        var id = await db.Reserve(guest, accounts.Count, ct);
        db.Profiles.AddRange(accounts.Select((account, i) => ProfileOf(account, guest, id + i, clock.Now().AddDays(-90 - (40 * i)))));
        await db.SaveChangesAsync(ct);
        db.ChangeTracker.Clear();
    }

    private static Profile ProfileOf(Account account, long workspaceId, long id, DateTime since) =>
        new()
        {
            WorkspaceId = workspaceId,
            Id = id,
            AccountId = account.Id,
            Email = account.Email!,
            EmailKey = account.NormalizedEmail!,
            FirstName = account.FirstName,
            LastName = account.LastName,
            SortName = Names.SortKey(account.FirstName, account.LastName),
            SearchText = Names.SearchText(account.FirstName, account.LastName, account.Email!),
            Status = ProfileStatus.Active,
            InvitedAt = since.AddDays(-2),
            RegisteredAt = since,
        };
}
