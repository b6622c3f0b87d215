using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;
using Muster.Learning;
using Muster.Mail;
using Xunit;

namespace Muster.Tests;

/// <summary>A server that is backed up in the middle of an operation that writes to people, and what a restored copy of it holds.</summary>
public sealed class RestoredSite : IAsyncDisposable
{
    private const int People = 2000;
    private readonly List<MusterProcess> servers = [];

    private RestoredSite(Stage stage, Operation operation, SmtpSink sink) => (Stage, Operation, Sink) = (stage, operation, sink);

    public Stage Stage { get; }

    /// <summary>Enrols everybody and tells them.</summary>
    public Operation Operation { get; }

    public SmtpSink Sink { get; }

    /// <summary>Prepares the operation, previewed.</summary>
    public static async Task<RestoredSite> Prepare(DatabaseKind kind, PostgresServer postgres)
    {
        var sink = await SmtpSink.Start();
        IReadOnlyList<long> people = [];
        var stage = await Stage.SetAt(
            new(TimeProvider.System.GetUtcNow()),
            kind,
            postgres,
            given =>
            {
                if (given.Workspace == 1)
                {
                    given.Catalogue();
                    people = [.. given.People(People).Select(p => p.Id)];
                }
            }
        );
        var operation = await stage.Pipeline.Preview(
            stage.Given.Admin,
            "enrol-to-course",
            new($"{{\"courses\":[{stage.Given.Safety.Id}],\"notify\":true}}", new Selection { Users = people })
        );
        return new(stage, operation, sink);
    }

    /// <summary>How a server, or a command, is told of a database.</summary>
    public MusterOptions On(string database) =>
        new()
        {
            Database = database,
            Smtp = Sink.Url,
            PublicUrl = PostOffice.Url,
            Environment = new Dictionary<string, string?>
            {
                ["Muster__MailsPerSecond"] = "0",
                // So many chunks that a backup, which takes a second to start, finds the operation at work.
                ["Muster__Bulk__FirstChunk"] = "5",
                ["Muster__Bulk__LargestChunk"] = "5",
                ["Muster__Bulk__SweepSeconds"] = "1",
            },
        };

    /// <summary>A server on a database, ended with the test.</summary>
    public async Task<MusterProcess> Serve(string database)
    {
        var server = await MusterProcess.Start(On(database));
        servers.Add(server);
        return server;
    }

    /// <summary>Confirms, and serves until the operation has come so far.</summary>
    public async Task<MusterProcess> RunUntil(long changed)
    {
        await Stage.Pipeline.Confirm(Stage.Given.Admin, Operation);
        var server = await Serve(Stage.Database.Setting);
        await Until(async () => (await Stage.Pipeline.Read(Operation)).Changed >= changed);
        Assert.Equal(OperationStatus.Running, (await Stage.Pipeline.Read(Operation)).Status);
        return server;
    }

    /// <summary>Lets the original run to its end, with its mail, and kills it: the machine is lost.</summary>
    public async Task Lose(MusterProcess original)
    {
        Assert.Equal(People, (await Sink.WaitFor(People, TimeSpan.FromMinutes(2))).DistinctBy(m => m.Recipient).Count());
        await original.Kill9();
        Assert.Equal(People, (await Sink.Messages()).Count);
    }

    /// <summary>The promises a restored copy keeps: it finishes what ran, everybody once, and nobody gets an e-mail again until a person says so.</summary>
    public async Task AssertKept(string setting)
    {
        var options = DatabaseOptions.Parse(setting);
        MusterDb Open()
        {
            var db = TestDatabase.NewContext(options);
            db.WorkspaceId = Stage.Given.Workspace;
            return db;
        }

        await using (var before = Open())
        {
            var restored = await before.Operations.SingleAsync(o => o.Id == Operation.Id);
            Assert.Equal(OperationStatus.Running, restored.Status);
            Assert.InRange(restored.Changed, 1, People - 1);
        }

        await Serve(setting);
        await using var db = Open();
        await Until(async () =>
            await db.Operations.AnyAsync(o => o.Id == Operation.Id && o.Status == OperationStatus.Completed)
            && !await db.Outbox.AnyAsync(m => m.Status == MessageStatus.Waiting)
        );

        Assert.Equal(People, await db.OperationItems.CountAsync(i => i.OperationId == Operation.Id && i.Outcome == Outcome.Changed));
        Assert.Equal(People, await db.OperationItems.CountAsync(i => i.OperationId == Operation.Id));
        Assert.Equal(People, await db.Enrolments.CountAsync(e => e.OperationId == Operation.Id && e.Status == EnrolmentStatus.NotStarted));
        Assert.Equal(People, await db.Enrolments.Select(e => e.ProfileId).Distinct().CountAsync());
        Assert.Equal(People, (await Sink.Messages()).Count);
        var held = await db.Outbox.CountAsync(m => m.Status == MessageStatus.Held);
        Assert.Equal(People, held + await db.Outbox.CountAsync(m => m.Status == MessageStatus.Sent));
        Assert.InRange(held, 1, People);

        var released = await MusterProcess.Run(On(setting), ["mail", "release", "--workspace", $"{Stage.Given.Workspace}"]);
        Assert.True(released.ExitCode == 0, released.Error);
        var all = await Sink.WaitFor(People + held, TimeSpan.FromMinutes(2));
        // The copies are known as such.
        Assert.Equal(People, all.DistinctBy(m => m.MessageId).Count());
    }

    private static async Task Until(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!await holds())
        {
            await Task.Delay(20, patience.Token);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers)
        {
            await server.DisposeAsync();
        }

        await Stage.DisposeAsync();
        await Sink.DisposeAsync();
    }
}
