namespace Muster.Bulk;

/// <summary>Looks now and then whether a schedule's time has come; apart from the runner, so that neither waits for the other.</summary>
public sealed partial class ScheduleClock(Schedules schedules, BulkOptions options, TimeProvider clock, ILogger<ScheduleClock> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.SweepSeconds), clock);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await schedules.BeginDue(stoppingToken);
                await timer.WaitForNextTickAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                Log.Failed(log, e);
                await timer.WaitForNextTickAsync(stoppingToken);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Looking for schedules failed; it is tried again")]
        public static partial void Failed(ILogger log, Exception e);
    }
}
