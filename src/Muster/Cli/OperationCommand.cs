using System.CommandLine;
using Muster.Bulk;

namespace Muster.Cli;

/// <summary><c>muster operation</c>.</summary>
internal static class OperationCommand
{
    public static Command Create() =>
        new("operation", "Bulk operations: run one, look at it, take it back.") { RunAction(), Confirm(), Show(), Undo() };

    private static Command RunAction()
    {
        var action = new Argument<string>("action") { Description = "Key of the action; muster docs lists them." };
        var selection = new SelectionOptions();
        var parameters = new Option<string[]>("--param")
        {
            Description = "A parameter as name=value; groups and courses by name or id. Repeat it for several.",
        };
        var run = new RunOptions();
        var command = new Command(
            "run",
            """
            Previews a bulk action on some users, and after confirmation runs it to its end.

              muster operation run add-users-to-group --workspace "Northwind Care" --filter unit="Operations / North Region" --param group="Fire wardens" --preview
              muster operation run archive-profiles --workspace 1 --file leavers.xlsx --yes --expected-changes 42
              muster operation run archive-profiles --workspace 1 --emails ann@example.org,bo@example.org --yes

            With --preview nothing is run; the operation waits and can be confirmed here or in the browser. Progress goes to the error stream.
            """
        )
        {
            action,
            run.Workspace,
            parameters,
            run.Preview,
            run.Yes,
            run.ExpectedChanges,
            run.RunAt,
            run.AllOrNothing,
            run.Json,
        };
        selection.AddTo(command);
        command.SetAction(
            async (parsed, ct) =>
            {
                await using var host = await CommandHost.Open(ct);
                var work = await OperationWork.In(host, parsed.GetRequiredValue(run.Workspace), ct);
                var key = parsed.GetRequiredValue(action);
                if (host.Get<ActionCatalog>().Find(key) is DownloadAction)
                {
                    throw new RefusedException(
                        $"{key} is a download, not an operation: muster users export --workspace … --output users.csv"
                    );
                }

                var chosen = await selection.Read(parsed, work, ct);
                var given = await ParameterWords.Read(host, work.Workspace.Id, key, parsed.GetValue(parameters) ?? [], ct);
                var operation = await work.Operations.Create(work.Requester, key, given, chosen.Selection, null, ct);
                if (chosen.File is { } file)
                {
                    var content = await File.ReadAllBytesAsync(file.FullName, ct);
                    await work.Operations.PutFile(work.Requester, operation.Id, file.Name, content, ct);
                }

                return await work.Run(operation.Id, run.Read(parsed), ct);
            }
        );
        return command;
    }

    private static Command Confirm()
    {
        var id = new Argument<long>("id") { Description = "The operation." };
        var run = new RunOptions();
        var command = new Command("confirm", "Runs an operation that was only previewed, to its end.")
        {
            id,
            run.Workspace,
            run.Yes,
            run.ExpectedChanges,
            run.RunAt,
            run.AllOrNothing,
            run.Json,
        };
        command.SetAction(
            async (parsed, ct) =>
            {
                await using var host = await CommandHost.Open(ct);
                var work = await OperationWork.In(host, parsed.GetRequiredValue(run.Workspace), ct);
                return await work.Run(await work.Find(parsed.GetValue(id), ct), run.Read(parsed), ct);
            }
        );
        return command;
    }

    private static Command Show()
    {
        var id = new Argument<long>("id") { Description = "The operation." };
        var run = new RunOptions();
        var command = new Command("show", "Where an operation stands: counts, reasons, effects.") { id, run.Workspace, run.Json };
        command.SetAction(
            async (parsed, ct) =>
            {
                await using var host = await CommandHost.Open(ct);
                var work = await OperationWork.In(host, parsed.GetRequiredValue(run.Workspace), ct);
                await work.Print(await work.Find(parsed.GetValue(id), ct), parsed.GetValue(run.Json), ct);
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static Command Undo()
    {
        var id = new Argument<long>("id") { Description = "The operation to take back." };
        var run = new RunOptions();
        var command = new Command(
            "undo",
            "Previews what taking an operation back would do, and after confirmation does it; who was changed since is left alone."
        )
        {
            id,
            run.Workspace,
            run.Preview,
            run.Yes,
            run.ExpectedChanges,
            run.RunAt,
            run.AllOrNothing,
            run.Json,
        };
        command.SetAction(
            async (parsed, ct) =>
            {
                await using var host = await CommandHost.Open(ct);
                var work = await OperationWork.In(host, parsed.GetRequiredValue(run.Workspace), ct);
                var original = await work.Find(parsed.GetValue(id), ct);
                var undo = await work.Operations.Undo(work.Requester, original, null, ct);
                return await work.Run(undo.Id, run.Read(parsed), ct);
            }
        );
        return command;
    }
}
