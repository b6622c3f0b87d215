using System.CommandLine;
using Microsoft.Extensions.Options;
using Muster.Bulk;
using Muster.Files;

namespace Muster.Cli;

/// <summary>Every command of the executable; without one it serves.</summary>
public static class CommandLine
{
    private static readonly string[] Helps = ["--help", "-h", "-?", "/?", "--version"];

    /// <summary>Runs the command that was asked for.</summary>
    /// <returns>0 done, 1 some failed, 2 refused with the reason on the error stream.</returns>
    public static async Task<int> Run(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        try
        {
            // No command, only settings such as --urls: a server.
            if (args.Length == 0 || (args[0].StartsWith('-') && !Helps.Contains(args[0])))
            {
                return await ServeCommand.Run(args);
            }

            var parsed = Root().Parse(args);
            var exit = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
            return parsed.Errors.Count > 0 ? ExitCode.Refused : exit;
        }
        catch (Exception reason)
            when (reason
                    is RefusedException
                        or ParametersException
                        or ConflictException
                        or SpreadsheetException
                        or FormatException
                        or OptionsValidationException
                        or FileNotFoundException
                        or DirectoryNotFoundException
                        or UnauthorizedAccessException
            )
        {
            await Console.Error.WriteLineAsync(reason.Message);
            return ExitCode.Refused;
        }
    }

    /// <summary>The commands, each in its own file.</summary>
    public static RootCommand Root() =>
        new(
            """
            Muster changes many users of a learning site at once: exact preview, exact undo.

            Without a command it serves the site. The database is named by the environment variable Muster__Database:
              sqlite:data/muster.db                                  (when nothing is said)
              postgres:Host=db.example.org;Database=muster;Username=muster;Password=...

            Every command ends with 0 (done), 1 (done, but some users failed) or 2 (refused, nothing done).
            """
        )
        {
            ServeCommand.Create(),
            MigrateCommand.Create(),
            BackupCommand.Create(),
            RestoreCommand.Create(),
            SeedCommand.Create(),
            OperationCommand.Create(),
            UsersCommand.Create(),
            TokenCommand.Create(),
            MailCommand.Create(),
            AdminCommand.Create(),
            DocsCommand.Create(),
        };
}
