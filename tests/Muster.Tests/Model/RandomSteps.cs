using System.Globalization;
using System.Text;
using Muster.Bulk;
using Xunit;

namespace Muster.Tests;

/// <summary>What somebody does to an operation that is running.</summary>
internal enum Stop
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It is paused in the middle, somebody changes a few things, and it goes on.</summary>
    Pause,

    /// <summary>It is cancelled in the middle.</summary>
    Cancel,
}

/// <summary>What an operation has done.</summary>
/// <param name="Model">The action.</param>
/// <param name="Requester">Who asked.</param>
/// <param name="Operation">The operation as it ended.</param>
/// <param name="Items">What became of each item.</param>
/// <param name="Before">The world that each person's chunk found.</param>
/// <param name="Left">The world that it left.</param>
internal sealed record Deed(
    ActionModel Model,
    Requester Requester,
    Operation Operation,
    IReadOnlyList<Forecast> Items,
    World Before,
    World Left
)
{
    /// <summary>Whether there is anything to undo.</summary>
    public bool CanBeUndone => Model.IsReversible && Operation.Changed > 0;

    /// <summary>Whether it was cancelled.</summary>
    public bool IsCancelled => Operation.Status == OperationStatus.Cancelled;
}

/// <summary>The steps of which random plans and histories are made, each compared with what the model foretells; a failure tells the whole story.</summary>
internal sealed class RandomSteps(RandomWorld scene, Pipeline pipeline, Told told, Random random, bool isAboutProfiles)
{
    private delegate (IReadOnlyList<Forecast> Items, World World) Foretelling(
        World now,
        IReadOnlyList<Forecast> planned,
        IReadOnlySet<long>? reached
    );

    private readonly Given given = scene.Given;
    private readonly List<string> story = [];
    private readonly HashSet<string?> tokens = [];

    /// <summary>The workspace as it stands.</summary>
    public async Task<World> Read()
    {
        var world = await WorldReading.Read(given.Database, given);
        tokens.UnionWith(world.People.Values.Select(p => p.Invitation?.Token));
        return world;
    }

    /// <summary>Draws an operation of an action, previews it and runs it.</summary>
    /// <param name="model">The action.</param>
    /// <param name="title">What the story calls it.</param>
    /// <param name="isTouched">Whether somebody changes a few things between preview and run.</param>
    /// <param name="stop">What happens in the middle of it.</param>
    /// <returns>Null when it would have changed nobody.</returns>
    public async Task<Deed?> Operate(ActionModel model, string title, bool isTouched = true, Stop stop = Stop.None)
    {
        var found = await Read();
        var plan = new RandomPlan(model, scene, found, random);
        story.Add($"{title} of {model.Key} with {plan.Parameters} by {(plan.Request.Self == 0 ? "the command line" : "an Admin")}");
        story.Add(Encoding.UTF8.GetString(plan.File ?? []));
        var operation = await pipeline.Preview(plan.Requester, model.Key, new(plan.Parameters, plan.Selection, plan.File));
        plan.Name(await pipeline.Items(operation));
        var previewed = model.Preview(found, plan.Request, plan.People);
        await Same("preview", previewed, operation);
        SameEffects(model.Effects(found, plan.Request, previewed).ToList(), operation);
        if (!previewed.Any(i => i.WillChange))
        {
            return null;
        }

        var awaited = plan.Request.Rows?.Values.Select(r => r.EmailKey).Distinct().ToList();
        var before = isTouched ? await Touch(previewed, mayStart: false, awaited) : found;
        var deed = await CarryOut(
            new(model, plan.Requester, operation, previewed, before, before),
            (now, planned, reached) => model.Run(now, plan.Request, planned, operation.Id, reached),
            stop
        );
        told.Add(deed.Items);
        return deed;
    }

    /// <summary>Undoes what an operation has done.</summary>
    /// <param name="deed">What it has done.</param>
    /// <param name="requester">Who asks.</param>
    /// <param name="isTouched">Whether somebody changes a few things between preview and run.</param>
    /// <param name="stop">What happens in the middle of it.</param>
    /// <returns>Whether it was cancelled, so that there can be another one.</returns>
    public async Task<bool> Undo(Deed deed, Requester requester, bool isTouched, Stop stop = Stop.None)
    {
        var model = deed.Model;
        var now = await Read();
        var operation = await pipeline.PreviewUndo(requester, deed.Operation);
        story.Add($"Undo of {model.Key} {deed.Operation.Id} by {(requester.Actor.ProfileId is null ? "the command line" : "an Admin")}");
        var undo = new ModelUndo(deed.Before, deed.Left, deed.Operation.Id, operation.Id, requester.Actor.ProfileId ?? 0);
        var planned = model.PreviewUndo(undo, now, deed.Items);
        await Same("preview of the undo", planned, operation);
        if (operation.WillChange > 0)
        {
            now = isTouched ? await Touch(planned, mayStart: true) : now;
            var undone = await CarryOut(
                new(model, requester, operation, planned, now, now),
                (world, rest, reached) => model.Undo(undo, world, rest, reached),
                stop
            );
            operation = undone.Operation;
        }
        else
        {
            await Same("workspace after the preview of the undo", now);
        }

        told.AddUndo(await pipeline.Items(operation));
        return operation.Status == OperationStatus.Cancelled;
    }

    /// <summary>Somebody changes a few things, preferably of the people an operation is about.</summary>
    /// <returns>The world then.</returns>
    public async Task<World> Touch(IEnumerable<Forecast> items, bool mayStart, IReadOnlyList<string>? awaited = null)
    {
        var world = await Read();
        var preferred = items.Where(i => i.WillChange && world.People.ContainsKey(i.Person)).Select(i => i.Person).Distinct();
        return await Touch([.. preferred], mayStart, awaited);
    }

    /// <summary>The same for people by their ids.</summary>
    public async Task<World> Touch(IReadOnlyList<long> preferred, bool mayStart, IReadOnlyList<string>? awaited = null)
    {
        var touch = new RandomTouch(scene, random, isAboutProfiles, awaited);
        await touch.Some(preferred, mayStart);
        story.AddRange(touch.Log);
        // What is done after it is later, not at the same moment.
        given.Clock.Advance(TimeSpan.FromSeconds(1));
        return await Read();
    }

    /// <summary>Confirms a preview and works until it has ended, or somebody has ended it.</summary>
    private async Task<Deed> CarryOut(Deed plan, Foretelling foretell, Stop stop)
    {
        var (_, requester, operation, planned, before, _) = plan;
        await pipeline.Confirm(requester, operation);
        if (await StopInTheMiddle(plan, stop) is not { } reached)
        {
            await pipeline.Settle();
            return await Ended(plan, foretell(before, planned, null));
        }

        var first = foretell(before, planned, reached);
        var stopped = await Ended(plan, first);
        if (stop == Stop.Cancel)
        {
            told.Cancelled++;
            return stopped;
        }

        told.Paused++;
        var rest = planned.Where(i => !reached.Contains(i.Ordinal)).ToList();
        var now = await Touch(rest, mayStart: true);
        await pipeline.Operations.Resume(requester, operation.Id, CancellationToken.None);
        await pipeline.Settle();
        var (items, world) = foretell(now, rest, null);
        var ended = await Ended(plan, ([.. first.Items.Where(i => reached.Contains(i.Ordinal)), .. items], world));
        var those = rest.Select(i => i.Person).ToHashSet();
        return ended with { Before = before.With(those, now), Left = stopped.Left.With(those, ended.Left) };
    }

    private async Task<Deed> Ended(Deed plan, (IReadOnlyList<Forecast> Items, World World) foretold)
    {
        var operation = await pipeline.Read(plan.Operation);
        await Same($"{operation.Status}", foretold.Items, operation);
        await Same("workspace then", foretold.World);
        return plan with { Operation = operation, Items = foretold.Items, Left = await Read() };
    }

    /// <summary>Lets a few chunks run and stops it there.</summary>
    /// <returns>The users reached, by their place; null when it was not stopped.</returns>
    private async Task<HashSet<long>?> StopInTheMiddle(Deed plan, Stop stop)
    {
        if (stop == Stop.None)
        {
            return null;
        }

        for (var chunks = random.Next(1, 4); chunks > 0; chunks--)
        {
            await pipeline.Runner.ServeOne(CancellationToken.None);
        }

        var operation = await pipeline.Read(plan.Operation);
        if (operation.Status != OperationStatus.Running)
        {
            return null;
        }

        var (requester, requests) = (plan.Requester, pipeline.Operations);
        await (
            stop == Stop.Pause
                ? requests.Pause(requester, operation.Id, CancellationToken.None)
                : requests.Cancel(requester, operation.Id, CancellationToken.None)
        );
        var items = await pipeline.Items(operation);
        story.Add($"{stop} after position {operation.Cursor}");
        return [.. items.Where(i => i.Position <= operation.Cursor).Select(i => i.Ordinal)];
    }

    private async Task Same(string what, IReadOnlyList<Forecast> expected, Operation operation)
    {
        story.Add(what);
        var (items, words) = (await pipeline.Items(operation), new ReasonSentences(pipeline.Catalog.Get(operation.Action)));
        var nameless = items.Where(i =>
            i.Outcome is not (Outcome.Changed or Outcome.Pending) && words.Find(i.Reason ?? i.OutcomeReason ?? "") is null or ""
        );
        Same(
            [],
            nameless.Select(i => $"{i.ProfileId} × {i.TargetId} is {i.Outcome} for no reason that has words: {i.Reason} {i.OutcomeReason}")
        );
        // The rules ask for a reason where undo leaves somebody alone, and leave its name to the action.
        string? Named(string? reason) => operation.UndoOf is not null && reason is not null ? ActionModel.TouchedSince : reason;
        var found = items.Select(i => new Forecast(i.Ordinal, i.ProfileId, i.TargetId, Named(i.Reason))
        {
            IsProblem = i.Verdict == Verdict.Problem,
            IsChanged = i.Outcome == Outcome.Changed,
            OutcomeReason = i.OutcomeReason,
        });
        Same(
            expected.OrderBy(i => i.Ordinal).ThenBy(i => i.Target).Select(i => $"{i with { Reason = Named(i.Reason) }}"),
            found.Select(i => $"{i}")
        );
        var people = expected.GroupBy(i => i.Ordinal).ToList();
        var changing = people.Count(p => p.Any(i => i.WillChange));
        var problems = people.Count(p => p.All(i => !i.WillChange) && p.Any(i => i.IsProblem));
        var changed = people.Count(p => p.Any(i => i.IsChanged));
        // Whoever was reached has changed or has been told why not.
        var left = people.Count(p => !p.Any(i => i.IsChanged) && p.Any(i => i is { WillChange: true, OutcomeReason: not null }));
        Same(
            [
                $"{people.Count} selected, {changing} will change, {problems} problems, {people.Count - changing - problems} skipped",
                $"{changed} changed, {left} left alone, 0 failed",
            ],
            [
                $"{operation.Selected} selected, {operation.WillChange} will change, {operation.Problems} problems, {operation.Skipped} skipped",
                $"{operation.Changed} changed, {operation.LeftAlone} left alone, {operation.Failed} failed",
            ]
        );
    }

    private void SameEffects(List<string> expected, Operation operation)
    {
        var codes = expected.Select(e => e.Split(' ')[0]).ToHashSet();
        var found = Json.Read<List<Effect>>(operation.Effects!)
            .Where(e => e.Count > 0 && codes.Contains(e.Code))
            .Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Code} {e.TargetId ?? 0} {e.Count}"));
        Same(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    private async Task Same(string what, World expected)
    {
        story.Add(what);
        Same(expected.Facts(tokens), (await WorldReading.Read(given.Database, given)).Facts(tokens));
    }

    private void Same(IEnumerable<string> expected, IEnumerable<string> actual)
    {
        var (foretold, found) = (expected.ToList(), actual.ToList());
        if (!foretold.SequenceEqual(found))
        {
            Assert.Fail(
                string.Join(
                    '\n',
                    [
                        .. story,
                        "Foretold, but not so:",
                        .. foretold.Except(found).Take(8),
                        "So, but not foretold:",
                        .. found.Except(foretold).Take(8),
                    ]
                )
            );
        }
    }
}
