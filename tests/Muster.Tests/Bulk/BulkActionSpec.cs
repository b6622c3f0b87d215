using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Xunit;

namespace Muster.Tests;

/// <summary>
/// The promises that every bulk action makes, on both databases. An action's test class inherits them, says what only it knows
/// (whom to select, how somebody else would touch a user) and adds the facts that only it has.
/// </summary>
public abstract partial class BulkActionSpec(PostgresServer postgres)
{
    /// <summary>The action's key.</summary>
    protected abstract string Action { get; }

    /// <summary>An operation on everybody of the workspace: some will change, some are skipped.</summary>
    protected abstract Plan OnEverybody(Given given);

    /// <summary>Gives a workspace (a catalogue, nobody but the Admin who asks) a number of people, all of whom will change.</summary>
    protected abstract Plan OnMany(Given given, int users);

    /// <summary>Somebody changes a user who will change, so that the preview no longer holds for this item.</summary>
    protected abstract Task TouchBeforeRun(Stage stage, OperationItem item);

    /// <summary>Somebody changes a user after the run, so that undo has to leave this item alone.</summary>
    protected abstract Task TouchAfterRun(Stage stage, OperationItem item);

    /// <summary>Somebody changes a user whom the preview skipped, so that a preview made now would change them. False: this one cannot be.</summary>
    protected abstract Task<bool> MakeChangeable(Stage stage, OperationItem item);

    /// <summary>The row to refuse so that this item cannot be applied.</summary>
    protected abstract Refusal RefusalOf(OperationItem item);

    /// <summary>The database is what the changed items say.</summary>
    protected abstract Task AssertDone(Stage stage, Operation operation, IReadOnlyList<OperationItem> items);

    /// <summary>Parameters that cannot be used, and the field each error must name.</summary>
    protected abstract IReadOnlyList<(string Json, string Field)> WrongParameters { get; }

    /// <summary>Columns with values drawn at random (tokens), which two runs cannot have in common.</summary>
    protected virtual IReadOnlyCollection<string> RandomColumns => [];

    /// <summary>Columns that undo declares it leaves as the run left them.</summary>
    protected virtual IReadOnlyCollection<string> ColumnsUndoLeaves => [];

    /// <summary>After undo the workspace is as it was before the run; actions that declare another state say which.</summary>
    protected virtual void AssertUndone(Dump before, Dump after) =>
        Assert.Equal("", Dump.Difference(before.Without(ColumnsUndoLeaves), after.Without(ColumnsUndoLeaves)));

    /// <summary>Sets the scene with everybody.</summary>
    protected Task<Stage> Everybody(DatabaseKind kind, params (string Name, int Value)[] settings) =>
        Stage.Set(kind, postgres, null, settings);

    /// <summary>Sets the scene with people of the test's own.</summary>
    protected Task<Stage> Only(DatabaseKind kind, Action<Given> people, params (string Name, int Value)[] settings) =>
        Stage.Set(kind, postgres, people, settings);

    /// <summary>Previews the operation on everybody.</summary>
    protected Task<Operation> Preview(Stage stage)
    {
        ArgumentNullException.ThrowIfNull(stage);
        return stage.Pipeline.Preview(stage.Given.Admin, Action, OnEverybody(stage.Given));
    }

    /// <summary>The first, a middle and the last item that will change, of different users.</summary>
    protected static IReadOnlyList<OperationItem> Some(IReadOnlyList<OperationItem> items)
    {
        var changing = items.Where(i => i.Verdict == Verdict.WillChange).DistinctBy(i => i.Ordinal).ToList();
        return [.. new[] { changing[0], changing[changing.Count / 2], changing[^1] }.DistinctBy(i => i.Ordinal)];
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task What_is_previewed_is_what_happens_item_by_item(DatabaseKind kind)
    {
        await using var stage = await Everybody(kind, ("FirstChunk", 4), ("LargestChunk", 4));
        var operation = await Preview(stage);
        var planned = await stage.Pipeline.Items(operation);
        Assert.Contains(planned, i => i.Verdict == Verdict.WillChange);
        Assert.Contains(planned, i => i.Verdict != Verdict.WillChange);
        var before = await stage.Domain();

        operation = await stage.Pipeline.Run(stage.Given.Admin, operation);

        var items = await stage.Pipeline.Items(operation);
        Assert.Equal(OperationStatus.Completed, operation.Status);
        Assert.Equal(
            planned.Select(i => (i.Ordinal, i.TargetId, i.ProfileId, i.Verdict, i.Reason, i.Before, i.After)),
            items.Select(i => (i.Ordinal, i.TargetId, i.ProfileId, i.Verdict, i.Reason, i.Before, i.After))
        );
        Assert.All(
            items.Where(i => i.Verdict == Verdict.WillChange),
            i => Assert.Equal((Outcome.Changed, null), (i.Outcome, i.OutcomeReason))
        );
        await AssertOnlyChangedPeopleDiffer(stage, before, items);
        await AssertDone(stage, operation, items);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Running_again_changes_nothing(DatabaseKind kind)
    {
        await using var stage = await Everybody(kind);
        await stage.Pipeline.Run(stage.Given.Admin, await Preview(stage));
        var before = await stage.Domain();

        var again = await Preview(stage);

        Assert.Equal(0, again.WillChange);
        await Assert.ThrowsAsync<ConflictException>(() => stage.Pipeline.Confirm(stage.Given.Admin, again));
        await stage.Pipeline.Settle();
        Assert.Equal("", Dump.Difference(before, await stage.Domain()));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("COUNT-1")]
    public async Task Every_user_ends_in_one_outcome_and_totals_add_up(DatabaseKind kind)
    {
        await using var stage = await Everybody(kind, ("FirstChunk", 3), ("LargestChunk", 3));
        var operation = await Preview(stage);
        await stage.AssertTotals(operation);
        var some = Some(await stage.Pipeline.Items(operation));
        await TouchBeforeRun(stage, some[0]);
        await stage.Refuse(RefusalOf(some[1]));
        await stage.Pipeline.Confirm(stage.Given.Admin, operation);
        await stage.AssertTotals(operation);

        await stage.Pipeline.Settle();

        operation = await stage.Pipeline.Read(operation);
        Assert.Equal((1, 1), (operation.Failed, operation.ItemsLeftAlone));
        await stage.AssertTotals(operation);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Every_reason_has_a_sentence(DatabaseKind kind)
    {
        await using var stage = await Everybody(kind);
        var operation = await stage.Pipeline.Run(stage.Given.Admin, await Preview(stage));
        var known = stage.Pipeline.Catalog.Get(Action).Reasons;
        await using var db = stage.Database.Open(stage.Given.Workspace);
        var rows = await db
            .OperationRows.Where(r => r.OperationId == operation.Id && r.Problems != null)
            .Select(r => r.Problems!)
            .ToListAsync();
        var told = rows.SelectMany(json => Json.Read<List<RowProblem>>(json)).ToList();

        Assert.All(told, problem => Assert.EndsWith(".", problem.Text, StringComparison.Ordinal));
        Assert.All(
            known,
            reason => Assert.True(reason.Code.Length <= 50 && reason.Code.All(c => char.IsAsciiLetterLower(c) || c == '-'), reason.Code)
        );
        Assert.All(known, reason => Assert.True(char.IsUpper(reason.Sentence[0]) && reason.Sentence.EndsWith('.'), reason.Sentence));
        Assert.Equal(known.Count, known.DistinctBy(r => r.Code).Count());
        var used = (await stage.Pipeline.Items(operation)).SelectMany(i => new[] { i.Reason, i.OutcomeReason }).OfType<string>().Distinct();
        Assert.All(used, code => Assert.Contains(code, known.Select(r => r.Code).Concat(told.Select(p => p.Code))));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Other_workspaces_stay_as_they_are_to_the_last_value(DatabaseKind kind)
    {
        await using var stage = await Everybody(kind);
        var before = (await stage.Dump()).OfWorkspace(stage.Other.Workspace);

        var operation = await stage.Pipeline.Run(stage.Given.Admin, await Preview(stage));
        if (stage.Pipeline.Catalog.Get(Action).IsReversible)
        {
            var undo = await stage.Pipeline.PreviewUndo(stage.Given.Admin, operation);
            await stage.Pipeline.Run(stage.Given.Admin, undo);
        }

        Assert.NotEmpty(before.Lines);
        Assert.Equal("", Dump.Difference(before, (await stage.Dump()).OfWorkspace(stage.Other.Workspace)));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("SINCE-1")]
    public async Task Users_changed_since_the_preview_are_left_alone(DatabaseKind kind)
    {
        await using var stage = await Everybody(kind);
        var operation = await Preview(stage);
        var touched = Some(await stage.Pipeline.Items(operation));
        foreach (var item in touched)
        {
            await TouchBeforeRun(stage, item);
        }

        var before = await stage.Dump();
        operation = await stage.Pipeline.Run(stage.Given.Admin, operation);
        var after = await stage.Dump();

        var items = await stage.Pipeline.Items(operation);
        Assert.All(
            touched,
            t =>
            {
                var item = items.Single(i => i.Ordinal == t.Ordinal && i.TargetId == t.TargetId);
                Assert.Equal((Outcome.Skipped, "changed-since-preview"), (item.Outcome, item.OutcomeReason));
            }
        );
        foreach (var profile in touched.Where(t => items.Count(i => i.Ordinal == t.Ordinal) == 1).Select(t => t.ProfileId))
        {
            Assert.Equal(
                "",
                Dump.Difference(
                    before.OfTheDomain.OfPerson(stage.Given.Workspace, profile),
                    after.OfTheDomain.OfPerson(stage.Given.Workspace, profile)
                )
            );
        }

        Assert.Equal(items.Count(i => i.Verdict == Verdict.WillChange) - touched.Count, items.Count(i => i.Outcome == Outcome.Changed));
        await stage.AssertTotals(operation);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("SINCE-2")]
    public async Task Somebody_skipped_in_the_preview_stays_skipped(DatabaseKind kind)
    {
        await using var stage = await Everybody(kind);
        var operation = await Preview(stage);
        var skipped = (await stage.Pipeline.Items(operation)).Where(i => i.Verdict == Verdict.Skipped).ToList();
        var made = new List<OperationItem>();
        foreach (var item in skipped)
        {
            if (await MakeChangeable(stage, item))
            {
                made.Add(item);
            }
        }

        Assert.NotEmpty(made);
        operation = await stage.Pipeline.Run(stage.Given.Admin, operation);

        var items = await stage.Pipeline.Items(operation);
        Assert.All(
            made,
            m =>
            {
                var item = items.Single(i => i.Ordinal == m.Ordinal && i.TargetId == m.TargetId);
                Assert.Equal((Verdict.Skipped, m.Reason, Outcome.Skipped), (item.Verdict, item.Reason, item.Outcome));
            }
        );
        // The test can fail: asked now, the judge would change them.
        var now = await stage.Pipeline.Items(await Preview(stage));
        var changing = now.Where(i => i.Verdict == Verdict.WillChange).Select(i => (i.ProfileId, i.TargetId)).ToHashSet();
        Assert.All(made.Where(m => m.ProfileId != 0), m => Assert.Contains((m.ProfileId, m.TargetId), changing));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("FAIL-1")]
    public async Task A_failing_user_fails_alone_with_the_message(DatabaseKind kind)
    {
        await using var stage = await Everybody(kind);
        var operation = await Preview(stage);
        var bad = Some(await stage.Pipeline.Items(operation))[1];
        await stage.Refuse(RefusalOf(bad));
        var before = await stage.Domain();

        operation = await stage.Pipeline.Run(stage.Given.Admin, operation);

        Assert.Equal((OperationStatus.Completed, 1), (operation.Status, operation.Failed));
        var items = await stage.Pipeline.Items(operation);
        var failed = items.Where(i => i.Outcome == Outcome.Failed).ToList();
        Assert.All(failed, i => Assert.Equal(bad.Ordinal, i.Ordinal));
        Assert.All(failed, i => Assert.Contains(Refusal.Message, i.OutcomeReason, StringComparison.Ordinal));
        Assert.All(
            items.Where(i => i.Verdict == Verdict.WillChange && i.Ordinal != bad.Ordinal),
            i => Assert.Equal(Outcome.Changed, i.Outcome)
        );
        await AssertOnlyChangedPeopleDiffer(stage, before, items);
        await stage.AssertTotals(operation);
    }

    [Fact]
    public void Parameters_survive_a_round_trip_and_wrong_ones_name_their_field()
    {
        var action = Pipeline.NewCatalog().Get(Action);
        var json = OnEverybody(new Given(null!, Given.NewClock()).Everybody()).Parameters;

        var read = action.ReadParameters(json);
        var written = JsonSerializer.Serialize(read, action.ParametersType, Json.Strict);
        var again = JsonSerializer.Serialize(action.ReadParameters(written), action.ParametersType, Json.Strict);

        Assert.Equal(written, again);
        Assert.Equal(JsonSerializer.Serialize(JsonDocument.Parse(json)), JsonSerializer.Serialize(JsonDocument.Parse(written)));
        foreach (var (wrong, field) in WrongParameters.Append(("{\"nobodyKnows\":1}", "nobodyKnows")).Append(("null", "parameters")))
        {
            var error = Assert.Throws<ParametersException>(() => action.ReadParameters(wrong));
            Assert.Contains(field, error.Errors.Keys);
            Assert.All(error.Errors.Values.SelectMany(text => text), text => Assert.False(string.IsNullOrWhiteSpace(text)));
        }
    }

    /// <summary>Whoever has no changed item has no changed row, and the other way round.</summary>
    protected static async Task AssertOnlyChangedPeopleDiffer(Stage stage, Dump before, IReadOnlyList<OperationItem> items)
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(before);
        var after = await stage.Domain();
        var changed = items.Where(i => i.Outcome == Outcome.Changed).Select(i => i.ProfileId).ToHashSet();
        var everybody = new[] { before, after }
            .SelectMany(d => d.Rows("profiles"))
            .Select(p => long.Parse(p["id"], CultureInfo.InvariantCulture))
            .Distinct();
        var differing = everybody
            .Where(id => Dump.Difference(before.OfPerson(stage.Given.Workspace, id), after.OfPerson(stage.Given.Workspace, id)).Length > 0)
            .ToHashSet();
        Assert.Equal(changed.Order(), differing.Order());
    }
}
