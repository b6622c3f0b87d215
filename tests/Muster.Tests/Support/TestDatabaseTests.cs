using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Xunit;

namespace Muster.Tests;

public sealed class TestDatabaseTests(PostgresServer postgres)
{
    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Every_test_has_a_migrated_database_of_its_own(DatabaseKind kind)
    {
        await using var first = await TestDatabase.Create(kind, postgres);
        await using var second = await TestDatabase.Create(kind, postgres);
        await using var here = first.Open();
        await using var there = second.Open();

        Assert.True(await Schema.IsCurrent(here, CancellationToken.None));
        Assert.Equal(1, await here.Reserve(1, 5, CancellationToken.None));
        Assert.Equal(6, await here.Reserve(1, 5, CancellationToken.None));

        Assert.Equal(1, await here.IdBlocks.IgnoreQueryFilters().CountAsync(CancellationToken.None));
        Assert.Equal(0, await there.IdBlocks.IgnoreQueryFilters().CountAsync(CancellationToken.None));
    }
}
