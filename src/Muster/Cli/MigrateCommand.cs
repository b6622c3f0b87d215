using System.CommandLine;
using Muster.Data;

namespace Muster.Cli;

/// <summary><c>muster migrate</c>.</summary>
internal static class MigrateCommand
{
    public static Command Create()
    {
        var command = new Command(
            "migrate",
            """
            Brings the database to this version's tables.

            The embedded database and an empty one are migrated by themselves when the server starts. One with data on a server waits for this
            command, because other nodes may still run the version before. Back up first.
            """
        );
        command.SetAction(
            async (_, ct) =>
            {
                await using var host = CommandHost.Build();
                await host.Get<SchemaUpgrade>().Now(ct);
                await Console.Out.WriteLineAsync("The database is of this version.");
                return ExitCode.Done;
            }
        );
        return command;
    }
}
