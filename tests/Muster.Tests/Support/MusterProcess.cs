using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;

namespace Muster.Tests;

/// <summary>What a server is started with.</summary>
public sealed record MusterOptions
{
    /// <summary><c>sqlite:PATH</c> or <c>postgres:CONNECTION STRING</c>.</summary>
    public required string Database { get; init; }

    /// <summary>The server to start.</summary>
    public string Executable { get; init; } = Checkout.Executable;

    /// <summary>As <c>smtp://host:port</c>; none: messages stay in the built-in outbox.</summary>
    public string? Smtp { get; init; }

    /// <summary>The port to listen on; none: a free one, kept over restarts.</summary>
    public int? Port { get; init; }

    /// <summary>The address in e-mails; none: the one it listens on.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>More environment, such as <c>Muster__Bulk__ChunkSize</c>.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>How long to wait until it is ready; generous, for machines with other work to do.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(5);
}

/// <summary>
/// The real server in a process of its own, so that it can be killed, halted and measured; started again it finds the same database and port.
/// </summary>
public sealed class MusterProcess : IAsyncDisposable
{
    private readonly MusterOptions options;
    private readonly int port;
    private readonly string home;
    private readonly StringBuilder output = new();
    private Process? process;

    private MusterProcess(MusterOptions options)
    {
        this.options = options;
        port = options.Port ?? Ports.Free();
        home = Reaper.NewFolder("server");
        Url = new($"http://127.0.0.1:{port}/");
    }

    /// <summary>Where it listens.</summary>
    public Uri Url { get; }

    /// <summary>Of the process that runs now.</summary>
    public int ProcessId => Running.Id;

    /// <summary>Whether the process is there (halted counts as there).</summary>
    public bool IsRunning => process is { HasExited: false };

    /// <summary>What all its processes wrote so far, both streams.</summary>
    public string Output
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    private Process Running => process ?? throw new InvalidOperationException("The server is not running");

    /// <summary>Starts a server and waits until it says it is ready.</summary>
    public static async Task<MusterProcess> Start(MusterOptions options, CancellationToken ct = default)
    {
        var server = new MusterProcess(options);
        try
        {
            await server.Restart(ct);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a command of the same executable to its end, against the same database.</summary>
    public static Task<CommandResult> Run(
        MusterOptions options,
        IEnumerable<string> arguments,
        string? input = null,
        CancellationToken ct = default
    ) => Command.Run(options.Executable, arguments, EnvironmentOf(options), input, ct);

    /// <summary>Runs a command against this server's database, as an administrator would in another terminal.</summary>
    public Task<CommandResult> Run(params string[] arguments) => Run(options, arguments);

    /// <summary>Starts it again after it was killed or stopped, on the same port and database.</summary>
    public async Task Restart(CancellationToken ct = default)
    {
        await Launch();
        await WaitUntilReady(ct);
    }

    /// <summary>Starts the process without waiting for it to be ready.</summary>
    public async Task Launch()
    {
        await End();
        var start = new ProcessStartInfo(options.Executable, ["--urls", Url.GetLeftPart(UriPartial.Authority)])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = home,
        };
        foreach (var (name, value) in EnvironmentOf(options))
        {
            start.Environment[name] = value;
        }

        start.Environment["Muster__PublicUrl"] = options.PublicUrl ?? Url.GetLeftPart(UriPartial.Authority);
        process = Process.Start(start) ?? throw new InvalidOperationException("The server did not start");
        Reaper.Watch(process.Id);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Waits until <c>/readyz</c> answers 200.</summary>
    public async Task WaitUntilReady(CancellationToken ct = default)
    {
        using var client = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(5) };
        var clock = Stopwatch.StartNew();
        while (!await IsReady(client, ct))
        {
            if (!IsRunning)
            {
                throw new InvalidOperationException($"The server ended with code {Running.ExitCode}:\n{LastLines()}");
            }

            if (clock.Elapsed > options.Patience)
            {
                throw new TimeoutException($"The server was not ready after {options.Patience.TotalSeconds:0} s:\n{LastLines()}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(25), ct);
        }
    }

    /// <summary>SIGKILL: the process ends at once and cannot notice; returns when it is gone.</summary>
    public async Task Kill9()
    {
        Command.Send(Running.Id, Signal.Kill);
        await Running.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: the process stands still, as a node whose machine was suspended.</summary>
    public void Pause() => Command.Send(Running.Id, Signal.Stop);

    /// <summary>SIGCONT: it goes on where it stood, believing that no time has passed.</summary>
    public void Continue() => Command.Send(Running.Id, Signal.Continue);

    /// <summary>Asks it to stop in an orderly way; the answer is its exit code.</summary>
    public async Task<int> Stop(TimeSpan patience)
    {
        Command.Send(Running.Id, Signal.Terminate);
        using var limit = new CancellationTokenSource(patience);
        await Running.WaitForExitAsync(limit.Token);
        return Running.ExitCode;
    }

    /// <summary>The most memory the running process ever had resident, in bytes (VmHWM).</summary>
    public long PeakMemory()
    {
        var line = File.ReadLines($"/proc/{Running.Id}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.AsSpan(6).Trim()[..^3], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
    }

    /// <summary>Sets <see cref="PeakMemory"/> back to what is resident now.</summary>
    public void ResetPeakMemory() => File.WriteAllText($"/proc/{Running.Id}/clear_refs", "5");

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await End();
        Directory.Delete(home, recursive: true);
    }

    private static Dictionary<string, string?> EnvironmentOf(MusterOptions options) =>
        new(options.Environment)
        {
            ["Muster__Database"] = options.Database,
            ["Muster__Smtp"] = options.Smtp,
            // As installed, whatever the shell that runs the tests has set.
            ["ASPNETCORE_ENVIRONMENT"] = null,
            ["DOTNET_ENVIRONMENT"] = null,
            ["ASPNETCORE_URLS"] = null,
            ["DOTNET_gcServer"] = null,
        };

    private async Task<bool> IsReady(HttpClient client, CancellationToken ct)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri("readyz", UriKind.Relative), ct);
            if (answer.StatusCode == HttpStatusCode.NotFound)
            {
                throw new InvalidOperationException($"Nothing answers at {Url}readyz");
            }

            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (TaskCanceledException) when (!ct.IsCancellationRequested)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lock (output)
            {
                output.AppendLine(line);
            }
        }
    }

    private string LastLines() => string.Join('\n', Output.Split('\n').TakeLast(40));

    private async Task End()
    {
        if (process is null)
        {
            return;
        }

        if (!process.HasExited)
        {
            Command.Kill(process);
            await process.WaitForExitAsync();
        }

        Reaper.Forget(process.Id);
        process.Dispose();
        process = null;
    }
}
