namespace Muster.Bench;

/// <summary>Measures the product beside the barest statements that make the same row changes.</summary>
public static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args is [ProductProcess.Command, .. var given])
        {
            return await ProductProcess.Run(given, CancellationToken.None);
        }

        if (BenchOptions.Read(args) is not { } options)
        {
            return 2;
        }

        try
        {
            await new Suite(options).Run(CancellationToken.None);
            return 0;
        }
        catch (UnequalException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }
}
