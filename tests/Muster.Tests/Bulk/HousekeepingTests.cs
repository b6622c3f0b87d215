using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Muster.Bulk;
using Xunit;

namespace Muster.Tests;

/// <summary>What goes by itself, and what becomes no operation at all.</summary>
public sealed class HousekeepingTests(PostgresServer postgres)
{
    private static readonly Plan Everybody = new("{}", new() { Filter = new() });

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ORDER-4")]
    public async Task An_operation_that_nobody_confirmed_goes_after_a_day_and_a_confirmed_one_stays(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres);
        var (admin, pipeline, clock) = (stage.Given.Admin, stage.Pipeline, stage.Given.Clock);
        await using var services = stage.Database.Services(clock);
        var housekeeping = ActivatorUtilities.CreateInstance<Housekeeping>(services);
        var confirmed = await pipeline.Run(admin, await pipeline.Preview(admin, "archive-profiles", Everybody));
        var forgotten = await pipeline.Preview(admin, "archive-profiles", Everybody);
        async Task<List<long>> Left()
        {
            await housekeeping.Tidy(CancellationToken.None);
            await using var db = stage.Database.Open(stage.Given.Workspace);
            var withItems = await db.OperationItems.Select(i => i.OperationId).Distinct().ToListAsync();
            var left = await db.Operations.Select(o => o.Id).Order().ToListAsync();
            Assert.Equal(left, withItems.Order());
            return left;
        }

        clock.Advance(TimeSpan.FromHours(23));
        Assert.Equal([confirmed.Id, forgotten.Id], await Left());

        clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal([confirmed.Id], await Left());
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("EXPORT-8")]
    public async Task An_export_begins_no_operation_and_says_where_the_download_is(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres);

        var refused = await Assert.ThrowsAsync<ParametersException>(() =>
            stage.Pipeline.Begin(stage.Given.Admin, "export-users", Everybody)
        );

        Assert.Contains("users.csv", Assert.Single(refused.Errors["action"]), StringComparison.Ordinal);
        await using var db = stage.Database.Open(stage.Given.Workspace);
        Assert.Empty(await db.Operations.ToListAsync());
    }
}
