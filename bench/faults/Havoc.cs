using System.Diagnostics;
using System.Globalization;

namespace Muster.Faults;

/// <summary>Does things to servers and database while they work, and measures how long a workspace stands still when the node that worked there dies.</summary>
public sealed class Havoc(FaultOptions options, Store store, Site site, Journal journal)
{
    private const string Chunks = "SELECT count(*) FROM audit WHERE event = 'operation.chunk' AND workspace_id = ";
    private readonly Random random = new(options.Seed);
    private readonly Lock gate = new();
    private readonly List<Task> pending = [];
    private readonly Dictionary<string, int> killed = [];
    private int kills;
    private int faultsDone;

    /// <summary>Goes on until enough nodes were killed or the time is over, and until all that was broken runs again.</summary>
    public async Task Run(IReadOnlyList<Fault> faults)
    {
        var clock = Stopwatch.StartNew();
        var rest = faults.Where(fault => fault != Fault.Kill).ToList();
        while (kills < options.Kills && clock.Elapsed < TimeSpan.FromMinutes(options.Minutes))
        {
            var fault =
                faults.Contains(Fault.Kill) && (rest.Count == 0 || random.Next(100) < 70) ? Fault.Kill : rest[random.Next(rest.Count)];
            await Do(fault);
            // In between the servers have to get on with their work.
            await Task.Delay(fault == Fault.Kill ? random.Next(500, 3000) : random.Next(2000, 6000));
        }

        await Task.WhenAll(pending);
        await site.Mend();
    }

    private async Task Do(Fault fault)
    {
        faultsDone++;
        switch (fault)
        {
            case Fault.Kill when site.Nodes.Count > 1 && random.Next(10) == 0:
                await KillAll();
                break;
            case Fault.Kill:
                await KillOne();
                break;
            case Fault.Stop when Take(node => node.Process.IsRunning) is { } node:
                journal.Count("halts of 10 s");
                pending.Add(Halt(node));
                break;
            case Fault.Clock when Take(node => node.HasClock && node.Process.IsRunning) is { } node:
                journal.Count("clock jumps");
                pending.Add(Jump(node, random.Next(-60, 61)));
                break;
            case Fault.Roll:
                journal.Count("rolling restarts");
                await Roll();
                break;
            case Fault.Backends or Fault.Restart or Fault.Disk:
                journal.Count(
                    fault switch
                    {
                        Fault.Backends => "connections cut",
                        Fault.Restart => "database restarts",
                        _ => "full disks",
                    }
                );
                await store.Break(fault, random);
                break;
            default:
                break;
        }
    }

    /// <summary>Every node that nothing else is done to.</summary>
    private async Task Roll()
    {
        foreach (var node in site.Nodes)
        {
            if (Take(other => other == node && other.Process.IsRunning) is null)
            {
                continue;
            }

            if (await node.Process.Stop(TimeSpan.FromMinutes(1)) != 0)
            {
                journal.Faults.Add("A node that was asked to stop ended as if by a fault");
            }

            await Revive(node, 0);
        }
    }

    private static async Task Halt(Node node)
    {
        node.Process.Pause();
        await Task.Delay(TimeSpan.FromSeconds(10));
        node.Process.Continue();
        node.IsTaken = false;
    }

    private static async Task Jump(Node node, int seconds)
    {
        node.SetClock(seconds);
        node.IsTaken = false;
        await Task.Delay(TimeSpan.FromSeconds(15));
        node.SetClock(0);
    }

    /// <summary>Kills a node in the middle of an operation, if there is one within three seconds, and starts it again after a while.</summary>
    private async Task KillOne()
    {
        var busy = await Working();
        if (
            Take(node => node.Process.IsRunning && busy.TryGetValue(node, out var what) && (IsRare(what) || !busy.Values.Any(IsRare)))
            is not { } node
        )
        {
            return;
        }

        await Task.Delay(TimeSpan.FromMicroseconds(random.Next(0, 60_000)));
        var death = await Kill(node, busy[node]);
        if (death is { } place)
        {
            pending.Add(Watch(place.Workspace, place.Since, all: site.Nodes.Count == 1));
        }

        // One node: its restart is what is measured. Several: now and then nothing else is done, so that a takeover is seen alone.
        pending.Add(Revive(node, random.Next(0, site.Nodes.Count == 1 ? 50 : 4000)));
        if (site.Nodes.Count == 1 || options.OneAtATime || random.Next(3) == 0)
        {
            await Task.WhenAll(pending);
        }
    }

    /// <summary>Kills every node, starts them at once, and measures from the start to the next chunk.</summary>
    private async Task KillAll()
    {
        // Whatever else is being done to them is waited for.
        await Task.WhenAll(pending);
        pending.Clear();
        var busy = await Working();
        if (busy.Count == 0 || site.Alive.Count < site.Nodes.Count)
        {
            return;
        }

        journal.Count("times all nodes were killed");
        (long Workspace, Stopwatch)? held = null;
        foreach (var node in site.Nodes)
        {
            node.IsTaken = true;
            held = await Kill(node, busy.GetValueOrDefault(node)) ?? held;
        }

        if (held is { } place)
        {
            pending.Add(Watch(place.Workspace, Stopwatch.StartNew(), all: true));
        }

        pending.AddRange(site.Nodes.Select(node => Revive(node, 0)));
    }

    /// <summary>The workspace whose lease the node took with it, and since when; null when it held none at that moment.</summary>
    private async Task<(long Workspace, Stopwatch Since)?> Kill(Node node, string? inTheMiddleOf)
    {
        var process = node.Process.ProcessId;
        await node.Process.Kill9();
        var since = Stopwatch.StartNew();
        kills++;
        if (kills % 10 == 0)
        {
            Report.Say($"{kills} kills.");
        }

        journal.Count("kills");
        if (inTheMiddleOf is not null)
        {
            killed[inTheMiddleOf] = killed.GetValueOrDefault(inTheMiddleOf) + 1;
            journal.Count($"killed in: {inTheMiddleOf}");
        }

        var held = await store.Read(
            $"""
            SELECT l.workspace_id FROM workspace_leases l
            WHERE l.owner LIKE '%:{process}' AND l.lease_until IS NOT NULL
            AND EXISTS (SELECT 1 FROM operations o WHERE o.workspace_id = l.workspace_id AND o.status = 4)
            """,
            row => row.GetInt64(0)
        );
        journal.Count("kills while holding a lease", held.Count > 0 ? 1 : 0);
        return held.Count > 0 ? (held[0], since) : null;
    }

    private async Task Watch(long workspace, Stopwatch since, bool all)
    {
        var (done, others) = (faultsDone, site.Nodes.Any(node => node.IsOff || (node.IsTaken && node.Process.IsRunning)));
        // A commit that was under way when the process died counts for the dead.
        await Task.Delay(50);
        var before = await store.Number(Chunks + workspace);
        while (since.Elapsed < TimeSpan.FromMinutes(3))
        {
            if (await store.Number(Chunks + workspace) > before)
            {
                journal.Takeovers.Add(new(since.Elapsed.TotalSeconds, all, Alone: faultsDone == done && !others));
                return;
            }

            if (await store.Number($"SELECT count(*) FROM operations WHERE workspace_id = {workspace} AND status IN (3, 4)") == 0)
            {
                // A person has paused or cancelled it; there is nothing to take over.
                return;
            }

            await Task.Delay(40);
        }

        journal.Faults.Add($"Nobody took over workspace {workspace} within three minutes");
    }

    private async Task Revive(Node node, int pause)
    {
        await Task.Delay(pause);
        await site.Start(node);
        node.IsTaken = false;
    }

    /// <summary>
    /// The nodes that hold a lease and run an operation there, each with what it runs; waits up to three seconds for one, and of the actions (and their
    /// undos) for one that was not met much more often than the others.
    /// </summary>
    private async Task<Dictionary<Node, string>> Working()
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var running = await store.Read(
                """
                SELECT l.owner, o.action, o.undo_of IS NOT NULL FROM workspace_leases l
                JOIN operations o ON o.workspace_id = l.workspace_id AND o.status = 4
                WHERE l.lease_until IS NOT NULL AND l.owner IS NOT NULL ORDER BY o.served_at
                """,
                row =>
                    (
                        Owner: row.GetString(0),
                        What: (Convert.ToBoolean(row.GetValue(2), CultureInfo.InvariantCulture) ? "undo of " : "") + row.GetString(1)
                    )
            );
            var busy = new Dictionary<Node, string>();
            foreach (var node in site.Alive)
            {
                // Of a workspace's operations the one that was served last is the one being worked on.
                if (running.FindLast(r => r.Owner.EndsWith($":{node.Process.ProcessId}", StringComparison.Ordinal)).What is { } what)
                {
                    busy[node] = what;
                }
            }

            if (busy.Any(pair => !pair.Key.IsTaken && IsRare(pair.Value)) || clock.Elapsed > TimeSpan.FromSeconds(3))
            {
                return busy;
            }

            await Task.Delay(5);
        }
    }

    private bool IsRare(string what) => killed.Count == 0 || killed.GetValueOrDefault(what) <= 1 + (kills / killed.Count);

    private Node? Take(Func<Node, bool> which)
    {
        lock (gate)
        {
            var free = site.Nodes.Where(node => !node.IsTaken && which(node)).ToList();
            if (free.Count == 0)
            {
                return null;
            }

            var node = free[random.Next(free.Count)];
            node.IsTaken = true;
            return node;
        }
    }
}
