using System.Globalization;
using Muster.Access;
using Muster.People;

namespace Muster.Cli;

/// <summary>Invents one person after another: the same ones for the same seed and ground.</summary>
internal sealed class PersonMaker(Ground ground, Random random, Func<string, long, string> addressOf)
{
    private const int LongestStay = 730;

    private readonly LearningHistory history = new(ground, random);

    /// <summary>Adds somebody to the batch.</summary>
    /// <param name="rows">The batch.</param>
    /// <param name="id">Their profile's id.</param>
    /// <param name="accountId">Their account's id, if they turn out to have one.</param>
    /// <param name="index">The first few are Admins, and every fortieth or so is a Manager.</param>
    public void Add(PeopleRows rows, long id, long accountId, int index)
    {
        var culture = NameLists.All[random.Next(NameLists.All.Count)];
        var (first, last) = (Any(culture.First), Any(culture.Last));
        var role = RoleOf(index);
        var status = role == ProfileRole.Admin ? ProfileStatus.Active : AnyStatus();
        var arrived = Arrived(status);
        var hasRegistered = status == ProfileStatus.Active || (status == ProfileStatus.Archived && random.Next(10) > 0);
        var registered = Later(arrived, 20);
        var email = addressOf(MailboxNames.Of(first, last), id);
        var person = new Profile
        {
            WorkspaceId = ground.WorkspaceId,
            Id = id,
            AccountId = hasRegistered ? accountId : null,
            Email = email,
            EmailKey = email,
            FirstName = first,
            LastName = last,
            SortName = Names.SortKey(first, last),
            SearchText = Names.SearchText(first, last, email),
            Role = role,
            UnitId = ground.Units.Count > 0 && random.Next(30) > 0 ? Any(ground.Units) : null,
            Status = status,
            InvitedAt = arrived,
            RegisteredAt = hasRegistered ? registered : null,
            LastActiveAt = hasRegistered && random.Next(40) > 0 ? Recently(registered) : null,
            ExpiresOn = role == ProfileRole.Admin ? null : AnyExpiry(status, registered),
        };
        rows.Profiles.Add(person);
        if (hasRegistered)
        {
            rows.Accounts.Add(AccountOf(person, accountId));
        }
        else
        {
            rows.Invitations.Add(InvitationOf(person));
        }

        AddManagedUnits(rows, person);
        var groups = AddGroups(rows, person, arrived);
        AddFields(rows, person);
        var wishes = groups.SelectMany(g => ground.WishesOfGroup[g]).Concat(person.UnitId is { } unit ? ground.WishesOfUnit[unit] : []);
        history.Add(rows, person, hasRegistered ? registered : arrived, wishes);
    }

    /// <summary>An account that nobody can sign in to before setting a password.</summary>
    private Account AccountOf(Profile person, long accountId) =>
        new()
        {
            Id = accountId,
            UserName = person.Email,
            NormalizedUserName = person.EmailKey,
            Email = person.Email,
            NormalizedEmail = person.EmailKey,
            EmailConfirmed = true,
            FirstName = person.FirstName,
            LastName = person.LastName,
            LockoutEnabled = true,
            SecurityStamp = Hex(16),
            ConcurrencyStamp = Hex(16),
            CreatedAt = person.RegisteredAt!.Value,
        };

    /// <summary>An invitation whose link nobody has: its hash is of no token.</summary>
    private Invitation InvitationOf(Profile person)
    {
        var sent = person.InvitedAt!.Value;
        var isCancelled = person.Status is ProfileStatus.Cancelled or ProfileStatus.Archived;
        return new()
        {
            WorkspaceId = ground.WorkspaceId,
            ProfileId = person.Id,
            TokenHash = isCancelled ? null : Hex(32),
            SentCount = 1 + random.Next(3),
            LastSentAt = sent,
            ExpiresAt = sent.AddDays(30),
            CancelledAt = isCancelled ? Later(sent, 25) : null,
        };
    }

    private void AddManagedUnits(PeopleRows rows, Profile person)
    {
        if (person.Role != ProfileRole.Manager || ground.Units.Count == 0)
        {
            return;
        }

        var units = new[] { person.UnitId ?? Any(ground.Units), Any(ground.Units) }.Distinct().Take(1 + random.Next(2));
        rows.ManagedUnits.AddRange(
            units.Select(unit => new ManagedUnit
            {
                WorkspaceId = ground.WorkspaceId,
                ProfileId = person.Id,
                UnitId = unit,
            })
        );
    }

    private List<long> AddGroups(PeopleRows rows, Profile person, DateTime since)
    {
        var groups = new List<long>();
        for (var n = ground.Groups.Count == 0 ? 0 : random.Next(4); n > 0; n--)
        {
            groups.Add(Any(ground.Groups));
        }

        groups = [.. groups.Distinct()];
        rows.Memberships.AddRange(
            groups.Select(group => new Membership
            {
                WorkspaceId = ground.WorkspaceId,
                ProfileId = person.Id,
                GroupId = group,
                AddedAt = Later(since, LongestStay),
            })
        );
        return groups;
    }

    private void AddFields(PeopleRows rows, Profile person)
    {
        foreach (var field in ground.Fields)
        {
            if (random.Next(20) == 0)
            {
                continue;
            }

            var value = new FieldValue
            {
                WorkspaceId = ground.WorkspaceId,
                ProfileId = person.Id,
                FieldId = field.Id,
            };
            switch (field.Kind)
            {
                case FieldKind.Choice:
                    value.Text = Any(field.Choices!.Split('\n'));
                    break;
                case FieldKind.Text:
                    // Digits with zeros before them, which a spreadsheet must not lose.
                    value.Text = (random.Next(900_000) + 1000).ToString("D7", CultureInfo.InvariantCulture);
                    break;
                case FieldKind.Date:
                    value.Date = ground.Today.AddDays(-random.Next(10_000));
                    break;
                case FieldKind.YesNo:
                    value.YesNo = random.Next(2) == 0;
                    break;
                case FieldKind.Number:
                default:
                    value.Number = random.Next(100);
                    break;
            }

            rows.FieldValues.Add(value);
        }
    }

    private static ProfileRole RoleOf(int index) =>
        index < 3 ? ProfileRole.Admin
        : index % 40 == 7 ? ProfileRole.Manager
        : ProfileRole.Learner;

    private ProfileStatus AnyStatus() =>
        random.Next(100) switch
        {
            < 82 => ProfileStatus.Active,
            < 90 => ProfileStatus.Archived,
            < 97 => ProfileStatus.Invited,
            _ => ProfileStatus.Cancelled,
        };

    /// <summary>Invitations are some weeks old, half of them lapsed; everybody else has come over the last two years.</summary>
    private DateTime Arrived(ProfileStatus status)
    {
        var seconds = (status is ProfileStatus.Invited or ProfileStatus.Cancelled ? 60L : LongestStay) * 86_400;
        return ground.Now.AddSeconds(-3600 - random.NextInt64(seconds));
    }

    private DateOnly? AnyExpiry(ProfileStatus status, DateTime registered)
    {
        var roll = random.Next(100);
        var hasAccess = status is ProfileStatus.Active or ProfileStatus.Invited;
        var age = ground.Today.DayNumber - DateOnly.FromDateTime(registered).DayNumber;
        return roll < 3 && status == ProfileStatus.Active && age > 1 ? ground.Today.AddDays(-1 - random.Next(age))
            : roll < 13 && hasAccess ? ground.Today.AddDays(random.Next(5, 400))
            : null;
    }

    /// <summary>Up to some days later, but not in the future.</summary>
    private DateTime Later(DateTime since, int days)
    {
        var end = since.AddDays(days);
        var span = (end < ground.Now ? end : ground.Now) - since;
        return since.AddSeconds(random.NextInt64(Math.Max(1, (long)span.TotalSeconds)));
    }

    /// <summary>Most people were here in the last weeks.</summary>
    private DateTime Recently(DateTime since)
    {
        var back = Math.Pow(random.NextDouble(), 4) * (ground.Now - since).TotalSeconds;
        return ground.Now.AddSeconds(-Math.Floor(back));
    }

    private string Hex(int bytes)
    {
        Span<byte> buffer = stackalloc byte[bytes];
        random.NextBytes(buffer);
        return Convert.ToHexStringLower(buffer);
    }

    private T Any<T>(IReadOnlyList<T> list) => list[random.Next(list.Count)];
}
