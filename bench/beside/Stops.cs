using System.Diagnostics;
using Muster.Bulk;

namespace Muster.Bench;

/// <summary>Pauses and cancels operations on everybody while they run, takes the time until it acts, and looks whether anything changes afterwards.</summary>
public sealed class Stops(Live live, LargeWork work, Figures figures)
{
    private const int TriesEach = 20;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);
    private readonly Random random = new(13);

    /// <summary>Pauses so often, each time resuming; the operation goes on to its end, and the next begins.</summary>
    public async Task Pause(int times)
    {
        await work.Begin();
        for (var (done, tries) = (0, 0); done < times; tries++)
        {
            GiveUp(tries, times, "pause");
            if (await IsAtWork() && await Stop("pause", OperationStatus.Paused))
            {
                await live.Api.Must(HttpMethod.Post, live.Large, Api.At(work.Current, "resume"));
                done++;
            }
            else
            {
                await work.Finish();
                await work.Begin();
            }
        }

        await work.Finish();
    }

    /// <summary>Cancels so often, each time undoing what had been done.</summary>
    public async Task Cancel(int times)
    {
        for (var (done, tries) = (0, 0); done < times; tries++)
        {
            GiveUp(tries, times, "cancel");
            await work.Clear();
            await work.Begin();
            if (await IsAtWork() && await Stop("cancel", OperationStatus.Cancelled))
            {
                work.Over();
                done++;
            }
            else
            {
                await work.Finish();
            }
        }

        await work.Clear();
        figures.Check(await live.Members(live.Large) == 0, $"what was cancelled has been undone, and somebody is still in the group");
    }

    /// <summary>Waits until people are being changed, and then some time, so that a chunk is met anywhere.</summary>
    /// <returns>False when it was over before.</returns>
    private async Task<bool> IsAtWork()
    {
        var before = (await live.Row(live.Large, work.Current))[0];
        while (true)
        {
            var row = await live.Row(live.Large, work.Current);
            if (row[^1] == (long)OperationStatus.Completed)
            {
                return false;
            }

            if (row[^1] == (long)OperationStatus.Running && row[0] > before)
            {
                await Task.Delay(random.Next(live.Large.Ground.Users < 100_000 ? 50 : 600));
                return true;
            }

            await Task.Delay(Look);
        }
    }

    /// <returns>False when it was over before the request.</returns>
    private async Task<bool> Stop(string verb, OperationStatus status)
    {
        var (place, id) = (live.Large, work.Current);
        var cursor = (await live.Row(place, id))[0];
        var clock = Stopwatch.StartNew();
        var sending = live.Api.Send(HttpMethod.Post, place, Api.At(id, verb));
        var commits = new List<double>();
        // The commit of a chunk is what somebody else sees, not what its own lines say.
        while (!sending.IsCompleted)
        {
            await Task.WhenAny(sending, Task.Delay(Look));
            if ((await live.Row(place, id))[0] is var now && now != cursor)
            {
                cursor = now;
                commits.Add(clock.Elapsed.TotalMilliseconds);
            }
        }

        var reply = await sending;
        if (reply.Status == 409)
        {
            return false;
        }

        figures.Check(reply.Status == 200, $"{verb} of operation {id} answered {reply.Status}: {reply.Body}");
        await NothingChanges(verb, status, reply);
        figures.Of($"A: {verb} until answered").Add(reply.Milliseconds);
        figures.Of($"A: {verb} until the last commit").Add(commits.LastOrDefault());
        figures.ChunksAfterStop.Add(commits);
        return true;
    }

    /// <summary>The answer, the operation's row, the audit log and the memberships say the same, and go on saying so.</summary>
    private async Task NothingChanges(string verb, OperationStatus status, Reply reply)
    {
        var (place, id) = (live.Large, work.Current);
        var row = await live.Row(place, id);
        var chunks = await live.Chunks(place, id);
        await Task.Delay(Quiet);
        var later = await live.Row(place, id);
        var chunksLater = await live.Chunks(place, id);
        var members = await live.Members(place);
        var changed = reply.Items("changed");
        figures.Check(
            row.SequenceEqual(later) && chunks == chunksLater,
            $"operation {id} went on after {verb} was answered: {string.Join(' ', row)}, {chunks} chunks; then {string.Join(' ', later)}, {chunksLater}"
        );
        figures.Check(
            later[^1] == (long)status && later[1] == reply.Count("changed") && later[4] == changed,
            $"operation {id} is not what {verb} answered: {string.Join(' ', later)}; {reply.Body}"
        );
        var expected = work.MembersBefore + (work.IsUndo ? -changed : changed);
        figures.Check(members == expected, $"after {verb} of operation {id} {members} are in the group, not {expected}");
    }

    private void GiveUp(int tries, int times, string verb)
    {
        if (tries > times * TriesEach)
        {
            throw new InvalidOperationException($"Operations on {live.Large.Ground.Users} users are over before {verb} arrives; use more.");
        }
    }
}
