using System.Text.Json;

namespace Muster.Faults;

/// <summary>
/// Compares what the database holds after a run with what it must hold, from plain SQL and the run's own book; it shares no code with the engine.
/// Each fault is a sentence.
/// </summary>
public sealed class Checker(long workspace, Facts start, Facts end, Journal journal)
{
    private const int MostOfAKind = 8;
    private readonly Dictionary<string, List<string>> faults = [];

    /// <summary>What is wrong; empty when nothing was lost and nothing happened twice.</summary>
    public IReadOnlyList<string> Faults =>
        [
            .. faults.SelectMany(pair =>
                pair.Value.Take(MostOfAKind)
                    .Append(pair.Value.Count > MostOfAKind ? $"… and {pair.Value.Count - MostOfAKind} more" : "")
                    .Where(text => text.Length > 0)
                    .Select(text => $"{workspace}: {pair.Key}: {text}")
            ),
        ];

    /// <summary>Faults of one kind.</summary>
    public int Of(params string[] kinds) => kinds.Sum(kind => faults.TryGetValue(kind, out var list) ? list.Count : 0);

    /// <summary>Looks at everything.</summary>
    public void Run()
    {
        var items = end.Items.ToLookup(item => item.Operation);
        foreach (var operation in end.Operations)
        {
            Outcomes(operation, [.. items[operation.Id]]);
        }

        Chunks();
        Requests();
        Schedules();
        States(items);
        foreach (var twice in end.Attempts.Where(a => a.Status < 3).GroupBy(a => (a.Profile, a.Course)).Where(g => g.Count() > 1))
        {
            Add("open twice", $"{twice.Key}");
        }
    }

    /// <summary>Every item has one outcome, and the counts are the items'.</summary>
    private void Outcomes(OperationRow operation, List<ItemRow> items)
    {
        if (operation.Status is 1 or 3 or 4 or 5 or 9 || (operation.Status == OperationRow.Failed && operation.IsConfirmed))
        {
            var log = end.Audit.Where(line => line.Operation == operation.Id).TakeLast(6).Select(line => $"{line.Event} {line.At}");
            Add("not ended", $"operation {operation.Id} has status {operation.Status}: {operation.Error} ({string.Join(", ", log)})");
            return;
        }

        foreach (var twice in items.GroupBy(i => (i.Position, i.Target)).Where(g => g.Count() > 1))
        {
            Add("item twice", $"{operation.Id} at {twice.Key}");
        }

        foreach (var item in items.Where(i => !Fits(operation, i)))
        {
            Add("outcome", $"{operation.Id} (status {operation.Status}, cursor {operation.Cursor}): {item}");
        }

        // One that is confirmed by its schedule, or was for a later time, may have nobody to change, and nothing to run.
        var ran = operation.Status == OperationRow.Completed && (operation.Cursor > 0 || items.Exists(i => i.Verdict == 0));
        if (ran && operation.Cursor != operation.LastPosition)
        {
            Add("cursor", $"{operation.Id} is completed at {operation.Cursor} of {operation.LastPosition}");
        }

        if (!operation.IsConfirmed || operation.WasCalledOff)
        {
            return;
        }

        if (operation.AllOrNothing && items.Where(i => i.Verdict == 0).Select(i => i.Outcome).Distinct().Count() > 1)
        {
            Add("whole", $"{operation.Id} is all or nothing and changed {items.Count(i => i.Outcome == 1)} of its items");
        }

        // Verdicts first, then outcomes of what would change; a user counts once, by the best of their items.
        var users = items.GroupBy(i => i.Position).Select(g => g.ToList()).ToList();
        long[] expected =
        [
            users.Count,
            users.Count(u => u.Exists(i => i.Verdict == 0)),
            users.Count(u => !u.Exists(i => i.Verdict is 0 or 2)),
            users.Count(u => !u.Exists(i => i.Verdict == 0) && u.Exists(i => i.Verdict == 2)),
            users.Count(u => u.Exists(i => i.Outcome == 1)),
            users.Count(u => !u.Exists(i => i.Outcome == 1) && u.Exists(i => i.Outcome == 4)),
            users.Count(u => u.Exists(i => i is { Verdict: 0, Outcome: 2 }) && !u.Exists(i => i.Outcome is 1 or 4)),
            items.Count(i => i.Verdict == 0),
            items.Count(i => i.Verdict == 1),
            items.Count(i => i.Verdict == 2),
            items.Count(i => i.Outcome == 1),
            items.Count(i => i.Outcome == 4),
            items.Count(i => i is { Verdict: 0, Outcome: 2 }),
        ];
        if (!expected.SequenceEqual(operation.Counts))
        {
            Add("counts", $"{operation.Id} says {string.Join(' ', operation.Counts)}, its items {string.Join(' ', expected)}");
        }
    }

    private static bool Fits(OperationRow operation, ItemRow item) =>
        item switch
        {
            { Verdict: 1 } => item.Outcome == 2,
            { Verdict: 2 } => item.Outcome == 3,
            // No fault of ours is any user's.
            { Outcome: 4 } => false,
            _ when operation.Status == OperationRow.Completed => item.Outcome is 1 or 2,
            _ when operation is { IsConfirmed: true, WasCalledOff: false } && item.Position <= operation.Cursor => item.Outcome is 1 or 2,
            _ => item.Outcome == 0,
        };

    /// <summary>Each operation's chunks lie end to end, as the audit log tells of them.</summary>
    private void Chunks()
    {
        var ranges = Ranges().ToLookup(range => range.Operation);
        foreach (var operation in end.Operations.Where(o => o is { IsConfirmed: true, WasCalledOff: false }))
        {
            var next = 1L;
            foreach (var range in ranges[operation.Id])
            {
                if (range.From != next)
                {
                    Add("chunks", $"{operation.Id} has a chunk from {range.From} to {range.To} where {next} should be the first");
                }

                next = range.To + 1;
            }

            if (next != operation.Cursor + 1)
            {
                Add("chunks", $"{operation.Id} has chunks up to {next - 1} and its cursor at {operation.Cursor}");
            }
        }
    }

    private IEnumerable<(long Operation, long From, long To, long Items)> Ranges() =>
        from line in end.Audit
        where line.Event == "operation.chunk"
        let details = JsonDocument.Parse(line.Details!).RootElement
        select (
            line.Operation!.Value,
            details.GetProperty("from").GetInt64(),
            details.GetProperty("to").GetInt64(),
            details.GetProperty("items").GetInt64()
        );

    /// <summary>What a server has said it has done is done, and nothing was done that nobody asked for.</summary>
    private void Requests()
    {
        var stored = end.Operations.Where(o => o.Schedule is null).Select(o => o.Id).Except(start.Operations.Select(o => o.Id)).ToHashSet();
        var told = journal.Made.Values.Where(made => made.Workspace == workspace).Select(made => made.Id).ToList();
        foreach (var id in told.Where(id => !stored.Contains(id)))
        {
            Add("lost request", $"operation {id} was answered with 201 and is not there");
        }

        foreach (var twice in told.GroupBy(id => id).Where(g => g.Count() > 1))
        {
            Add("request twice", $"operation {twice.Key} answered {twice.Count()} keys");
        }

        var unknown = stored.Except(told).Count();
        var unanswered = journal.Unanswered.Count;
        if (unknown > unanswered)
        {
            Add("request twice", $"{unknown} operations that nobody was told of, {unanswered} requests without an answer");
        }

        foreach (var id in journal.Confirmed.Keys.Where(key => key.Workspace == workspace).Select(key => key.Id))
        {
            if (!end.Operations.Any(o => o.Id == id && (o.IsConfirmed || o.IsInReview)))
            {
                Add("lost request", $"operation {id} was confirmed with 200 and is not");
            }
        }
    }

    /// <summary>Each schedule of every minute fired once for each minute, whichever nodes lived; where a clock was wrong, it may have been a minute early.</summary>
    private void Schedules()
    {
        foreach (var schedule in end.Operations.Where(o => o.Schedule is not null).GroupBy(o => o.Schedule))
        {
            var minutes = schedule.Select(o => o.CreatedAt).Order().Select(at => (at - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMinute);
            var jumps = journal["clock jumps"];
            foreach (var twice in minutes.GroupBy(minute => minute).Where(g => g.Count() > 1 && jumps == 0))
            {
                Add("schedule twice", $"{schedule.Key} began {twice.Count()} operations in one minute");
            }

            var (from, to, fired) = (minutes.First(), minutes.Last(), minutes.Count());
            if (fired > to - from + 1 + (2 * jumps))
            {
                Add("schedule twice", $"{schedule.Key} began {fired} operations in {to - from + 1} minutes");
            }

            // A whole minute without a node is made up for once; nothing here keeps them all away for longer than two.
            var last = journal.SchedulesEnded is { } off ? (off - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMinute : to;
            var longest = minutes.Append(last).Zip(minutes.Append(last).Skip(1), (one, next) => next - one).Max();
            if (longest > 3)
            {
                Add("schedule missed", $"{schedule.Key} began nothing for {longest} minutes");
            }
        }
    }

    /// <summary>Follows the chunks in the order in which they were committed and compares where that leads.</summary>
    private void States(ILookup<long, ItemRow> items)
    {
        var model = new Model(start);
        var operations = end.Operations.ToDictionary(o => o.Id);
        var limits = start.Seats.Keys.ToDictionary(
            course => course,
            course => Math.Max(start.Seats[course], model.Taken(course, end.Operations.Max(o => o.Day) ?? ""))
        );
        foreach (var (id, from, to, count) in Ranges())
        {
            var operation = operations[id];
            var changed = items[id].Where(i => i.Position >= from && i.Position <= to && i.Outcome == 1).ToList();
            if (changed.Count != count)
            {
                Add("chunks", $"{id} from {from} to {to} says {count} items changed, and {changed.Count} have that outcome");
            }

            model.Follow(operation, changed, [.. items[id].Where(i => i.Position > to && i.Verdict == 0)]);
            foreach (var (course, limit) in limits)
            {
                if (model.Taken(course, operation.Day!) is var taken && taken > limit)
                {
                    Add("seats", $"{taken} taken of {limit} at course {course} after operation {id} from {from}");
                }
            }
        }

        Compare(model);
    }

    private void Compare(Model model)
    {
        Differ("status", model.Status.Select(p => (p.Key, p.Value)), end.Profiles.Select(p => (p.Id, p.Status)));
        Differ("expiry date", model.Expires.Select(p => (p.Key, p.Value)), end.Profiles.Select(p => (p.Id, p.ExpiresOn)));
        Differ("membership", model.Members, end.Memberships);
        var today = end.Operations.Max(o => o.Day) ?? "";
        // One that has run out may be stored as open until the next is opened.
        int Stored(int status, string? expires) =>
            status < 3 && expires is not null && string.CompareOrdinal(expires, today) < 0 ? 5 : status;
        Differ(
            "attempt",
            model.Attempts.Select(a =>
                (
                    a.Profile,
                    a.Course,
                    a.Attempt.Number,
                    Stored(a.Attempt.Status, a.Attempt.ExpiresOn),
                    a.Attempt.Operation,
                    a.Attempt.EndedBy
                )
            ),
            end.Attempts.Select(a => (a.Profile, a.Course, a.Number, Stored(a.Status, a.ExpiresOn), a.Operation, a.EndedBy))
        );
        var before = start.Messages.Select(m => (m.Operation, m.Profile, m.Purpose)).ToHashSet();
        Differ("message", model.Messages, end.Messages.Select(m => (m.Operation, m.Profile, m.Purpose)).Where(m => !before.Contains(m)));
    }

    private void Differ<T>(string kind, IEnumerable<T> expected, IEnumerable<T> found)
    {
        HashSet<T> should = [.. expected];
        var list = found.ToList();
        HashSet<T> has = [.. list];
        foreach (var lost in should.Where(x => !has.Contains(x)))
        {
            Add($"{kind} lost", $"{lost}");
        }

        foreach (var extra in has.Where(x => !should.Contains(x)))
        {
            Add($"{kind} too many", $"{extra}");
        }

        if (has.Count < list.Count)
        {
            Add($"{kind} too many", $"{list.Count - has.Count} twice");
        }
    }

    private void Add(string kind, string text)
    {
        if (!faults.TryGetValue(kind, out var list))
        {
            faults[kind] = list = [];
        }

        list.Add(text);
    }
}
