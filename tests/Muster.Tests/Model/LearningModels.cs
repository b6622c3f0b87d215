using System.Collections.Immutable;
using Muster.Learning;
using Muster.People;

namespace Muster.Tests;

/// <summary>Enrol to course, by its rules.</summary>
internal sealed class EnrolModel : ActionModel
{
    public override string Key => "enrol-to-course";

    public override IEnumerable<Forecast> Judge(World world, ModelRequest request, long ordinal, ModelPerson person)
    {
        foreach (var course in request.Targets)
        {
            var item = new Forecast(ordinal, person.Id, course);
            var reason = person.Status switch
            {
                ProfileStatus.Archived => "archived",
                ProfileStatus.Cancelled => "cancelled",
                _ when !world.Courses[course].IsOpen => "course-closed",
                _ when person.OpenAt(course, world.Today) is not null => "already-enrolled",
                _ when HasCompleted(person, course) && !request.ReenrolCompleted => "already-completed",
                _ => null,
            };
            yield return reason is null ? item with { Enrols = [course], Writes = "a new attempt" } : item with { Reason = reason };
        }
    }

    public override Forecast Seatless(Forecast item, ImmutableList<long> courses) => item with { NoSeat = courses, Reason = "no-seat" };

    public override World Apply(World world, ModelRequest request, Forecast item, long operation) =>
        world.With(world.People[item.Person].With(item.Target, request.StartsOn ?? world.Today, request.ExpiresOn, operation));

    public override string? WhyNotUndo(ModelUndo undo, World now, Forecast item) =>
        Created(now, item, undo.Operation) is { Status: EnrolmentStatus.NotStarted } ? null : TouchedSince;

    public override (World World, string? Reason) Revert(ModelUndo undo, World now, Forecast item)
    {
        var person = now.People[item.Person];
        return (now.With(person with { Attempts = person.Attempts.Remove(Created(now, item, undo.Operation)!) }), null);
    }

    private static bool HasCompleted(ModelPerson person, long course) =>
        person.Attempts.Exists(a => a.Course == course && a.Status == EnrolmentStatus.Completed);

    private static ModelAttempt? Created(World world, Forecast item, long operation) =>
        world.People[item.Person].Attempts.Find(a => a.Course == item.Target && a.Operation == operation);
}

/// <summary>Withdraw from course, by its rules.</summary>
internal sealed class WithdrawModel : ActionModel
{
    public override string Key => "withdraw-from-course";

    public override IEnumerable<Forecast> Judge(World world, ModelRequest request, long ordinal, ModelPerson person)
    {
        foreach (var course in request.Targets)
        {
            var item = new Forecast(ordinal, person.Id, course);
            var hasCompleted = person.Attempts.Exists(a => a.Course == course && a.Status == EnrolmentStatus.Completed);
            yield return person.OpenAt(course, world.Today) is { } open
                ? item with
                {
                    Writes = Say($"ends attempt {open.Number}, {open.Status}"),
                }
                : item with
                {
                    Reason = hasCompleted ? "already-completed" : "not-enrolled",
                };
        }
    }

    public override World Apply(World world, ModelRequest request, Forecast item, long operation)
    {
        var person = world.People[item.Person];
        return world.With(person.With(person.OpenAt(item.Target, world.Today)!, EnrolmentStatus.Withdrawn, operation));
    }

    // Nobody without access gets an open attempt back, nor does anybody without a seat or beside a newer attempt.
    public override string? WhyNotUndo(ModelUndo undo, World now, Forecast item)
    {
        var person = now.People[item.Person];
        return
            person.Status is ProfileStatus.Active or ProfileStatus.Invited
            && person.Attempts.Exists(a => a.Course == item.Target && a.Status == EnrolmentStatus.Withdrawn && a.EndedBy == undo.Operation)
            && person.OpenAt(item.Target, now.Today) is null
            ? null
            : TouchedSince;
    }

    public override IReadOnlyList<Forecast> UndoTogether(ModelUndo undo, World now, IReadOnlyList<Forecast> items)
    {
        var free = now.Courses.Keys.ToDictionary(c => c, now.Free);
        return [.. items.Select(i => i.WillChange && free[i.Target]-- is <= 0 ? i with { Reason = "no-seat" } : i)];
    }

    public override (World World, string? Reason) Revert(ModelUndo undo, World now, Forecast item)
    {
        var was = undo.Before.People[item.Person].OpenAt(item.Target, undo.Before.Today)!;
        var person = now.People[item.Person];
        var ended = person.Attempts.Find(a => a.Course == was.Course && a.Number == was.Number)!;
        return (now.With(person.With(ended, was.Status)), null);
    }
}

/// <summary>Add users to group, by its rules.</summary>
internal sealed class AddToGroupModel : ActionModel
{
    public override string Key => "add-users-to-group";

    public override IEnumerable<Forecast> Judge(World world, ModelRequest request, long ordinal, ModelPerson person)
    {
        foreach (var group in request.Targets)
        {
            var item = new Forecast(ordinal, person.Id, group);
            if (person.Status is ProfileStatus.Archived or ProfileStatus.Cancelled)
            {
                yield return item with
                {
                    Reason = person.Status == ProfileStatus.Archived ? "archived" : "cancelled",
                };
                continue;
            }

            if (person.Groups.ContainsKey(group))
            {
                yield return item with
                {
                    Reason = "already-member",
                };
                continue;
            }

            // Who has not accepted yet gets the courses on acceptance; an open attempt is kept, and nothing else counts.
            var isHere = person.Status == ProfileStatus.Active;
            var courses = world.CoursesOf(group).Where(c => person.OpenAt(c, world.Today) is null).ToImmutableList();
            yield return item with
            {
                Enrols = isHere ? courses : [],
                EnrolsLater = isHere ? [] : courses,
                Writes = Say($"member, {(isHere ? "now" : "on acceptance")} in {string.Join(' ', courses)}"),
            };
        }
    }

    public override IEnumerable<string> Effects(World world, ModelRequest request, IReadOnlyList<Forecast> items) =>
        [
            .. Count("enrolments", items.SelectMany(i => i.Enrols.RemoveRange(i.NoSeat))),
            .. Count("no-seat", items.SelectMany(i => i.NoSeat)),
            .. Count(
                "enrolments-on-acceptance",
                items.SelectMany(i => i.EnrolsLater.Select(course => (i.Person, course))).Distinct().Select(pair => pair.course)
            ),
        ];

    public override World Apply(World world, ModelRequest request, Forecast item, long operation)
    {
        var person = world.People[item.Person];
        person = person with { Groups = person.Groups.Add(item.Target, operation) };
        foreach (var course in item.Enrols.RemoveRange(item.NoSeat))
        {
            person = person.With(course, world.Today, null, operation);
        }

        return world.With(person);
    }

    public override string? WhyNotUndo(ModelUndo undo, World now, Forecast item) =>
        now.People[item.Person].Groups.TryGetValue(item.Target, out var by) && by == undo.Operation ? null : TouchedSince;

    public override (World World, string? Reason) Revert(ModelUndo undo, World now, Forecast item)
    {
        // Whoever loses one of the memberships loses every enrolment that came with any of them and that they have not begun.
        var person = now.People[item.Person];
        var unstarted = person.Attempts.Where(a => a.Operation == undo.Operation && a.Status == EnrolmentStatus.NotStarted);
        person = person with { Groups = person.Groups.Remove(item.Target), Attempts = person.Attempts.RemoveRange(unstarted) };
        return (now.With(person), null);
    }
}

/// <summary>Remove users from group, by its rules.</summary>
internal sealed class RemoveFromGroupModel : ActionModel
{
    public override string Key => "remove-users-from-group";

    public override IEnumerable<Forecast> Judge(World world, ModelRequest request, long ordinal, ModelPerson person) =>
        request.Targets.Select(group => new Forecast(ordinal, person.Id, group, person.Groups.ContainsKey(group) ? null : "not-a-member")
        {
            Writes = "no member",
        });

    public override World Apply(World world, ModelRequest request, Forecast item, long operation)
    {
        var person = world.People[item.Person];
        return world.With(person with { Groups = person.Groups.Remove(item.Target) });
    }

    public override string? WhyNotUndo(ModelUndo undo, World now, Forecast item) =>
        now.People[item.Person].Groups.ContainsKey(item.Target) ? TouchedSince : null;

    public override (World World, string? Reason) Revert(ModelUndo undo, World now, Forecast item)
    {
        var (was, person) = (undo.Before.People[item.Person], now.People[item.Person]);
        return (now.With(person with { Groups = person.Groups.Add(item.Target, was.Groups[item.Target]) }), null);
    }
}
