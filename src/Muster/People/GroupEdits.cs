using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;

namespace Muster.People;

/// <summary>Makes and renames groups.</summary>
public sealed class GroupEdits(Databases databases, TimeProvider clock)
{
    /// <summary>Saves a group; without an id a new one.</summary>
    /// <returns>Its id; null when there is no such group in the workspace.</returns>
    /// <exception cref="ParametersException">The name cannot be used; says what would be right.</exception>
    public async Task<long?> Save(Requester requester, long? id, string? name, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(requester);
        var workspaceId = requester.Actor.WorkspaceId;
        var checkedName = NameRules.Check("name", name, "group");
        var key = Names.Fold(checkedName);
        await using var db = databases.Open(workspaceId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.TakeTurn(workspaceId, ct);
        await (id is null ? Task.CompletedTask : WorkspaceLeases.StandInLine(db, workspaceId, ct));
        if (await db.Groups.AnyAsync(g => g.WorkspaceId == workspaceId && g.NameKey == key && g.Id != id, ct))
        {
            throw new ParametersException("name", "There is a group of this name already; choose another name.");
        }

        var group = id is null
            ? db
                .Groups.Add(
                    new Group
                    {
                        WorkspaceId = workspaceId,
                        Id = await db.Reserve(workspaceId, 1, ct),
                        Name = checkedName,
                        NameKey = key,
                    }
                )
                .Entity
            : await db.Groups.SingleOrDefaultAsync(g => g.WorkspaceId == workspaceId && g.Id == id, ct);
        if (group is null)
        {
            return null;
        }

        (group.Name, group.NameKey) = (checkedName, key);
        await db.SaveChangesAsync(ct);
        await Audit.Write(db, requester, "group.saved", new { group = group.Id }, clock.Now(), ct);
        await transaction.CommitAsync(ct);
        return group.Id;
    }
}

/// <summary>What names of groups and units must be like.</summary>
public static class NameRules
{
    /// <summary>Trims a name and checks it.</summary>
    /// <exception cref="ParametersException">Empty, too long, or with a character that paths and lists are written with.</exception>
    public static string Check(string fieldName, string? name, string thing)
    {
        var trimmed = (name ?? "").Trim().Normalize();
        return trimmed switch
        {
            "" => throw new ParametersException(fieldName, $"Enter a name for the {thing}."),
            { Length: > 100 } => throw new ParametersException(fieldName, "A name has at most 100 characters."),
            _ when trimmed.Any(char.IsControl) => throw new ParametersException(fieldName, "A name is one line of text."),
            _ when trimmed.Contains('/', StringComparison.Ordinal) || trimmed.Contains(';', StringComparison.Ordinal) =>
                throw new ParametersException(fieldName, "A name holds neither / nor ;, because files write paths and lists with them."),
            _ => trimmed,
        };
    }
}
