using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Learning;

namespace Muster.People;

/// <summary>The numbers beside an invitation's preview: e-mails, and the enrolments that acceptance will bring by group and unit rules.</summary>
internal static class InvitationEffects
{
    public static async Task<Preview> Of(OperationContext context, CancellationToken ct)
    {
        var effects = new List<Effect> { new("emails", "Invitations sent by e-mail", await context.Items.LongCountAsync(ct)) };
        var warnings = new List<string>();
        foreach (var (courseId, title, count) in await Courses(context, ct))
        {
            effects.Add(new("enrolments-on-acceptance", $"Enrolments in {title} on acceptance", count, courseId, title));
            if (await Seats.Free(context, courseId, ct) is { } free && free < count)
            {
                warnings.Add(
                    $"{title} has {free:N0} free {(free == 1 ? "seat" : "seats")} for {count:N0} people: those who accept after it is full join without this enrolment."
                );
            }
        }

        return new(effects, warnings);
    }

    /// <summary>Each open course that an active rule gives to invited people, and to how many; two rules naming one course make one enrolment.</summary>
    private static async Task<IReadOnlyList<(long Id, string Title, long Count)>> Courses(OperationContext context, CancellationToken ct)
    {
        var (db, workspaceId, operationId, today) = (context.Db, context.WorkspaceId, context.OperationId, context.Today);
        var byGroup =
            from item in context.Items
            join g in db.InvitationRowGroups
                on new
                {
                    item.WorkspaceId,
                    item.OperationId,
                    item.Ordinal,
                } equals new
                {
                    g.WorkspaceId,
                    g.OperationId,
                    g.Ordinal,
                }
            join course in AutoEnrolment.CoursesOf(db, workspaceId) on g.GroupId equals course.GroupId
            select new { course.CourseId, item.ProfileId };
        var unitCourses =
            from rule in db.Rules
            join target in db.RuleTargets on new { rule.WorkspaceId, rule.Id } equals new { target.WorkspaceId, Id = target.RuleId }
            join rc in db.RuleCourses on new { rule.WorkspaceId, rule.Id } equals new { rc.WorkspaceId, Id = rc.RuleId }
            join course in db.Courses on new { rc.WorkspaceId, Id = rc.CourseId } equals new { course.WorkspaceId, course.Id }
            where rule.WorkspaceId == workspaceId && rule.IsActive && rule.TargetKind == RuleTargetKind.Units && course.IsOpen
            select new { target.TargetId, CourseId = course.Id };
        var byUnit =
            from item in context.Items
            join row in db.InvitationRows
                on new
                {
                    item.WorkspaceId,
                    item.OperationId,
                    item.Ordinal,
                } equals new
                {
                    row.WorkspaceId,
                    row.OperationId,
                    row.Ordinal,
                }
            join above in db.UnitAncestors
                on new { row.WorkspaceId, UnitId = row.UnitId ?? 0 } equals new { above.WorkspaceId, above.UnitId }
            join course in unitCourses on above.AncestorId equals course.TargetId
            select new { course.CourseId, item.ProfileId };
        var attempts = db.Enrolments.OpenOn(workspaceId, today);
        var counted = await byGroup
            .Union(byUnit)
            .Where(pair => !attempts.Any(e => e.ProfileId == pair.ProfileId && e.CourseId == pair.CourseId))
            .GroupBy(pair => pair.CourseId)
            .Select(course => new { Id = course.Key, Count = course.LongCount() })
            .ToListAsync(ct);
        var ids = counted.Select(course => course.Id).ToList();
        var titles = await db
            .Courses.Where(course => course.WorkspaceId == workspaceId && ids.Contains(course.Id))
            .ToDictionaryAsync(course => course.Id, course => course.Title, ct);
        return
        [
            .. counted
                .Select(course => (course.Id, Title: titles[course.Id], course.Count))
                .OrderBy(course => course.Title, StringComparer.Ordinal),
        ];
    }
}
