using System.Net;
using Xunit;

namespace Muster.Tests;

/// <summary>Several servers on one PostgreSQL are one product: no request needs the node that answered the one before, and nodes come and go while work goes on.</summary>
public sealed class NodesTests(PostgresServer postgres)
{
    [Fact]
    public async Task Every_page_button_and_stream_works_on_any_node_while_they_are_restarted_one_by_one()
    {
        await using var campaign = await Campaign.Prepare(DatabaseKind.Postgres, postgres, 1, users: 600);
        var operation = campaign.Operations[0];
        var page = $"/w/{operation.WorkspaceId}/operations/{operation.Id}";
        MusterProcess[] nodes = [await campaign.Server(), await campaign.Server()];
        var password = (await nodes[0].Run("admin", "reset", "--email", "admin@example.org")).OrThrow("admin reset").Output.Trim();
        // Cookies do not know ports: a browser behind a load balancer.
        using var cookies = new HttpClientHandler { AllowAutoRedirect = false, CheckCertificateRevocationList = true };
        using var first = new Visitor(new(cookies, disposeHandler: false) { BaseAddress = nodes[0].Url });
        using var second = new Visitor(new(cookies, disposeHandler: false) { BaseAddress = nodes[1].Url });

        // Signed in on one, shown on the other; the form of one, sent to the other.
        Assert.Equal(HttpStatusCode.Redirect, (await first.SignIn("admin@example.org", password)).Status);
        var form = await first.Get(page + "?confirm");
        var confirmed = await second.SendFrom(form, page + "?confirm", "confirm", ("typed", $"{operation.WillChange}"));
        Assert.Equal((HttpStatusCode.Redirect, page), (confirmed.Status, confirmed.Location));

        // Whoever watches on a node that is to stop does not hold it up: their browser asks again, and any other answers.
        Assert.True(await campaign.Reaches(operation, 10));
        var watched = first.Client.GetStringAsync(page + "/events");
        await Task.Delay(500);
        Assert.Equal(0, await nodes[0].Stop(TimeSpan.FromSeconds(60)));
        Assert.Contains("running", await watched, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.OK, (await second.Get(page)).Status);
        var stopped = (await campaign.Stage.Pipeline.Read(operation)).Changed;
        Assert.True(await campaign.Reaches(operation, stopped + 20), "It waited for the operation, or nobody went on with it");
        await nodes[0].Restart();
        Assert.Equal(0, await nodes[1].Stop(TimeSpan.FromSeconds(30)));
        await campaign.AllEnd([operation]);

        Assert.Contains("\"completed\"", await first.Client.GetStringAsync(page + "/events"), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(operation.WillChange, (await campaign.Stage.Pipeline.Read(operation)).Changed);
        Assert.Empty(await Ledger.Faults(campaign.Stage, operation));
    }
}
