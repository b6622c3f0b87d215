using System.CommandLine;

namespace Muster.Bench;

/// <summary>How many workspaces, and how large each.</summary>
/// <param name="Databases">Where.</param>
/// <param name="Workspaces">Side by side in one database.</param>
/// <param name="Users">People in each.</param>
/// <param name="Rounds">Operations that are timed.</param>
/// <param name="Report">The document whose section is written; null for none.</param>
public sealed record ManyOptions(IReadOnlyList<string> Databases, int Workspaces, int Users, int Rounds, string? Report)
{
    /// <summary>The first word of the command line.</summary>
    public const string Command = "many";

    /// <summary>Reads the command line; null when it was wrong or only help was asked for, which has been said.</summary>
    public static ManyOptions? Read(string[] args)
    {
        var databases = new Option<string>("--databases")
        {
            DefaultValueFactory = _ => "sqlite,postgres",
            Description = "sqlite, postgres",
        };
        var workspaces = new Option<int>("--workspaces") { DefaultValueFactory = _ => 1000, Description = "Workspaces in one database" };
        var users = new Option<int>("--users") { DefaultValueFactory = _ => 1000, Description = "People in each" };
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 10, Description = "Operations that are timed" };
        var report = new Option<string?>("--report") { Description = "Document whose section is written, such as docs/performance.md" };
        var command = new RootCommand("Measures whether a workspace among many is as quick as one alone, and what an idle server asks.")
        {
            databases,
            workspaces,
            users,
            rounds,
            report,
        };
        ManyOptions? options = null;
        command.SetAction(parsed =>
            options = new(
                parsed.GetValue(databases)!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
                parsed.GetValue(workspaces),
                parsed.GetValue(users),
                parsed.GetValue(rounds),
                parsed.GetValue(report)
            )
        );
        return command.Parse(args).Invoke() == 0 ? options : null;
    }
}
