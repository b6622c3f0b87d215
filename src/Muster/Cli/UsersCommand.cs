using System.CommandLine;
using System.Globalization;
using Muster.Bulk;
using Muster.Files;
using Muster.People;

namespace Muster.Cli;

/// <summary><c>muster users export</c>.</summary>
internal static class UsersCommand
{
    public static Command Create() => new("users", "The people of a workspace.") { Export() };

    private static Command Export()
    {
        var workspace = new Option<string>("--workspace") { Description = "Name or id of the workspace.", Required = true };
        var format = new Option<string?>("--format") { Description = "csv or xlsx; without it the ending of the file decides." };
        format.AcceptOnlyFromAmong("csv", "xlsx");
        var output = new Option<string>("--output")
        {
            Description = "The file to write; - writes to the standard output.",
            Required = true,
        };
        var filter = new Option<string[]>("--filter") { Description = "Only who matches, as for operation run; without it everybody." };
        var command = new Command(
            "export",
            """
            Writes everybody to a file for a spreadsheet, archived and cancelled included; memory does not grow with their number. Audited.
              muster users export --workspace "Northwind Care" --output users.xlsx
              muster users export --workspace 1 --format csv --output - --filter status=active
            """
        )
        {
            workspace,
            format,
            output,
            filter,
        };
        command.SetAction(
            async (parsed, ct) =>
            {
                var path = parsed.GetRequiredValue(output);
                var kind = parsed.GetValue(format) ?? (path.EndsWith(".xlsx", StringComparison.OrdinalIgnoreCase) ? "xlsx" : "csv");
                await using var host = await CommandHost.Open(ct);
                var work = await OperationWork.In(host, parsed.GetRequiredValue(workspace), ct);
                var wanted = await SelectionOptions.FilterOf(parsed.GetValue(filter) ?? [], work, ct);
                var count =
                    path == "-"
                        ? await Write(Console.OpenStandardOutput(), kind, work, wanted, ct)
                        : await WriteFile(path, kind, work, wanted, ct);
                await Console.Error.WriteLineAsync(
                    string.Create(CultureInfo.InvariantCulture, $"{count:N0} users of {work.Workspace.Name} are in {path}.")
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    /// <summary>Under another name until it is whole: half a file must not look like a whole one.</summary>
    private static async Task<long> WriteFile(string path, string format, OperationWork work, UserFilter filter, CancellationToken ct)
    {
        var part = path + ".part";
        try
        {
            long count;
            await using (var file = File.Create(part))
            {
                count = await Write(file, format, work, filter, ct);
            }

            File.Move(part, path, overwrite: true);
            return count;
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static async Task<long> Write(Stream output, string format, OperationWork work, UserFilter filter, CancellationToken ct)
    {
        var (host, workspace) = (work.Host, work.Workspace);
        await using var db = host.Databases.Open(workspace.Id);
        await using ITableWriter table = format == "csv" ? new CsvTableWriter(output) : new XlsxTableWriter(output, "Users");
        var count = await UserExport.Write(db, workspace, filter, host.Clock.Today(workspace.TimeZone), table, ct);
        var entry = new AuditEntry
        {
            WorkspaceId = workspace.Id,
            At = host.Clock.Now(),
            Event = "users.exported",
            Details = Json.Write(new { users = count, format }),
        };
        await Audit.Write(db, entry, ct);
        return count;
    }
}
