using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Muster.Tests;

/// <summary>What a program answered.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>This result, or an exception that shows what the program said.</summary>
    public CommandResult OrThrow(string what) =>
        ExitCode == 0 ? this : throw new InvalidOperationException($"{what} ended with code {ExitCode}\n{Output}\n{Error}");
}

/// <summary>Runs a program to its end, and signals running ones.</summary>
public static class Command
{
    /// <summary>Runs a program and waits for it; it is killed when the token is cancelled or five minutes have passed.</summary>
    public static async Task<CommandResult> Run(
        string file,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? input = null,
        CancellationToken ct = default
    )
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start");
        Reaper.Watch(process.Id);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeSpan.FromMinutes(5));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            return new(process.ExitCode, await output, await error);
        }
        finally
        {
            Kill(process);
            Reaper.Forget(process.Id);
        }
    }

    /// <summary>Ends a process at once, with its children; nothing happens when it has ended already.</summary>
    public static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended, which is what was asked for.
        }
    }

    /// <summary>Sends a POSIX signal.</summary>
    public static void Send(int processId, Signal signal)
    {
        if (NativeKill(processId, (int)signal) != 0)
        {
            throw new InvalidOperationException($"{signal} to {processId}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeKill(int processId, int signal);
}

/// <summary>The POSIX signals the tests send, with Linux's numbers.</summary>
public enum Signal
{
    /// <summary>End in an orderly way, as by Ctrl+C.</summary>
    Interrupt = 2,

    /// <summary>End at once; the process cannot notice.</summary>
    Kill = 9,

    /// <summary>End in an orderly way.</summary>
    Terminate = 15,

    /// <summary>Go on.</summary>
    Continue = 18,

    /// <summary>Stand still; the process cannot notice.</summary>
    Stop = 19,
}
