using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Muster.Tests;

namespace Muster.Bench;

/// <summary>One workspace alone in a database, and then the last of many: what an operation on everybody and a page of its users take.</summary>
public sealed class ManySuite(ManyOptions options)
{
    private const string Database = "many";

    /// <summary>The section's.</summary>
    public const string Heading = "## Many workspaces";
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    private const string Introduction = """
        Written by `dotnet run -c Release --project bench -- many --report docs/performance.md`, which replaces this section alone. A real server with its own settings; everybody in one workspace is put into a group whose rule
        enrols them, and that is undone, over REST; pages are those of the REST interface. First that workspace is alone in the database, then the last of many of its size. *Idle* counts the statements that the server sends while nobody asks anything.

        """;

    /// <summary>Runs everything that was asked for and writes the section.</summary>
    public async Task Run(CancellationToken ct)
    {
        var (began, load, versions) = (TimeProvider.System.GetUtcNow(), Machine.Load(), new List<string>());
        var lines = new StringBuilder();
        foreach (var name in options.Databases)
        {
            await using var store = await Store.Start(name);
            versions.Add(store.Version);
            await store.Create(Database);
            var alone = await Measure(store, await Fill(store, 0, 1, ct), ct);
            var among = await Measure(store, await Fill(store, 1, options.Workspaces - 1, ct), ct);
            foreach (var what in alone.Keys)
            {
                var (one, many) = (alone[what], among[what]);
                lines.Append(
                    CultureInfo.InvariantCulture,
                    $"| {store.Name} | {what} | {one.At(0.5):F1} | {one.At(1):F1} | {many.At(0.5):F1} | {many.At(1):F1} | {many.At(0.5) / one.At(0.5):F2} |\n"
                );
            }

            await store.Drop(Database);
        }

        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {Heading}

            {Introduction}
            {options.Workspaces:N0} workspaces of {options.Users:N0} users. {Machine.Line(began, load, versions)}

            | database | what | alone p50 | alone longest | among many p50 | among many longest | ratio |
            | --- | --- | ---: | ---: | ---: | ---: | ---: |
            {lines}
            """
        );
        Console.WriteLine($"\n{text}");
        if (options.Report is { } path)
        {
            await File.WriteAllTextAsync(path, Section.Into(await File.ReadAllTextAsync(path, ct), Heading, text), ct);
        }
    }

    /// <summary>Adds workspaces; the last of them.</summary>
    private async Task<Ground> Fill(Store store, int from, int count, CancellationToken ct)
    {
        Ground? last = null;
        for (var i = from; i < from + count; i++)
        {
            await using var db = store.Open(Database);
            last = await Seed.Fill(db, options.Users, ct, string.Create(CultureInfo.InvariantCulture, $"w{i}"), i == from + count - 1);
            await db.Outbox.IgnoreQueryFilters().ExecuteDeleteAsync(ct);
            if (i % 100 == 0)
            {
                Console.WriteLine($"{store.Name}: {i.ToString(CultureInfo.InvariantCulture)} workspaces");
            }
        }

        await store.Settle(Database);
        return last!;
    }

    private async Task<Dictionary<string, Times>> Measure(Store store, Ground ground, CancellationToken ct)
    {
        var environment = new Dictionary<string, string?> { ["Muster__Api__RequestsPerMinute"] = "1000000" };
        var quiet = new MusterOptions { Database = store.Setting(Database), Environment = environment };
        var token = (
            await MusterProcess.Run(
                quiet,
                ["token", "create", "--workspace", ground.Workspace.ToString(CultureInfo.InvariantCulture)],
                ct: ct
            )
        ).OrThrow("token create");
        var place = new Place(ground, token.Output.Trim());
        var times = new Dictionary<string, Times>
        {
            ["preview of everybody, ms"] = new(),
            ["confirm until completed, ms"] = new(),
            ["page of users, ms"] = new(),
            ["page of a group, ms"] = new(),
            ["search, ms"] = new(),
            ["idle, statements a second"] = new(),
        };
        await using (var server = await MusterProcess.Start(quiet, ct))
        {
            using var api = new Api(server.Url);
            // Twice for whatever is compiled first.
            await Round(api, place, null);
            await Round(api, place, null);
            for (var i = 0; i < options.Rounds; i++)
            {
                await Round(api, place, times);
            }
        }

        times["idle, statements a second"].Add(await StatementsASecond(quiet, ct));
        return times;
    }

    private async Task Round(Api api, Place place, Dictionary<string, Times>? times)
    {
        void Add(string what, double milliseconds) => times?[what].Add(milliseconds);
        var clock = Stopwatch.StartNew();
        var added = await api.AddToGroup(place, new { filter = new { } });
        await api.Until(place, added.Id, "previewed", Poll);
        Add("preview of everybody, ms", clock.Elapsed.TotalMilliseconds);
        clock.Restart();
        await api.Must(HttpMethod.Post, place, Api.At(added.Id, "confirm"), new { expectedChanges = options.Users });
        await api.Until(place, added.Id, "completed", Poll);
        Add("confirm until completed, ms", clock.Elapsed.TotalMilliseconds);
        foreach (
            var (what, path) in new (string, FormattableString)[]
            {
                ("page of users, ms", $"users?limit=50"),
                ("page of a group, ms", $"users?limit=50&group={place.Group}"),
                ("search, ms", $"users?limit=50&search=anna"),
            }
        )
        {
            Add(what, (await api.Must(HttpMethod.Get, place, FormattableString.Invariant(path))).Milliseconds);
        }

        var undo = await api.Must(HttpMethod.Post, place, Api.At(added.Id, "undo"));
        await api.Until(place, undo.Id, "previewed", Poll);
        await api.Must(HttpMethod.Post, place, Api.At(undo.Id, "confirm"), new { expectedChanges = options.Users });
        await api.Until(place, undo.Id, "completed", Poll);
    }

    /// <summary>What a server that nobody asks anything says it executes.</summary>
    private static async Task<double> StatementsASecond(MusterOptions quiet, CancellationToken ct)
    {
        var loud = quiet with
        {
            Environment = new Dictionary<string, string?>(quiet.Environment)
            {
                ["Logging__LogLevel__Microsoft.EntityFrameworkCore.Database.Command"] = "Information",
            },
        };
        await using var server = await MusterProcess.Start(loud, ct);
        // What it does once after it has started is not idleness.
        await Task.Delay(Idle, ct);
        int Executed() => server.Output.Split("Executed DbCommand").Length - 1;
        var before = Executed();
        await Task.Delay(Idle, ct);
        return (Executed() - before) / Idle.TotalSeconds;
    }
}
