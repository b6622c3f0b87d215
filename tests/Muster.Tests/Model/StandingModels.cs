using Muster.Learning;
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
            .. Count("invitations-cancelled", going.Where(p => p.Status == ProfileStatus.Invited).Select(_ => 0L)),
        ];
    }

    public override World Apply(World world, ModelRequest request, Forecast item, long operation)
    {
        var person = world.People[item.Person];
        foreach (var attempt in person.Open(world.Today).ToList())
        {
            person = person.With(attempt, EnrolmentStatus.Withdrawn);
        }

        return world.With(
            person with
            {
                Status = ProfileStatus.Archived,
                LastOperation = operation,
                Invitation = person.Invitation is { IsAccepted: false } outstanding
                    ? outstanding with
                    {
                        IsCancelled = true,
                    }
                    : person.Invitation,
            }
        );
    }

    public override string? WhyNotUndo(World left, World now, Forecast item, long operation) =>
        now.People[item.Person] is { Status: ProfileStatus.Archived } person && person.LastOperation == operation ? null : TouchedSince;

    public override (World World, string? Reason) Revert(World before, World now, Forecast item, long operation)
    {
        var (was, person) = (before.People[item.Person], now.People[item.Person]);
        string? reason = null;
        person = person with { Status = was.Status, Invitation = was.Invitation };
        foreach (var attempt in was.Open(before.Today))
        {
            var ended = person.Attempts.Find(a => a.Course == attempt.Course && a.Number == attempt.Number)!;
            if (person.OpenAt(attempt.Course, now.Today) is not null)
            {
                reason = "newer-attempt";
            }
            else if (now.Free(attempt.Course) is <= 0)
            {
                reason ??= "no-seat";
            }
            else
            {
                person = person.With(ended, attempt.Status);
            }
        }

        return (now.With(person), reason);
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

    public override string? WhyNotUndo(World left, World now, Forecast item, long operation)
    {
        var (was, person) = (left.People[item.Person], now.People[item.Person]);
        var isEnrolledSince = person.Attempts.Exists(a => !was.Attempts.Exists(b => b.Course == a.Course && b.Number == a.Number));
        return person.Status == was.Status && person.LastOperation == operation && !isEnrolledSince ? null : TouchedSince;
    }

    public override (World World, string? Reason) Revert(World before, World now, Forecast item, long operation) =>
        (now.With(now.People[item.Person] with { Status = ProfileStatus.Archived }), null);
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
                Invitation = person.Invitation! with { IsCancelled = true },
            }
        );
    }

    public override string? WhyNotUndo(World left, World now, Forecast item, long operation) =>
        now.People[item.Person] is { Status: ProfileStatus.Cancelled } person
        && person.Invitation == left.People[item.Person].Invitation
        && person.LastOperation == operation
            ? null
            : TouchedSince;

    public override (World World, string? Reason) Revert(World before, World now, Forecast item, long operation)
    {
        var was = before.People[item.Person];
        return (now.With(now.People[item.Person] with { Status = was.Status, Invitation = was.Invitation }), null);
    }
}
