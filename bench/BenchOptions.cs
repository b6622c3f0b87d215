using System.CommandLine;

namespace Muster.Bench;

/// <summary>What to measure.</summary>
/// <param name="Sizes">Users of the workspace, and of the operation.</param>
/// <param name="Databases">Where.</param>
/// <param name="Actions">What.</param>
/// <param name="Repeats">Runs of each at up to <see cref="LargestRepeated"/> users, of which the median counts.</param>
/// <param name="Profile">Also say which statements took the time.</param>
/// <param name="Usual">Whether the usual way is measured up to <see cref="LargestRepeated"/> users and not only up to <see cref="LargestUsual"/>.</param>
/// <param name="Guard">Whether ratios are compared with the committed ones, and nothing else is wanted.</param>
/// <param name="Accept">With <paramref name="Guard"/>: whether they are committed instead.</param>
/// <param name="Report">Where the table is written; null for nowhere.</param>
public sealed record BenchOptions(
    IReadOnlyList<int> Sizes,
    IReadOnlyList<string> Databases,
    IReadOnlyList<MeasuredAction> Actions,
    int Repeats,
    bool Profile,
    bool Usual,
    bool Guard,
    bool Accept,
    string? Report
)
{
    /// <summary>Above so many users one run says enough.</summary>
    public const int LargestRepeated = 100_000;

    /// <summary>Above so many users the usual way is measured only when asked for.</summary>
    public const int LargestUsual = 10_000;

    /// <summary>Reads the command line; null when it was wrong or only help was asked for, which has been said.</summary>
    public static BenchOptions? Read(string[] args)
    {
        var sizes = new Option<string>("--sizes")
        {
            DefaultValueFactory = _ => "10000,100000,1000000",
            Description = "Users, smallest first",
        };
        var databases = new Option<string>("--databases")
        {
            DefaultValueFactory = _ => "sqlite,postgres",
            Description = "sqlite, postgres",
        };
        var actions = new Option<string>("--actions")
        {
            DefaultValueFactory = _ => string.Join(',', Enum.GetValues<MeasuredAction>().Select(Scenario.Name)),
            Description = "Which of them",
        };
        var quick = new Option<bool>("--quick")
        {
            Description = "10,000 users, no report: fails where a ratio fell twice below 0.7 of that in bench/ratios.json",
        };
        var accept = new Option<bool>("--accept") { Description = "Writes bench/ratios.json instead; means --quick" };
        var usual = new Option<bool>("--usual") { Description = "Measure the usual way at 100,000 users too, not only at 10,000" };
        var profile = new Option<bool>("--profile") { Description = "Say which statements took the time" };
        var repeats = new Option<int>("--repeats")
        {
            DefaultValueFactory = _ => 3,
            Description = "Runs of each up to 100,000 users; the median counts",
        };
        var report = new Option<string>("--report")
        {
            DefaultValueFactory = _ => "docs/performance.md",
            Description = "Where the table is written; - for nowhere",
        };
        var command = new RootCommand(
            "Measures bulk actions beside the barest statements that make the same changes. The first word 'beside' measures what people feel meanwhile: beside --help."
        )
        {
            sizes,
            databases,
            actions,
            quick,
            accept,
            usual,
            profile,
            repeats,
            report,
        };
        BenchOptions? options = null;
        command.SetAction(parsed =>
        {
            var isQuick = parsed.GetValue(quick) || parsed.GetValue(accept);
            var path = parsed.GetValue(report)!;
            options = new(
                isQuick ? [10_000] : [.. Split(parsed.GetValue(sizes)!).Select(int.Parse).Order()],
                Split(parsed.GetValue(databases)!),
                // The run of one that was invited by a workbook is that of the other.
                [.. Split(parsed.GetValue(actions)!).Select(Action).Where(action => !isQuick || action != MeasuredAction.InviteXlsx)],
                parsed.GetValue(repeats),
                parsed.GetValue(profile),
                parsed.GetValue(usual),
                isQuick,
                parsed.GetValue(accept),
                isQuick || path == "-" ? null : path
            );
        });
        return command.Parse(args).Invoke() == 0 ? options : null;
    }

    private static MeasuredAction Action(string name) =>
        Enum.Parse<MeasuredAction>(name.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);

    private static string[] Split(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
