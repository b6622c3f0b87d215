using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Muster.People;

namespace Muster.Api;

/// <summary>What makes an organisation unit; without a parent it stands at the top.</summary>
public sealed record AddUnit(string? Name, long? Parent);

/// <summary>What renames an organisation unit.</summary>
public sealed record RenameUnit(string? Name);

/// <summary>What moves an organisation unit, with all below it; without a parent to the top.</summary>
public sealed record MoveUnit(long? Parent);

/// <summary>An organisation unit by its place in the tree.</summary>
public sealed record UnitJson(long Id, string Name, string Path, long? Parent, int Tier);

/// <summary><c>/api/v1/workspaces/{ws}/units</c>.</summary>
internal static class UnitsApi
{
    public static void MapUnits(this RouteGroupBuilder workspace)
    {
        var units = workspace.MapGroup("/units").WithTags("Organisation units");
        units.MapGet("", List).WithSummary("Every unit, each after the one above it.");
        units.MapGet("/{id:long}", Get).WithSummary("One unit.");
        units.MapPost("", Add).Accepts<AddUnit>("application/json").WithSummary("Makes a unit.");
        units.MapPut("/{id:long}", Rename).Accepts<RenameUnit>("application/json").WithSummary("Renames a unit; the units below follow.");
        units
            .MapPost("/{id:long}/move", Move)
            .Accepts<MoveUnit>("application/json")
            .WithSummary("Moves a unit with its people and the units below; no rule fires.");
        units
            .MapDelete("/{id:long}", Delete)
            .WithSummary("Deletes a unit; one that is not empty needs target, the unit that takes its people and the units below.");
    }

    private static async Task<Ok<List<UnitJson>>> List([AsParameters] WorkspaceCall call) =>
        TypedResults.Ok(
            await call
                .Db.Units.Where(u => u.WorkspaceId == call.WorkspaceId)
                .OrderBy(u => u.PathKey)
                .Select(u => new UnitJson(u.Id, u.Name, u.Path, u.ParentId, u.Tier))
                .ToListAsync(call.Ct)
        );

    private static async Task<Ok<UnitJson>> Get(long id, [AsParameters] WorkspaceCall call) => TypedResults.Ok(await Find(id, call));

    private static async Task<Created<UnitJson>> Add([AsParameters] WorkspaceCall call, UnitEdits edits)
    {
        var (body, _) = await RequestBody.Read<AddUnit>(call.Request, call.Ct);
        var id = await edits.Add(call.Caller, body.Name, body.Parent, call.Ct);
        return TypedResults.Created($"{call.Address}/units/{id}", await Find(id, call));
    }

    private static async Task<Ok<UnitJson>> Rename(long id, [AsParameters] WorkspaceCall call, UnitEdits edits)
    {
        await Find(id, call);
        var (body, _) = await RequestBody.Read<RenameUnit>(call.Request, call.Ct);
        await edits.Rename(call.Caller, id, body.Name, call.Ct);
        return TypedResults.Ok(await Find(id, call));
    }

    private static async Task<Ok<UnitJson>> Move(long id, [AsParameters] WorkspaceCall call, UnitEdits edits)
    {
        await Find(id, call);
        var (body, _) = await RequestBody.Read<MoveUnit>(call.Request, call.Ct);
        await edits.Move(call.Caller, id, body.Parent, call.Ct);
        return TypedResults.Ok(await Find(id, call));
    }

    private static async Task<NoContent> Delete(long id, [AsParameters] WorkspaceCall call, UnitRemoval removal, long? target = null)
    {
        await Find(id, call);
        await removal.Delete(call.Caller, id, target, call.Ct);
        return TypedResults.NoContent();
    }

    private static async Task<UnitJson> Find(long id, WorkspaceCall call) =>
        await call
            .Db.Units.Where(u => u.WorkspaceId == call.WorkspaceId && u.Id == id)
            .Select(u => new UnitJson(u.Id, u.Name, u.Path, u.ParentId, u.Tier))
            .SingleOrDefaultAsync(call.Ct)
        ?? throw new MissingException($"There is no organisation unit {id} in this workspace.");
}
