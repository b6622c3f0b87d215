using Xunit;

namespace Muster.Tests;

/// <summary>
/// A very short run of <c>bench/faults</c>: real servers at work are killed, halted and cut off from their database, and a checker that shares no code with the
/// product looks at what they left behind. The long run is <c>dotnet run -c Release --project bench/faults</c>.
/// </summary>
public sealed class FaultRunTests
{
    [Fact]
    public async Task One_server_on_SQLite_loses_and_repeats_nothing()
    {
        var run = await Run("--database", "sqlite", "--kills", "3");

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
    }

    [Fact]
    public async Task Two_servers_on_PostgreSQL_lose_and_repeat_nothing()
    {
        var run = await Run("--database", "postgres", "--nodes", "2", "--kills", "3", "--lease-seconds", "3");

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
    }

    [Fact]
    public async Task A_database_that_forgets_cursors_is_caught()
    {
        CommandResult run;
        var seed = 0;
        do
        {
            // A slow machine may not be killed in the middle of anything in the seconds that a run has.
            seed++;
            run = await Run("--database", "sqlite", "--kills", "3", "--faults", "kill", "--ablate", "cursor", "--seed", $"{seed}");
        } while (run.ExitCode == 0 && seed < 5);

        Assert.True(run.ExitCode == 1, run.Output + run.Error);
        // A chunk that is run again, or the last one, after which nothing more comes.
        Assert.Matches("should be the first|and its cursor at", run.Output);
    }

    private static Task<CommandResult> Run(params string[] arguments)
    {
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string[] small = ["--workspaces", "1", "--people", "200", "--minutes", "0.3", "--without-mail"];
        return Command.Run(Checkout.PathTo("artifacts", "bin", "Muster.Faults", configuration, "Muster.Faults"), [.. arguments, .. small]);
    }
}
