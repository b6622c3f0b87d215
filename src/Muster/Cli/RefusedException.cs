namespace Muster.Cli;

/// <summary>The command cannot do what it was asked for (exit code 2): what is wrong, and what would be right.</summary>
public sealed class RefusedException(string message) : Exception(message);
