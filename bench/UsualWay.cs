using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;
using Muster.Learning;
using Muster.Mail;
using Muster.People;

namespace Muster.Bench;

/// <summary>
/// What a back office usually does: loads people as entities, changes them, saves. The same rows of the main tables, without preview, items, audit log or undo.
/// </summary>
/// <param name="store">Where.</param>
/// <param name="ground">The workspace.</param>
/// <param name="action">What.</param>
/// <param name="operation">The previewed operation, whose people are changed.</param>
public sealed class UsualWay(Store store, Ground ground, MeasuredAction action, long operation)
{
    /// <summary>Users of a batch that is saved at once.</summary>
    public const int Batch = 1000;

    /// <summary>Most users who are saved one by one; the time of more is taken to be in proportion.</summary>
    public const int Sample = 2000;

    private readonly long workspace = ground.Workspace;

    public static bool Knows(MeasuredAction action) =>
        action
            is MeasuredAction.Add
                or MeasuredAction.Enrol
                or MeasuredAction.Withdraw
                or MeasuredAction.Archive
                or MeasuredAction.Reactivate;

    /// <summary>Changes a copy of the database.</summary>
    /// <param name="database">The copy, as the preview left it.</param>
    /// <param name="perSave">Users saved at once.</param>
    /// <param name="most">No more users than these.</param>
    /// <returns>Seconds for all of the operation's users, in proportion where there are more than <paramref name="most"/>.</returns>
    public async Task<double> Seconds(string database, int perSave, int most = int.MaxValue)
    {
        await using var db = store.Open(database, workspace);
        db.Database.SetCommandTimeout(0);
        var people = await db
            .OperationItems.Where(i => i.WorkspaceId == workspace && i.OperationId == operation && i.Verdict == Verdict.WillChange)
            .Select(i => i.ProfileId)
            .Distinct()
            .OrderBy(id => id)
            .ToListAsync();
        await WarmUp(db, [.. people.Take(perSave)]);
        var sample = people.Take(most).ToList();
        var clock = Stopwatch.StartNew();
        foreach (var batch in sample.Chunk(perSave))
        {
            await Change(db, [.. batch]);
            await db.SaveChangesAsync();
            db.ChangeTracker.Clear();
        }

        return clock.Elapsed.TotalSeconds * people.Count / sample.Count;
    }

    private async Task WarmUp(MusterDb db, List<long> people)
    {
        await using var transaction = await db.Database.BeginTransactionAsync();
        await Change(db, people);
        await db.SaveChangesAsync();
        await transaction.RollbackAsync();
        db.ChangeTracker.Clear();
    }

    private Task Change(MusterDb db, List<long> ids) =>
        action switch
        {
            MeasuredAction.Add => Add(db, ids),
            MeasuredAction.Enrol => Enrol(db, ids),
            MeasuredAction.Withdraw => Withdraw(db, ids),
            MeasuredAction.Archive => Archive(db, ids),
            MeasuredAction.Reactivate => Reactivate(db, ids),
            _ => throw new InvalidOperationException($"{action} has no usual way here."),
        };

    private async Task Add(MusterDb db, List<long> ids)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var people = await People(db, ids);
        var attempts = await Attempts(db, ids, ground.Courses[0]);
        var rule = await db
            .RuleCourses.Where(c => c.WorkspaceId == workspace && c.CourseId == ground.Courses[0])
            .Select(c => c.RuleId)
            .SingleAsync();
        foreach (var person in people)
        {
            db.Memberships.AddRange(
                ground
                    .Groups.Take(2)
                    .Select(group => new Membership
                    {
                        WorkspaceId = workspace,
                        ProfileId = person.Id,
                        GroupId = group,
                        AddedAt = now,
                        OperationId = operation,
                    })
            );
            if (person.Status == ProfileStatus.Active && attempts[person.Id].All(e => e.Status >= EnrolmentStatus.Completed))
            {
                db.Enrolments.Add(Attempt(person.Id, attempts[person.Id], now, rule));
            }
        }
    }

    private async Task Enrol(MusterDb db, List<long> ids)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var people = await People(db, ids);
        var attempts = await Attempts(db, ids, ground.Courses[0]);
        db.Enrolments.AddRange(people.Select(person => Attempt(person.Id, attempts[person.Id], now, null)));
    }

    private async Task Withdraw(MusterDb db, List<long> ids)
    {
        var courses = ground.Courses.Take(2).ToList();
        End(await Open(db, ids).Where(e => courses.Contains(e.CourseId)).ToListAsync());
    }

    private async Task Archive(MusterDb db, List<long> ids)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        End(await Open(db, ids).ToListAsync());
        var invitations = db.Invitations.Where(i =>
            i.WorkspaceId == workspace && i.AcceptedAt == null && i.CancelledAt == null && ids.Contains(i.ProfileId)
        );
        foreach (var invitation in await invitations.ToListAsync())
        {
            (invitation.CancelledAt, invitation.OperationId) = (now, operation);
        }

        var messages = db.Outbox.Where(m =>
            m.WorkspaceId == workspace
            && m.Purpose == MessagePurpose.Invitation
            && m.Status == MessageStatus.Waiting
            && ids.Contains(m.ProfileId)
        );
        foreach (var message in await messages.ToListAsync())
        {
            (message.Status, message.Secret) = (MessageStatus.Suppressed, null);
        }

        foreach (var person in await People(db, ids))
        {
            (person.Status, person.OperationId) = (ProfileStatus.Archived, operation);
        }
    }

    private async Task Reactivate(MusterDb db, List<long> ids)
    {
        foreach (var person in await People(db, ids))
        {
            (person.Status, person.OperationId) = (person.RegisteredAt is null ? ProfileStatus.Invited : ProfileStatus.Active, operation);
        }
    }

    private Task<List<Profile>> People(MusterDb db, List<long> ids) =>
        db.Profiles.Where(p => p.WorkspaceId == workspace && ids.Contains(p.Id)).ToListAsync();

    private IQueryable<Enrolment> Open(MusterDb db, List<long> ids) =>
        db.Enrolments.Where(e => e.WorkspaceId == workspace && e.Status < EnrolmentStatus.Completed && ids.Contains(e.ProfileId));

    private async Task<ILookup<long, Enrolment>> Attempts(MusterDb db, List<long> ids, long course)
    {
        var attempts = db.Enrolments.Where(e => e.WorkspaceId == workspace && e.CourseId == course && ids.Contains(e.ProfileId));
        return (await attempts.AsNoTracking().ToListAsync()).ToLookup(e => e.ProfileId);
    }

    private Enrolment Attempt(long person, IEnumerable<Enrolment> before, DateTime now, long? rule) =>
        new()
        {
            WorkspaceId = workspace,
            ProfileId = person,
            CourseId = ground.Courses[0],
            Attempt = before.Select(e => e.Attempt).DefaultIfEmpty().Max() + 1,
            StartsOn = DateOnly.FromDateTime(now),
            CreatedAt = now,
            OperationId = operation,
            RuleId = rule,
        };

    private void End(List<Enrolment> attempts)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        foreach (var attempt in attempts)
        {
            (attempt.StatusBeforeEnd, attempt.Status) = (attempt.Status, EnrolmentStatus.Withdrawn);
            (attempt.WithdrawnAt, attempt.EndedByOperationId) = (now, operation);
        }
    }
}
