using Muster.Bulk;

namespace Muster.Tests;

/// <summary>How often each fate was met.</summary>
internal sealed class Told
{
    private readonly SortedDictionary<string, int> notUndone = new(StringComparer.Ordinal);

    public int Operations { get; private set; }
    public int Changed { get; private set; }
    public int Skipped { get; private set; }
    public int Problems { get; private set; }
    public int ChangedSince { get; private set; }
    public int Undos { get; private set; }

    /// <summary>Undos of an operation after which others had run.</summary>
    public int LaterUndos { get; set; }

    /// <summary>Undos that left somebody alone.</summary>
    public int UndosWithConflicts { get; private set; }

    public int Undone { get; private set; }
    public int NotUndone => notUndone.Values.Sum();

    /// <summary>Operations and undos that were paused in the middle, and went on.</summary>
    public int Paused { get; set; }

    /// <summary>Operations and undos that were cancelled in the middle.</summary>
    public int Cancelled { get; set; }

    /// <summary>Undos of operations that had been cancelled, or of which an undo had been.</summary>
    public int UndosOfCancelled { get; set; }

    /// <summary>An operation that ran.</summary>
    public void Add(IReadOnlyCollection<Forecast> items)
    {
        Operations++;
        Changed += items.Count(i => i.IsChanged);
        Skipped += items.Count(i => i is { WillChange: false, IsProblem: false });
        Problems += items.Count(i => i.IsProblem);
        ChangedSince += items.Count(i => i.OutcomeReason == ActionModel.ChangedSince);
    }

    /// <summary>An undo that ran, as the product tells of it.</summary>
    public void AddUndo(IReadOnlyCollection<OperationItem> items)
    {
        Undos++;
        Undone += items.Count(i => i.Outcome == Outcome.Changed);
        var left = items.Where(i => i.Outcome != Outcome.Changed).ToList();
        UndosWithConflicts += left.Exists(i => i.Outcome != Outcome.Pending) ? 1 : 0;
        foreach (var item in left)
        {
            var reason = item.Outcome == Outcome.Pending ? "not run" : item.Reason ?? item.OutcomeReason!;
            notUndone[reason] = notUndone.GetValueOrDefault(reason) + 1;
        }
    }

    public override string ToString() =>
        $"{Operations} operations: items {Changed} changed, {Skipped} skipped, {Problems} problems, {ChangedSince} changed since the preview; "
        + $"{Undos} undos, {LaterUndos} after later operations, {UndosWithConflicts} with conflicts: items {Undone} put back, {NotUndone} not "
        + $"({string.Join(", ", notUndone.Select(r => $"{r.Key} {r.Value}"))}); "
        + $"{Paused} paused in the middle, {Cancelled} cancelled in the middle, {UndosOfCancelled} undos of or after something cancelled";
}
