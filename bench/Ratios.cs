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
    /// <summary>A ratio that fell below this share of the committed one is no accident of the machine.</summary>
    public const double Least = 0.7;

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };
    private static readonly string File = Checkout.PathTo("bench", "ratios.json");

    /// <summary>Compares, or commits instead.</summary>
    /// <returns>False where one fell or has none to be compared with.</returns>
    public static async Task<bool> Check(IReadOnlyList<Measured> measured, bool accept)
    {
        ArgumentNullException.ThrowIfNull(measured);
        var committed = await Read();
        var holds = true;
        foreach (var line in measured)
        {
            var (name, ratio) = (Scenario.Name(line.Action), line.ProcessorRatio);
            var before = committed.GetValueOrDefault(line.Database)?.GetValueOrDefault(name) ?? 0;
            var fell = ratio < Least * before || before == 0;
            holds &= !fell;
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{line.Database, -10} {name, -13} {ratio:F2}, {(before == 0 ? "none committed" : $"committed {before:F2}, {ratio / before:P0}")}{(fell && !accept ? "  <-- FELL" : "")}"
                )
            );
            if (accept)
            {
                committed.TryAdd(line.Database, []);
                committed[line.Database][name] = Math.Round(ratio, 2);
            }
        }

        if (accept)
        {
            await System.IO.File.WriteAllTextAsync(File, JsonSerializer.Serialize(committed, Readable) + "\n");
        }

        return holds || accept;
    }

    private static async Task<SortedDictionary<string, SortedDictionary<string, double>>> Read() =>
        System.IO.File.Exists(File)
            ? JsonSerializer.Deserialize<SortedDictionary<string, SortedDictionary<string, double>>>(
                await System.IO.File.ReadAllTextAsync(File)
            )!
            : [];
}
