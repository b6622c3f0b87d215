using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.People;

namespace Muster.Bench;

/// <summary>Reads the users list's first page and a page in its middle, again and again, while an operation runs.</summary>
public sealed class ListReader(Databases databases, long workspace, UserFilter filter, DateOnly today)
{
    private const int PageSize = 50;
    private readonly List<double> first = [];
    private readonly List<double> deep = [];
    private (string SortName, long Id) middle;

    /// <summary>Finds the middle of the list, and reads each page once so that nothing is compiled while it is measured.</summary>
    public async Task Prepare(int users, CancellationToken ct)
    {
        await using var db = databases.Open(workspace);
        var found = await db.Users(workspace, filter, today)
            .InListOrder()
            .Skip(users / 2)
            .Select(p => new { p.SortName, p.Id })
            .FirstAsync(ct);
        middle = (found.SortName, found.Id);
        await Page(null, 0, ct);
        await Page(middle.SortName, middle.Id, ct);
    }

    public async Task Run(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            first.Add(await Page(null, 0, CancellationToken.None));
            deep.Add(await Page(middle.SortName, middle.Id, CancellationToken.None));
            await Task.Delay(250, CancellationToken.None);
        }
    }

    public PageTimes Times => new(At(first, 0.5), At(first, 0.95), At(deep, 0.5), At(deep, 0.95), first.Count);

    private async Task<double> Page(string? sortName, long id, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        await using var db = databases.Open(workspace);
        await db.Users(workspace, filter, today).InListOrder(sortName, id).Take(PageSize + 1).AsNoTracking().ToListAsync(ct);
        return clock.Elapsed.TotalMilliseconds;
    }

    private static double At(List<double> times, double share) =>
        times.Count == 0 ? 0 : times.Order().ElementAt(Math.Min(times.Count - 1, (int)(times.Count * share)));
}

/// <summary>Milliseconds of list pages.</summary>
public sealed record PageTimes(double FirstP50, double FirstP95, double DeepP50, double DeepP95, int Reads);
