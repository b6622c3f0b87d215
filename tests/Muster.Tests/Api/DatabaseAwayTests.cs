using System.Net;
using Microsoft.Data.Sqlite;
using Npgsql;
using Xunit;

namespace Muster.Tests;

/// <summary>While the database takes nobody, a client is told to come again, which is no fault of the product's, and then goes on as if nothing had happened.</summary>
public sealed class DatabaseAwayTests(PostgresServer postgres)
{
    [Fact]
    public async Task Requests_are_answered_with_try_again_until_it_is_back()
    {
        await using var api = await ApiServer.Start(DatabaseKind.Postgres, postgres);
        await using var own = new NpgsqlConnection(api.Database.Options.ConnectionString);
        await own.OpenAsync();
        await Do(own, $"ALTER DATABASE \"{own.Database}\" CONNECTION LIMIT 0");
        await Do(
            own,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        );

        var answers = new List<HttpResponseMessage>();
        for (var i = 0; i < 20; i++)
        {
            answers.Add(await api.Client.GetAsync(api.Address + "/operations"));
        }

        var page = await api.Client.GetAsync("/sign-in");
        var asking = await api.Client.GetAsync("/invitation/1/unknown");
        await Do(own, $"ALTER DATABASE \"{own.Database}\" CONNECTION LIMIT -1");

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode));
        Assert.NotNull(answers[^1].Headers.RetryAfter);
        Assert.Contains("Send the same request again", await answers[^1].Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotEqual(HttpStatusCode.InternalServerError, page.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, asking.StatusCode);
        Assert.Equal("text/html", asking.Content.Headers.ContentType?.MediaType);
        Assert.NotNull(asking.Headers.RetryAfter);
        await api.Get("/operations");
    }

    [Fact]
    public async Task A_database_that_nobody_can_read_any_more_is_no_reason_to_try_again()
    {
        await using var api = await ApiServer.Start(DatabaseKind.Sqlite, postgres);
        await api.Get("/operations");
        await using (var own = new SqliteConnection(api.Database.Options.ConnectionString))
        {
            await own.OpenAsync();
            await using var damage = own.CreateCommand();
            damage.CommandText =
                "PRAGMA writable_schema = ON; UPDATE sqlite_master SET rootpage = 99999999 WHERE name = 'operations'; PRAGMA schema_version = 9999";
            await damage.ExecuteNonQueryAsync();
            SqliteConnection.ClearPool(own);
        }

        foreach (var address in (string[])[api.Address + "/operations", "/invitation/1/unknown"])
        {
            var answer = await api.Client.GetAsync(address);
            Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
            Assert.Null(answer.Headers.RetryAfter);
        }
    }

    private static async Task Do(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
