namespace Muster.Faults;

/// <summary>An attempt in the model.</summary>
public sealed class Attempt
{
    public required int Number { get; init; }
    public required int Status { get; set; }
    public required string? ExpiresOn { get; init; }
    public required long? Operation { get; init; }
    public long? EndedBy { get; set; }
    public int? BeforeEnd { get; set; }

    /// <summary>Holds a seat on a day.</summary>
    public bool IsOpenOn(string day) => IsStoredOpen && (ExpiresOn is null || string.CompareOrdinal(ExpiresOn, day) >= 0);

    /// <summary>Not ended by anybody, though its last day may be over.</summary>
    public bool IsStoredOpen => Status < 3;
}

/// <summary>
/// One workspace's people as they should be: begins as the database was before anybody worked, and follows the chunks that the audit log tells of, one after
/// the other. Says in plain C# what the specification says of each action.
/// </summary>
public sealed class Model
{
    private const int Invited = 0;
    private const int Active = 1;
    private const int Archived = 2;
    private const int Cancelled = 3;

    private readonly Facts start;
    private readonly Dictionary<long, int> status;
    private readonly Dictionary<long, string?> expires;
    private readonly HashSet<long> registered;
    private readonly HashSet<(long Profile, long Group)> members;
    private readonly Dictionary<(long Profile, long Course), List<Attempt>> attempts = [];

    /// <summary>What a person was before an operation, for its undo.</summary>
    private readonly Dictionary<(long Operation, long Profile), (int Status, string? ExpiresOn)> was = [];

    /// <summary>Who last wrote a person's status or last day.</summary>
    private readonly Dictionary<long, long> writtenBy = [];

    public Model(Facts start)
    {
        this.start = start;
        status = start.Profiles.ToDictionary(p => p.Id, p => p.Status);
        expires = start.Profiles.ToDictionary(p => p.Id, p => p.ExpiresOn);
        registered = [.. start.Profiles.Where(p => p.HasRegistered).Select(p => p.Id)];
        members = [.. start.Memberships];
        foreach (var row in start.Attempts.OrderBy(a => a.Number))
        {
            Of(row.Profile, row.Course)
                .Add(
                    new()
                    {
                        Number = row.Number,
                        Status = row.Status,
                        ExpiresOn = row.ExpiresOn,
                        Operation = row.Operation,
                        EndedBy = row.EndedBy,
                        BeforeEnd = row.BeforeEnd,
                    }
                );
        }
    }

    public IReadOnlyDictionary<long, int> Status => status;
    public IReadOnlyDictionary<long, string?> Expires => expires;
    public IReadOnlySet<(long Profile, long Group)> Members => members;
    public IEnumerable<(long Profile, long Course, Attempt Attempt)> Attempts =>
        attempts.SelectMany(pair => pair.Value.Select(attempt => (pair.Key.Profile, pair.Key.Course, attempt)));

    /// <summary>Messages that must be in the outbox: operation, person, purpose.</summary>
    public HashSet<(long Operation, long Profile, int Purpose)> Messages { get; } = [];

    /// <summary>Follows one chunk.</summary>
    /// <param name="operation">Whose.</param>
    /// <param name="changed">The items it changed.</param>
    /// <param name="later">Items of chunks to come, which a seat is kept for if they are before these in the list.</param>
    public void Follow(OperationRow operation, IReadOnlyList<ItemRow> changed, IReadOnlyList<ItemRow> later)
    {
        foreach (var item in changed)
        {
            if (operation.UndoOf is null)
            {
                was[(operation.Id, item.Profile)] = (
                    status.GetValueOrDefault(item.Profile, Cancelled),
                    expires.GetValueOrDefault(item.Profile)
                );
                Apply(operation, item);
            }
            else
            {
                Revert(operation, operation.UndoOf.Value, item);
            }

            if (
                operation.Action
                is "archive-profiles"
                    or "reactivate-profiles"
                    or "cancel-invitations"
                    or "set-expiry-date"
                    or "invite-users"
            )
            {
                writtenBy[item.Profile] = operation.Id;
            }
        }

        if (operation is { UndoOf: { } original, Action: "archive-profiles" })
        {
            Reopen(original, operation.Day!, changed, later);
        }
    }

    /// <summary>The seats taken at a course on a day.</summary>
    public int Taken(long course, string day) =>
        attempts.Count(pair => pair.Key.Course == course && pair.Value.Exists(a => a.IsOpenOn(day)));

    private void Apply(OperationRow operation, ItemRow item)
    {
        var (person, day) = (item.Profile, operation.Day!);
        switch (operation.Action)
        {
            case "enrol-to-course":
                Open(operation, person, item.Target);
                if (operation.Parameters.Contains("\"notify\":true", StringComparison.Ordinal) && HasAccess(person, day))
                {
                    Messages.Add((operation.Id, person, 2));
                }

                break;
            case "withdraw-from-course":
                End(operation.Id, day, Of(person, item.Target));
                break;
            case "add-users-to-group":
                members.Add((person, item.Target));
                AutoEnrol(operation, item);
                break;
            case "remove-users-from-group":
                members.Remove((person, item.Target));
                break;
            case "archive-profiles":
                End(operation.Id, day, attempts.Where(pair => pair.Key.Profile == person).SelectMany(pair => pair.Value));
                status[person] = Archived;
                break;
            case "reactivate-profiles":
                status[person] = registered.Contains(person) ? Active : Invited;
                break;
            case "invite-users":
                status[person] = Invited;
                expires[person] = null;
                Messages.Add((operation.Id, person, 0));
                break;
            case "resend-invitations":
                Messages.Add((operation.Id, person, 0));
                break;
            case "cancel-invitations":
                status[person] = Cancelled;
                break;
            case "set-expiry-date":
                expires[person] = operation.Parameters.Split("\"expiresOn\":\"")[1][..10];
                break;
            default:
                throw new InvalidOperationException($"{operation.Action}?");
        }
    }

    private void Revert(OperationRow undo, long original, ItemRow item)
    {
        var person = item.Profile;
        switch (undo.Action)
        {
            case "enrol-to-course":
                Of(person, item.Target).RemoveAll(a => a.Operation == original);
                break;
            case "withdraw-from-course":
                Of(person, item.Target).FindAll(a => a.EndedBy == original).ForEach(Restore);
                break;
            case "add-users-to-group":
                members.Remove((person, item.Target));
                foreach (var (_, list) in attempts.Where(pair => pair.Key.Profile == person))
                {
                    list.RemoveAll(a => a.Operation == original && a.Status == 0);
                }

                break;
            case "remove-users-from-group":
                members.Add((person, item.Target));
                break;
            case "invite-users":
                status[person] = Cancelled;
                expires[person] = was[(original, person)].ExpiresOn;
                break;
            case "archive-profiles" or "reactivate-profiles" or "cancel-invitations":
                status[person] = was[(original, person)].Status;
                break;
            case "set-expiry-date":
                expires[person] = was[(original, person)].ExpiresOn;
                break;
            default:
                throw new InvalidOperationException($"undo of {undo.Action}?");
        }
    }

    private void AutoEnrol(OperationRow operation, ItemRow item)
    {
        foreach (var (_, course) in start.Rules.Where(rule => rule.Group == item.Target))
        {
            // The item says so where there was no seat; that nobody got one too many is checked apart.
            var hasSeat =
                item.OutcomeReason != "no-seat-any-more" && item.After?.Contains($":\" {course}\"", StringComparison.Ordinal) != true;
            var isOpen = Of(item.Profile, course).Exists(a => a.IsOpenOn(operation.Day!));
            if (status[item.Profile] == Active && hasSeat && !isOpen)
            {
                Open(operation, item.Profile, course);
            }
        }
    }

    private void Open(OperationRow operation, long person, long course)
    {
        var list = Of(person, course);
        // One that ran out is closed before the next is opened.
        list.FindAll(a => a.IsStoredOpen && !a.IsOpenOn(operation.Day!)).ForEach(a => a.Status = 5);
        list.Add(
            new()
            {
                Number = list.Select(a => a.Number).DefaultIfEmpty().Max() + 1,
                Status = 0,
                ExpiresOn = null,
                Operation = operation.Id,
            }
        );
    }

    private static void End(long operation, string day, IEnumerable<Attempt> all)
    {
        foreach (var attempt in all.Where(a => a.IsOpenOn(day)))
        {
            (attempt.BeforeEnd, attempt.Status, attempt.EndedBy) = (attempt.Status, 4, operation);
        }
    }

    private static void Restore(Attempt attempt) =>
        (attempt.Status, attempt.BeforeEnd, attempt.EndedBy) = (attempt.BeforeEnd!.Value, null, null);

    /// <summary>The undo of archiving: each attempt it ended, where no newer one is open and a seat is free, the first in the list first.</summary>
    private void Reopen(long original, string day, IReadOnlyList<ItemRow> changed, IReadOnlyList<ItemRow> later)
    {
        var here = changed.Select(item => item.Profile).ToHashSet();
        // Whoever was touched since will be left alone, and is kept no seat.
        var ended = changed
            .Concat(later.Where(item => writtenBy.GetValueOrDefault(item.Profile) == original))
            .OrderBy(item => item.Ordinal)
            .SelectMany(item => attempts.Where(pair => pair.Key.Profile == item.Profile))
            .Select(pair => (pair.Key, pair.Value, Attempt: pair.Value.Find(a => a.EndedBy == original)))
            .Where(x => x.Attempt is not null && !x.Value.Exists(a => a.IsStoredOpen))
            .ToList();
        foreach (var course in ended.GroupBy(x => x.Key.Course))
        {
            var free = start.Seats.TryGetValue(course.Key, out var seats) ? Math.Max(0, seats - Taken(course.Key, day)) : long.MaxValue;
            foreach (var (key, _, attempt) in course)
            {
                var takesSeat = attempt!.ExpiresOn is null || string.CompareOrdinal(attempt.ExpiresOn, day) >= 0;
                if (takesSeat && free-- <= 0)
                {
                    break;
                }

                if (here.Contains(key.Profile))
                {
                    Restore(attempt);
                }
            }
        }
    }

    private bool HasAccess(long person, string day) =>
        status[person] == Active && (expires[person] is not { } last || string.CompareOrdinal(last, day) >= 0);

    private List<Attempt> Of(long person, long course)
    {
        if (!attempts.TryGetValue((person, course), out var list))
        {
            attempts[(person, course)] = list = [];
        }

        return list;
    }
}
