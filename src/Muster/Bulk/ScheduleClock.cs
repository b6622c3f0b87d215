namespace Muster.Bulk;

/// <summary>Looks now and then whether a schedule's time has come; apart from the runner, so that neither waits for the other.</summary>
public sealed partial class ScheduleClock(Schedules schedules, BulkOptions options, TimeProvider clock, ILogger<ScheduleClock> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A pause after each look, not a beat: whoever sets the clock forward by a month is not owed a look for each second of it.
        var pause = TimeSpan.FromSeconds(options.SweepSeconds);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await schedules.BeginDue(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                Log.Failed(log, e);
            }

            await Task.Delay(pause, clock, stoppingToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Looking for schedules failed; it is tried again")]
        public static partial void Failed(ILogger log, Exception e);
    }
}
