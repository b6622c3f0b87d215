using System.Collections.Concurrent;
using System.Diagnostics;

namespace Muster.Bench;

/// <summary>A page that people look at.</summary>
/// <param name="What">In the report.</param>
/// <param name="Address">Where it is; null while there is none.</param>
/// <param name="IsFleeting">There is none most of the time, so nobody waits until it has been read often.</param>
public sealed record Page(string What, Func<string?> Address, bool IsFleeting = false);

/// <summary>
/// Reads pages one after the other at a steady rate with an Admin's session, whether or not the ones before have been answered, as people do who know nothing of each other.
/// </summary>
public sealed class PageReader(Live live, IReadOnlyList<Page> pages, Figures figures)
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(200);
    private readonly ConcurrentBag<Task> reading = [];

    /// <summary>Whether times count; pages are read all the same.</summary>
    public bool Counts { get; set; } = true;

    /// <summary>Reads every page twice, so that nothing is compiled while it is measured.</summary>
    public async Task WarmUp()
    {
        foreach (var page in pages.Concat(pages))
        {
            if (page.Address() is { } address)
            {
                await Read(address);
            }
        }
    }

    /// <summary>Reads every page so often while nothing else is going on.</summary>
    public async Task ReadAlone(int times)
    {
        for (var i = 0; i < times; i++)
        {
            foreach (var page in pages)
            {
                if (page.Address() is { } address)
                {
                    var took = await Read(address);
                    figures.Alone(page.What).Add(took);
                    figures.Alone(AllOf(page)).Add(took);
                }
            }
        }
    }

    /// <summary>True when every page has been read so often.</summary>
    public bool HasRead(int times) => pages.All(page => page.IsFleeting || figures.Of(page.What).Count >= times);

    /// <summary>Reads until it is asked to stop.</summary>
    public async Task Run(CancellationToken stop)
    {
        foreach (var page in pages)
        {
            figures.Of(page.What);
        }

        using var timer = new PeriodicTimer(Beat);
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
            var page = pages[i % pages.Count];
            if (page.Address() is { } address)
            {
                reading.Add(Time(page, address));
            }
        }

        await Task.WhenAll(reading);
    }

    private async Task Time(Page page, string address)
    {
        var took = await Read(address);
        if (Counts)
        {
            figures.Of(page.What).Add(took);
            figures.Of(AllOf(page)).Add(took);
        }
    }

    /// <summary>All pages of the page's workspace.</summary>
    private static string AllOf(Page page) => $"{page.What[..1]}, every page together";

    private async Task<double> Read(string address)
    {
        var clock = Stopwatch.StartNew();
        using var answer = await live.Admin.Client.GetAsync(new Uri(address, UriKind.Relative));
        await answer.Content.ReadAsByteArrayAsync();
        return answer.StatusCode == System.Net.HttpStatusCode.OK
            ? clock.Elapsed.TotalMilliseconds
            : throw new InvalidOperationException($"GET {address}: {answer.StatusCode}");
    }
}
