using System.Collections.Concurrent;

namespace Muster.Faults;

/// <summary>A takeover: from the death of the node that held a workspace's lease to the next chunk that any node committed there.</summary>
/// <param name="Seconds">How long.</param>
/// <param name="All">No node was left alive.</param>
/// <param name="Alone">Nothing else was done to servers or database meanwhile, and every clock was right.</param>
public sealed record Takeover(double Seconds, bool All, bool Alone);

/// <summary>What the run's users were told and what was done to the servers: the run's own book, beside the database's.</summary>
public sealed class Journal
{
    private readonly ConcurrentDictionary<string, int> counts = new();

    /// <summary>Operations (workspace, id) the servers said they have made, by idempotency key.</summary>
    public ConcurrentDictionary<string, (long Workspace, long Id)> Made { get; } = new();

    /// <summary>Operations the servers said they have confirmed.</summary>
    public ConcurrentDictionary<(long Workspace, long Id), bool> Confirmed { get; } = new();

    /// <summary>Keys of requests nobody answered in time: they may have been done.</summary>
    public ConcurrentBag<string> Unanswered { get; } = [];

    public ConcurrentBag<Takeover> Takeovers { get; } = [];

    /// <summary>When the schedules were switched off.</summary>
    public DateTime? SchedulesEnded { get; set; }

    /// <summary>What the servers answered that they should not have, a sentence each.</summary>
    public ConcurrentBag<string> Faults { get; } = [];

    /// <summary>How often this has happened, by its name in the report.</summary>
    public int this[string what] => counts.GetValueOrDefault(what);

    public IEnumerable<KeyValuePair<string, int>> Counts => counts.OrderBy(pair => pair.Key, StringComparer.Ordinal);

    public void Count(string what, int times = 1) => counts.AddOrUpdate(what, times, (_, now) => now + times);
}
