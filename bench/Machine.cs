using System.Globalization;

namespace Muster.Bench;

/// <summary>What a measurement ran on.</summary>
public static class Machine
{
    /// <summary>The load average of one minute and of five.</summary>
    public static string Load() => string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..2]);

    /// <summary>When, on what, with how much else going on.</summary>
    public static string Line(DateTimeOffset began, string loadBefore, IEnumerable<string> versions) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{began:yyyy-MM-dd HH:mm} UTC, {Environment.ProcessorCount} processors ({Processor()}), {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, load average {loadBefore} before and {Load()} after. .NET {Environment.Version}, {string.Join("; ", versions)}."
        );

    private static string Processor() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[1]
        ?? "unknown";
}
