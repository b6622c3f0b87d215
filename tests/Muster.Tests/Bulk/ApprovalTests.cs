using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Bulk;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>What a second administrator must have seen: nobody is changed before, and nobody approves their own.</summary>
public sealed class ApprovalTests(PostgresServer postgres)
{
    private static readonly Plan Everybody = new("{}", new() { Filter = new() { Status = [StatusFilter.Active] } });

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("APPROVAL-1")]
    public async Task From_so_many_users_on_a_second_administrator_must_approve(DatabaseKind kind)
    {
        await using var stage = await ControlTests.Forty(postgres, kind);
        var (pipeline, ada, bea) = (stage.Pipeline, stage.Given.Admin, stage.Given.By(stage.Given.All.Single(p => p.FirstName == "Bea")));
        await AskForApproval(stage, "archive-profiles", 5);
        var operation = await pipeline.Preview(ada, "archive-profiles", Everybody);
        async Task<IReadOnlyList<string>> People() => (await stage.Domain()).Where((table, _) => table != "outbox").Lines;
        var before = await People();

        await pipeline.Confirm(ada, operation);
        await pipeline.Settle();

        Assert.Equal(OperationStatus.AwaitingApproval, (await pipeline.Read(operation)).Status);
        Assert.Equal(before, await People());
        await Assert.ThrowsAsync<ConflictException>(() => pipeline.Confirmations.Approve(ada, operation.Id, Ct));
        await Assert.ThrowsAsync<ConflictException>(() => pipeline.Confirmations.Approve(stage.Given.CommandLine, operation.Id, Ct));

        await pipeline.Confirmations.Approve(bea, operation.Id, Ct);
        await pipeline.Settle();

        var done = await pipeline.Read(operation);
        // Bea archives nobody by approving, and is archived herself as anybody else is.
        Assert.Equal((OperationStatus.Completed, operation.WillChange), (done.Status, done.Changed));
        Assert.Equal(bea.Actor.AccountId, done.ApprovedByAccountId);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Fewer_users_other_actions_and_what_is_refused(DatabaseKind kind)
    {
        await using var stage = await ControlTests.Forty(postgres, kind);
        var (pipeline, ada, bea) = (stage.Pipeline, stage.Given.Admin, stage.Given.By(stage.Given.All.Single(p => p.FirstName == "Bea")));
        await AskForApproval(stage, "archive-profiles", 5);
        var four = stage.Given.All.Where(p => p.Role == ProfileRole.Learner).Take(4).Select(p => p.Id).ToList();

        // Fewer than five: it runs.
        var few = await pipeline.Preview(ada, "archive-profiles", new("{}", new() { Users = four }));
        Assert.Equal(OperationStatus.Completed, (await pipeline.Run(ada, few)).Status);

        // Refused: cancelled, and nobody was changed.
        var many = await pipeline.Preview(ada, "archive-profiles", Everybody);
        await pipeline.Confirm(ada, many);
        await pipeline.Operations.Cancel(bea, many.Id, Ct);
        await Assert.ThrowsAsync<ConflictException>(() => pipeline.Confirmations.Approve(bea, many.Id, Ct));
        Assert.Equal((OperationStatus.Cancelled, 0), ((await pipeline.Read(many)).Status, (await pipeline.Read(many)).Changed));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("APPROVAL-2")]
    public async Task Nobody_approves_what_a_token_of_their_own_asked_for(DatabaseKind kind)
    {
        await using var stage = await ControlTests.Forty(postgres, kind);
        var (pipeline, ada, bea) = (stage.Pipeline, stage.Given.Admin, stage.Given.By(stage.Given.All.Single(p => p.FirstName == "Bea")));
        await AskForApproval(stage, "archive-profiles", 5);
        await stage.ByHand(db =>
        {
            db.ApiTokens.Add(
                new()
                {
                    WorkspaceId = stage.Given.Workspace,
                    Id = 900,
                    Name = "Ada's",
                    TokenHash = "hash",
                    Role = ProfileRole.Admin,
                    CreatedAt = stage.Given.Now,
                    CreatedByAccountId = ada.Actor.AccountId,
                }
            );
            return Task.CompletedTask;
        });
        var program = new Requester(new(stage.Given.Workspace, Rank.Admin, null, null, 900), OperationSource.Api, null);
        var operation = await pipeline.Preview(program, "archive-profiles", Everybody);
        await pipeline.Confirm(program, operation);

        await Assert.ThrowsAsync<ConflictException>(() => pipeline.Confirmations.Approve(program, operation.Id, Ct));
        await Assert.ThrowsAsync<ConflictException>(() => pipeline.Confirmations.Approve(ada, operation.Id, Ct));
        // Nor what a token made, which a token of theirs has made.
        var made = await new ApiTokens(stage.Database.Databases, stage.Given.Clock).Create(
            program.Actor,
            "Made",
            ProfileRole.Admin,
            null,
            null,
            Ct
        );
        var grandchild = new Requester(new(stage.Given.Workspace, Rank.Admin, null, null, made.Id), OperationSource.Api, null);
        var second = await pipeline.Preview(grandchild, "archive-profiles", Everybody);
        await pipeline.Confirm(grandchild, second);
        await Assert.ThrowsAsync<ConflictException>(() => pipeline.Confirmations.Approve(ada, second.Id, Ct));
        await pipeline.Operations.Cancel(ada, second.Id, Ct);

        // Nor what Bea began and a token of their own confirmed.
        var begun = await pipeline.Preview(bea, "archive-profiles", Everybody);
        await pipeline.Confirm(program, begun);
        await Assert.ThrowsAsync<ConflictException>(() => pipeline.Confirmations.Approve(ada, begun.Id, Ct));
        await pipeline.Operations.Cancel(ada, begun.Id, Ct);

        await pipeline.Confirmations.Approve(bea, operation.Id, Ct);

        await pipeline.Settle();
        Assert.Equal(operation.WillChange, (await pipeline.Read(operation)).Changed);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static Task AskForApproval(Stage stage, string action, int from) =>
        stage.ByHand(db =>
            db.Workspaces.Where(w => w.Id == stage.Given.Workspace)
                .ExecuteUpdateAsync(set => set.SetProperty(w => w.ApprovalFrom, $"{{\"{action}\":{from}}}"))
        );
}
