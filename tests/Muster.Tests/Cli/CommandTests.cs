using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Muster.Bulk;
using Muster.Cli;
using Xunit;

namespace Muster.Tests;

/// <summary>The commands as a script uses them: the executable, its exit codes, its two streams.</summary>
public sealed class CommandTests(PostgresServer postgres)
{
    [Fact]
    public async Task The_first_key_is_made_before_the_chunk_that_needs_it()
    {
        await using var database = await TestDatabase.Create(DatabaseKind.Sqlite, postgres);
        var options = new MusterOptions { Database = database.Setting };
        Task<CommandResult> Muster(params string[] arguments) => MusterProcess.Run(options, arguments);
        Assert.Equal(0, (await Muster("seed", "--workspace", "Trial", "--users", "60")).ExitCode);

        var sent = await Muster("operation", "run", "resend-invitations", "--workspace", "Trial", "--filter", "status=invited", "--yes");

        Assert.True(sent.ExitCode == 0, sent.Error);
    }

    [Fact]
    public async Task A_script_previews_confirms_and_is_refused()
    {
        await using var database = await TestDatabase.Create(DatabaseKind.Sqlite, postgres);
        var options = new MusterOptions { Database = database.Setting };
        Task<CommandResult> Muster(params string[] arguments) => MusterProcess.Run(options, arguments);

        Assert.Equal(0, (await Muster("seed", "--workspace", "Trial", "--users", "60")).ExitCode);
        var preview = await Muster(
            "operation",
            "run",
            "add-users-to-group",
            "--workspace",
            "trial",
            "--all",
            "--param",
            "group=Group 07",
            "--preview",
            "--json"
        );
        Assert.True(preview.ExitCode == 0, preview.Error);
        using var json = JsonDocument.Parse(preview.Output);
        Assert.Equal(("previewed", 60), (json.RootElement.Text("status"), json.RootElement.Number("counts", "selected")));
        var id = $"{json.RootElement.Number("id")}";

        var some = await Muster(
            "users",
            "export",
            "--workspace",
            "Trial",
            "--output",
            "-",
            "--filter",
            "field.contract=permanent",
            "--filter",
            "registered=2000-01-01.."
        );
        Assert.True(some.ExitCode == 0, some.Error);
        Assert.InRange(some.Output.Split('\n').Length, 3, 60);
        foreach (var term in new[] { "field.nothing=5", "registered=soon", "lastActive=2026-02-01..2026-01-01" })
        {
            Assert.Equal(2, (await Muster("users", "export", "--workspace", "Trial", "--output", "-", "--filter", term)).ExitCode);
        }

        var wrong = await Muster("operation", "confirm", id, "--workspace", "Trial", "--yes", "--expected-changes", "1");
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("1 changes were expected", wrong.Error, StringComparison.Ordinal);
        var done = await Muster("operation", "confirm", id, "--workspace", "Trial", "--yes");
        Assert.True(done.ExitCode == 0, done.Error);
        Assert.Contains("completed", done.Output, StringComparison.Ordinal);
        Assert.Contains("Completed.", done.Error, StringComparison.Ordinal);

        Assert.Equal(2, (await Muster("operation", "run", "make-coffee", "--workspace", "Trial", "--all", "--yes")).ExitCode);
        Assert.Equal(2, (await Muster("token", "create", "--workspace", "Elsewhere")).ExitCode);
        Assert.Equal(2, (await Muster("coffee")).ExitCode);
    }

    [Fact]
    public void The_reference_of_actions_is_current()
    {
        var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddSingleton(TimeProvider.System)
            .AddLogging();
        Program.AddServices(services, new ConfigurationBuilder().Build());
        using var provider = services.BuildServiceProvider();
        var written = DocsCommand.Markdown(provider.GetRequiredService<ActionCatalog>());

        // If this fails: dotnet run --project src/Muster -- docs --output docs/actions.md
        Assert.Equal(File.ReadAllText(Path.Combine(Checkout.Root, "docs", "actions.md")), written);
    }
}
