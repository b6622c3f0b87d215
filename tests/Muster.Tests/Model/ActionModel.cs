using System.Collections.Immutable;
using System.Globalization;
using Muster.Mail;
using Muster.People;

namespace Muster.Tests;

/// <summary>What a random plan asks for, as the model reads it.</summary>
/// <param name="Self">Profile of whoever asks; 0 for the command line, which stands above every Admin.</param>
/// <param name="Targets">The groups or courses, in the order named; empty where the action has none.</param>
/// <param name="StartsOn">First day of new attempts; null for today.</param>
/// <param name="ExpiresOn">Their last day, if they have one; people's own last day where that is what is asked for.</param>
/// <param name="ReenrolCompleted">Whether those who completed a course take it again.</param>
/// <param name="Rows">The good rows of a file, by their place in it.</param>
internal sealed record ModelRequest(
    long Self,
    ImmutableList<long> Targets,
    DateOnly? StartsOn = null,
    DateOnly? ExpiresOn = null,
    bool ReenrolCompleted = false,
    ImmutableDictionary<long, ModelRow>? Rows = null
);

/// <summary>One user × target as the model foretells it.</summary>
/// <param name="Ordinal">The user's place in the list.</param>
/// <param name="Person">The profile; 0 where there is none.</param>
/// <param name="Target">The group or course; 0 where the action has none.</param>
/// <param name="Reason">Why it will not change; null when it will.</param>
internal sealed record Forecast(long Ordinal, long Person, long Target, string? Reason = null)
{
    /// <summary>Cannot even be judged: nobody of that address, or named before.</summary>
    public bool IsProblem { get; init; }

    public bool WillChange => Reason is null;

    /// <summary>What the action would overwrite and write, in words: two that say the same are the same to whoever confirmed.</summary>
    public string Writes { get; init; } = "";

    /// <summary>Courses in which it would open an attempt.</summary>
    public ImmutableList<long> Enrols { get; init; } = [];

    /// <summary>Courses in which the person is to be enrolled on acceptance.</summary>
    public ImmutableList<long> EnrolsLater { get; init; } = [];

    /// <summary>Groups the person is to be in, and in no other.</summary>
    public ImmutableList<long> Groups { get; init; } = [];

    /// <summary>Those of <see cref="Enrols"/> for which there is no seat.</summary>
    public ImmutableList<long> NoSeat { get; init; } = [];

    /// <summary>Why the run left it alone, or did less than the preview said; null otherwise.</summary>
    public string? OutcomeReason { get; init; }

    /// <summary>Whether the run changed it.</summary>
    public bool IsChanged { get; init; }

    public override string ToString() =>
        $"{Ordinal}: person {Person} × {Target}: {(IsProblem ? "problem " : "")}{Reason ?? "will change"}"
        + (IsChanged || OutcomeReason is not null ? $", {(IsChanged ? "changed" : "left alone")} {OutcomeReason}" : "");
}

/// <summary>An undo, as the model reads it.</summary>
/// <param name="Before">The world as the operation found it.</param>
/// <param name="Left">The world as the operation left it.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Id">The undo.</param>
/// <param name="Self">Profile of whoever asks for the undo; 0 for the command line.</param>
internal sealed record ModelUndo(World Before, World Left, long Operation, long Id, long Self)
{
    /// <summary>Why whoever asks may not take something away from somebody: that is themselves, or above them.</summary>
    public string? WhyNotAllowed(ModelPerson person) =>
        person.Id == Self ? "yourself"
        : person.IsSiteAdmin && Self != 0 ? "higher-role"
        : null;
}

/// <summary>
/// The rules of one action, written from the specification alone and one person at a time: plain loops over plain objects, sharing no line
/// with the product. What the product does set-based, in chunks, on two databases, must come out the same.
/// </summary>
internal abstract class ActionModel
{
    public const string ChangedSince = "changed-since-preview";
    public const string NoSeatAnyMore = "no-seat-any-more";
    public const string TouchedSince = "touched-since";

    /// <summary>The action's key.</summary>
    public abstract string Key { get; }

    /// <summary>Whether it can be undone.</summary>
    public virtual bool IsReversible => true;

    /// <summary>Judges one person on their own: seats and the last Admin come later.</summary>
    public virtual IEnumerable<Forecast> Judge(World world, ModelRequest request, long ordinal, ModelPerson person) => [];

    /// <summary>The same for a place in the list, where there may be no such person yet.</summary>
    public virtual IEnumerable<Forecast> Judge(World world, ModelRequest request, Forecast place) =>
        Judge(world, request, place.Ordinal, world.People[place.Person]).OrderBy(i => i.Target);

    /// <summary>What it means not to have a seat.</summary>
    public virtual Forecast Seatless(Forecast item, ImmutableList<long> courses) => item with { NoSeat = courses };

    /// <summary>Rules about the selection as a whole.</summary>
    public virtual IReadOnlyList<Forecast> Together(World world, ModelRequest request, IReadOnlyList<Forecast> items) => items;

    /// <summary>The numbers that must stand beside the preview, as "code target count"; nothing where the rules name none.</summary>
    public virtual IEnumerable<string> Effects(World world, ModelRequest request, IReadOnlyList<Forecast> items) => [];

    /// <summary>Writes one item.</summary>
    public abstract World Apply(World world, ModelRequest request, Forecast item, long operation);

    /// <summary>Judges the undo of one item on its own: null when what it wrote still stands as it was left, else why not.</summary>
    public virtual string? WhyNotUndo(ModelUndo undo, World now, Forecast item) => null;

    /// <summary>Rules about an undo as a whole: seats, the last Admin.</summary>
    public virtual IReadOnlyList<Forecast> UndoTogether(ModelUndo undo, World now, IReadOnlyList<Forecast> items) => items;

    /// <summary>Puts back what one item changed.</summary>
    /// <returns>The world, and why something could not be put back.</returns>
    public virtual (World World, string? Reason) Revert(ModelUndo undo, World now, Forecast item) => (now, null);

    /// <summary>What the preview must say, item by item.</summary>
    public IReadOnlyList<Forecast> Preview(World world, ModelRequest request, IEnumerable<Forecast> people) =>
        Together(world, request, Allot(world, Each(world, request, people)));

    /// <summary>What the run must do with a preview, and the world it must leave.</summary>
    /// <param name="world">The world as it is.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="planned">The preview, or what is left of it.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="reached">The users that it got to before somebody stopped it; null for all.</param>
    public (IReadOnlyList<Forecast> Items, World World) Run(
        World world,
        ModelRequest request,
        IReadOnlyList<Forecast> planned,
        long operation,
        IReadOnlySet<long>? reached = null
    )
    {
        var now = Each(world, request, planned.DistinctBy(i => i.Ordinal)).ToDictionary(i => (i.Ordinal, i.Target));
        // Nobody whom the preview told that there is no seat gets one that has become free.
        var denied = planned.ToLookup(i => i.Person, i => i.NoSeat);
        var wanted =
            from item in planned
            let again = now[(item.Ordinal, item.Target)]
            where item.WillChange && again.WillChange && again.Writes == item.Writes
            select again with
            {
                Enrols = again.Enrols.RemoveRange(denied[item.Person].SelectMany(courses => courses)),
            };
        var judged = Together(world, request, Allot(world, wanted))
            .Select(i => i.WillChange || i.NoSeat.IsEmpty ? i : i with { Reason = NoSeatAnyMore });
        return CarryOut(
            world,
            planned,
            reached,
            judged,
            (before, item) => (Apply(before, request, item, operation), item.NoSeat.IsEmpty ? null : NoSeatAnyMore)
        );
    }

    /// <summary>What the preview of an undo must say of what an operation has done.</summary>
    public IReadOnlyList<Forecast> PreviewUndo(ModelUndo undo, World now, IEnumerable<Forecast> done) =>
        UndoTogether(
            undo,
            now,
            [
                .. done.Where(i => i.IsChanged)
                    .OrderBy(i => i.Ordinal)
                    .ThenBy(i => i.Target)
                    .Select(i => i with { IsChanged = false, OutcomeReason = null, Reason = WhyNotUndo(undo, now, i) }),
            ]
        );

    /// <summary>What the undo must do with its preview, and the world it must leave.</summary>
    public (IReadOnlyList<Forecast> Items, World World) Undo(
        ModelUndo undo,
        World now,
        IReadOnlyList<Forecast> planned,
        IReadOnlySet<long>? reached = null
    )
    {
        var judged = UndoTogether(undo, now, [.. planned.Where(i => i.WillChange && WhyNotUndo(undo, now, i) is null)]);
        return CarryOut(now, planned, reached, judged, (world, item) => Revert(undo, world, item));
    }

    /// <summary>Of the Admins with access one has to stay: the first of those who would lose it, when nobody else is left.</summary>
    protected static IReadOnlyList<Forecast> LastAdminStays(
        World world,
        IReadOnlyList<Forecast> items,
        Func<Forecast, bool>? losesAccess = null
    )
    {
        bool IsAdmin(ModelPerson p) => p is { Status: ProfileStatus.Active, Role: ProfileRole.Admin } && !(p.ExpiresOn < world.Today);
        var losing = items.Where(i => i.WillChange && losesAccess?.Invoke(i) != false).ToList();
        var going = losing.Select(i => i.Person).ToHashSet();
        if (world.People.Values.Any(p => IsAdmin(p) && !going.Contains(p.Id)))
        {
            return items;
        }

        var first = losing.Find(i => IsAdmin(world.People[i.Person]));
        return [.. items.Select(i => i == first ? i with { Reason = "last-admin" } : i)];
    }

    /// <summary>Somebody who has their status back, and the invitation they had under its old link; an e-mail once held back does not go out.</summary>
    protected static ModelPerson Revived(ModelPerson person, ModelPerson was, ModelUndo undo) =>
        person with
        {
            Status = was.Status,
            LastOperation = undo.Id,
            Invitation = was.Invitation is null ? null : was.Invitation with { Mail = person.Invitation!.Mail },
        };

    /// <summary>What is said of whoever has a link back that nobody ever sent them.</summary>
    protected static string? MailNotSent(ModelPerson was, ModelPerson person) =>
        was.Invitation is { IsCancelled: false } && person.Invitation is { IsCancelled: true, Mail: MessageStatus.Suppressed }
            ? "mail-not-sent"
            : null;

    /// <summary>"code target count" for each target met.</summary>
    protected static IEnumerable<string> Count(string code, IEnumerable<long> targets) =>
        targets.GroupBy(t => t).Select(t => Say($"{code} {t.Key} {t.Count()}"));

    /// <summary>Text that does not depend on where the test runs.</summary>
    protected static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Writes those that may be written, of the users reached; whoever would not get what the preview said is left alone.</summary>
    private static (IReadOnlyList<Forecast> Items, World World) CarryOut(
        World world,
        IEnumerable<Forecast> planned,
        IReadOnlySet<long>? reached,
        IEnumerable<Forecast> judged,
        Func<World, Forecast, (World World, string? Reason)> write
    )
    {
        var fates = judged.ToDictionary(i => (i.Ordinal, i.Target));
        var done = new List<Forecast>();
        foreach (var item in planned)
        {
            if (!item.WillChange || reached?.Contains(item.Ordinal) == false)
            {
                done.Add(item);
            }
            else if (!fates.TryGetValue((item.Ordinal, item.Target), out var fate))
            {
                done.Add(item with { OutcomeReason = ChangedSince });
            }
            else if (!fate.WillChange)
            {
                done.Add(item with { OutcomeReason = fate.Reason });
            }
            else
            {
                (world, var reason) = write(world, fate);
                done.Add(item with { IsChanged = true, OutcomeReason = reason });
            }
        }

        return (done, world);
    }

    private List<Forecast> Each(World world, ModelRequest request, IEnumerable<Forecast> people) =>
        [.. people.OrderBy(p => p.Ordinal).SelectMany(p => p.IsProblem ? [p] : Judge(world, request, p))];

    /// <summary>Gives seats to those who want them, first come in list order; where several items lead a person to one course, the first has it.</summary>
    private List<Forecast> Allot(World world, IEnumerable<Forecast> items)
    {
        var free = world.Courses.Keys.ToDictionary(c => c, world.Free);
        var met = new HashSet<(long Person, long Course)>();
        var result = new List<Forecast>();
        foreach (var item in items)
        {
            var own = item.WillChange ? item.Enrols.RemoveAll(course => !met.Add((item.Person, course))) : [];
            var missing = ImmutableList<long>.Empty;
            foreach (var course in own)
            {
                missing = free[course] is <= 0 ? missing.Add(course) : missing;
                free[course]--;
            }

            var judged = item with { Enrols = own };
            result.Add(missing.IsEmpty ? judged : Seatless(judged, missing));
        }

        return result;
    }
}
