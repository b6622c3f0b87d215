using Microsoft.AspNetCore.Http.HttpResults;
using Muster.People;

namespace Muster.Api;

/// <summary>A custom field of the workspace.</summary>
public sealed record FieldJson(long Id, string Name, FieldKind Kind, bool IsRequired, IReadOnlyList<string>? Choices);

/// <summary>A custom field with what people have in it.</summary>
public sealed record FieldInUseJson(
    long Id,
    string Name,
    FieldKind Kind,
    bool IsRequired,
    IReadOnlyList<string>? Choices,
    int Place,
    long Values,
    IReadOnlyList<FormerChoice> FormerChoices
);

/// <summary><c>/api/v1/workspaces/{ws}/fields</c>.</summary>
internal static class FieldsApi
{
    public static void MapFields(this RouteGroupBuilder workspace)
    {
        var fields = workspace.MapGroup("/fields").WithTags("Custom fields");
        fields.MapGet("", List).WithSummary("The custom fields in their order.");
        fields.MapGet("/{id:long}", Get).WithSummary("One field, with the number of its values and those that are no longer choices.");
        fields.MapPost("", Add).Accepts<FieldDetails>("application/json").WithSummary("Makes a field.");
        fields.MapPut("/{id:long}", Replace).Accepts<FieldDetails>("application/json").WithSummary("Changes a field; its kind is fixed.");
        fields
            .MapDelete("/{id:long}", Delete)
            .WithSummary("Deletes a field with all its values; their number has to be said, and be right, when there are any.");
    }

    private static async Task<Ok<List<FieldJson>>> List([AsParameters] WorkspaceCall call)
    {
        var fields = await InvitationColumns.Fields(call.Db, call.WorkspaceId, call.Ct);
        return TypedResults.Ok(fields.ConvertAll(f => new FieldJson(f.Id, f.Name, f.Kind, f.IsRequired, f.Choices?.Split('\n'))));
    }

    private static async Task<Ok<FieldInUseJson>> Get(long id, [AsParameters] WorkspaceCall call) => TypedResults.Ok(await Find(id, call));

    private static async Task<Created<FieldInUseJson>> Add([AsParameters] WorkspaceCall call, FieldEdits edits)
    {
        var (body, _) = await RequestBody.Read<FieldDetails>(call.Request, call.Ct);
        var id = (await edits.Save(call.Caller, null, body, call.Ct))!.Value;
        return TypedResults.Created($"{call.Address}/fields/{id}", await Find(id, call));
    }

    private static async Task<Ok<FieldInUseJson>> Replace(long id, [AsParameters] WorkspaceCall call, FieldEdits edits)
    {
        await Find(id, call);
        var (body, _) = await RequestBody.Read<FieldDetails>(call.Request, call.Ct);
        await edits.Save(call.Caller, id, body, call.Ct);
        return TypedResults.Ok(await Find(id, call));
    }

    private static async Task<NoContent> Delete(long id, [AsParameters] WorkspaceCall call, FieldEdits edits, long values = 0)
    {
        await Find(id, call);
        await edits.Delete(call.Caller, id, values, call.Ct);
        return TypedResults.NoContent();
    }

    private static async Task<FieldInUseJson> Find(long id, WorkspaceCall call)
    {
        var fields = await InvitationColumns.Fields(call.Db, call.WorkspaceId, call.Ct);
        var field = fields.Find(f => f.Id == id) ?? throw new MissingException($"There is no custom field {id} in this workspace.");
        var use = await FieldEdits.Use(call.Db, field, call.Ct);
        return new(
            field.Id,
            field.Name,
            field.Kind,
            field.IsRequired,
            field.Choices?.Split('\n'),
            fields.IndexOf(field) + 1,
            use.Values,
            use.Former
        );
    }
}
