using Npgsql;
using Xunit;

namespace Muster.Tests;

public sealed class PostgresServerTests(PostgresServer postgres)
{
    [Fact]
    public async Task Databases_are_fresh_and_apart_and_their_role_is_no_superuser()
    {
        var first = await postgres.CreateDatabase();
        var second = await postgres.CreateDatabase();

        await Execute(first, "CREATE TABLE only_here (id bigint)");

        Assert.Equal(false, await Execute(second, "SELECT to_regclass('only_here') IS NOT NULL"));
        Assert.Equal(false, await Execute(first, "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"));
        await postgres.DropDatabase(first);
        await Assert.ThrowsAsync<PostgresException>(() => Execute(first, "SELECT 1"));
    }

    [Fact]
    public async Task Extensions_the_product_needs_can_be_made_by_its_own_role()
    {
        var database = await postgres.CreateDatabase();

        await Execute(database, "CREATE EXTENSION pg_trgm; CREATE EXTENSION btree_gin");

        Assert.Equal(1L, await Execute(database, "SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'"));
    }

    [Fact]
    public async Task A_template_is_prepared_once_and_its_copies_are_apart()
    {
        var prepared = 0;
        async Task Prepare(string database)
        {
            Interlocked.Increment(ref prepared);
            await Execute(database, "CREATE TABLE people (name text); INSERT INTO people VALUES ('Ann')");
        }

        var copies = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => postgres.CreateDatabase("server tests", Prepare)));
        await Execute(copies[0], "DELETE FROM people");

        Assert.Equal(1, prepared);
        Assert.Equal(1L, await Execute(copies[1], "SELECT count(*) FROM people"));
    }

    [Fact]
    public async Task A_durable_server_flushes_as_in_production()
    {
        await using var durable = PostgresServer.Durable();

        Assert.Equal("on", await Execute(await durable.CreateDatabase(), "SHOW fsync"));
        Assert.Equal(
            Environment.GetEnvironmentVariable("MUSTER_TEST_POSTGRES") is null ? "off" : "on",
            await Execute(await postgres.CreateDatabase(), "SHOW fsync")
        );
    }

    private static async Task<object?> Execute(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
