using System.Globalization;

namespace Muster.Bench;

/// <summary>One real server for each database; beside an operation on everybody in one workspace, what the people of both feel.</summary>
public sealed class BesideSuite(BesideOptions options)
{
    /// <returns>The sentences about what should not have happened.</returns>
    public async Task<IReadOnlyList<string>> Run(CancellationToken ct)
    {
        var report = new BesideReport(options);
        var all = new List<Figures>();
        foreach (var name in options.Databases)
        {
            await using var store = await Store.Start(name);
            var figures = new Figures(store.Name);
            all.Add(figures);
            report.Versions.Add(store.Version);
            await Measure(store, figures, ct);
            foreach (var sentence in figures.Broken)
            {
                Console.WriteLine(sentence);
            }
        }

        var text = report.Section(all);
        Console.WriteLine($"\n{text}");
        if (options.Report is { } path)
        {
            await File.WriteAllTextAsync(path, Section.Into(await File.ReadAllTextAsync(path, ct), BesideReport.Heading, text), ct);
        }

        return [.. all.SelectMany(figures => figures.Broken)];
    }

    private async Task Measure(Store store, Figures figures, CancellationToken ct)
    {
        await using var live = await Live.Start(store, options.Users, ct);
        Say(store, $"{options.Users} users seeded, the server runs");
        var work = new LargeWork(live, figures);
        var small = new SmallWork(live, work, figures);
        var waiting = await Waiting(live, figures);
        Say(store, $"a preview of everybody waits");

        var pages = new PageReader(live, await Pages.Of(live, work, waiting), figures);
        await pages.WarmUp();
        await pages.ReadAlone(options.Reads);
        Say(store, $"every page read {options.Reads} times with nothing beside it");
        using var stopWork = new CancellationTokenSource();
        using var stopReading = new CancellationTokenSource();
        var reading = pages.Run(stopReading.Token);
        var working = work.Run(stopWork.Token);
        var rounds = small.Run(options.Rounds);
        while (!rounds.IsCompleted || !pages.HasRead(options.Reads))
        {
            // Whoever fails ends the run.
            await await Task.WhenAny(reading, working, rounds.IsCompleted ? Task.Delay(100, ct) : rounds);
        }

        pages.Counts = false;
        Say(store, $"{options.Rounds} operations on 200 users, every page read");
        await stopWork.CancelAsync();
        await working;
        await new Stops(live, work, figures).Pause(options.Stops);
        Say(store, $"{options.Stops} pauses");
        await new Stops(live, work, figures).Cancel(options.Stops);
        Say(store, $"{options.Stops} cancellations");
        await stopReading.CancelAsync();
        await reading;
    }

    /// <summary>An operation on everybody whose preview nobody confirms.</summary>
    private static async Task<long> Waiting(Live live, Figures figures)
    {
        var created = await live.Api.Must(
            HttpMethod.Post,
            live.Large,
            "operations",
            new
            {
                action = "archive-profiles",
                parameters = new { },
                selection = new { filter = new { } },
            }
        );
        figures.Of("A, everybody chosen: answered, a server's first request").Add(created.Milliseconds);
        await live.Api.Until(live.Large, created.Id, "previewed", TimeSpan.FromMilliseconds(200));
        return created.Id;
    }

    private static void Say(Store store, FormattableString text) =>
        Console.WriteLine($"[{TimeProvider.System.GetLocalNow():HH:mm:ss}] {store.Name}: {text.ToString(CultureInfo.InvariantCulture)}");
}
