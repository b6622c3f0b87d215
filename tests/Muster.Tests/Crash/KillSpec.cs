using Muster.Bulk;
using Xunit;

namespace Muster.Tests;

/// <summary><c>kill -9</c> of the real server while it works: after a restart it finishes by itself, nothing lost and nothing twice.</summary>
public abstract class KillSpec(PostgresServer postgres, DatabaseKind kind)
{
    // Five kills on every run; the whole campaign is MUSTER_KILLS=20 ./test.sh -class "*KillOn*".
    private static readonly int Kills = int.TryParse(Environment.GetEnvironmentVariable("MUSTER_KILLS"), out var asked) ? asked : 5;

    private readonly Random random = new(20260504);

    [Fact]
    public async Task Operations_each_killed_once_lose_and_repeat_nothing()
    {
        await using var campaign = await Campaign.Prepare(kind, postgres, Kills + 4, users: 120);
        var confirmed = new List<Operation>();
        MusterProcess? server = null;
        var killed = 0;
        foreach (var operation in campaign.Operations)
        {
            await campaign.Confirm(operation);
            confirmed.Add(operation);
            server = await Launch(campaign, server);
            if (await KillAt(campaign, server, operation, random.Next(5, 80)))
            {
                killed++;
            }

            if (killed == Kills)
            {
                break;
            }
        }

        Assert.Equal(Kills, killed);
        await server!.Launch();
        await campaign.AllEnd(confirmed);

        foreach (var operation in confirmed)
        {
            Assert.Empty(await Ledger.Faults(campaign.Stage, operation));
        }
    }

    [Fact]
    public async Task One_operation_killed_again_and_again_loses_and_repeats_nothing()
    {
        await using var campaign = await Campaign.Prepare(kind, postgres, 1, users: 1000);
        var operation = campaign.Operations[0];
        await campaign.Confirm(operation);
        MusterProcess? server = null;
        for (var i = 0; i < Kills; i++)
        {
            var changed = (await campaign.Stage.Pipeline.Read(operation)).Changed;
            server = await Launch(campaign, server);
            Assert.True(await KillAt(campaign, server, operation, changed + random.Next(1, 25)), $"It ended before kill {i + 1}");
        }

        await server!.Launch();
        await campaign.AllEnd([operation]);

        Assert.Empty(await Ledger.Faults(campaign.Stage, operation));
    }

    private static async Task<MusterProcess> Launch(Campaign campaign, MusterProcess? server)
    {
        if (server is null)
        {
            return await campaign.Server();
        }

        await server.Launch();
        return server;
    }

    /// <summary>Kills the server a moment after an operation has changed so many users.</summary>
    /// <returns>Whether the operation was in the middle when it died.</returns>
    private async Task<bool> KillAt(Campaign campaign, MusterProcess server, Operation operation, long users)
    {
        await campaign.Reaches(operation, users);
        await Task.Delay(TimeSpan.FromMicroseconds(random.Next(0, 8000)));
        await server.Kill9();
        var now = await campaign.Stage.Pipeline.Read(operation);
        return now.Status == OperationStatus.Running && now.Cursor > 0;
    }
}

/// <summary>The kill campaign on the embedded database.</summary>
public sealed class KillOnSqliteTests(PostgresServer postgres) : KillSpec(postgres, DatabaseKind.Sqlite);

/// <summary>The kill campaign on a server.</summary>
public sealed class KillOnPostgresTests(PostgresServer postgres) : KillSpec(postgres, DatabaseKind.Postgres);
