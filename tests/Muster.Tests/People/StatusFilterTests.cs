using Microsoft.EntityFrameworkCore;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>The status filter is written for partial indexes; whatever is asked for, it finds the people a plain reading of the filter would.</summary>
public sealed class StatusFilterTests(PostgresServer postgres)
{
    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Every_combination_of_statuses_finds_whom_it_names(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, EveryStatusWithEveryEndDate);
        await using var db = stage.Database.Open(stage.Given.Workspace);
        var (all, today) = (stage.Given.All, stage.Given.Today);

        for (var bits = 0; bits < 32; bits++)
        {
            var asked = Enum.GetValues<StatusFilter>().Where(status => (bits & (1 << (int)status)) != 0).Reverse().ToList();
            var found = await db.Users(stage.Given.Workspace, new() { Status = [.. asked, .. asked] }, today)
                .InListOrder()
                .Select(p => p.Id)
                .ToListAsync();

            var expected = all.Where(p => asked.Count == 0 || asked.Contains(StandingOf(p, today))).Select(p => p.Id);
            Assert.True(expected.SequenceEqual(found), $"{string.Join(", ", asked)}: {string.Join(", ", found)}");
        }
    }

    private static StatusFilter StandingOf(Profile person, DateOnly today) =>
        person is { Status: ProfileStatus.Active, ExpiresOn: { } end } && end < today
            ? StatusFilter.Expired
            : (StatusFilter)(int)person.Status;

    private static void EveryStatusWithEveryEndDate(Given given)
    {
        foreach (var kind in new[] { Kind.Invited, Kind.Active, Kind.Archived, Kind.Cancelled })
        {
            foreach (var days in new int?[] { null, -400, -1, 0, 1 })
            {
                given.Person(kind).ExpiresOn = days is { } d ? given.Today.AddDays(d) : null;
            }
        }
    }
}
