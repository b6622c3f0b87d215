using System.Globalization;

namespace Muster.Faults;

/// <summary>What a run found, as a table and a list of faults.</summary>
public sealed class Report(
    FaultOptions options,
    Journal journal,
    IReadOnlyList<Facts> end,
    IReadOnlyList<Checker> checkers,
    MailCheck mail,
    bool settled,
    TimeSpan broken
)
{
    /// <summary>How many messages may have come twice: one for each time a process, its connection or its database died between handing over and noting it.</summary>
    private int Deaths =>
        journal["kills"] + journal["halts of 10 s"] + journal["connections cut"] + journal["database restarts"] + journal["full disks"];

    /// <summary>What is wrong, a sentence each.</summary>
    public IReadOnlyList<string> Faults =>
        [
            .. settled ? [] : (string[])["Something still waits after the time given to settle."],
            .. checkers.SelectMany(checker => checker.Faults),
            .. journal.Faults,
            .. mail.Lost > 0 ? (string[])[$"{mail.Lost} messages are marked as sent and never arrived."] : [],
            .. mail.Foreign > 0 ? (string[])[$"{mail.Foreign} messages arrived that no outbox knows."] : [],
            .. mail.Unsent > 0 ? (string[])[$"{mail.Unsent} messages still wait or were given up."] : [],
            .. mail.Doubled > Deaths ? (string[])[$"{mail.Doubled} messages arrived twice after {Deaths} faults."] : [],
        ];

    /// <summary>A line of progress.</summary>
    public static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes the table and the faults.</summary>
    public void Print()
    {
        Line("database", options.Database);
        Line("nodes", options.Nodes);
        Line("seconds of faults", broken.TotalSeconds);
        Line("operations run", end.Sum(facts => facts.Operations.Count(o => o.IsConfirmed)));
        Line("of these undos", end.Sum(facts => facts.Operations.Count(o => o is { IsConfirmed: true, UndoOf: not null })));
        Line("items changed", end.Sum(facts => facts.Items.Count(i => i.Outcome == 1)));
        Line("chunks", end.Sum(facts => facts.Audit.Count(a => a.Event == "operation.chunk")));
        foreach (var (what, times) in journal.Counts)
        {
            Line(what, times);
        }

        Times("takeover (s)", journal.Takeovers.Where(t => t is { All: false, Alone: true }));
        Times("takeover with other faults meanwhile (s)", journal.Takeovers.Where(t => t is { All: false, Alone: false }));
        Times("from restart to next chunk, no node left (s)", journal.Takeovers.Where(t => t.All));
        Line(
            "lost",
            checkers.Sum(c => c.Of("status lost", "expiry date lost", "membership lost", "attempt lost", "message lost", "lost request"))
        );
        Line(
            "doubled",
            checkers.Sum(c =>
                c.Of(
                    "status too many",
                    "expiry date too many",
                    "membership too many",
                    "attempt too many",
                    "message too many",
                    "open twice",
                    "request twice"
                )
            )
        );
        Line("messages arrived", mail.Arrived);
        Line("messages lost", mail.Lost);
        Line("messages twice", mail.Doubled);
        var faults = Faults;
        Line("faults", faults.Count);
        foreach (var fault in faults)
        {
            Console.WriteLine(fault);
        }
    }

    private static void Times(string what, IEnumerable<Takeover> takeovers)
    {
        var all = takeovers.Select(t => t.Seconds).Order().ToList();
        if (all.Count > 0)
        {
            Line(
                what,
                string.Create(CultureInfo.InvariantCulture, $"{all.Count} times, p50 {At(50):0.0}, p95 {At(95):0.0}, max {all[^1]:0.0}")
            );
        }

        double At(int percent) => all[Math.Min(all.Count - 1, all.Count * percent / 100)];
    }

    private static void Line(string what, IFormattable value) => Line(what, value.ToString("0.###", CultureInfo.InvariantCulture));

    private static void Line(string what, string value) => Console.WriteLine($"| {what, -48} | {value, -44} |");
}
