using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.Learning;
using Muster.Mail;

namespace Muster.Tests;

/// <summary>Reads a workspace of the database into memory.</summary>
internal static class WorldReading
{
    /// <summary>The workspace as it stands.</summary>
    public static async Task<World> Read(TestDatabase database, Given given)
    {
        var ws = given.Workspace;
        await using var db = database.Open(ws);
        var settings = await db.Workspaces.AsNoTracking().SingleAsync(w => w.Id == ws);
        var groups = (await db.Memberships.AsNoTracking().ToListAsync()).ToLookup(m => m.ProfileId);
        var attempts = (await db.Enrolments.AsNoTracking().ToListAsync()).ToLookup(e => e.ProfileId);
        var invitations = (await db.Invitations.AsNoTracking().ToListAsync()).ToDictionary(i => i.ProfileId);
        var letters = await db.Outbox.AsNoTracking().Where(m => m.Purpose == MessagePurpose.Invitation).ToListAsync();
        var mail = letters.ToDictionary(m => (m.ProfileId, m.CreatedAt), m => (MessageStatus?)m.Status);
        var managed = (await db.ManagedUnits.AsNoTracking().ToListAsync()).ToLookup(m => m.ProfileId, m => m.UnitId);
        var values = (await db.FieldValues.AsNoTracking().ToListAsync()).ToLookup(v => v.ProfileId);
        var siteAdmins = (await db.Users.AsNoTracking().Where(a => a.IsSiteAdmin).Select(a => (long?)a.Id).ToListAsync()).ToHashSet();
        var people = (await db.Profiles.AsNoTracking().ToListAsync()).Select(p => new ModelPerson(
            p.Id,
            p.SortName,
            p.Email,
            p.Status,
            p.Role,
            p.AccountId is not null && siteAdmins.Contains(p.AccountId),
            p.RegisteredAt is not null,
            p.ExpiresOn,
            p.OperationId,
            groups[p.Id].ToImmutableSortedDictionary(m => m.GroupId, m => m.OperationId),
            [
                .. attempts[p.Id]
                    .Select(e => new ModelAttempt(
                        e.CourseId,
                        e.Attempt,
                        e.Status,
                        e.StartsOn,
                        e.ExpiresOn,
                        e.OperationId,
                        e.EndedByOperationId
                    )),
            ],
            invitations.TryGetValue(p.Id, out var i)
                ? new(
                    i.TokenHash,
                    i.SentCount,
                    i.LastSentAt,
                    i.ExpiresAt,
                    i.AcceptedAt is not null,
                    i.CancelledAt is not null,
                    mail.GetValueOrDefault((i.ProfileId, i.LastSentAt))
                )
                : null,
            new(
                p.FirstName,
                p.LastName,
                p.UnitId,
                ModelRow.Words(managed[p.Id]),
                ModelRow.Words(values[p.Id].ToDictionary(v => v.FieldId, v => v.Text ?? $"{v.Date:O}"))
            )
        ));
        var courses = await db.Courses.AsNoTracking().ToListAsync();
        return new(
            given.Today,
            given.Now,
            settings.ResendMinutes,
            settings.InvitationDays,
            people.ToImmutableSortedDictionary(p => p.Id, p => p),
            courses.ToImmutableSortedDictionary(c => c.Id, c => new ModelCourse(c.Id, c.Seats, c.IsOpen)),
            await Rules(db),
            (await db.Units.AsNoTracking().ToListAsync()).ToImmutableSortedDictionary(u => u.Id, u => u.Path)
        );
    }

    private static async Task<ImmutableList<ModelRule>> Rules(MusterDb db)
    {
        var targets = (await db.RuleTargets.AsNoTracking().ToListAsync()).ToLookup(t => t.RuleId, t => t.TargetId);
        var courses = (await db.RuleCourses.AsNoTracking().ToListAsync()).ToLookup(c => c.RuleId, c => c.CourseId);
        ImmutableList<long> Targets(AutoEnrolmentRule rule, RuleTargetKind kind) => rule.TargetKind == kind ? [.. targets[rule.Id]] : [];
        return
        [
            .. (await db.Rules.AsNoTracking().ToListAsync()).Select(r => new ModelRule(
                r.IsActive,
                Targets(r, RuleTargetKind.Groups),
                Targets(r, RuleTargetKind.Units),
                [.. courses[r.Id]]
            )),
        ];
    }
}
