using Muster.Bulk;

namespace Muster.Bench;

/// <summary>Keeps the large workspace at work: everybody is put into a group, then that is undone, and again.</summary>
public sealed class LargeWork(Live live, Figures figures)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private long? done;

    /// <summary>The operation that is being previewed or runs; 0 before the first.</summary>
    public long Current { get; private set; }

    /// <summary>The last one that is over; 0 before the first.</summary>
    public long Last { get; private set; }

    /// <summary>Whether the present one is confirmed, so that people are being changed.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>Members of the group when the present operation began.</summary>
    public long MembersBefore { get; private set; }

    /// <summary>Whether the present one takes people out of the group again.</summary>
    public bool IsUndo { get; private set; }

    /// <summary>Begins, previews and confirms the next one.</summary>
    public async Task<long> Begin()
    {
        var place = live.Large;
        MembersBefore = await live.Members(place);
        IsUndo = done is not null;
        var created = done is { } original
            ? await live.Api.Must(HttpMethod.Post, place, Api.At(original, "undo"))
            : await live.Api.AddToGroup(place, new { filter = new { } });
        figures.Of(IsUndo ? "A, undo of everybody: answered" : "A, everybody chosen: answered").Add(created.Milliseconds);
        (Current, IsRunning) = (created.Id, false);
        await Reach(OperationStatus.Previewed);
        var previewed = await live.Api.Must(HttpMethod.Get, place, Api.At(Current));
        await live.Api.Must(HttpMethod.Post, place, Api.At(Current, "confirm"), new { expectedChanges = previewed.Count("willChange") });
        IsRunning = true;
        return Current;
    }

    /// <summary>Waits until the present one is completed.</summary>
    public async Task Finish()
    {
        await Reach(OperationStatus.Completed);
        Over();
    }

    /// <summary>The present one was cancelled or is completed: the next undoes it, or begins anew.</summary>
    public void Over()
    {
        (Last, done) = (Current, IsUndo ? null : Current);
        IsRunning = false;
    }

    /// <summary>One after the other until it is asked to stop; ends with the present one.</summary>
    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Begin();
            await Finish();
        }
    }

    /// <summary>The group is empty again, so that everybody can be put into it.</summary>
    public async Task Clear()
    {
        if (done is not null)
        {
            await Begin();
            await Finish();
        }
    }

    private async Task Reach(OperationStatus status)
    {
        while ((await live.Row(live.Large, Current))[^1] is var now && now != (long)status)
        {
            if (now == (long)OperationStatus.Failed)
            {
                throw new InvalidOperationException(
                    $"Operation {Current} failed: {(await live.Api.Must(HttpMethod.Get, live.Large, Api.At(Current))).Body}"
                );
            }

            await Task.Delay(Pause);
        }
    }
}
