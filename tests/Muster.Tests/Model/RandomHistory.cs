namespace Muster.Tests;

/// <summary>
/// A history drawn at random in one workspace: operations of any action, undos of any operation so far, and other people's hands before, between and in the
/// middle of them.
/// </summary>
internal sealed class RandomHistory(RandomWorld scene, Pipeline pipeline, Told told, Random random)
{
    private readonly RandomSteps steps = new(scene, pipeline, told, random, isAboutProfiles: true);

    // What can be undone, and how many operations had run by then.
    private readonly List<(Deed Deed, int Age)> deeds = [];
    private readonly HashSet<long> halfUndone = [];

    /// <summary>Plays it.</summary>
    public async Task Play(int seed)
    {
        for (var (step, last) = (1, random.Next(6, 11)); step <= last; step++)
        {
            scene.Given.Clock.Advance(TimeSpan.FromSeconds(random.Next(1, 400)));
            var stop = random.Next(3) == 0 ? (Stop)random.Next(1, 3) : Stop.None;
            switch (random.Next(10))
            {
                case 0:
                    await steps.Touch([.. (await steps.Read()).People.Keys], mayStart: true);
                    break;
                // Mostly there is more than one to choose from, so that others have come later.
                case < 6 when deeds.Count > random.Next(3):
                    await Undo(random.Next(deeds.Count), stop);
                    break;
                default:
                    await Operate($"Step {step} of history {seed}", stop);
                    break;
            }
        }
    }

    private async Task Operate(string title, Stop stop)
    {
        var model = RandomPlanTests.Models[random.Next(RandomPlanTests.Models.Length)];
        if (await steps.Operate(model, title, isTouched: random.Next(2) == 0, stop) is { CanBeUndone: true } deed)
        {
            deeds.Add((deed, told.Operations));
        }
    }

    private async Task Undo(int which, Stop stop)
    {
        var (deed, age) = deeds[which];
        told.LaterUndos += told.Operations > age ? 1 : 0;
        told.UndosOfCancelled += deed.IsCancelled || halfUndone.Contains(deed.Operation.Id) ? 1 : 0;
        var requester = RandomPlan.Asks(scene, await steps.Read(), random).Requester;
        if (await steps.Undo(deed, requester, isTouched: random.Next(2) == 0, stop))
        {
            halfUndone.Add(deed.Operation.Id);
        }
        else
        {
            deeds.RemoveAt(which);
        }
    }
}
