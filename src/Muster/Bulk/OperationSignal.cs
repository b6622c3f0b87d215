using System.Threading.Channels;

namespace Muster.Bulk;

/// <summary>Tells the runners of this process that there is work, so that nobody waits for the next sweep.</summary>
public sealed class OperationSignal
{
    private readonly Channel<bool> channel = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    public void Raise() => channel.Writer.TryWrite(true);

    internal async Task Wait(TimeSpan longest, CancellationToken ct)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(longest);
        try
        {
            await channel.Reader.ReadAsync(timeout.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // The sweep's turn.
        }
    }
}
