using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.People;

namespace Muster.Api;

/// <summary>A group or unit by id and name.</summary>
public sealed record NamedJson(long Id, string Name);

/// <summary>A user of the workspace.</summary>
public sealed record UserJson
{
    public required long Id { get; init; }
    public required string FirstName { get; init; }
    public required string LastName { get; init; }
    public required string Email { get; init; }

    /// <summary>Expired is an active user past the expiry date.</summary>
    public required StatusFilter Status { get; init; }
    public required ProfileRole Role { get; init; }

    /// <summary>The organisation unit, by its full path.</summary>
    public required NamedJson? Unit { get; init; }
    public required IReadOnlyList<NamedJson> Groups { get; init; }

    /// <summary>The units a Manager manages, with all units below them.</summary>
    public required IReadOnlyList<NamedJson> Manages { get; init; }

    /// <summary>Custom field values by the field's name.</summary>
    public required IReadOnlyDictionary<string, object> Fields { get; init; }
    public required DateTime? InvitedAt { get; init; }
    public required DateTime? RegisteredAt { get; init; }
    public required DateTime? LastActiveAt { get; init; }

    /// <summary>Last day of access.</summary>
    public required DateOnly? ExpiresOn { get; init; }
}

/// <summary>A page of users in list order; the next one begins after <paramref name="Next"/>, which is absent on the last.</summary>
public sealed record UserPageJson(IReadOnlyList<UserJson> Users, string? Next);

/// <summary>Reads profiles with what belongs to them, a handful of statements a page.</summary>
internal static class UserReading
{
    public static async Task<IReadOnlyList<UserJson>> Details(
        MusterDb db,
        long workspaceId,
        IReadOnlyList<Profile> people,
        DateOnly today,
        CancellationToken ct
    )
    {
        var ids = people.Select(p => p.Id).ToList();
        var unitIds = people.Select(p => p.UnitId).OfType<long>().Distinct().ToList();
        var units = await db
            .Units.Where(u => u.WorkspaceId == workspaceId && unitIds.Contains(u.Id))
            .ToDictionaryAsync(u => u.Id, u => new NamedJson(u.Id, u.Path), ct);
        var groups = await (
            from m in db.Memberships
            join g in db.Groups on new { m.WorkspaceId, Id = m.GroupId } equals new { g.WorkspaceId, g.Id }
            where m.WorkspaceId == workspaceId && ids.Contains(m.ProfileId)
            orderby g.NameKey
            select new { m.ProfileId, Group = new NamedJson(g.Id, g.Name) }
        ).ToListAsync(ct);
        var managed = await (
            from m in db.ManagedUnits
            join u in db.Units on new { m.WorkspaceId, Id = m.UnitId } equals new { u.WorkspaceId, u.Id }
            where m.WorkspaceId == workspaceId && ids.Contains(m.ProfileId)
            orderby u.PathKey
            select new { m.ProfileId, Unit = new NamedJson(u.Id, u.Path) }
        ).ToListAsync(ct);
        var values = await (
            from v in db.FieldValues
            join f in db.Fields on new { v.WorkspaceId, Id = v.FieldId } equals new { f.WorkspaceId, f.Id }
            where v.WorkspaceId == workspaceId && ids.Contains(v.ProfileId)
            orderby f.Position, f.Id
            select new { f.Name, Value = v }
        )
            .AsNoTracking()
            .ToListAsync(ct);
        var groupsOf = groups.ToLookup(m => m.ProfileId, m => m.Group);
        var managedBy = managed.ToLookup(m => m.ProfileId, m => m.Unit);
        var valuesOf = values.ToLookup(v => v.Value.ProfileId);
        return
        [
            .. people.Select(p => new UserJson
            {
                Id = p.Id,
                FirstName = p.FirstName,
                LastName = p.LastName,
                Email = p.Email,
                Status = p.Standing(today),
                Role = p.Role,
                Unit = p.UnitId is { } unit ? units.GetValueOrDefault(unit) : null,
                Groups = [.. groupsOf[p.Id]],
                Manages = [.. managedBy[p.Id]],
                Fields = valuesOf[p.Id].ToDictionary(v => v.Name, v => ValueOf(v.Value)),
                InvitedAt = p.InvitedAt,
                RegisteredAt = p.RegisteredAt,
                LastActiveAt = p.LastActiveAt,
                ExpiresOn = p.ExpiresOn,
            }),
        ];
    }

    private static object ValueOf(FieldValue value) =>
        (object?)value.Text ?? (object?)value.Number ?? (object?)value.Date ?? (object?)value.YesNo ?? JsonValueKind.Null;
}
