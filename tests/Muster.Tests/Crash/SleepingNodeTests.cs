using Muster.Bulk;
using Xunit;

namespace Muster.Tests;

/// <summary>A node that stands still past its lease while another takes over, and then goes on as if nothing had happened.</summary>
public sealed class SleepingNodeTests(PostgresServer postgres)
{
    [Fact]
    public async Task A_node_that_slept_past_its_lease_repeats_nothing()
    {
        await using var campaign = await Campaign.Prepare(DatabaseKind.Postgres, postgres, 2, users: 400);
        foreach (var operation in campaign.Operations)
        {
            await campaign.Confirm(operation);
        }

        var sleeper = await campaign.Server();
        Assert.True(await campaign.Reaches(campaign.Operations[0], 40));
        sleeper.Pause();
        var asleep = await campaign.Stage.Pipeline.Read(campaign.Operations[0]);
        Assert.Equal(OperationStatus.Running, asleep.Status);

        await campaign.Server();
        Assert.True(await campaign.Reaches(campaign.Operations[0], asleep.Changed + 50), "Nobody took over");
        sleeper.Continue();
        await campaign.AllEnd(campaign.Operations);
        await Task.Delay(TimeSpan.FromSeconds(2));

        foreach (var operation in campaign.Operations)
        {
            Assert.Empty(await Ledger.Faults(campaign.Stage, operation));
        }
    }
}
