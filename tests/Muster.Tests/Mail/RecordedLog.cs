using Microsoft.Extensions.Logging;
using Muster.Mail;

namespace Muster.Tests;

/// <summary>Everything the sender logged, as text.</summary>
public sealed class RecordedLog : ILogger<OutboxSender>
{
    private readonly List<string> lines = [];

    public IReadOnlyList<string> Lines => lines;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => lines.Add($"{formatter(state, exception)} {exception}");
}
