using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Muster.People;

namespace Muster.Api;

/// <summary><c>/api/v1/workspaces/{ws}/settings</c>.</summary>
internal static class SettingsApi
{
    public static void MapSettings(this RouteGroupBuilder workspace)
    {
        var settings = workspace.MapGroup("/settings").WithTags("Settings");
        settings.MapGet("", Get).WithSummary("The workspace's name, time zone, thresholds and spans.");
        settings.MapPatch("", Change).Accepts<WorkspaceDetails>("application/json").WithSummary("Changes the settings that are sent.");
    }

    private static async Task<Ok<WorkspaceDetails>> Get([AsParameters] WorkspaceCall call) =>
        TypedResults.Ok(WorkspaceDetails.Of(await call.Db.Workspaces.AsNoTracking().SingleAsync(w => w.Id == call.WorkspaceId, call.Ct)));

    private static async Task<Ok<WorkspaceDetails>> Change([AsParameters] WorkspaceCall call, WorkspaceEdits edits)
    {
        var (body, _) = await RequestBody.Read<WorkspaceDetails>(call.Request, call.Ct);
        await edits.Save(call.Caller, body, call.Ct);
        return await Get(call);
    }
}
