using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Muster.Files;
using Muster.Tests;

namespace Muster.Bench;

/// <summary>One line of the table.</summary>
public sealed record Measured(
    MeasuredAction Action,
    string Database,
    int Users,
    double? PreviewSeconds,
    double RunSeconds,
    double FloorSeconds,
    double ProcessorRatio,
    Ran Last
)
{
    /// <summary>How fast the product is beside the floor: 1 is as fast.</summary>
    public double Ratio => FloorSeconds / RunSeconds;

    /// <summary>Cost of each added user from here to a larger size.</summary>
    public double CostPerUserTo(Measured larger) => (larger.RunSeconds - RunSeconds) / (larger.Users - Users);
}

/// <summary>Runs everything that was asked for, one thing at a time.</summary>
public sealed class Suite(BenchOptions options)
{
    private const string Base = "base";
    private const string Live = "live";
    private const string After = "after_preview";
    private const string FloorCopy = "floor";
    private readonly string files = Reaper.NewFolder("bench-files");
    private readonly List<Measured> measured = [];
    private readonly List<string> versions = [];
    private string schema = "";

    public async Task Run(CancellationToken ct)
    {
        var report = new Report();
        foreach (var name in options.Databases)
        {
            await using var store = await Store.Start(name);
            versions.Add(store.Version);
            foreach (var size in options.Sizes)
            {
                var clock = Stopwatch.StartNew();
                await store.Create(Base);
                Ground ground;
                await using (var db = store.Open(Base))
                {
                    ground = await Seed.Fill(db, size, ct);
                    schema = Report.Schema(db);
                }

                await store.Settle(Base);
                Say($"{store.Name}: seeded {size} users in {clock.Elapsed.TotalSeconds:F1} s");
                foreach (var action in options.Actions)
                {
                    var line = action == MeasuredAction.Export ? await Export(store, ground, ct) : await Measure(store, ground, action, ct);
                    measured.Add(line);
                    Console.WriteLine(Report.Line(line, measured));
                }
            }
        }

        var text = report.Table(measured, versions, schema);
        Console.WriteLine();
        Console.WriteLine(text);
        if (options.Report is { } path)
        {
            // The sections of the other commands stay.
            var (before, document) = (File.Exists(path) ? await File.ReadAllTextAsync(path, ct) : "", report.Document(text));
            foreach (var heading in new[] { BesideReport.Heading, ManySuite.Heading })
            {
                document = Section.Of(before, heading) is { Length: > 0 } section ? Section.Into(document, heading, section) : document;
            }

            await File.WriteAllTextAsync(path, document, ct);
        }

        Directory.Delete(files, recursive: true);
    }

    private async Task<Measured> Measure(Store store, Ground ground, MeasuredAction action, CancellationToken ct)
    {
        var file = action == MeasuredAction.Invite ? await InvitationFile(ground, ct) : null;
        await store.Copy(Base, Live);
        await using var product = new Child(new(store.Setting(Live), action, ground, file, options.Profile));
        var previewed = await product.Ask<Previewed>("preview", ct);
        await store.Settle(Live);
        await store.Rename(Live, After);
        var runs = new List<(Ran Ran, double Processor, Took Floor)>();
        var repeats = ground.Users > BenchOptions.LargestRepeated ? 1 : options.Repeats;
        for (var i = 0; i < repeats; i++)
        {
            await store.Copy(After, Live);
            await store.Copy(After, FloorCopy);
            var server = store.ProcessorSeconds;
            var ran = await product.Ask<Ran>("run", ct);
            server = store.ProcessorSeconds - server;
            var floor = new Floor(store, ground);
            var took = await floor.Run(FloorCopy, action, previewed.Operation, ran.Chunks, await SecretLength(store, ct));
            await Equality.Check(store, Live, FloorCopy);
            runs.Add((ran, ran.ProcessorSeconds + server, took));
            Say(
                $"{action} {store.Name} {ground.Users}: product {ran.Seconds:F3} s ({ran.ProcessorSeconds + server:F2} of processors), floor {took.Seconds:F3} s ({took.ProcessorSeconds:F2}), {ran.Chunks} chunks, {ran.Statements} statements"
            );
            if (options.Profile)
            {
                Console.WriteLine(string.Join('\n', ran.Costliest.Append("floor").Concat(floor.Taken)));
            }

            await store.Drop(Live);
            await store.Drop(FloorCopy);
        }

        await store.Drop(After);
        return new(
            action,
            store.Name,
            ground.Users,
            previewed.Seconds,
            Median(runs.Select(run => run.Ran.Seconds)),
            Median(runs.Select(run => run.Floor.Seconds)),
            Median(runs.Select(run => run.Floor.ProcessorSeconds / run.Processor)),
            runs[^1].Ran
        );
    }

    private async Task<Measured> Export(Store store, Ground ground, CancellationToken ct)
    {
        var (ours, theirs) = (Path.Combine(files, "ours.csv"), Path.Combine(files, "theirs.csv"));
        await using var product = new Child(new(store.Setting(Base), MeasuredAction.Export, ground, ours, options.Profile));
        var runs = new List<(Ran Ran, double Processor, Took Floor)>();
        for (var i = 0; i < (ground.Users > BenchOptions.LargestRepeated ? 1 : options.Repeats); i++)
        {
            var server = store.ProcessorSeconds;
            var ran = await product.Ask<Ran>("run", ct);
            server = store.ProcessorSeconds - server;
            runs.Add((ran, ran.ProcessorSeconds + server, await new Floor(store, ground).Export(Base, theirs)));
            if (File.ReadLines(ours).Count() != File.ReadLines(theirs).Count() || ran.Users != ground.Users)
            {
                throw new UnequalException($"{store.Name}: the exports have different numbers of lines, so the ratio would be a lie.");
            }

            if (options.Profile)
            {
                Console.WriteLine(string.Join('\n', ran.Costliest));
            }
        }

        return new(
            MeasuredAction.Export,
            store.Name,
            ground.Users,
            null,
            Median(runs.Select(run => run.Ran.Seconds)),
            Median(runs.Select(run => run.Floor.Seconds)),
            Median(runs.Select(run => run.Floor.ProcessorSeconds / run.Processor)),
            runs[^1].Ran
        );
    }

    /// <summary>As many new people as there are users, in rows short enough for a million of them to stay below the largest upload.</summary>
    private async Task<string> InvitationFile(Ground ground, CancellationToken ct)
    {
        var path = Path.Combine(files, "people.csv");
        await using var file = File.Create(path);
        await using var table = new CsvTableWriter(file);
        string[] titles = ["Email", "First name", "Last name", "Organisation unit", "Groups", Ground.Field];
        await table.WriteHeader([.. titles.Select(title => new TableColumn(title))], ct);
        var row = new TableCell[titles.Length];
        for (var i = 0; i < ground.Users; i++)
        {
            row[0] = TableCell.Of(string.Create(CultureInfo.InvariantCulture, $"n{i}@b.io"));
            row[1] = TableCell.Of(i % 2 == 0 ? "Ana" : "Lee");
            row[2] = TableCell.Of(string.Create(CultureInfo.InvariantCulture, $"Ro{i % 997}"));
            row[3] = TableCell.Of(ground.Units[i % ground.Units.Count]);
            row[4] = TableCell.Of(i % 2 == 0 ? "Team 2" : "Team 3; Team 4");
            row[5] = TableCell.Of("A");
            await table.WriteRow(row, ct);
        }

        await table.Complete(ct);
        return path;
    }

    private static async Task<int> SecretLength(Store store, CancellationToken ct)
    {
        await using var db = store.Open(Live);
        return await db.Outbox.IgnoreQueryFilters().MaxAsync(m => m.Secret == null ? 0 : (int?)m.Secret.Length, ct) ?? 0;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static void Say(FormattableString text) =>
        Console.WriteLine($"[{TimeProvider.System.GetLocalNow():HH:mm:ss}] {text.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>The product in a process of its own.</summary>
    private sealed class Child : IAsyncDisposable
    {
        private readonly Process process;

        public Child(ProductTask task)
        {
            process =
                Process.Start(
                    new ProcessStartInfo(Environment.ProcessPath!, [ProductProcess.Command, JsonSerializer.Serialize(task)])
                    {
                        UseShellExecute = false,
                        RedirectStandardInput = true,
                        RedirectStandardOutput = true,
                    }
                ) ?? throw new InvalidOperationException("The product did not start.");
            Reaper.Watch(process.Id);
        }

        public async Task<T> Ask<T>(string word, CancellationToken ct)
        {
            await process.StandardInput.WriteLineAsync(word.AsMemory(), ct);
            var answer =
                await process.StandardOutput.ReadLineAsync(ct)
                ?? throw new InvalidOperationException($"The product ended on '{word}'; see above.");
            return JsonSerializer.Deserialize<T>(answer)!;
        }

        public async ValueTask DisposeAsync()
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            Reaper.Forget(process.Id);
            process.Dispose();
        }
    }
}
