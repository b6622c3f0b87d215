using Muster.Tests;

namespace Muster.Faults;

/// <summary>One server, and the file that sets its clock where the clock can be set.</summary>
public sealed class Node(MusterProcess process, string? clock)
{
    /// <summary>Something is being done to it; nobody else may.</summary>
    public bool IsTaken { get; set; }

    /// <summary>Its clock is wrong.</summary>
    public bool IsOff { get; private set; }

    public MusterProcess Process => process;

    public bool HasClock => clock is not null;

    /// <summary>Sets the clock so many seconds off; the process notices within a second.</summary>
    public void SetClock(int seconds)
    {
        File.WriteAllText(clock!, $"{seconds:+0;-0;+0}");
        IsOff = seconds != 0;
    }
}

/// <summary>The servers on the one database.</summary>
public sealed class Site(Journal journal) : IAsyncDisposable
{
    private readonly List<Node> nodes = [];
    private readonly string folder = Reaper.NewFolder("faults-clocks");

    public IReadOnlyList<Node> Nodes => nodes;

    /// <summary>Those that run, halted ones included.</summary>
    public IReadOnlyList<Node> Alive => [.. nodes.Where(node => node.Process.IsRunning)];

    /// <summary>libfaketime; null where the Debian package faketime is not installed.</summary>
    public static string? FakeTime { get; } =
        Directory
            .EnumerateDirectories("/usr/lib", "*-linux-gnu")
            .Select(path => Path.Combine(path, "faketime", "libfaketimeMT.so.1"))
            .FirstOrDefault(File.Exists);

    /// <summary>What every server and command is started with: small chunks and short slices, so that much happens in them.</summary>
    public static MusterOptions Options(FaultOptions options, Store store, SmtpSink? sink)
    {
        var environment = new Dictionary<string, string?>
        {
            ["Muster__Api__RequestsPerMinute"] = "1000000",
            ["Muster__Bulk__FirstChunk"] = "20",
            ["Muster__Bulk__LargestChunk"] = "60",
            ["Muster__Bulk__ChunkMilliseconds"] = "60",
            ["Muster__Bulk__SliceMilliseconds"] = "150",
            ["Muster__MailsPerSecond"] = "100",
            ["Logging__LogLevel__Default"] = "Warning",
        };
        if (options.LeaseSeconds is { } seconds)
        {
            environment["Muster__Bulk__LeaseSeconds"] = $"{seconds}";
        }

        return new()
        {
            Database = store.Setting,
            Smtp = sink?.Url,
            Environment = environment,
        };
    }

    /// <summary>Starts one more server.</summary>
    public async Task Add(MusterOptions options, bool withClock)
    {
        string? clock = null;
        if (withClock)
        {
            clock = Path.Combine(folder, $"{nodes.Count}");
            await File.WriteAllTextAsync(clock, "+0");
            options = options with
            {
                Environment = new Dictionary<string, string?>(options.Environment)
                {
                    ["LD_PRELOAD"] = FakeTime,
                    ["FAKETIME_TIMESTAMP_FILE"] = clock,
                    ["FAKETIME_CACHE_DURATION"] = "1",
                    // Waits and time-outs go by the other clock, which no administrator can set.
                    ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
                    // Otherwise .NET's waits on that clock end at once.
                    ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
                },
            };
        }

        nodes.Add(new(await MusterProcess.Start(options), clock));
    }

    /// <summary>Starts a node as a service manager does: one that ends at once is started again after a second.</summary>
    public async Task Start(Node node)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await node.Process.Restart();
                return;
            }
            catch (InvalidOperationException) when (attempt < 30)
            {
                journal.Count("starts that ended at once");
                await Task.Delay(1000);
            }
        }
    }

    /// <summary>Everything runs, and knows the time.</summary>
    public async Task Mend()
    {
        foreach (var node in nodes)
        {
            if (node.HasClock)
            {
                node.SetClock(0);
            }

            if (!node.Process.IsRunning)
            {
                await Start(node);
            }
        }
    }

    /// <summary>Writes what each server said, over all its lives, into a file of its own.</summary>
    public void KeepLogs(string into)
    {
        for (var i = 0; i < nodes.Count; i++)
        {
            File.WriteAllText(Path.Combine(into, $"node{i}.log"), nodes[i].Process.Output);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
        {
            await node.Process.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }
}
