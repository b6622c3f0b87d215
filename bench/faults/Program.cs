namespace Muster.Faults;

/// <summary>Breaks servers at work and checks what they left behind; ends with 0 when nothing was lost or doubled, else 1 (2: wrong command line).</summary>
public static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (FaultOptions.Read(args) is not { } options)
        {
            return 2;
        }

        return await new Campaign(options).Run() ? 0 : 1;
    }
}
