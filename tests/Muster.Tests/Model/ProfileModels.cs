using System.Collections.Immutable;
using Muster.Mail;
using Muster.People;

namespace Muster.Tests;

/// <summary>A good row of an invitation file.</summary>
internal sealed record ModelRow(string EmailKey, ProfileRole Role, ImmutableList<long> Groups, DateOnly? ExpiresOn, ModelDetails Details)
{
    /// <summary>Ids in words.</summary>
    public static string Words(IEnumerable<long> ids) => string.Join(' ', ids.Order());

    /// <summary>Field values in words.</summary>
    public static string Words(IReadOnlyDictionary<long, string> values) =>
        string.Join(' ', values.OrderBy(v => v.Key).Select(v => $"{v.Key}={v.Value}"));
}

/// <summary>Invite users, by its rules. Who is new has the id that the product gave the row, and is looked for by address.</summary>
internal sealed class InviteModel : ActionModel
{
    public override string Key => "invite-users";

    public override IEnumerable<Forecast> Judge(World world, ModelRequest request, Forecast place)
    {
        var row = request.Rows![place.Ordinal];
        var person = world.People.Values.SingleOrDefault(p => string.Equals(p.Email, row.EmailKey, StringComparison.OrdinalIgnoreCase));
        var courses = row.Groups.SelectMany(world.CoursesOf);
        courses = row.Details.Unit is { } unit ? courses.Concat(world.CoursesOfUnit(unit)) : courses;
        yield return new(
            place.Ordinal,
            place.Person,
            0,
            person?.Status switch
            {
                null or ProfileStatus.Cancelled => null,
                ProfileStatus.Active => "already-active",
                ProfileStatus.Archived => "archived",
                _ => "already-invited",
            }
        )
        {
            IsProblem = person?.Status == ProfileStatus.Archived,
            Groups = row.Groups,
            EnrolsLater = [.. courses.Distinct().Where(c => person?.OpenAt(c, world.Today) is null)],
            Writes = person is null
                ? "somebody new"
                : Say($"instead of {person.Role} in {string.Join(' ', person.Groups.Keys)} until {person.ExpiresOn}, {person.Details}"),
        };
    }

    public override IEnumerable<string> Effects(World world, ModelRequest request, IReadOnlyList<Forecast> items)
    {
        var invited = items.Where(i => i.WillChange).ToList();
        return [.. Count("emails", invited.Select(_ => 0L)), .. Count("enrolments-on-acceptance", invited.SelectMany(i => i.EnrolsLater))];
    }

    public override World Apply(World world, ModelRequest request, Forecast item, long operation)
    {
        var row = request.Rows![item.Ordinal];
        var was = world.People.GetValueOrDefault(item.Person);
        return world.With(
            new(
                item.Person,
                "",
                row.EmailKey,
                ProfileStatus.Invited,
                row.Role,
                IsSiteAdmin: false,
                HasAccepted: false,
                row.ExpiresOn,
                operation,
                row.Groups.ToImmutableSortedDictionary(
                    g => g,
                    g => was is not null && was.Groups.TryGetValue(g, out var by) ? by : operation
                ),
                was?.Attempts ?? [],
                new(
                    ModelInvitation.NewToken,
                    1,
                    world.Now,
                    world.Now.AddDays(world.InvitationDays),
                    IsAccepted: false,
                    IsCancelled: false,
                    MessageStatus.Waiting
                ),
                row.Details
            )
        );
    }

    public override string? WhyNotUndo(ModelUndo undo, World now, Forecast item) =>
        now.People[item.Person] is { Status: ProfileStatus.Invited } person && person.LastOperation == undo.Operation ? null : TouchedSince;

    public override (World World, string? Reason) Revert(ModelUndo undo, World now, Forecast item)
    {
        var person = now.People[item.Person];
        if (!undo.Before.People.TryGetValue(item.Person, out var was))
        {
            return (
                now.With(
                    person with
                    {
                        Status = ProfileStatus.Cancelled,
                        LastOperation = undo.Id,
                        Invitation = person.Invitation!.TakenBack(),
                    }
                ),
                null
            );
        }

        // The memberships that the invitation gave go, those it took come back, and what happened to others since is nobody's to take back.
        var groups = person
            .Groups.Where(g => g.Value != undo.Operation)
            .Concat(was.Groups.Where(g => !item.Groups.Contains(g.Key) && !person.Groups.ContainsKey(g.Key)));
        return (
            now.With(
                was with
                {
                    Groups = groups.ToImmutableSortedDictionary(),
                    Attempts = person.Attempts,
                    Invitation = was.Invitation?.WithoutMail(),
                }
            ),
            null
        );
    }
}

/// <summary>Set expiry date, by its rules.</summary>
internal sealed class ExpiryModel : ActionModel
{
    public override string Key => "set-expiry-date";

    public override IEnumerable<Forecast> Judge(World world, ModelRequest request, long ordinal, ModelPerson person)
    {
        var reason = person switch
        {
            { Status: ProfileStatus.Archived } => "archived",
            { Status: ProfileStatus.Cancelled } => "cancelled",
            _ when person.Id == request.Self => "yourself",
            { IsSiteAdmin: true } when request.Self != 0 => "higher-role",
            _ when person.ExpiresOn == request.ExpiresOn => "already-set",
            _ => null,
        };
        yield return new(ordinal, person.Id, 0, reason) { Writes = Say($"{request.ExpiresOn} instead of {person.ExpiresOn}") };
    }

    public override IReadOnlyList<Forecast> Together(World world, ModelRequest request, IReadOnlyList<Forecast> items) =>
        request.ExpiresOn < world.Today ? LastAdminStays(world, items) : items;

    public override IEnumerable<string> Effects(World world, ModelRequest request, IReadOnlyList<Forecast> items)
    {
        var ends = request.ExpiresOn < world.Today;
        var active = items.Where(i => i.WillChange).Select(i => world.People[i.Person]).Where(p => p.Status == ProfileStatus.Active);
        return Count(ends ? "access-ended" : "access-again", active.Where(p => p.ExpiresOn < world.Today != ends).Select(_ => 0L));
    }

    public override World Apply(World world, ModelRequest request, Forecast item, long operation) =>
        world.With(world.People[item.Person] with { ExpiresOn = request.ExpiresOn, LastOperation = operation });

    public override string? WhyNotUndo(ModelUndo undo, World now, Forecast item)
    {
        var person = now.People[item.Person];
        return person.Status is ProfileStatus.Active or ProfileStatus.Invited && person.LastOperation == undo.Operation
            ? undo.WhyNotAllowed(person)
            : TouchedSince;
    }

    public override IReadOnlyList<Forecast> UndoTogether(ModelUndo undo, World now, IReadOnlyList<Forecast> items) =>
        LastAdminStays(now, items, i => undo.Before.People[i.Person].ExpiresOn < now.Today);

    public override (World World, string? Reason) Revert(ModelUndo undo, World now, Forecast item)
    {
        var (was, person) = (undo.Before.People[item.Person], now.People[item.Person]);
        return (now.With(person with { ExpiresOn = was.ExpiresOn, LastOperation = undo.Id }), null);
    }
}
