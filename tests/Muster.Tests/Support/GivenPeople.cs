using Muster.Access;
using Muster.People;

namespace Muster.Tests;

/// <summary>The kinds of people a workspace has.</summary>
public enum Kind
{
    /// <summary>A Learner with access.</summary>
    Active,

    /// <summary>Invited, the link works.</summary>
    Invited,

    /// <summary>Invited, the link has expired.</summary>
    Lapsed,

    /// <summary>Archived after they had accepted.</summary>
    Archived,

    /// <summary>Archived before they had ever accepted.</summary>
    ArchivedUnaccepted,

    /// <summary>The invitation was cancelled.</summary>
    Cancelled,

    /// <summary>Active, but past the expiry date.</summary>
    Expired,

    /// <summary>An active Manager.</summary>
    Manager,

    /// <summary>An active Admin.</summary>
    Admin,

    /// <summary>An Admin past the expiry date.</summary>
    ExpiredAdmin,

    /// <summary>A Learner here whose account is a Site Admin's.</summary>
    SiteAdmin,
}

/// <summary>The people of a workspace.</summary>
public sealed partial class Given
{
    /// <summary>A person, with an account if they have ever accepted and an invitation if they were ever invited.</summary>
    public Profile Person(Kind kind, string? first = null, string? last = null, OrganisationUnit? unit = null)
    {
        var id = ++lastId;
        (first, last) = (first ?? $"P{id}", last ?? $"{kind} {id:D6}");
        var email = $"{first}.{id}@example.org";
        var isRegistered = kind is not (Kind.Invited or Kind.Lapsed or Kind.ArchivedUnaccepted or Kind.Cancelled);
        var person = Add(
            new Profile
            {
                WorkspaceId = Workspace,
                Id = id,
                AccountId = isRegistered ? Account(kind, email, first, last) : null,
                Email = email,
                EmailKey = email.ToLowerInvariant(),
                FirstName = first,
                LastName = last,
                SortName = Names.SortKey(first, last),
                SearchText = Names.SearchText(first, last, email),
                Role = kind switch
                {
                    Kind.Manager => ProfileRole.Manager,
                    Kind.Admin or Kind.ExpiredAdmin => ProfileRole.Admin,
                    _ => ProfileRole.Learner,
                },
                UnitId = unit?.Id,
                Status = kind switch
                {
                    Kind.Invited or Kind.Lapsed => ProfileStatus.Invited,
                    Kind.Archived or Kind.ArchivedUnaccepted => ProfileStatus.Archived,
                    Kind.Cancelled => ProfileStatus.Cancelled,
                    _ => ProfileStatus.Active,
                },
                InvitedAt = Now.AddDays(-90),
                RegisteredAt = isRegistered ? Now.AddDays(-80) : null,
                LastActiveAt = isRegistered ? Now.AddDays(-1) : null,
                ExpiresOn = kind is Kind.Expired or Kind.ExpiredAdmin ? Today.AddDays(-1) : null,
            }
        );
        Add(
            new Invitation
            {
                WorkspaceId = Workspace,
                ProfileId = id,
                TokenHash = isRegistered ? null : $"hash of {id}",
                SentCount = 1,
                LastSentAt = Now.AddDays(kind == Kind.Lapsed ? -90 : -2),
                ExpiresAt = Now.AddDays(kind == Kind.Lapsed ? -60 : 28),
                AcceptedAt = isRegistered ? Now.AddDays(-80) : null,
                CancelledAt = kind is Kind.Cancelled or Kind.ArchivedUnaccepted ? Now.AddDays(-1) : null,
            }
        );
        return person;
    }

    /// <summary>Several people of one kind.</summary>
    public IReadOnlyList<Profile> People(int count, Kind kind = Kind.Active) => [.. Enumerable.Range(0, count).Select(_ => Person(kind))];

    private long Account(Kind kind, string email, string first, string last)
    {
        // Accounts belong to the site: their ids must not clash between workspaces.
        var id = (Workspace * LastGivenId) + lastId;
        var name = $"{Workspace}.{email}";
        Add(
            new Account
            {
                Id = id,
                UserName = name,
                NormalizedUserName = name.ToUpperInvariant(),
                Email = name,
                NormalizedEmail = name.ToUpperInvariant(),
                EmailConfirmed = true,
                FirstName = first,
                LastName = last,
                IsSiteAdmin = kind == Kind.SiteAdmin,
                SecurityStamp = $"stamp {id}",
                ConcurrencyStamp = $"stamp {id}",
                CreatedAt = Now.AddDays(-80),
            }
        );
        return id;
    }
}
