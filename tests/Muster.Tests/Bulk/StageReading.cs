using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.Learning;
using Muster.Mail;
using Muster.People;

namespace Muster.Tests;

/// <summary>What stands in a stage's workspace, by the names of its people and courses.</summary>
internal static class StageReading
{
    /// <summary>Somebody by last name.</summary>
    public static async Task<Profile> Person(Stage stage, string name)
    {
        await using var db = stage.Database.Open(stage.Given.Workspace);
        return await db.Profiles.AsNoTracking().SingleAsync(p => p.LastName == name);
    }

    /// <summary>"Course Status" of each attempt.</summary>
    public static async Task<List<string>> Attempts(Stage stage, string name = "Ann")
    {
        await using var db = stage.Database.Open(stage.Given.Workspace);
        var attempts =
            from e in db.Enrolments
            join p in db.Profiles on e.ProfileId equals p.Id
            join c in db.Courses on e.CourseId equals c.Id
            where p.LastName == name
            orderby c.Title, e.Attempt
            select new { c.Title, e.Status };
        return [.. (await attempts.ToListAsync()).Select(a => $"{a.Title} {a.Status}")];
    }

    /// <summary>The seats left at each course that has a limit.</summary>
    public static async Task<IReadOnlyList<(string Course, long Free)>> Free(Stage stage)
    {
        await using var db = stage.Database.Open(stage.Given.Workspace);
        var free = new List<(string, long)>();
        foreach (var course in await db.Courses.Where(c => c.Seats != null).OrderBy(c => c.Title).ToListAsync())
        {
            free.Add((course.Title, (await Seats.Free(db, course.WorkspaceId, course.Id, stage.Given.Today, default))!.Value));
        }

        return free;
    }

    /// <summary>Everybody's invitation.</summary>
    public static Task<Dictionary<string, Invitation>> Invitations(MusterDb db) =>
        (
            from i in db.Invitations
            join p in db.Profiles on i.ProfileId equals p.Id
            select new { p.LastName, Invitation = i }
        ).ToDictionaryAsync(i => i.LastName, i => i.Invitation);

    /// <summary>Whose message stands where, and whether its secret is still kept.</summary>
    public static async Task<IReadOnlyList<(string Name, MessageStatus Status, string? Secret)>> Messages(MusterDb db) =>
        [
            .. (
                await (
                    from m in db.Outbox
                    join p in db.Profiles on m.ProfileId equals p.Id
                    orderby p.LastName
                    select new
                    {
                        p.LastName,
                        m.Status,
                        Kept = m.Secret != null,
                    }
                ).ToListAsync()
            ).Select(m => (m.LastName, m.Status, m.Kept ? "kept" : null)),
        ];
}
