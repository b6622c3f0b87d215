using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Data;
using Muster.Learning;
using Muster.People;

namespace Muster.BrowserTests;

/// <summary>The readers, invitations in every state, and an empty workspace.</summary>
public sealed partial class Showroom
{
    private const string LongFirst = "Maximiliana-Alexandra Wilhelmina";
    private const string LongLast = "Aabenraa-Featherstonehaugh-Cholmondeley-Hohenlohe-Langenburg";
    private static readonly DateTime Now = TimeProvider.System.Now();
    private static readonly DateOnly Today = DateOnly.FromDateTime(Now);

    /// <summary>New people whose addresses begin with this word, for a test that changes them.</summary>
    public async Task<IReadOnlyList<string>> Newcomers(string word, int count, ProfileStatus status = ProfileStatus.Active)
    {
        await using var db = Open(Northwind);
        string[] emails = [.. Enumerable.Range(1, count).Select(n => $"{word}{n}@journeys.example")];
        foreach (var email in emails)
        {
            if (status == ProfileStatus.Invited)
            {
                await Invite(db, email, email);
            }
            else
            {
                await Person(db, email, status, null);
            }
        }

        await db.SaveChangesAsync();
        return emails;
    }

    private async Task MakePeople()
    {
        await using var db = Open(Northwind);
        var unit = await db.Units.Where(u => u.WorkspaceId == Northwind && u.Name == "Alder House").Select(u => u.Id).FirstAsync();
        places["unit"] = $"{unit}";
        places["group"] = $"{await db.Groups.Where(g => g.Name == "Fire wardens").Select(g => g.Id).FirstAsync()}";
        places["course"] = $"{await db.Courses.Where(c => c.Title == "Dementia awareness").Select(c => c.Id).FirstAsync()}";
        places["field"] = $"{await db.Fields.Where(f => f.Name == "Contract").Select(f => f.Id).FirstAsync()}";
        places["rule"] = $"{await db.Rules.Where(r => r.Name == "Induction").Select(r => r.Id).FirstAsync()}";
        places["managed"] = $"{await db.Profiles.Where(p => p.UnitId == unit).Select(p => p.Id).FirstAsync()}";

        await Account(db, Reader.Homeless);
        var learner = await Person(db, "learner@readers.example", ProfileStatus.Active, await Account(db, Reader.Learner));
        var manager = await Person(db, "manager@readers.example", ProfileStatus.Active, await Account(db, Reader.Manager));
        manager.Role = ProfileRole.Manager;
        manager.UnitId = unit;
        db.ManagedUnits.Add(
            new()
            {
                WorkspaceId = Northwind,
                ProfileId = manager.Id,
                UnitId = unit,
            }
        );
        await Enrol(db, learner.Id);
        places["person"] = $"{learner.Id}";
        places["manager"] = $"{manager.Id}";
        places["archived"] = $"{await db.Profiles.Where(p => p.Status == ProfileStatus.Archived).Select(p => p.Id).FirstAsync()}";
        var tall = await Person(
            db,
            "maximiliana-alexandra.aabenraa-featherstonehaugh-cholmondeley@subsidiary.of-a-very-long-domain.example",
            ProfileStatus.Active,
            null,
            (LongFirst, LongLast)
        );
        tall.UnitId = unit;
        places["tall"] = $"{tall.Id}";
        places["newcomer"] = $"{(await Person(db, "newcomer@readers.example", ProfileStatus.Active, null)).Id}";

        await Invite(db, "invited", "invited@readers.example");
        await Invite(db, "with account", "homeless@readers.example");
        await Invite(db, "lapsed", "lapsed@readers.example", expires: -1);
        await Invite(db, "cancelled", "cancelled@readers.example", cancelled: true);
        await Invite(db, "used", "used@readers.example", accepted: true);
        places["replaced"] = Secrets.Create();
        await MakeEmptyWorkspace(db);
        await db.SaveChangesAsync();
    }

    private static async Task<long> Account(MusterDb db, Reader reader)
    {
        var email = $"{reader.ToString().ToLowerInvariant()}@readers.example";
        var account = new Account
        {
            Id = await db.Reserve(IdBlock.Site, 1, default),
            UserName = email,
            NormalizedUserName = email,
            Email = email,
            NormalizedEmail = email,
            EmailConfirmed = true,
            FirstName = "Robin",
            LastName = $"{reader}",
            SecurityStamp = Secrets.Create(),
            CreatedAt = Now,
        };
        account.PasswordHash = new PasswordHasher<Account>().HashPassword(account, Password);
        db.Users.Add(account);
        await db.SaveChangesAsync();
        return account.Id;
    }

    private static async Task<Profile> Person(
        MusterDb db,
        string email,
        ProfileStatus status,
        long? account,
        (string First, string Last)? name = null
    )
    {
        var (first, last) = name ?? ("Robin", char.ToUpperInvariant(email[0]) + email[1..email.IndexOf('@', StringComparison.Ordinal)]);
        var profile = new Profile
        {
            WorkspaceId = Northwind,
            Id = await db.Reserve(Northwind, 1, default),
            AccountId = account,
            Email = email,
            EmailKey = email,
            FirstName = first,
            LastName = last,
            SortName = Names.SortKey(first, last),
            SearchText = Names.SearchText(first, last, email),
            Status = status,
            InvitedAt = Now.AddDays(-3),
            RegisteredAt = status == ProfileStatus.Active ? Now.AddDays(-2) : null,
        };
        db.Profiles.Add(profile);
        await db.SaveChangesAsync();
        return profile;
    }

    /// <summary>One attempt for each thing a list of courses can say.</summary>
    private static async Task Enrol(MusterDb db, long profile)
    {
        (EnrolmentStatus Status, int Starts, int? Ends)[] attempts =
        [
            (EnrolmentStatus.NotStarted, -1, null),
            (EnrolmentStatus.InProgress, -9, 30),
            (EnrolmentStatus.NotStarted, 14, null),
            (EnrolmentStatus.Completed, -90, null),
            (EnrolmentStatus.InProgress, -60, -2),
            (EnrolmentStatus.Withdrawn, -60, null),
        ];
        var courses = await db.Courses.Where(c => c.IsOpen).OrderBy(c => c.Title).Take(attempts.Length).ToListAsync();
        db.Enrolments.AddRange(
            courses.Zip(
                attempts,
                (course, attempt) =>
                    new Enrolment
                    {
                        WorkspaceId = Northwind,
                        ProfileId = profile,
                        CourseId = course.Id,
                        Attempt = 1,
                        Status = attempt.Status,
                        StartsOn = Today.AddDays(attempt.Starts),
                        ExpiresOn = attempt.Ends is { } ends ? Today.AddDays(ends) : null,
                        CreatedAt = Now.AddDays(-90),
                    }
            )
        );
        await db.SaveChangesAsync();
    }

    private async Task Invite(MusterDb db, string place, string email, int expires = 30, bool cancelled = false, bool accepted = false)
    {
        var status =
            cancelled ? ProfileStatus.Cancelled
            : accepted ? ProfileStatus.Active
            : ProfileStatus.Invited;
        var profile = await Person(db, email, status, null);
        var token = Secrets.CreateFor(profile.Id);
        places[place] = token;
        db.Invitations.Add(
            new()
            {
                WorkspaceId = Northwind,
                ProfileId = profile.Id,
                TokenHash = Secrets.Hash(token),
                SentCount = 1,
                LastSentAt = Now.AddDays(-2),
                ExpiresAt = Now.AddDays(expires),
                CancelledAt = cancelled ? Now : null,
                AcceptedAt = accepted ? Now : null,
            }
        );
        await db.SaveChangesAsync();
    }

    /// <summary>As a new customer finds it: the Site Admin, who is in none, and nothing else.</summary>
    private async Task MakeEmptyWorkspace(MusterDb db)
    {
        var id = await db.Reserve(IdBlock.Site, 1, default);
        places["empty"] = $"{id}";
        db.Workspaces.Add(
            new()
            {
                Id = id,
                Name = "Amalgamated Education and Training Services of Greater Manchester",
                CreatedAt = Now,
            }
        );
    }
}
