using Microsoft.EntityFrameworkCore;
using Muster.Bulk;

namespace Muster.Learning;

/// <summary>The courses that an action's parameters name.</summary>
internal static class Courses
{
    /// <summary>Those of these that the workspace has, in id order.</summary>
    public static Task<List<Course>> Of(OperationContext context, IReadOnlyList<long> courses, CancellationToken ct)
    {
        var (workspaceId, asked) = (context.WorkspaceId, courses.Distinct().ToList());
        return context
            .Db.Courses.AsNoTracking()
            .Where(c => c.WorkspaceId == workspaceId && asked.Contains(c.Id))
            .OrderBy(c => c.Id)
            .ToListAsync(ct);
    }

    /// <summary>Their ids as a query, for <see cref="OperationContext.SubjectsOf"/>.</summary>
    public static IQueryable<long> Ids(OperationContext context, IReadOnlyList<long> courses)
    {
        var (workspaceId, asked) = (context.WorkspaceId, courses.Distinct().ToList());
        return context.Db.Courses.Where(c => c.WorkspaceId == workspaceId && asked.Contains(c.Id)).Select(c => c.Id);
    }

    /// <summary>Refuses courses that the workspace does not have.</summary>
    /// <exception cref="ParametersException">Names them.</exception>
    public static async Task Check(OperationContext context, IReadOnlyList<long> courses, CancellationToken ct)
    {
        var known = await Of(context, courses, ct);
        if (courses.Distinct().Except(known.Select(c => c.Id)).ToList() is { Count: > 0 } missing)
        {
            throw new ParametersException("courses", $"There is no course {string.Join(", ", missing)} in this workspace.");
        }
    }
}
