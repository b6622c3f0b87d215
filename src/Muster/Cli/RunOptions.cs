using System.CommandLine;

namespace Muster.Cli;

/// <summary>How far a run of an operation goes.</summary>
/// <param name="OnlyPreview">Stops when it is known what would happen.</param>
/// <param name="Yes">Confirms without asking.</param>
/// <param name="ExpectedChanges">Confirms only if so many users will change.</param>
/// <param name="RunAt">Runs later, in UTC.</param>
/// <param name="AllOrNothing">Changes nobody unless everybody can be changed.</param>
/// <param name="AsJson">Prints what the API would answer.</param>
internal sealed record RunChoice(bool OnlyPreview, bool Yes, long? ExpectedChanges, DateTime? RunAt, bool AllOrNothing, bool AsJson);

/// <summary>The options of every command that runs an operation.</summary>
internal sealed class RunOptions
{
    public Option<string> Workspace { get; } = new("--workspace") { Description = "Name or id of the workspace.", Required = true };

    public Option<bool> Preview { get; } = new("--preview") { Description = "Only say what would happen." };

    public Option<bool> Yes { get; } = new("--yes") { Description = "Confirm without asking." };

    public Option<long?> ExpectedChanges { get; } =
        new("--expected-changes")
        {
            Description = "Confirm only if exactly so many users will change; needed for large changes that take something away.",
        };

    public Option<DateTimeOffset?> RunAt { get; } =
        new("--run-at")
        {
            Description = "Run later, such as 2030-01-31T06:00Z; a server must be running then. It is previewed again first.",
        };

    public Option<bool> AllOrNothing { get; } = new("--all-or-nothing") { Description = "Change nobody unless everybody can be changed." };

    public Option<bool> Json { get; } = new("--json") { Description = "Print the operation as JSON, as the API has it." };

    public RunChoice Read(ParseResult parsed)
    {
        // A command that lacks an option leaves it at its default.
        bool Has(Option<bool> option) => parsed.GetResult(option) is not null && parsed.GetValue(option);
        return new(
            Has(Preview),
            Has(Yes),
            parsed.GetValue(ExpectedChanges),
            parsed.GetResult(RunAt) is null ? null : parsed.GetValue(RunAt)?.UtcDateTime,
            Has(AllOrNothing),
            Has(Json)
        );
    }
}
