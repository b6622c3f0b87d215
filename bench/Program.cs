using Muster.Tests;

namespace Muster.Bench;

/// <summary>Measures the product beside the barest statements that make the same row changes, and what people feel beside a large operation.</summary>
public static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args is [ProductProcess.Command, .. var given])
        {
            return await ProductProcess.Run(given, CancellationToken.None);
        }

        if (args is [BesideOptions.Command, .. var asked])
        {
            return await Beside(asked);
        }

        if (args is [ManyOptions.Command, .. var many])
        {
            return await Many(many);
        }

        if (BenchOptions.Read(args) is not { } options)
        {
            return 2;
        }

        try
        {
            return await Measure(options, CancellationToken.None) ? 0 : 1;
        }
        catch (UnequalException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static async Task<bool> Measure(BenchOptions options, CancellationToken ct)
    {
        if (options is { Guard: true, Accept: false })
        {
            return await Ratios.Hold(options, ct);
        }

        await (options.Guard ? Ratios.Accept(options, ct) : new Suite(options).Run(ct));
        return true;
    }

    private static async Task<int> Many(string[] args)
    {
        if (ManyOptions.Read(args) is not { } options || !await IsRelease())
        {
            return 2;
        }

        await new ManySuite(options).Run(CancellationToken.None);
        return 0;
    }

    private static async Task<bool> IsRelease()
    {
        if (Checkout.Executable.Contains("release", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        await Console.Error.WriteLineAsync("Start it with -c Release: the server of a Debug build is not what people use.");
        return false;
    }

    private static async Task<int> Beside(string[] args)
    {
        if (BesideOptions.Read(args) is not { } options || !await IsRelease())
        {
            return 2;
        }

        return (await new BesideSuite(options).Run(CancellationToken.None)).Count == 0 ? 0 : 1;
    }
}
