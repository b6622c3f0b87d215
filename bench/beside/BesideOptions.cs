using System.CommandLine;

namespace Muster.Bench;

/// <summary>What is measured beside a very large operation.</summary>
/// <param name="Databases">Where.</param>
/// <param name="Users">People of the workspace in which everybody is being changed.</param>
/// <param name="Rounds">Small operations in the other workspace.</param>
/// <param name="Stops">Pauses, and as many cancellations.</param>
/// <param name="Reads">Times each page is read, at least.</param>
/// <param name="Report">The document whose section is written; null for none.</param>
public sealed record BesideOptions(IReadOnlyList<string> Databases, int Users, int Rounds, int Stops, int Reads, string? Report)
{
    /// <summary>The first word of the command line.</summary>
    public const string Command = "beside";

    /// <summary>Reads the command line; null when it was wrong or only help was asked for, which has been said.</summary>
    public static BesideOptions? Read(string[] args)
    {
        var databases = new Option<string>("--databases")
        {
            DefaultValueFactory = _ => "sqlite,postgres",
            Description = "sqlite, postgres",
        };
        var users = new Option<int>("--users")
        {
            DefaultValueFactory = _ => 1_000_000,
            Description = "People of the workspace in which everybody is being changed",
        };
        var rounds = new Option<int>("--rounds")
        {
            DefaultValueFactory = _ => 20,
            Description = "Operations on 200 users in another workspace",
        };
        var stops = new Option<int>("--stops") { DefaultValueFactory = _ => 10, Description = "Pauses, and as many cancellations" };
        var reads = new Option<int>("--reads") { DefaultValueFactory = _ => 40, Description = "Times each page is read, at least" };
        var report = new Option<string?>("--report") { Description = "Document whose section is written, such as docs/performance.md" };
        var command = new RootCommand("Measures what people feel while an operation on everybody runs in one workspace.")
        {
            databases,
            users,
            rounds,
            stops,
            reads,
            report,
        };
        BesideOptions? options = null;
        command.SetAction(parsed =>
            options = new(
                parsed.GetValue(databases)!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
                parsed.GetValue(users),
                parsed.GetValue(rounds),
                parsed.GetValue(stops),
                parsed.GetValue(reads),
                parsed.GetValue(report)
            )
        );
        return command.Parse(args).Invoke() == 0 ? options : null;
    }
}
