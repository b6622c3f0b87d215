using System.Diagnostics;
using System.Text.Json;
using Muster.Tests;

namespace Muster.Bench;

/// <summary>The product in a process of its own.</summary>
public sealed class ProductChild : IAsyncDisposable
{
    private readonly Process process;

    public ProductChild(ProductTask task)
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
