using System.CommandLine;

namespace Muster.Faults;

/// <summary>What is done to the servers.</summary>
public enum Fault
{
    /// <summary><c>kill -9</c> of a node while it works, and a start after a pause.</summary>
    Kill,

    /// <summary>A node stands still for ten seconds and goes on as if nothing had happened.</summary>
    Stop,

    /// <summary>PostgreSQL ends the connections of the nodes.</summary>
    Backends,

    /// <summary>PostgreSQL is stopped as by a power cut, and started.</summary>
    Restart,

    /// <summary>The database's disk is full for some seconds; PostgreSQL is started again if that ended it.</summary>
    Disk,

    /// <summary>A node's clock jumps by up to a minute, either way, and back.</summary>
    Clock,

    /// <summary>The nodes are asked to stop and started again, one after the other, as for an update.</summary>
    Roll,
}

/// <summary>A protection that is taken away, to see what catches it.</summary>
public enum Ablation
{
    /// <summary>The database forgets one in ten of the cursors that chunks write, as if they were written outside the chunk's transaction.</summary>
    Cursor,

    /// <summary>The servers are a <see cref="Mutant"/>, whose chunks neither compare the lease's epoch nor the operation's cursor.</summary>
    Fence,
}

/// <summary>What a run does.</summary>
/// <param name="Database"><c>sqlite</c> or <c>postgres</c>.</param>
/// <param name="Nodes">Servers on the one database; SQLite has one.</param>
/// <param name="Kills">After so many killed nodes the faults end.</param>
/// <param name="Minutes">The faults end after this time at the latest; settling and checking come on top.</param>
/// <param name="Faults">Which.</param>
/// <param name="Workspaces">Side by side.</param>
/// <param name="People">In each workspace.</param>
/// <param name="Users">At work in each workspace at once.</param>
/// <param name="LeaseSeconds">The product's lease; none: its own default.</param>
/// <param name="Seed">The same number draws the same faults and operations; when they meet is the machine's affair.</param>
/// <param name="Logs">Folder for what the servers said; null for nowhere.</param>
/// <param name="WithMail">Whether there is a mail server; without one the run ends sooner, because nobody waits for what a killed sender had claimed.</param>
/// <param name="OneAtATime">Whether each kill waits for the end of the one before, so that takeovers are measured undisturbed.</param>
/// <param name="Ablate">What of the engine's protection is taken away, which the checks must find; null for nothing.</param>
public sealed record FaultOptions(
    string Database,
    int Nodes,
    int Kills,
    double Minutes,
    IReadOnlyList<Fault> Faults,
    int Workspaces,
    int People,
    int Users,
    int? LeaseSeconds,
    int Seed,
    string? Logs,
    bool WithMail,
    bool OneAtATime,
    Ablation? Ablate
)
{
    /// <summary>Reads the command line; null when it was wrong or only help was asked for, which has been said.</summary>
    public static FaultOptions? Read(string[] args)
    {
        var database = new Option<string>("--database") { DefaultValueFactory = _ => "postgres", Description = "sqlite or postgres" };
        database.AcceptOnlyFromAmong("sqlite", "postgres");
        var nodes = new Option<int>("--nodes") { DefaultValueFactory = _ => 3, Description = "Servers (PostgreSQL)" };
        var kills = new Option<int>("--kills") { DefaultValueFactory = _ => 50, Description = "Nodes to kill" };
        var minutes = new Option<double>("--minutes") { DefaultValueFactory = _ => 10, Description = "Most minutes of faults" };
        var faults = new Option<string>("--faults")
        {
            DefaultValueFactory = _ => string.Join(',', Enum.GetNames<Fault>()),
            Description = "kill, stop, backends, restart, disk, clock, roll",
        };
        var workspaces = new Option<int>("--workspaces") { DefaultValueFactory = _ => 2, Description = "Workspaces" };
        var people = new Option<int>("--people") { DefaultValueFactory = _ => 1500, Description = "People in each workspace" };
        var users = new Option<int>("--users") { DefaultValueFactory = _ => 3, Description = "Users at work at once in each workspace" };
        var lease = new Option<int?>("--lease-seconds") { Description = "Muster__Bulk__LeaseSeconds; the product's default without" };
        var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1, Description = "The same number draws the same faults" };
        var logs = new Option<string?>("--logs") { Description = "Folder in which to keep what the servers said" };
        var withoutMail = new Option<bool>("--without-mail") { Description = "No mail server: messages are kept, and the run ends sooner" };
        var oneAtATime = new Option<bool>("--one-at-a-time")
        {
            Description =
                "Waits after each kill until its work was taken over and the node is back: measures takeovers that nothing else disturbs",
        };
        var ablate = new Option<Ablation?>("--ablate")
        {
            Description = "Takes a protection away, which the checks must find: cursor or fence",
        };
        var command = new RootCommand("Breaks servers at work in every way it knows, and checks what they left behind.")
        {
            database,
            nodes,
            kills,
            minutes,
            faults,
            workspaces,
            people,
            users,
            lease,
            seed,
            logs,
            withoutMail,
            oneAtATime,
            ablate,
        };
        FaultOptions? options = null;
        command.SetAction(parsed =>
        {
            var kind = parsed.GetValue(database)!;
            options = new(
                kind,
                kind == "sqlite" ? 1 : parsed.GetValue(nodes),
                parsed.GetValue(kills),
                parsed.GetValue(minutes),
                [
                    .. parsed
                        .GetValue(faults)!
                        .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                        .Select(name => Enum.Parse<Fault>(name, ignoreCase: true)),
                ],
                parsed.GetValue(workspaces),
                parsed.GetValue(people),
                parsed.GetValue(users),
                parsed.GetValue(lease),
                parsed.GetValue(seed),
                parsed.GetValue(logs),
                !parsed.GetValue(withoutMail),
                parsed.GetValue(oneAtATime),
                parsed.GetValue(ablate)
            );
        });
        return command.Parse(args).Invoke() == 0 ? options : null;
    }
}
