using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Muster.Access;
using Muster.Bulk;
using Muster.Data;
using Muster.Files;
using Muster.Mail;
using Muster.People;

namespace Muster.Bench;

/// <summary>What a product process is to do.</summary>
public sealed record ProductTask(string Setting, MeasuredAction Action, Ground Ground, string? File, bool Profile);

/// <summary>How long the preview took, and of which operation.</summary>
public sealed record Previewed(long Operation, double Seconds);

/// <summary>What one run took.</summary>
public sealed record Ran(
    double Seconds,
    double ProcessorSeconds,
    long Users,
    long Statements,
    long Chunks,
    double PeakMebibytes,
    PageTimes? Pages,
    IReadOnlyList<string> Costliest
);

/// <summary>
/// The pipeline in a process of its own, so that its memory is its own. It answers on its output, a line of JSON each:
/// to "preview" a <see cref="Previewed"/>, to "run" a <see cref="Ran"/>; in between nobody is connected, so that the database can be copied.
/// </summary>
public static class ProductProcess
{
    public const string Command = "product-process";

    public static async Task<int> Run(string[] args, CancellationToken ct)
    {
        var task = JsonSerializer.Deserialize<ProductTask>(args[0])!;
        var meter = new Meter();
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning);
        builder.Configuration.AddEnvironmentVariables();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>();
        builder.Services.AddData(DatabaseOptions.Parse(task.Setting));
        builder.Services.ConfigureDbContext<SqliteMusterDb>(meter.Into);
        builder.Services.ConfigureDbContext<PostgresMusterDb>(meter.Into);
        builder.Services.AddSingleton<OutboxSecrets>();
        builder.Services.AddBulk();
        using var host = builder.Build();
        var product = new Product(host.Services, task, meter);
        while (await Console.In.ReadLineAsync(ct) is { } word)
        {
            object answer = word switch
            {
                "preview" => await product.Preview(ct),
                "run" when Scenario.IsExport(task.Action) => await product.Export(ct),
                "run" => await product.Run(ct),
                _ => throw new InvalidOperationException($"'{word}'?"),
            };
            Store.Release();
            Console.WriteLine(JsonSerializer.Serialize(answer));
        }

        return 0;
    }

    private sealed class Product(IServiceProvider services, ProductTask task, Meter meter)
    {
        private readonly Databases databases = services.GetRequiredService<Databases>();
        private readonly Operations operations = services.GetRequiredService<Operations>();
        private readonly OperationRunner runner = services.GetRequiredService<OperationRunner>();
        private readonly DateOnly today = TimeProvider.System.Today("Etc/UTC");
        private long operation;

        public async Task<Previewed> Preview(CancellationToken ct)
        {
            var requester = await Requester(ct);
            var scenario = Scenario.Of(task.Action, task.Ground);
            if (scenario.IsUndo)
            {
                await Begin(requester, scenario, ct);
                await Confirm(requester, await ServeUntil(OperationStatus.Previewed, ct), ct);
                await ServeUntil(OperationStatus.Completed, ct);
            }

            meter.Begin();
            var clock = Stopwatch.StartNew();
            await (scenario.IsUndo ? Undo(requester, ct) : Begin(requester, scenario, ct));
            if (task.File is { } file)
            {
                await operations.PutFile(requester, operation, Path.GetFileName(file), await File.ReadAllBytesAsync(file, ct), ct);
            }

            var found = await ServeUntil(OperationStatus.Previewed, ct);
            if (task.Profile)
            {
                await Tell($"preview of {found.Selected}", clock.Elapsed.TotalSeconds);
            }

            return new(operation, clock.Elapsed.TotalSeconds);
        }

        public async Task<Ran> Run(CancellationToken ct)
        {
            var requester = await Requester(ct);
            var reader = new ListReader(databases, task.Ground.Workspace, Scenario.List(task.Action), today);
            await reader.Prepare(task.Ground.Users, ct);
            var previewed = await Read(ct);
            GC.Collect();
            meter.Begin();
            var processor = Environment.CpuUsage.TotalTime;
            using var stop = new CancellationTokenSource();
            var clock = Stopwatch.StartNew();
            var reading = Task.Run(() => reader.Run(stop.Token), ct);
            await Confirm(requester, previewed, ct);
            var ended = await ServeUntil(OperationStatus.Completed, ct);
            clock.Stop();
            processor = Environment.CpuUsage.TotalTime - processor;
            await stop.CancelAsync();
            var statements = meter.Statements;
            var costliest = meter.Costliest(30).ToList();
            var inStatements = meter.Seconds;
            await reading;
            await using var db = databases.Open(task.Ground.Workspace);
            var chunks = await db.Audit.LongCountAsync(a => a.OperationId == operation && a.Event == "operation.chunk", ct);
            costliest.Insert(
                0,
                $"{clock.Elapsed.TotalSeconds, 9:F3} s in all, {inStatements:F3} s in statements, {meter.Compiled} queries compiled by EF"
            );
            return new(
                clock.Elapsed.TotalSeconds,
                processor.TotalSeconds,
                ended.Changed,
                statements,
                chunks,
                Peak(),
                reader.Times,
                costliest
            );
        }

        public async Task<Ran> Export(CancellationToken ct)
        {
            meter.Begin();
            var processor = Environment.CpuUsage.TotalTime;
            var clock = Stopwatch.StartNew();
            await using var db = databases.Open(task.Ground.Workspace);
            var workspace = await db.Workspaces.SingleAsync(w => w.Id == task.Ground.Workspace, ct);
            long written;
            await using (var file = File.Create(task.File!))
            {
                await using ITableWriter table =
                    task.Action == MeasuredAction.ExportXlsx ? new XlsxTableWriter(file, "Users") : new CsvTableWriter(file);
                written = await UserExport.Write(db, workspace, new UserFilter(), today, table, ct);
            }

            processor = Environment.CpuUsage.TotalTime - processor;
            return new(
                clock.Elapsed.TotalSeconds,
                processor.TotalSeconds,
                written,
                meter.Statements,
                0,
                Peak(),
                null,
                [.. meter.Costliest(10)]
            );
        }

        private async Task Begin(Requester requester, Scenario scenario, CancellationToken ct) =>
            operation = (await operations.Create(requester, scenario.Key, scenario.Parameters, scenario.Selection, null, ct)).Id;

        private async Task Undo(Requester requester, CancellationToken ct) =>
            operation = (await operations.Undo(requester, operation, null, ct)).Id;

        private Task Confirm(Requester requester, Operation previewed, CancellationToken ct) =>
            services.GetRequiredService<Confirmations>().Confirm(requester, operation, new(previewed.WillChange), null, ct);

        private async Task<Requester> Requester(CancellationToken ct)
        {
            await using var db = databases.Open(task.Ground.Workspace);
            return new(await Actors.Person(db, task.Ground.Workspace, task.Ground.Admin, today, ct), OperationSource.Web, "127.0.0.1");
        }

        private async Task<Operation> ServeUntil(OperationStatus status, CancellationToken ct)
        {
            while (await runner.ServeOne(ct))
            {
                // One slice after the other.
            }

            var found = await Read(ct);
            return found.Status == status
                ? found
                : throw new InvalidOperationException($"The operation is {found.Status}, not {status}: {found.Error}");
        }

        private async Task<Operation> Read(CancellationToken ct)
        {
            await using var db = databases.Open(task.Ground.Workspace);
            return await db.Operations.AsNoTracking().SingleAsync(o => o.Id == operation, ct);
        }

        private async Task Tell(string what, double seconds)
        {
            await Console.Error.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"{what}: {seconds:F3} s, {meter.Seconds:F3} s in statements")
            );
            foreach (var line in meter.Costliest(12))
            {
                await Console.Error.WriteLineAsync(line);
            }
        }

        private static double Peak() =>
            double.Parse(
                File.ReadLines("/proc/self/status")
                    .Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
                    .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
                CultureInfo.InvariantCulture
            ) / 1024;
    }
}
