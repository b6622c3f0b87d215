using System.CommandLine;
using Muster.Files;

namespace Muster.Cli;

/// <summary><c>muster admin reset</c>.</summary>
internal static class AdminCommand
{
    public static Command Create() => new("admin", "Those who may do everything on the site.") { Reset() };

    private static Command Reset()
    {
        var email = new Option<string>("--email") { Description = "The Site Admin's address.", Required = true };
        var command = new Command(
            "reset",
            """
            Gives a Site Admin a new password and prints it, once; open sessions end within a minute.

            Makes the account when there is none with this address, and a Site Admin of one who was not.
              muster admin reset --email admin@example.org
            """
        )
        {
            email,
        };
        command.SetAction(
            async (parsed, ct) =>
            {
                var text = parsed.GetRequiredValue(email);
                if (!EmailAddress.TryParse(text, out var address, out var problem, allowDotless: true))
                {
                    throw new RefusedException(problem);
                }

                await using var host = await CommandHost.Open(ct);
                await using var scope = host.Services.CreateAsyncScope();
                var (password, isNew) = await SiteAdmins.Reset(scope.ServiceProvider, address.Address, ct);
                await Console.Out.WriteLineAsync(password);
                await Console.Error.WriteLineAsync(
                    $"{(isNew ? "A new Site Admin" : "The Site Admin")} {address.Address} signs in with this password; it is shown only this once."
                );
                return ExitCode.Done;
            }
        );
        return command;
    }
}
