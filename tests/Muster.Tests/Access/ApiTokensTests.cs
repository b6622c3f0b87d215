using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Muster.Access;
using Muster.People;
using Xunit;

namespace Muster.Tests;

public sealed class ApiTokensTests(PostgresServer postgres)
{
    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_token_works_until_it_is_revoked_and_only_its_hash_is_kept(DatabaseKind kind)
    {
        await using var site = await TestSite.Start(kind, postgres);
        var tokens = site.Services.GetRequiredService<ApiTokens>();
        var by = Actors.CommandLine(1);

        var made = await tokens.Create(by, "Import", ProfileRole.Admin, null, null, CancellationToken.None);
        var actor = await tokens.Find(made.Text, CancellationToken.None);

        Assert.Matches("^mst_1_[A-Za-z0-9_-]{43}$", made.Text);
        Assert.Equal(new(1, Rank.Admin, null, null, made.Id), actor);
        await using var db = site.Open();
        Assert.Equal(Secrets.Hash(made.Text), (await db.ApiTokens.SingleAsync()).TokenHash);

        Assert.True(await tokens.Revoke(by, made.Id, null, CancellationToken.None));
        Assert.False(await tokens.Revoke(by, made.Id, null, CancellationToken.None));
        Assert.Null(await tokens.Find(made.Text, CancellationToken.None));
        Assert.Equal(
            ["token.created", "token.revoked"],
            await db.Audit.OrderBy(entry => entry.Id).Select(entry => entry.Event).ToListAsync()
        );
    }

    [Fact]
    public async Task A_token_ends_with_its_time()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        var tokens = site.Services.GetRequiredService<ApiTokens>();
        var made = await tokens.Create(
            Actors.CommandLine(1),
            "Import",
            ProfileRole.Admin,
            site.Now.AddMinutes(1),
            null,
            CancellationToken.None
        );

        Assert.NotNull(await tokens.Find(made.Text, CancellationToken.None));
        site.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await tokens.Find(made.Text, CancellationToken.None));
    }

    [Theory]
    [InlineData("mst_2_")]
    [InlineData("mst_1_x")]
    [InlineData("mst_-1_")]
    [InlineData("")]
    public async Task A_token_changed_in_any_way_is_none(string prefix)
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        var tokens = site.Services.GetRequiredService<ApiTokens>();
        var made = await tokens.Create(Actors.CommandLine(1), "Import", ProfileRole.Admin, null, null, CancellationToken.None);

        Assert.Null(await tokens.Find(prefix + made.Text["mst_1_".Length..], CancellationToken.None));
    }

    [Fact]
    public async Task Only_admins_make_tokens()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        var tokens = site.Services.GetRequiredService<ApiTokens>();
        var manager = new Actor(1, Rank.Manager, 1, 1, null);

        await Assert.ThrowsAsync<UnauthorizedAccessException>(() =>
            tokens.Create(manager, "Import", ProfileRole.Learner, null, null, CancellationToken.None)
        );
    }
}
