using System.CommandLine;
using Muster.Access;
using Muster.Bulk;
using Muster.Mail;
using Muster.People;

namespace Muster.Cli;

/// <summary><c>muster mail release</c>.</summary>
internal static class MailCommand
{
    public static Command Create() => new("mail", "E-mails of a workspace.") { Release() };

    private static Command Release()
    {
        var workspace = new Option<string>("--workspace") { Description = "Name or id of the workspace.", Required = true };
        var command = new Command(
            "release",
            """
            Lets e-mails go out that are held since the database was restored from a backup (status Held on the Outbox page).

            Whoever was sent one between the backup and the loss gets it twice. Messages whose link or enrolment is gone are not sent.
              muster mail release --workspace "Northwind Care"
            """
        )
        {
            workspace,
        };
        command.SetAction(
            async (parsed, ct) =>
            {
                await using var host = await CommandHost.Open(ct);
                var place = await host.Workspace(parsed.GetRequiredValue(workspace), ct);
                await using var db = host.Databases.Open(place.Id);
                var by = new Requester(Actors.CommandLine(place.Id), OperationSource.Cli, null);
                var released = await HeldMail.Release(db, by, host.Clock.Now(), ct);
                await Console.Out.WriteLineAsync($"{released} held e-mails of {place.Name} go out now.");
                return ExitCode.Done;
            }
        );
        return command;
    }
}
