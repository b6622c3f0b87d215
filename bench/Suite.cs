using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Muster.Tests;

namespace Muster.Bench;

/// <summary>One line of the table.</summary>
/// <param name="Action">What.</param>
/// <param name="Database">Where.</param>
/// <param name="Users">How many people are in the workspace.</param>
/// <param name="Preview">The preview and its floor; null for an export.</param>
/// <param name="RunSeconds">From confirming to completion.</param>
/// <param name="FloorSeconds">The barest statements.</param>
/// <param name="ProcessorRatio">The floor's processor seconds by the product's.</param>
/// <param name="Usual">The usual way, where it was measured.</param>
/// <param name="Last">The last run.</param>
public sealed record Measured(
    MeasuredAction Action,
    string Database,
    int Users,
    PreviewTimes? Preview,
    double RunSeconds,
    double FloorSeconds,
    double ProcessorRatio,
    UsualTimes? Usual,
    Ran Last
)
{
    /// <summary>How fast the product is beside the floor: 1 is as fast.</summary>
    public double Ratio => FloorSeconds / RunSeconds;

    /// <summary>Cost of each added user from here to a larger size.</summary>
    public double CostPerUserTo(Measured larger) => (larger.RunSeconds - RunSeconds) / (larger.Users - Users);
}

/// <summary>Seconds of a preview, and of writing its rows.</summary>
public sealed record PreviewTimes(double Seconds, double FloorSeconds);

/// <summary>Seconds of the usual way, saving after every thousand users and after each.</summary>
public sealed record UsualTimes(double PerThousand, double PerUser);

/// <summary>Runs everything that was asked for, one thing at a time.</summary>
public sealed class Suite(BenchOptions options)
{
    private const string Base = "base";
    private const string Live = "live";
    private const string After = "after_preview";
    private const string FloorCopy = "floor";
    private const string UsualCopy = "usual";
    private readonly string files = Reaper.NewFolder("bench-files");
    private readonly List<Measured> measured = [];
    private readonly List<string> versions = [];
    private string schema = "";

    /// <exception cref="UnequalException">The product and what it is compared with did not do the same.</exception>
    public async Task<IReadOnlyList<Measured>> Run(CancellationToken ct)
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
                    var line = Scenario.IsExport(action)
                        ? await Export(store, ground, action, ct)
                        : await Measure(store, ground, action, ct);
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
        return measured;
    }

    private async Task<Measured> Measure(Store store, Ground ground, MeasuredAction action, CancellationToken ct)
    {
        var file = Scenario.IsFromFile(action) ? await InvitationFiles.Write(files, action, ground, ct) : null;
        await store.Copy(Base, Live);
        await Preparation.Run(store, Live, action, ground);
        await using var product = new ProductChild(new(store.Setting(Live), action, ground, file, options.Profile));
        var previewed = await product.Ask<Previewed>("preview", ct);
        await store.Settle(Live);
        await store.Rename(Live, After);
        var preview = options.Guard
            ? null
            : new PreviewTimes(previewed.Seconds, await PreviewFloorOf(store, ground, previewed.Operation, file));
        UsualTimes? usual = null;
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
            if (i == 0 && IsUsualMeasured(action, ground.Users))
            {
                usual = await Usual(store, ground, action, previewed.Operation);
            }

            Say(
                $"{Scenario.Name(action)} {store.Name} {ground.Users}: product {ran.Seconds:F3} s ({ran.ProcessorSeconds + server:F3} of processors), floor {took.Seconds:F3} s ({took.ProcessorSeconds:F3}), {ran.Chunks} chunks, {ran.Statements} statements"
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
            preview,
            Median(runs.Select(run => run.Ran.Seconds)),
            Median(runs.Select(run => run.Floor.Seconds)),
            Median(runs.Select(run => run.Floor.ProcessorSeconds / run.Processor)),
            usual,
            runs[^1].Ran
        );
    }

    private static Task<double> PreviewFloorOf(Store store, Ground ground, long operation, string? file) =>
        file is null ? PreviewFloor.Items(store, After, ground, operation) : PreviewFloor.File(store, file, InvitationFiles.Columns);

    private bool IsUsualMeasured(MeasuredAction action, int users) =>
        !options.Guard && UsualWay.Knows(action) && users <= (options.Usual ? BenchOptions.LargestRepeated : BenchOptions.LargestUsual);

    /// <summary>While the product's database is there to be compared with.</summary>
    private static async Task<UsualTimes> Usual(Store store, Ground ground, MeasuredAction action, long operation)
    {
        var way = new UsualWay(store, ground, action, operation);
        await store.Copy(After, UsualCopy);
        var batches = await way.Seconds(UsualCopy, UsualWay.Batch);
        await Equality.CheckMain(store, Live, UsualCopy);
        await store.Copy(After, UsualCopy);
        var singles = await way.Seconds(UsualCopy, 1, UsualWay.Sample);
        await store.Drop(UsualCopy);
        return new(batches, singles);
    }

    private async Task<Measured> Export(Store store, Ground ground, MeasuredAction action, CancellationToken ct)
    {
        var isXlsx = action == MeasuredAction.ExportXlsx;
        var (ours, theirs) = (Path.Combine(files, isXlsx ? "ours.xlsx" : "ours.csv"), Path.Combine(files, "theirs.csv"));
        await store.Copy(Base, Live);
        await Preparation.Run(store, Live, action, ground);
        await using var product = new ProductChild(new(store.Setting(Live), action, ground, ours, options.Profile));
        var runs = new List<(Ran Ran, double Processor, Took Floor)>();
        for (var i = 0; i < (ground.Users > BenchOptions.LargestRepeated ? 1 : options.Repeats); i++)
        {
            var server = store.ProcessorSeconds;
            var ran = await product.Ask<Ran>("run", ct);
            server = store.ProcessorSeconds - server;
            runs.Add((ran, ran.ProcessorSeconds + server, await new Floor(store, ground).Export(Live, theirs)));
            var lines = File.ReadLines(theirs).Count();
            if (ran.Users != ground.Users || lines != ground.Users + 1 || (!isXlsx && File.ReadLines(ours).Count() != lines))
            {
                throw new UnequalException($"{store.Name}: the exports have different numbers of lines, so the ratio would be a lie.");
            }

            if (options.Profile)
            {
                Console.WriteLine(string.Join('\n', ran.Costliest));
            }
        }

        await store.Drop(Live);
        return new(
            action,
            store.Name,
            ground.Users,
            null,
            Median(runs.Select(run => run.Ran.Seconds)),
            Median(runs.Select(run => run.Floor.Seconds)),
            Median(runs.Select(run => run.Floor.ProcessorSeconds / run.Processor)),
            null,
            runs[^1].Ran
        );
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
}
