using System.Diagnostics;
using Muster.Tests;

namespace Muster.Faults;

/// <summary>One run: sets the servers up, lets users work while things break, waits until all has ended, checks and reports.</summary>
public sealed class Campaign(FaultOptions options)
{
    private static readonly TimeSpan SettlingPatience = TimeSpan.FromMinutes(6);
    private readonly Journal journal = new();

    /// <summary>Runs it.</summary>
    /// <returns>Whether nothing was lost and nothing happened twice.</returns>
    public async Task<bool> Run()
    {
        await using var store = await Store.Start(options);
        await using var sink = options.WithMail ? await SmtpSink.Start() : null;
        await using var site = new Site(journal);
        var faults = options.Faults.Where(fault => WhyNot(store, fault) is null).ToList();
        foreach (var fault in options.Faults.Except(faults))
        {
            Report.Say($"No {fault} here: {WhyNot(store, fault)}.");
        }

        var launch = Site.Options(options, store, sink);
        if (options.Ablate == Ablation.Fence)
        {
            launch = launch with { Executable = await Mutant.WithoutFence() };
        }

        var places = new List<Place>();
        for (var i = 1; i <= options.Workspaces; i++)
        {
            places.Add(await Place.Make(launch, store, $"Faults {i}", options.People));
        }

        for (var i = 0; i < options.Nodes; i++)
        {
            await site.Add(launch, faults.Contains(Fault.Clock));
        }

        using var api = new Api(site, journal);
        var start = new Dictionary<long, Facts>();
        foreach (var place in places)
        {
            await place.Furnish(api);
            start[place.Id] = await Facts.Read(store, place.Id);
        }

        if (options.Ablate == Ablation.Cursor)
        {
            await store.ForgetCursors();
        }

        Report.Say(
            $"{options.Nodes} node(s), {options.Workspaces} workspace(s) of {options.People} people, {options.Users} users at work in each; breaking."
        );
        var clock = Stopwatch.StartNew();
        using var stop = new CancellationTokenSource();
        var seed = options.Seed * 100;
        var work = places.SelectMany(place => Enumerable.Range(0, options.Users).Select(_ => new Person(api, place, journal, seed++)));
        var working = work.Select(person => person.Work(stop.Token)).ToList();
        await new Havoc(options, store, site, journal).Run(faults);
        var broken = clock.Elapsed;
        await stop.CancelAsync();
        await Task.WhenAll(working);
        Report.Say($"Faults are over after {broken.TotalSeconds:0} s; waiting until nothing waits any more.");
        clock.Restart();
        var settled = await Settle(store, api, places);
        if (options.Logs is { } folder)
        {
            site.KeepLogs(Directory.CreateDirectory(folder).FullName);
        }

        Report.Say($"That took {clock.Elapsed.TotalSeconds:0} s; checking.");
        return await Check(store, sink, places, start, settled, broken);
    }

    private static string? WhyNot(Store store, Fault fault) =>
        fault == Fault.Clock && Site.FakeTime is null ? "libfaketime is not installed (Debian package faketime)" : store.WhyNot(fault);

    /// <summary>Switches the schedules off, resumes what a person would resume, and waits until no operation and no message waits.</summary>
    private async Task<bool> Settle(Store store, Api api, IReadOnlyList<Place> places)
    {
        try
        {
            foreach (var place in places)
            {
                await place.EndSchedules(api);
            }
        }
        catch (Exception e) when (e is UnansweredException or InvalidOperationException)
        {
            journal.Faults.Add($"Schedules could not be switched off: {e.Message}");
            return false;
        }

        journal.SchedulesEnded = TimeProvider.System.GetUtcNow().UtcDateTime;
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < SettlingPatience)
        {
            var waiting = await store.Number("SELECT count(*) FROM outbox WHERE status = 0");
            foreach (var place in places)
            {
                var operations = await store.Read(
                    $"SELECT id, status FROM operations WHERE workspace_id = {place.Id} AND (status IN (1, 3, 4, 5, 9) OR (status = 8 AND confirmed_at IS NOT NULL))",
                    row => (Id: row.GetInt64(0), Status: row.GetInt32(1))
                );
                waiting += operations.Count;
                foreach (var (id, _) in operations.Where(o => o.Status is 5 or 8))
                {
                    await api.Send(HttpMethod.Post, place, $"operations/{id}/resume");
                    journal.Count("operations resumed at the end");
                }
            }

            if (waiting == 0)
            {
                return true;
            }

            await Task.Delay(1000);
        }

        return false;
    }

    private async Task<bool> Check(
        Store store,
        SmtpSink? sink,
        IReadOnlyList<Place> places,
        Dictionary<long, Facts> start,
        bool settled,
        TimeSpan broken
    )
    {
        var end = new Dictionary<long, Facts>();
        var checkers = new List<Checker>();
        foreach (var place in places)
        {
            end[place.Id] = await Facts.Read(store, place.Id);
            var checker = new Checker(place.Id, start[place.Id], end[place.Id], journal);
            checker.Run();
            checkers.Add(checker);
        }

        var mail = MailCheck.Of(sink is null ? [] : await sink.Messages(), end);
        var report = new Report(options, journal, [.. end.Values], checkers, mail, settled, broken);
        report.Print();
        return report.Faults.Count == 0;
    }
}
