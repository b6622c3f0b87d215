using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.Learning;
using Muster.People;

namespace Muster.Tests;

/// <summary>Somebody else's hand in a workspace between two steps of an operation: a few changes drawn at random, each legal by itself.</summary>
/// <param name="world">Where.</param>
/// <param name="random">What is drawn from.</param>
/// <param name="isAboutProfiles">Whether people's details are changed as well, and invitations sent again.</param>
/// <param name="awaited">Addresses of nobody yet, whom somebody may invite by hand.</param>
internal sealed class RandomTouch(RandomWorld world, Random random, bool isAboutProfiles = false, IReadOnlyList<string>? awaited = null)
{
    private readonly List<string> log = [];
    private readonly Given given = world.Given;

    /// <summary>What was done, for whoever reads a failure.</summary>
    public IReadOnlyList<string> Log => log;

    /// <summary>Changes a few things, or nothing.</summary>
    /// <param name="preferred">People who are looked at first, because the operation is about them.</param>
    /// <param name="mayStart">Whether people may start courses meanwhile.</param>
    public async Task Some(IReadOnlyList<long> preferred, bool mayStart)
    {
        for (var i = random.Next(12); i > 0; i--)
        {
            await using var db = given.Database.Open(given.Workspace);
            var id = preferred.Count > 0 && random.Next(3) > 0 ? preferred[random.Next(preferred.Count)] : given.Self.Id;
            var person =
                id != given.Self.Id
                    ? await db.Profiles.SingleAsync(p => p.Id == id)
                    : await db.Profiles.OrderBy(p => p.Id).Skip(random.Next(20)).FirstAsync();
            var done = await One(db, person, mayStart);
            if (done is not null)
            {
                await db.SaveChangesAsync();
                log.Add($"person {person.Id} {done}");
            }
        }
    }

    private async Task<string?> One(MusterDb db, Profile person, bool mayStart)
    {
        var group = world.Groups[random.Next(world.Groups.Count)];
        var course = world.Courses[random.Next(world.Courses.Count)];
        var isHere = person.Status is ProfileStatus.Active or ProfileStatus.Invited;
        switch (random.Next(isAboutProfiles ? 14 : 10))
        {
            case 0 when isAboutProfiles:
                person.LastActiveAt = given.Now;
                return "signs in";
            case 0:
                // Neither a visit nor another name is a change to what any action writes.
                (person.LastActiveAt, person.FirstName) = (given.Now, $"{person.FirstName}'");
                return "signs in and is renamed";
            case 1 when isHere && person.Role == ProfileRole.Learner:
                return await Archive(db, person);
            case 2 when person.Status == ProfileStatus.Invited && await HasLink(db, person):
                return await Accept(db, person);
            case 3 when person.Status == ProfileStatus.Invited:
                return await CancelInvitation(db, person);
            case 4 when isHere && !await db.Memberships.AnyAsync(m => m.ProfileId == person.Id && m.GroupId == group.Id):
                db.Add(
                    new Membership
                    {
                        WorkspaceId = given.Workspace,
                        ProfileId = person.Id,
                        GroupId = group.Id,
                        AddedAt = given.Now,
                    }
                );
                return $"joins {group.Id}";
            case 5 when await db.Memberships.FirstOrDefaultAsync(m => m.ProfileId == person.Id) is { } membership:
                db.Remove(membership);
                return $"leaves {membership.GroupId}";
            case 6 when isHere && await Open(db, person).AllAsync(e => e.CourseId != course.Id):
                return await Enrol(db, person, course);
            case 7 when await Open(db, person).FirstOrDefaultAsync() is { } open:
                (open.Status, open.CompletedAt, open.StartedAt) = (EnrolmentStatus.Completed, given.Now, given.Now);
                return $"completes {open.CourseId}";
            case 8 when mayStart && await Open(db, person).FirstOrDefaultAsync(e => e.Status == EnrolmentStatus.NotStarted) is { } waiting:
                (waiting.Status, waiting.StartedAt) = (EnrolmentStatus.InProgress, given.Now);
                return $"starts {waiting.CourseId}";
            case 9 when person.Status is ProfileStatus.Archived or ProfileStatus.Cancelled:
                return await ComeBack(db, person);
            case 10 when isHere:
                (person.FirstName, person.OperationId) = ($"{person.FirstName}'", null);
                return "is edited";
            case 11 when isHere && person.Role == ProfileRole.Learner:
                (person.ExpiresOn, person.OperationId) = (given.Today.AddDays(random.Next(-1, 3)), null);
                return $"has access until {person.ExpiresOn:O}";
            case 12 when person.Status == ProfileStatus.Invited:
                return await Resend(db, person);
            case 13 when awaited is { Count: > 0 }:
                return await Invite(db, awaited[random.Next(awaited.Count)]);
            default:
                return null;
        }
    }

    private async Task<string> Archive(MusterDb db, Profile person)
    {
        (person.Status, person.OperationId) = (ProfileStatus.Archived, null);
        foreach (var open in await Open(db, person).ToListAsync())
        {
            (open.Status, open.WithdrawnAt) = (EnrolmentStatus.Withdrawn, given.Now);
        }

        var invitation = await db.Invitations.SingleAsync(i => i.ProfileId == person.Id);
        (invitation.CancelledAt, invitation.OperationId) = (invitation.AcceptedAt is null ? given.Now : null, null);
        return "is archived";
    }

    private async Task<string> ComeBack(MusterDb db, Profile person)
    {
        (person.Status, person.OperationId) = (person.RegisteredAt is null ? ProfileStatus.Invited : ProfileStatus.Active, null);
        var invitation = await db.Invitations.SingleAsync(i => i.ProfileId == person.Id);
        if (person.RegisteredAt is null)
        {
            (invitation.TokenHash, invitation.CancelledAt, invitation.OperationId) = (
                $"afresh {invitation.SentCount} of {person.Id}",
                null,
                null
            );
            (invitation.LastSentAt, invitation.SentCount) = (given.Now.AddHours(-1), invitation.SentCount + 1);
        }

        return "comes back";
    }

    private async Task<string> Resend(MusterDb db, Profile person)
    {
        var invitation = await db.Invitations.SingleAsync(i => i.ProfileId == person.Id);
        (invitation.TokenHash, invitation.OperationId) = ($"resent {invitation.SentCount} to {person.Id}", null);
        (invitation.LastSentAt, invitation.SentCount, invitation.CancelledAt) = (given.Now, invitation.SentCount + 1, null);
        return "is sent another invitation";
    }

    private async Task<string?> Invite(MusterDb db, string email)
    {
        if (await db.Profiles.AnyAsync(p => p.EmailKey == email))
        {
            return null;
        }

        var id = await db.Reserve(given.Workspace, 1, default);
        db.Add(
            new Profile
            {
                WorkspaceId = given.Workspace,
                Id = id,
                Email = email,
                EmailKey = email,
                FirstName = "By",
                LastName = "Hand",
                SortName = Names.SortKey("By", "Hand"),
                SearchText = Names.SearchText("By", "Hand", email),
                Status = ProfileStatus.Invited,
                InvitedAt = given.Now,
            }
        );
        await db.SaveChangesAsync();
        db.Add(
            new Invitation
            {
                WorkspaceId = given.Workspace,
                ProfileId = id,
                TokenHash = $"by hand {id}",
                SentCount = 1,
                LastSentAt = given.Now,
                ExpiresAt = given.Now.AddDays(30),
            }
        );
        return $"sees {email} invited by hand";
    }

    private async Task<string> Accept(MusterDb db, Profile person)
    {
        (person.Status, person.RegisteredAt, person.OperationId) = (ProfileStatus.Active, given.Now, null);
        var invitation = await db.Invitations.SingleAsync(i => i.ProfileId == person.Id);
        (invitation.TokenHash, invitation.AcceptedAt, invitation.OperationId) = (null, given.Now, null);
        return "accepts";
    }

    private static Task<bool> HasLink(MusterDb db, Profile person) =>
        db.Invitations.AnyAsync(i => i.ProfileId == person.Id && i.AcceptedAt == null && i.CancelledAt == null);

    private async Task<string> CancelInvitation(MusterDb db, Profile person)
    {
        (person.Status, person.OperationId) = (ProfileStatus.Cancelled, null);
        var invitation = await db.Invitations.SingleAsync(i => i.ProfileId == person.Id);
        (invitation.CancelledAt, invitation.OperationId) = (given.Now, null);
        foreach (var open in await Open(db, person).ToListAsync())
        {
            (open.Status, open.WithdrawnAt) = (EnrolmentStatus.Withdrawn, given.Now);
        }

        return "is uninvited";
    }

    private async Task<string> Enrol(MusterDb db, Profile person, Course course)
    {
        var attempts = await db.Enrolments.Where(e => e.ProfileId == person.Id && e.CourseId == course.Id).ToListAsync();
        foreach (var runOut in attempts.Where(e => e.Status < EnrolmentStatus.Completed))
        {
            runOut.Status = EnrolmentStatus.Expired;
        }

        await db.SaveChangesAsync();
        db.Add(
            new Enrolment
            {
                WorkspaceId = given.Workspace,
                ProfileId = person.Id,
                CourseId = course.Id,
                Attempt = 1 + attempts.Select(e => e.Attempt).DefaultIfEmpty().Max(),
                StartsOn = given.Today,
                CreatedAt = given.Now,
            }
        );
        return $"is enrolled in {course.Id}";
    }

    private IQueryable<Enrolment> Open(MusterDb db, Profile person) =>
        db
            .Enrolments.Where(e =>
                e.ProfileId == person.Id && e.Status < EnrolmentStatus.Completed && (e.ExpiresOn == null || e.ExpiresOn >= given.Today)
            )
            .OrderBy(e => e.CourseId);
}
