using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Muster.People;

namespace Muster.Api;

/// <summary>What makes or renames a group.</summary>
public sealed record SaveGroup(string? Name);

/// <summary>A group with the number of its members.</summary>
public sealed record GroupJson(long Id, string Name, long Members);

/// <summary><c>/api/v1/workspaces/{ws}/groups</c>; members change by operations.</summary>
internal static class GroupsApi
{
    public static void MapGroups(this RouteGroupBuilder workspace)
    {
        var groups = workspace.MapGroup("/groups").WithTags("Groups");
        groups.MapGet("", List).WithSummary("Every group by name.");
        groups.MapGet("/{id:long}", Get).WithSummary("One group.");
        groups.MapPost("", Add).Accepts<SaveGroup>("application/json").WithSummary("Makes a group.");
        groups.MapPut("/{id:long}", Rename).Accepts<SaveGroup>("application/json").WithSummary("Renames a group.");
    }

    private static async Task<Ok<List<GroupJson>>> List([AsParameters] WorkspaceCall call) =>
        TypedResults.Ok(await Read(call, call.Db.Groups.Where(g => g.WorkspaceId == call.WorkspaceId)).ToListAsync(call.Ct));

    private static async Task<Ok<GroupJson>> Get(long id, [AsParameters] WorkspaceCall call) => TypedResults.Ok(await Find(id, call));

    private static async Task<Created<GroupJson>> Add([AsParameters] WorkspaceCall call, GroupEdits edits)
    {
        var (body, _) = await RequestBody.Read<SaveGroup>(call.Request, call.Ct);
        var id = (await edits.Save(call.Caller, null, body.Name, call.Ct))!.Value;
        return TypedResults.Created($"{call.Address}/groups/{id}", await Find(id, call));
    }

    private static async Task<Ok<GroupJson>> Rename(long id, [AsParameters] WorkspaceCall call, GroupEdits edits)
    {
        await Find(id, call);
        var (body, _) = await RequestBody.Read<SaveGroup>(call.Request, call.Ct);
        await edits.Save(call.Caller, id, body.Name, call.Ct);
        return TypedResults.Ok(await Find(id, call));
    }

    private static async Task<GroupJson> Find(long id, WorkspaceCall call) =>
        await Read(call, call.Db.Groups.Where(g => g.WorkspaceId == call.WorkspaceId && g.Id == id)).SingleOrDefaultAsync(call.Ct)
        ?? throw new MissingException($"There is no group {id} in this workspace.");

    private static IQueryable<GroupJson> Read(WorkspaceCall call, IQueryable<Group> groups) =>
        groups
            .OrderBy(g => g.NameKey)
            .Select(g => new GroupJson(
                g.Id,
                g.Name,
                call.Db.Memberships.LongCount(m => m.WorkspaceId == call.WorkspaceId && m.GroupId == g.Id)
            ));
}
