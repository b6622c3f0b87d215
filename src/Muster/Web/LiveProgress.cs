using Muster.Bulk;
using Muster.People;

namespace Muster.Web;

/// <summary>How far an operation is: what the page shows and what the stream and the poll send.</summary>
/// <param name="Status">The status's name; when it differs from the page's, the page is fetched again.</param>
/// <param name="Total">Users to be done in this phase; 0 while unknown.</param>
/// <param name="Done">Users done.</param>
/// <param name="Counts">Numbers by name.</param>
/// <param name="Text">Words by name.</param>
public sealed record LiveProgress(
    string Status,
    long Total,
    long Done,
    IReadOnlyDictionary<string, long> Counts,
    IReadOnlyDictionary<string, string> Text
)
{
    /// <summary>Says what can honestly be said of an operation now.</summary>
    public static LiveProgress Of(Operation operation, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return operation.Status == OperationStatus.Previewing ? Previewing(operation) : Running(operation, clock);
    }

    private static LiveProgress Previewing(Operation operation)
    {
        var judging = operation.PreviewPhase != PreviewPhase.Selecting;
        var (total, done) = judging ? (operation.Selected, operation.Judged) : (0, 0);
        return new(
            nameof(OperationStatus.Previewing),
            total,
            done,
            new Dictionary<string, long>(StringComparer.Ordinal),
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["percent"] = Percent(done, total),
                ["done"] = judging
                    ? $"{Words.Number(done)} of {Words.Count(total, "user")} looked at"
                    : $"{Words.Count(operation.Selected, "user")} read so far",
            }
        );
    }

    private static LiveProgress Running(Operation operation, TimeProvider clock)
    {
        var (total, done) = (operation.WillChange, operation.Changed + operation.LeftAlone + operation.Failed);
        var spent = operation.StartedAt is { } start ? (operation.FinishedAt ?? clock.Now()) - start : TimeSpan.Zero;
        var rate = spent > TimeSpan.FromSeconds(1) && operation.Status == OperationStatus.Running ? done / spent.TotalSeconds : 0;
        return new(
            operation.Status.ToString(),
            total,
            done,
            new Dictionary<string, long>(StringComparer.Ordinal)
            {
                ["changed"] = operation.Changed,
                ["left"] = operation.LeftAlone,
                ["failed"] = operation.Failed,
            },
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["percent"] = Percent(done, total),
                ["done"] = $"{Words.Number(done)} of {Words.Count(total, "user")}",
                ["rate"] = rate >= 1 ? $"{Words.Number((long)rate)} users a second" : "",
                ["left"] = rate > 0 && done < total ? $"about {Words.Span(TimeSpan.FromSeconds((total - done) / rate))} left" : "",
            }
        );
    }

    private static string Percent(long done, long total) => total == 0 ? "" : $"{100 * done / total}%";
}
