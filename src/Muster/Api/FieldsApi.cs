using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Muster.People;

namespace Muster.Api;

/// <summary>A custom field of the workspace.</summary>
public sealed record FieldJson(long Id, string Name, FieldKind Kind, bool IsRequired, IReadOnlyList<string>? Choices);

/// <summary><c>/api/v1/workspaces/{ws}/fields</c>.</summary>
internal static class FieldsApi
{
    public static void MapFields(this RouteGroupBuilder workspace) =>
        workspace.MapGet("/fields", List).WithTags("Custom fields").WithSummary("The custom fields in their order.");

    private static async Task<Ok<List<FieldJson>>> List([AsParameters] WorkspaceCall call)
    {
        var fields = await call
            .Db.Fields.AsNoTracking()
            .Where(f => f.WorkspaceId == call.WorkspaceId)
            .OrderBy(f => f.Position)
            .ThenBy(f => f.Id)
            .ToListAsync(call.Ct);
        return TypedResults.Ok(fields.ConvertAll(f => new FieldJson(f.Id, f.Name, f.Kind, f.IsRequired, f.Choices?.Split('\n'))));
    }
}
