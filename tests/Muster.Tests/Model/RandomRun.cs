using System.Globalization;
using System.Text;
using Muster.Bulk;
using Xunit;

namespace Muster.Tests;

/// <summary>One random plan from preview to undo, each step compared with what the model foretells.</summary>
internal sealed class RandomRun(ActionModel model, RandomWorld scene, Pipeline pipeline, RandomPlanTests.Told told, Random random)
{
    private readonly Given given = scene.Given;
    private readonly List<string> story = [];
    private HashSet<string?> tokens = [];

    /// <summary>Plays it; a failure tells the whole story.</summary>
    public async Task Play(int seed)
    {
        var found = await Read();
        tokens = [.. found.People.Values.Select(p => p.Invitation?.Token)];
        var plan = new RandomPlan(model, scene, found, random);
        story.Add($"Plan {seed} of {model.Key} with {plan.Parameters} by {(plan.Request.Self == 0 ? "the command line" : "an Admin")}");
        story.Add(Encoding.UTF8.GetString(plan.File ?? []));
        var operation = await pipeline.Preview(plan.Requester, model.Key, new(plan.Parameters, plan.Selection, plan.File));
        plan.Name(await pipeline.Items(operation));
        var previewed = model.Preview(found, plan.Request, plan.People);
        await Same("preview", previewed, operation, isRun: false);
        SameEffects(model.Effects(found, plan.Request, previewed).ToList(), operation);
        if (!previewed.Any(i => i.WillChange))
        {
            return;
        }

        var awaited = plan.Request.Rows?.Values.Select(r => r.EmailKey).Distinct().ToList();
        var before = await Touched(found, previewed, mayStart: false, awaited);
        var (done, left) = model.Run(before, plan.Request, previewed, operation.Id);
        operation = await pipeline.Run(plan.Requester, operation);
        await Same("run", done, operation, isRun: true);
        await Same("workspace after the run", left);
        told.Add(done);
        if (!model.IsReversible || operation.Changed == 0)
        {
            return;
        }

        left = await Read();
        var now = await Touched(left, done, mayStart: true);
        var (undone, after) = model.Undo(before, left, now, done, operation.Id);
        var undo = await pipeline.PreviewUndo(plan.Requester, operation);
        if (undo.WillChange > 0)
        {
            undo = await pipeline.Run(plan.Requester, undo);
            await Same("undo", undone, undo, isRun: true, isUndo: true);
        }
        else
        {
            await Same("preview of the undo", undone, undo, isRun: false, isUndo: true);
        }

        await Same("workspace after the undo", after);
        told.AddUndo(undone);
    }

    private Task<World> Read() => WorldReading.Read(given.Database, given);

    private async Task<World> Touched(World world, IReadOnlyList<Forecast> items, bool mayStart, IReadOnlyList<string>? awaited = null)
    {
        var touch = new RandomTouch(scene, random, RandomPlan.IsAboutProfiles(model), awaited);
        var preferred = items.Where(i => i.WillChange && world.People.ContainsKey(i.Person)).Select(i => i.Person).Distinct();
        await touch.Some([.. preferred], mayStart);
        story.AddRange(touch.Log);
        // What is done after it is later, not at the same moment.
        given.Clock.Advance(TimeSpan.FromSeconds(1));
        return await Read();
    }

    private async Task Same(string what, IReadOnlyList<Forecast> expected, Operation operation, bool isRun, bool isUndo = false)
    {
        story.Add(what);
        // The rules ask for a reason where undo leaves somebody alone, and leave its name to the action.
        string? Told(string? reason) => isUndo && reason is not null ? ActionModel.TouchedSince : reason;
        var items = (await pipeline.Items(operation)).Select(i => new Forecast(i.Ordinal, i.ProfileId, i.TargetId, Told(i.Reason))
        {
            IsProblem = i.Verdict == Verdict.Problem,
            IsChanged = i.Outcome == Outcome.Changed,
            OutcomeReason = i.OutcomeReason,
        });
        Same(expected.OrderBy(i => i.Ordinal).ThenBy(i => i.Target).Select(i => $"{i}"), items.Select(i => $"{i}"));
        var people = expected.GroupBy(i => i.Ordinal).ToList();
        var changing = people.Count(p => p.Any(i => i.WillChange));
        var problems = people.Count(p => p.All(i => !i.WillChange) && p.Any(i => i.IsProblem));
        var changed = people.Count(p => p.Any(i => i.IsChanged));
        Same(
            [$"{people.Count} selected, {changing} will change, {problems} problems, {people.Count - changing - problems} skipped"],
            [
                $"{operation.Selected} selected, {operation.WillChange} will change, {operation.Problems} problems, {operation.Skipped} skipped",
            ]
        );
        if (isRun)
        {
            Same(
                [$"{changed} changed, {changing - changed} left alone, 0 failed"],
                [$"{operation.Changed} changed, {operation.LeftAlone} left alone, {operation.Failed} failed"]
            );
        }
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
        Same(expected.Facts(tokens), (await Read()).Facts(tokens));
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
