using Muster.Learning;
using Muster.Mail;
using Muster.People;

namespace Muster.Tests;

/// <summary>Archive profiles, by its rules.</summary>
internal sealed class ArchiveModel : ActionModel
{
    public override string Key => "archive-profiles";

    public override IEnumerable<Forecast> Judge(World world, ModelRequest request, long ordinal, ModelPerson person)
    {
        var item = new Forecast(ordinal, person.Id, 0);
        var reason = person switch
        {
            { Status: ProfileStatus.Archived } => "already-archived",
            { Status: ProfileStatus.Cancelled } => "cancelled",
            _ when person.Id == request.Self => "yourself",
            { IsSiteAdmin: true } when request.Self != 0 => "higher-role",
            _ => null,
        };
        var ends = person.Open(world.Today).Select(a => Say($"{a.Course}/{a.Number}"));
        yield return item with
        {
            Reason = reason,
            Writes = Say($"from {person.Status}, ends {string.Join(' ', ends)}"),
        };
    }

    public override IReadOnlyList<Forecast> Together(World world, ModelRequest request, IReadOnlyList<Forecast> items) =>
        LastAdminStays(world, items);

    public override IEnumerable<string> Effects(World world, ModelRequest request, IReadOnlyList<Forecast> items)
    {
        var going = items.Where(i => i.WillChange).Select(i => world.People[i.Person]).ToList();
        return
        [
            .. Count("enrolments-ended", going.SelectMany(p => p.Open(world.Today)).Select(a => a.Course)),
            .. Count("invitations-cancelled", going.Where(p => p.Invitation is { IsAccepted: false, IsCancelled: false }).Select(_ => 0L)),
        ];
    }

    public override World Apply(World world, ModelRequest request, Forecast item, long operation)
    {
        var person = world.People[item.Person];
        foreach (var attempt in person.Open(world.Today).ToList())
        {
            person = person.With(attempt, EnrolmentStatus.Withdrawn, operation);
        }

        return world.With(
            person with
            {
                Status = ProfileStatus.Archived,
                LastOperation = operation,
                Invitation = person.Invitation?.TakenBack(),
            }
        );
    }

    public override string? WhyNotUndo(ModelUndo undo, World now, Forecast item) =>
        now.People[item.Person] is { Status: ProfileStatus.Archived } person && person.LastOperation == undo.Operation
            ? null
            : TouchedSince;

    // Seats go to the first in the list; whoever finds none, or has a newer attempt open, comes back without the old one.
    public override IReadOnlyList<Forecast> UndoTogether(ModelUndo undo, World now, IReadOnlyList<Forecast> items)
    {
        var free = now.Courses.Keys.ToDictionary(c => c, now.Free);
        bool HasNewer(Forecast item, long course) => now.People[item.Person].OpenAt(course, now.Today) is not null;
        return
        [
            .. items.Select(item =>
            {
                var ended = undo.Before.People[item.Person].Open(undo.Before.Today).Select(a => a.Course).ToList();
                var wanted = item.WillChange ? ended.FindAll(c => !HasNewer(item, c)) : [];
                var seated = wanted.FindAll(c => free[c]-- is null or > 0);
                return item with { Enrols = [.. seated], NoSeat = [.. wanted.Except(seated)] };
            }),
        ];
    }

    public override (World World, string? Reason) Revert(ModelUndo undo, World now, Forecast item)
    {
        var (was, person) = (undo.Before.People[item.Person], now.People[item.Person]);
        var ended = was.Open(undo.Before.Today).ToList();
        var reason =
            ended.Exists(a => !item.Enrols.Contains(a.Course) && !item.NoSeat.Contains(a.Course)) ? "newer-attempt"
            : item.NoSeat.IsEmpty ? MailNotSent(was, person)
            : "no-seat";
        foreach (var attempt in ended.Where(a => item.Enrols.Contains(a.Course)))
        {
            person = person.With(person.Attempts.Find(a => a.Course == attempt.Course && a.Number == attempt.Number)!, attempt.Status);
        }

        return (now.With(Revived(person, was, undo)), reason);
    }
}

/// <summary>Reactivate profiles, by its rules.</summary>
internal sealed class ReactivateModel : ActionModel
{
    public override string Key => "reactivate-profiles";

    public override IEnumerable<Forecast> Judge(World world, ModelRequest request, long ordinal, ModelPerson person)
    {
        yield return new(ordinal, person.Id, 0, person.Status == ProfileStatus.Archived ? null : "not-archived")
        {
            Writes = Say($"{(person.HasAccepted ? ProfileStatus.Active : ProfileStatus.Invited)}"),
        };
    }

    public override World Apply(World world, ModelRequest request, Forecast item, long operation)
    {
        var person = world.People[item.Person];
        return world.With(
            person with
            {
                Status = person.HasAccepted ? ProfileStatus.Active : ProfileStatus.Invited,
                LastOperation = operation,
            }
        );
    }

    // Whoever is archived has neither an open attempt nor an invitation that can be accepted: those that are there came since.
    public override string? WhyNotUndo(ModelUndo undo, World now, Forecast item)
    {
        var (was, person) = (undo.Left.People[item.Person], now.People[item.Person]);
        var isEnrolledSince = person.Attempts.Exists(a =>
            a.IsOpen(now.Today) || !was.Attempts.Exists(b => b.Course == a.Course && b.Number == a.Number)
        );
        var isTouched = person.Status != was.Status || person.LastOperation != undo.Operation || person.Invitation != was.Invitation;
        return isTouched || isEnrolledSince ? TouchedSince : undo.WhyNotAllowed(person);
    }

    public override IReadOnlyList<Forecast> UndoTogether(ModelUndo undo, World now, IReadOnlyList<Forecast> items) =>
        LastAdminStays(now, items);

    public override (World World, string? Reason) Revert(ModelUndo undo, World now, Forecast item)
    {
        var person = now.People[item.Person];
        return (
            now.With(person with { Status = ProfileStatus.Archived, LastOperation = undo.Id, Invitation = person.Invitation?.TakenBack() }),
            null
        );
    }
}

/// <summary>Resend invitations, by its rules.</summary>
internal sealed class ResendModel : ActionModel
{
    public override string Key => "resend-invitations";

    public override bool IsReversible => false;

    public override IEnumerable<Forecast> Judge(World world, ModelRequest request, long ordinal, ModelPerson person)
    {
        var reason = person switch
        {
            { Status: ProfileStatus.Active } => "already-accepted",
            { Status: ProfileStatus.Cancelled } => "cancelled",
            { Status: ProfileStatus.Archived } => "archived",
            { Invitation: { } i } when i.LastSentAt > world.Now.AddMinutes(-world.ResendMinutes) => "sent-just-now",
            _ => null,
        };
        yield return new(ordinal, person.Id, 0, reason) { Writes = Say($"sent {person.Invitation?.SentCount + 1} times") };
    }

    public override World Apply(World world, ModelRequest request, Forecast item, long operation)
    {
        var person = world.People[item.Person];
        return world.With(
            person with
            {
                Invitation = person.Invitation! with
                {
                    Token = ModelInvitation.NewToken,
                    SentCount = person.Invitation.SentCount + 1,
                    LastSentAt = world.Now,
                    ExpiresAt = world.Now.AddDays(world.InvitationDays),
                    IsCancelled = false,
                    Mail = MessageStatus.Waiting,
                },
            }
        );
    }
}

/// <summary>Cancel invitations, by its rules.</summary>
internal sealed class CancelModel : ActionModel
{
    public override string Key => "cancel-invitations";

    public override IEnumerable<Forecast> Judge(World world, ModelRequest request, long ordinal, ModelPerson person)
    {
        var reason = person.Status switch
        {
            ProfileStatus.Active => "already-accepted",
            ProfileStatus.Cancelled => "already-cancelled",
            ProfileStatus.Archived => "archived",
            _ => null,
        };
        yield return new(ordinal, person.Id, 0, reason) { Writes = "cancelled" };
    }

    public override World Apply(World world, ModelRequest request, Forecast item, long operation)
    {
        var person = world.People[item.Person];
        return world.With(
            person with
            {
                Status = ProfileStatus.Cancelled,
                LastOperation = operation,
                Invitation = person.Invitation!.TakenBack(),
            }
        );
    }

    public override string? WhyNotUndo(ModelUndo undo, World now, Forecast item) =>
        now.People[item.Person] is { Status: ProfileStatus.Cancelled } person
        && person.Invitation == undo.Left.People[item.Person].Invitation
        && person.LastOperation == undo.Operation
            ? null
            : TouchedSince;

    public override (World World, string? Reason) Revert(ModelUndo undo, World now, Forecast item)
    {
        var (was, person) = (undo.Before.People[item.Person], now.People[item.Person]);
        return (now.With(Revived(person, was, undo)), MailNotSent(was, person));
    }
}
