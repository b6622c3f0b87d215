namespace Muster.Cli;

/// <summary>How a command ends, for scripts.</summary>
internal static class ExitCode
{
    /// <summary>Everything asked for is done.</summary>
    public const int Done = 0;

    /// <summary>Done, but some users failed, or it was stopped half-way.</summary>
    public const int SomeFailed = 1;

    /// <summary>Nothing was done: wrong input, a refused confirmation, a file that cannot be used.</summary>
    public const int Refused = 2;
}
