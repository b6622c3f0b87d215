using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Api;
using Muster.Bulk;
using Muster.People;

namespace Muster.Cli;

/// <summary>Works on operations of one workspace in this process. A server on the same database may take them over at any time; the outcome is the same.</summary>
internal sealed class OperationWork
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    private OperationWork(CommandHost host, Workspace workspace) => (Host, Workspace) = (host, workspace);

    public CommandHost Host { get; }

    public Workspace Workspace { get; }

    public Operations Operations => Host.Get<Operations>();

    public Requester Requester => new(Actors.CommandLine(Workspace.Id), OperationSource.Cli, null);

    public static async Task<OperationWork> In(CommandHost host, string workspace, CancellationToken ct) =>
        new(host, await host.Workspace(workspace, ct));

    /// <exception cref="RefusedException">The workspace has no such operation.</exception>
    public async Task<long> Find(long id, CancellationToken ct)
    {
        await using var db = Host.Databases.Open(Workspace.Id);
        return await db.Operations.AnyAsync(o => o.WorkspaceId == Workspace.Id && o.Id == id, ct)
            ? id
            : throw new RefusedException($"There is no operation {id} in {Workspace.Name}.");
    }

    /// <summary>From wherever it stands to its end, or to its preview.</summary>
    public async Task<int> Run(long id, RunChoice choice, CancellationToken ct)
    {
        var preview = await Settle(id, ct);
        if (preview.Status == OperationStatus.Failed)
        {
            throw new RefusedException(preview.Error ?? "The preview could not be made.");
        }

        if (choice.OnlyPreview || preview is { Status: OperationStatus.Previewed, WillChange: 0 })
        {
            await Print(id, choice.AsJson, ct);
            return ExitCode.Done;
        }

        if (!choice.Yes && !await Ask(id, preview, ct))
        {
            throw new RefusedException($"Not confirmed; operation {id} waits, and nothing was changed.");
        }

        var confirmation = new Confirmation(choice.ExpectedChanges, choice.RunAt, choice.AllOrNothing);
        await Host.Get<Confirmations>().Confirm(Requester, id, confirmation, null, ct);
        var end = await Settle(id, ct);
        await Print(id, choice.AsJson, ct);
        return
            end
                is { Status: OperationStatus.Completed, Failed: 0 }
                    or { Status: OperationStatus.Scheduled or OperationStatus.AwaitingApproval }
            ? ExitCode.Done
            : ExitCode.SomeFailed;
    }

    public async Task Print(long id, bool asJson, CancellationToken ct)
    {
        await using var db = Host.Databases.Open(Workspace.Id);
        var view = (await Host.Get<OperationViews>().Get(db, Actors.CommandLine(Workspace.Id), id, ct))!;
        await Console.Out.WriteLineAsync(
            asJson ? JsonSerializer.Serialize(OperationJson.Of(view), ApiJson.Options) : OperationReport.Of(view, Workspace)
        );
    }

    /// <summary>Works until the operation waits for somebody or has ended, telling how far it is.</summary>
    private async Task<Operation> Settle(long id, CancellationToken ct)
    {
        var told = "";
        while (true)
        {
            await using var db = Host.Databases.Open(Workspace.Id);
            var operation = await db.Operations.AsNoTracking().SingleAsync(o => o.WorkspaceId == Workspace.Id && o.Id == id, ct);
            var now = Progress(operation);
            if (now != told)
            {
                await Console.Error.WriteLineAsync(told = now);
            }

            if (operation.Status is not (OperationStatus.Previewing or OperationStatus.Queued or OperationStatus.Running))
            {
                return operation;
            }

            if (!await Host.Get<OperationRunner>().ServeOne(ct))
            {
                await Task.Delay(Beat, Host.Clock, ct);
            }
        }
    }

    private async Task<bool> Ask(long id, Operation preview, CancellationToken ct)
    {
        if (Console.IsInputRedirected)
        {
            return false;
        }

        await Print(id, asJson: false, ct);
        await Console.Error.WriteAsync(
            string.Create(CultureInfo.InvariantCulture, $"{preview.WillChange:N0} users will be changed. Type yes to go on: ")
        );
        return string.Equals((await Console.In.ReadLineAsync(ct))?.Trim(), "yes", StringComparison.OrdinalIgnoreCase);
    }

    private static string Progress(Operation o)
    {
        var words = CultureInfo.InvariantCulture;
        return o switch
        {
            { Status: OperationStatus.Previewing, PreviewPhase: PreviewPhase.Selecting } => string.Create(
                words,
                $"Selecting: {o.Selected:N0} users"
            ),
            { Status: OperationStatus.Previewing } => string.Create(words, $"Previewing: {o.Judged:N0} of {o.Selected:N0} users"),
            { Status: OperationStatus.Running } => string.Create(
                words,
                $"Running: {o.Changed + o.Failed + o.LeftAlone:N0} of {o.WillChange:N0} users"
            ),
            _ => $"{o.Status}.",
        };
    }
}
