using System.Diagnostics;
using Muster.Bulk;
using Muster.Learning;

namespace Muster.Tests;

/// <summary>Confirmed operations on people of their own, and the real server that works on them in small chunks.</summary>
public sealed class Campaign : IAsyncDisposable
{
    private const int ChunkUsers = 5;
    private readonly List<MusterProcess> servers = [];

    private Campaign(Stage stage, IReadOnlyList<Operation> operations) => (Stage, Operations) = (stage, operations);

    public Stage Stage { get; }

    /// <summary>Previewed; adding to a group and archiving take turns.</summary>
    public IReadOnlyList<Operation> Operations { get; }

    /// <summary>Prepares previewed operations in the first workspace.</summary>
    public static async Task<Campaign> Prepare(DatabaseKind kind, PostgresServer postgres, int operations, int users)
    {
        var people = new List<IReadOnlyList<long>>();
        // The server's clock is the real one, and it tidies away what nobody has confirmed for a day.
        var stage = await Stage.SetAt(
            new(TimeProvider.System.GetUtcNow()),
            kind,
            postgres,
            given =>
            {
                if (given.Workspace != 1)
                {
                    return;
                }

                given.Catalogue(seats: users / 2);
                for (var i = 0; i < operations; i++)
                {
                    var some = given.People(users);
                    people.Add([.. some.Select(p => p.Id)]);
                    foreach (var person in some)
                    {
                        given.Enrol(person, given.Safety, i % 2 == 0 ? EnrolmentStatus.Completed : EnrolmentStatus.InProgress);
                    }
                }
            }
        );
        var prepared = new List<Operation>();
        for (var i = 0; i < operations; i++)
        {
            var selection = new Selection { Users = people[i] };
            prepared.Add(
                i % 2 == 0
                    ? await stage.Pipeline.Preview(
                        stage.Given.Admin,
                        "add-users-to-group",
                        new($"{{\"groups\":[{stage.Given.Crew.Id}]}}", selection)
                    )
                    : await stage.Pipeline.Preview(stage.Given.Admin, "archive-profiles", new("{}", selection))
            );
        }

        return new(stage, prepared);
    }

    /// <summary>Confirms one of the operations; the server finds it by itself.</summary>
    public Task Confirm(Operation operation) => Stage.Pipeline.Confirm(Stage.Given.Admin, operation);

    /// <summary>A server on the campaign's database, not started yet.</summary>
    public async Task<MusterProcess> Server()
    {
        var server = await MusterProcess.Start(
            new()
            {
                Database = Stage.Database.Setting,
                Environment = new Dictionary<string, string?>
                {
                    ["Muster__Bulk__FirstChunk"] = $"{ChunkUsers}",
                    ["Muster__Bulk__LargestChunk"] = $"{ChunkUsers}",
                    ["Muster__Bulk__SliceMilliseconds"] = "50",
                    ["Muster__Bulk__LeaseSeconds"] = "1",
                    ["Muster__Bulk__SweepSeconds"] = "1",
                },
            }
        );
        servers.Add(server);
        return server;
    }

    /// <summary>Waits until an operation has changed so many users, or has ended.</summary>
    /// <returns>Whether it is still running.</returns>
    public async Task<bool> Reaches(Operation operation, long users)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var now = await Stage.Pipeline.Read(operation);
            if (now.Status is not (OperationStatus.Queued or OperationStatus.Running))
            {
                return false;
            }

            if (now.Status == OperationStatus.Running && now.Changed >= users)
            {
                return true;
            }

            if (clock.Elapsed > TimeSpan.FromSeconds(120))
            {
                var said = string.Join('\n', servers.SelectMany(server => server.Output.Split('\n').TakeLast(30)));
                throw new TimeoutException($"Operation {operation.Id} stands at {now.Cursor} ({now.Status}). The servers said:\n{said}");
            }

            // The server needs the processor more than we do.
            await Task.Delay(5);
        }
    }

    /// <summary>Waits until all the operations have ended by themselves.</summary>
    public async Task AllEnd(IEnumerable<Operation> operations)
    {
        foreach (var operation in operations)
        {
            await Reaches(operation, long.MaxValue);
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
    }
}
