using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.Learning;

namespace Muster.Web;

/// <summary>What the forms of actions offer, and what their parameters so far have chosen.</summary>
public static class Choices
{
    /// <summary>The ids under a name in parameters; none where they cannot be read.</summary>
    public static IReadOnlySet<long> Chosen(string json, string name)
    {
        using var parameters = JsonDocument.Parse(json);
        return parameters.RootElement.TryGetProperty(name, out var ids) && ids.ValueKind == JsonValueKind.Array
            ? ids.EnumerateArray()
                .Where(id => id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out _))
                .Select(id => id.GetInt64())
                .ToHashSet()
            : [];
    }

    /// <summary>Every group by name, with its members and active auto-enrolments.</summary>
    public static async Task<IReadOnlyList<Choice>> Groups(MusterDb db, long workspaceId, bool withRules, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        var groups = await db
            .Groups.Where(g => g.WorkspaceId == workspaceId)
            .OrderBy(g => g.NameKey)
            .Select(g => new
            {
                g.Id,
                g.Name,
                Members = db.Memberships.Count(m => m.WorkspaceId == workspaceId && m.GroupId == g.Id),
                Rules = db.RuleTargets.Count(t =>
                    t.WorkspaceId == workspaceId
                    && t.TargetId == g.Id
                    && db.Rules.Any(r => r.WorkspaceId == workspaceId && r.Id == t.RuleId && r.IsActive)
                ),
            })
            .ToListAsync(ct);
        return
        [
            .. groups.Select(g => new Choice(
                g.Id,
                g.Name,
                Words.Count(g.Members, "member") + (withRules && g.Rules > 0 ? $", {Words.Count(g.Rules, "auto-enrolment")}" : "")
            )),
        ];
    }

    /// <summary>Every course by title, with the people enrolled and the seats left today.</summary>
    /// <param name="db">The database.</param>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="today">Today in its zone.</param>
    /// <param name="forEnrolment">Closed courses cannot be chosen.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<IReadOnlyList<Choice>> Courses(
        MusterDb db,
        long workspaceId,
        DateOnly today,
        bool forEnrolment,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(db);
        var courses = await db.Courses.AsNoTracking().Where(c => c.WorkspaceId == workspaceId).OrderBy(c => c.Title).ToListAsync(ct);
        var open = await db
            .Enrolments.OpenOn(workspaceId, today)
            .GroupBy(e => e.CourseId)
            .Select(g => new { g.Key, Count = g.LongCount() })
            .ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        return
        [
            .. courses.Select(c => new Choice(
                c.Id,
                c.Title,
                $"{Words.Number(open.GetValueOrDefault(c.Id))} enrolled"
                    + (c.Seats is { } seats ? $", {Words.Count(Math.Max(0, seats - open.GetValueOrDefault(c.Id)), "seat")} left" : "")
                    + (c.IsOpen ? "" : ", closed"),
                forEnrolment && !c.IsOpen
            )),
        ];
    }
}
