using System.Globalization;
using System.Text.Json;
using Muster.Tests;

namespace Muster.Bench;

/// <summary>
/// The ratios to the floor that are committed (<c>bench/ratios.json</c>, by database and action, by processor time), and whether the product still has them.
/// Never times: those are another machine's.
/// </summary>
public static class Ratios
{
    /// <summary>A ratio below this share of the committed one has fallen.</summary>
    private const double Least = 0.7;

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };
    private static readonly string Path = Checkout.PathTo("bench", "ratios.json");

    /// <summary>Measures and compares; what has fallen is measured once more, and counts if it has fallen again.</summary>
    /// <returns>False where a ratio fell, or there is none to compare it with.</returns>
    /// <exception cref="UnequalException">The product and the floor did not do the same.</exception>
    public static async Task<bool> Hold(BenchOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        var committed = await Read(ct);
        var measured = await new Suite(options).Run(ct);
        var again = measured
            .Where(line => Committed(committed, line) > 0 && HasFallen(committed, line))
            .Select(line => line.Action)
            .ToHashSet();
        if (again.Count > 0)
        {
            Console.WriteLine($"Measured once more: {string.Join(", ", again.Select(Scenario.Name))}");
            measured = [.. measured, .. await new Suite(options with { Actions = [.. again] }).Run(ct)];
        }

        var best = measured
            .GroupBy(line => (line.Database, line.Action))
            .Select(lines => lines.MaxBy(line => line.ProcessorRatio)!)
            .ToList();
        foreach (var line in best)
        {
            var (ratio, before) = (line.ProcessorRatio, Committed(committed, line));
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{line.Database, -10} {Scenario.Name(line.Action), -12} {ratio:F2}, {(before == 0 ? "none committed: see --accept" : $"committed {before:F2}")}{(before > 0 && HasFallen(committed, line) ? "  FELL" : "")}"
                )
            );
        }

        return !best.Exists(line => HasFallen(committed, line));
    }

    /// <summary>Measures, and writes the ratios down as those to compare with; what is not measured keeps its own.</summary>
    /// <exception cref="UnequalException">The product and the floor did not do the same.</exception>
    public static async Task Accept(BenchOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        var committed = await Read(ct);
        foreach (var line in await new Suite(options).Run(ct))
        {
            committed.TryAdd(line.Database, []);
            committed[line.Database][Scenario.Name(line.Action)] = Math.Round(line.ProcessorRatio, 2);
        }

        await File.WriteAllTextAsync(Path, JsonSerializer.Serialize(committed, Readable) + "\n", ct);
    }

    private static bool HasFallen(SortedDictionary<string, SortedDictionary<string, double>> committed, Measured line) =>
        Committed(committed, line) is var before && (before == 0 || line.ProcessorRatio < Least * before);

    private static double Committed(SortedDictionary<string, SortedDictionary<string, double>> committed, Measured line) =>
        committed.GetValueOrDefault(line.Database)?.GetValueOrDefault(Scenario.Name(line.Action)) ?? 0;

    private static async Task<SortedDictionary<string, SortedDictionary<string, double>>> Read(CancellationToken ct) =>
        File.Exists(Path)
            ? JsonSerializer.Deserialize<SortedDictionary<string, SortedDictionary<string, double>>>(await File.ReadAllTextAsync(Path, ct))!
            : [];
}
