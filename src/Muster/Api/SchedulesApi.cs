using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Muster.Bulk;

namespace Muster.Api;

/// <summary>What begins a schedule.</summary>
public sealed record NewSchedule
{
    /// <summary>Key of the action.</summary>
    public required string Action { get; init; }

    /// <summary>Its parameters.</summary>
    public JsonElement? Parameters { get; init; }

    /// <summary>Whom it finds each time: a filter, with except.</summary>
    public required Selection Selection { get; init; }

    /// <summary>Required, at most 100 characters.</summary>
    public string? Name { get; init; }

    /// <summary>Minute, hour, day of the month, month, day of the week, by the workspace's clock.</summary>
    public string? Cron { get; init; }

    /// <summary>A run that would change more users waits for a person.</summary>
    public long LargestRun { get; init; }
}

/// <summary>A bulk action that is begun again and again.</summary>
public sealed record ScheduleJson(
    long Id,
    string Name,
    string Action,
    JsonElement Parameters,
    JsonElement Selection,
    string Cron,
    long LargestRun,
    bool IsActive,
    DateTime? NextAt
)
{
    internal static ScheduleJson Of(Schedule s) =>
        new(
            s.Id,
            s.Name,
            s.Action,
            JsonElement.Parse(s.Parameters),
            JsonElement.Parse(s.Selection),
            s.Cron,
            s.LargestRun,
            s.IsActive,
            s.NextAt
        );
}

/// <summary><c>/api/v1/workspaces/{ws}/schedules</c>.</summary>
internal static class SchedulesApi
{
    public static void MapSchedules(this RouteGroupBuilder workspace)
    {
        var schedules = workspace.MapGroup("/schedules").WithTags("Schedules");
        schedules.MapGet("", List).WithSummary("Every schedule by name.");
        schedules.MapGet("/{id:long}", Get).WithSummary("One schedule.");
        schedules
            .MapPost("", Add)
            .Accepts<NewSchedule>("application/json")
            .WithSummary("Makes a schedule, which runs with this token's rights.");
        schedules
            .MapPut("/{id:long}", Change)
            .Accepts<ScheduleDetails>("application/json")
            .WithSummary("Changes its name, time and size, or turns it off.");
        schedules.MapDelete("/{id:long}", Delete).WithSummary("Ends it; the operations it began stay.");
    }

    private static async Task<Ok<IReadOnlyList<ScheduleJson>>> List([AsParameters] WorkspaceCall call)
    {
        var schedules = await call
            .Db.Schedules.AsNoTracking()
            .Where(s => s.WorkspaceId == call.WorkspaceId)
            .OrderBy(s => s.Name)
            .ThenBy(s => s.Id)
            .ToListAsync(call.Ct);
        return TypedResults.Ok<IReadOnlyList<ScheduleJson>>(schedules.ConvertAll(ScheduleJson.Of));
    }

    private static async Task<Ok<ScheduleJson>> Get(long id, [AsParameters] WorkspaceCall call) =>
        TypedResults.Ok(ScheduleJson.Of(await Find(id, call)));

    private static async Task<Created<ScheduleJson>> Add([AsParameters] WorkspaceCall call, Schedules schedules)
    {
        var (body, _) = await RequestBody.Read<NewSchedule>(call.Request, call.Ct);
        var details = new ScheduleDetails(body.Name, body.Cron, body.LargestRun);
        var parameters = body.Parameters is { } given ? given.GetRawText() : "{}";
        var id = await schedules.Create(call.Caller, body.Action, parameters, body.Selection, details, call.Ct);
        return TypedResults.Created($"{call.Address}/schedules/{id}", ScheduleJson.Of(await Find(id, call)));
    }

    private static async Task<Ok<ScheduleJson>> Change(long id, [AsParameters] WorkspaceCall call, Schedules schedules)
    {
        var (body, _) = await RequestBody.Read<ScheduleDetails>(call.Request, call.Ct);
        return await schedules.Change(call.Caller, id, body, call.Ct) ? await Get(id, call) : throw Missing(id);
    }

    private static async Task<NoContent> Delete(long id, [AsParameters] WorkspaceCall call, Schedules schedules) =>
        await schedules.Delete(call.Caller, id, call.Ct) ? TypedResults.NoContent() : throw Missing(id);

    private static async Task<Schedule> Find(long id, WorkspaceCall call) =>
        await call.Db.Schedules.AsNoTracking().SingleOrDefaultAsync(s => s.WorkspaceId == call.WorkspaceId && s.Id == id, call.Ct)
        ?? throw Missing(id);

    private static MissingException Missing(long id) => new($"There is no schedule {id} in this workspace.");
}
