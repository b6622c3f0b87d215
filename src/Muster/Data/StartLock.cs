namespace Muster.Data;

/// <summary>A lock file beside the embedded database: whoever starts on it, or puts another in its place, is alone. The system lets go of it however the process ends.</summary>
internal static class StartLock
{
    /// <summary>Waits for the lock and holds it until it is disposed of.</summary>
    /// <param name="database">Path of the database.</param>
    /// <param name="patience">How long to wait for another process.</param>
    /// <param name="ct">Stops.</param>
    /// <exception cref="IOException">Another process held it all that time.</exception>
    public static async Task<FileStream> Take(string database, TimeSpan patience, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(patience);
        while (true)
        {
            try
            {
                return new FileStream(database + ".starting", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (!limit.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), ct);
            }
        }
    }
}
