using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Bulk;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>Managers enrol and withdraw the people of their units, and learn of nobody else.</summary>
public sealed class ManagerRulesTests(PostgresServer postgres)
{
    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("MANAGER-2")]
    public async Task Whoever_is_named_outside_the_units_is_not_found_and_has_no_name(DatabaseKind kind)
    {
        var (stage, manager, near, far) = await Begin(kind);
        await using var _ = stage;
        Selection[] selections =
        [
            new() { Filter = new() },
            new() { Users = [.. near.Concat(far).Select(p => p.Id)] },
            new() { Emails = [.. near.Concat(far).Select(p => p.Email)] },
        ];
        foreach (var selection in selections)
        {
            var operation = await stage.Pipeline.Preview(stage.Given.By(manager), "enrol-to-course", On(stage, selection));

            var items = await stage.Pipeline.Items(operation);
            Assert.Equal(
                near.Select(p => p.Id).Order(),
                items.Where(i => i.Verdict == Verdict.WillChange).Select(i => i.ProfileId).Order()
            );
            var others = items.Where(i => i.Verdict != Verdict.WillChange).ToList();
            Assert.Equal(selection.Filter is null ? far.Count : 0, others.Count);
            Assert.All(others, i => Assert.Equal((Verdict.Problem, "not-found", 0L), (i.Verdict, i.Reason, i.ProfileId)));
        }
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("MANAGER-2")]
    public async Task No_action_but_enrolling_and_withdrawing_and_no_operation_of_somebody_elses(DatabaseKind kind)
    {
        var (stage, manager, near, _) = await Begin(kind);
        await using var _1 = stage;
        var own = await stage.Pipeline.Preview(stage.Given.By(manager), "withdraw-from-course", On(stage, new() { Filter = new() }));
        Assert.Equal((near.Count, OperationStatus.Previewed), (own.Selected, own.Status));
        foreach (var action in stage.Pipeline.Catalog.All.Where(a => a.IsOperation && !a.IsOpenToManagers))
        {
            await Assert.ThrowsAsync<UnauthorizedAccessException>(() =>
                stage.Pipeline.Operations.Create(stage.Given.By(manager), action.Key, null, null, null, CancellationToken.None)
            );
        }

        var theirs = await stage.Pipeline.Preview(stage.Given.Admin, "enrol-to-course", On(stage, new() { Filter = new() }));
        await Assert.ThrowsAsync<ParametersException>(() =>
            stage.Pipeline.Preview(stage.Given.By(manager), "enrol-to-course", On(stage, new() { Operation = new(theirs.Id) }))
        );
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("MANAGER-2")]
    public async Task Who_has_left_the_units_is_not_found_in_a_pasted_list_that_is_judged_again(DatabaseKind kind)
    {
        var (stage, manager, near, _) = await Begin(kind);
        await using var _1 = stage;
        var pasted = On(stage, new() { Emails = [near[0].Email, near[1].Email] });
        var operation = await stage.Pipeline.Preview(stage.Given.By(manager), "enrol-to-course", pasted);
        Assert.Equal(2, operation.WillChange);
        await stage.ByHand(async db => (await db.Profiles.SingleAsync(p => p.Id == near[1].Id)).UnitId = null);

        await stage.Pipeline.Edits.Untick(stage.Given.By(manager), operation.Id, [1], CancellationToken.None);
        await stage.Pipeline.Settle();

        Assert.Equal(
            [(near[0].Id, Verdict.Skipped, "unticked"), (0, Verdict.Problem, "not-found")],
            (await stage.Pipeline.Items(operation)).OrderBy(i => i.Ordinal).Select(i => (i.ProfileId, i.Verdict, i.Reason))
        );
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("MANAGER-3")]
    public async Task Who_has_left_the_units_since_the_preview_is_left_alone(DatabaseKind kind)
    {
        var (stage, manager, near, _) = await Begin(kind);
        await using var _1 = stage;
        var operation = await stage.Pipeline.Preview(stage.Given.By(manager), "enrol-to-course", On(stage, new() { Filter = new() }));
        await stage.ByHand(async db => (await db.Profiles.SingleAsync(p => p.Id == near[1].Id)).UnitId = null);

        operation = await stage.Pipeline.Run(stage.Given.By(manager), operation);

        var items = await stage.Pipeline.Items(operation);
        Assert.All(
            items,
            i =>
                Assert.Equal(
                    i.ProfileId == near[1].Id ? (Outcome.Skipped, "not-allowed") : (Outcome.Changed, null),
                    (i.Outcome, i.OutcomeReason)
                )
        );
        var undo = await stage.Pipeline.PreviewUndo(stage.Given.By(manager), operation);
        Assert.Equal(near.Count - 1, (await stage.Pipeline.Run(stage.Given.By(manager), undo)).Changed);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("MANAGER-3")]
    public async Task The_preview_of_an_undo_says_who_has_left_the_units(DatabaseKind kind)
    {
        var (stage, manager, near, _) = await Begin(kind);
        await using var _1 = stage;
        var by = stage.Given.By(manager);
        var operation = await stage.Pipeline.Preview(by, "enrol-to-course", On(stage, new() { Filter = new() }));
        operation = await stage.Pipeline.Run(by, operation);
        await stage.ByHand(async db => (await db.Profiles.SingleAsync(p => p.Id == near[1].Id)).UnitId = null);

        var undo = await stage.Pipeline.PreviewUndo(by, operation);

        Assert.Equal((near.Count - 1, 1), (undo.WillChange, undo.Skipped));
        Assert.Equal(
            (near[1].Id, "not-allowed"),
            (await stage.Pipeline.Items(undo)).Where(i => i.Verdict == Verdict.Skipped).Select(i => (i.ProfileId, i.Reason)).Single()
        );
        undo = await stage.Pipeline.Run(by, undo);
        Assert.Equal((near.Count - 1, 0), (undo.Changed, undo.LeftAlone));
        await stage.AssertTotals(undo);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("MANAGER-3")]
    public async Task Without_the_right_to_the_action_nothing_happens(DatabaseKind kind)
    {
        var (stage, manager, _, _) = await Begin(kind);
        await using var _1 = stage;
        var operation = await stage.Pipeline.Preview(stage.Given.By(manager), "enrol-to-course", On(stage, new() { Filter = new() }));
        await stage.Pipeline.Confirm(stage.Given.By(manager), operation);
        await stage.ByHand(async db => (await db.Profiles.SingleAsync(p => p.Id == manager.Id)).Role = ProfileRole.Learner);

        await stage.Pipeline.Settle();

        operation = await stage.Pipeline.Read(operation);
        Assert.Equal((OperationStatus.Failed, 0), (operation.Status, operation.Changed));
        await using var db = stage.Database.Open(stage.Given.Workspace);
        Assert.False(await db.Enrolments.AnyAsync());
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("MANAGER-2")]
    public async Task What_somebody_did_as_an_admin_they_do_not_take_back_as_a_manager(DatabaseKind kind)
    {
        var (stage, manager, near, _) = await Begin(kind);
        await using var _1 = stage;
        await stage.ByHand(async db => (await db.Profiles.SingleAsync(p => p.Id == manager.Id)).Role = ProfileRole.Admin);
        var admin = stage.Given.By(manager) with { Actor = stage.Given.By(manager).Actor with { Rank = Rank.Admin } };
        var archived = await stage.Pipeline.Preview(admin, "archive-profiles", new("{}", new() { Users = [near[0].Id] }));
        archived = await stage.Pipeline.Run(admin, archived);
        await stage.ByHand(async db => (await db.Profiles.SingleAsync(p => p.Id == manager.Id)).Role = ProfileRole.Manager);

        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => stage.Pipeline.PreviewUndo(stage.Given.By(manager), archived));
    }

    private async Task<(Stage Stage, Profile Manager, IReadOnlyList<Profile> Near, IReadOnlyList<Profile> Far)> Begin(DatabaseKind kind)
    {
        Profile? manager = null;
        List<Profile> near = [];
        IReadOnlyList<Profile> far = [];
        var unit = 0L;
        var stage = await Stage.Set(
            kind,
            postgres,
            given =>
            {
                given.Catalogue();
                var care = given.Unit("Care");
                var south = given.Unit("South", care);
                List<Profile> inside =
                [
                    given.Person(Kind.Active, unit: care),
                    given.Person(Kind.Active, unit: south),
                    given.Person(Kind.Invited, unit: south),
                ];
                List<Profile> outside = [.. given.People(2), given.Person(Kind.Manager)];
                var boss = given.Person(Kind.Manager, "May", "Manager");
                // The other workspace is given the same people under the same ids.
                if (manager is null)
                {
                    (manager, near, far, unit) = (boss, inside, outside, care.Id);
                }
            }
        );
        await stage.ByHand(db =>
        {
            db.ManagedUnits.Add(
                new ManagedUnit
                {
                    WorkspaceId = stage.Given.Workspace,
                    ProfileId = manager!.Id,
                    UnitId = unit,
                }
            );
            return Task.CompletedTask;
        });
        return (stage, manager!, near, far);
    }

    private static Plan On(Stage stage, Selection selection) => new($"{{\"courses\":[{stage.Given.Safety.Id}]}}", selection);
}
