using System.Globalization;
using System.Text;

namespace Muster.Bench;

/// <summary>The section of the documentation about what people feel beside a large operation.</summary>
public sealed class BesideReport(BesideOptions options)
{
    /// <summary>The section's.</summary>
    public const string Heading = "## Beside an operation on everybody";
    private readonly DateTimeOffset began = TimeProvider.System.GetUtcNow();
    private readonly string loadBefore = Machine.Load();

    private const string Introduction = """
        Written by `dotnet run -c Release --project bench -- beside --report docs/performance.md`, which replaces this section alone. One real server with its own settings works on operations on everybody in workspace A
        without a rest (people are added to a group whose rule enrols them in a course, then that is undone), previews included. Meanwhile 200 of 2,000 people in workspace B are added to a group and taken out again over REST, asked every 20 ms how far that is,
        and an Admin's session asks for a page every 200 ms, whether or not the one before has been answered; a page's time is from request to last byte on this machine, its links, styles and pictures not fetched.
        *Alone* is the same page read by itself, one after the other, before that.
        Then operations in A are paused and cancelled somewhere in a chunk, pages still being read: *until answered* is the request's time, *until the last commit* that of the last chunk anybody else saw committed after the request was sent (0: none was).
        After each answer the operation's row, its lines in the audit log and the memberships are compared by plain SQL for two seconds: a change, or a small operation with another outcome than 200 changed users, fails the run. Times never do.

        """;

    /// <summary>Of the databases, as far as they have been begun.</summary>
    public IList<string> Versions { get; } = [];

    /// <summary>The section, heading included.</summary>
    public string Section(IReadOnlyList<Figures> all)
    {
        ArgumentNullException.ThrowIfNull(all);
        var text = new StringBuilder($"{Heading}\n\n{Introduction}\n");
        text.Append(CultureInfo.InvariantCulture, $"{options.Users:N0} users in A. {Machine.Line(began, loadBefore, Versions)}\n\n");
        text.Append(
            "| database | what | times | p50 ms | p95 ms | longest ms | alone p50 ms | alone p95 ms |\n| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n"
        );
        foreach (var figures in all)
        {
            foreach (var (what, times) in figures.All)
            {
                var alone = figures.Alone(what);
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"| {figures.Database} | {what} | {times.Count} | {times.At(0.5):F0} | {times.At(0.95):F0} | {times.At(1):F0} | {In(alone, 0.5)} | {In(alone, 0.95)} |\n"
                );
            }
        }

        foreach (var figures in all)
        {
            var stops = figures.ChunksAfterStop;
            var more = stops.Where(commits => commits.Count > 1).Select(commits => commits[0].ToString("F0", CultureInfo.InvariantCulture));
            text.Append(
                CultureInfo.InvariantCulture,
                $"\n{figures.Database}: {stops.Count} pauses and cancellations; chunks committed after the request was sent: none {stops.Count(c => c.Count == 0)} times, one {stops.Count(c => c.Count == 1)} times, more {stops.Count(c => c.Count > 1)} times (at most {stops.Max(c => (int?)c.Count) ?? 0}; the first of more after {string.Join(", ", more.DefaultIfEmpty("-"))} ms). Promises broken: {figures.Broken.Count}.\n"
            );
        }

        return text.ToString();
    }

    private static string In(Times alone, double share) =>
        alone.Count == 0 ? "" : alone.At(share).ToString("F0", CultureInfo.InvariantCulture);
}
