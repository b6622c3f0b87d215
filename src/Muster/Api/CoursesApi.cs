using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Muster.Learning;

namespace Muster.Api;

/// <summary>A course; a closed one takes no new enrolment, without seats there is no limit.</summary>
public sealed record CourseJson(long Id, string Title, string? ExternalReference, bool IsOpen, int? Seats);

/// <summary><c>/api/v1/workspaces/{ws}/courses</c>.</summary>
internal static class CoursesApi
{
    public static void MapCourses(this RouteGroupBuilder workspace)
    {
        var courses = workspace.MapGroup("/courses").WithTags("Courses");
        courses.MapGet("", List).WithSummary("Every course by title.");
        courses.MapGet("/{id:long}", Get).WithSummary("One course.");
        courses.MapPost("", Add).Accepts<CourseDetails>("application/json").WithSummary("Makes a course.");
        courses.MapPut("/{id:long}", Replace).Accepts<CourseDetails>("application/json").WithSummary("Replaces a course's details.");
    }

    private static async Task<Ok<List<CourseJson>>> List([AsParameters] WorkspaceCall call) =>
        TypedResults.Ok(
            await call
                .Db.Courses.Where(c => c.WorkspaceId == call.WorkspaceId)
                .OrderBy(c => c.Title)
                .ThenBy(c => c.Id)
                .Select(c => new CourseJson(c.Id, c.Title, c.ExternalReference, c.IsOpen, c.Seats))
                .ToListAsync(call.Ct)
        );

    private static async Task<Ok<CourseJson>> Get(long id, [AsParameters] WorkspaceCall call) => TypedResults.Ok(await Find(id, call));

    private static async Task<Created<CourseJson>> Add([AsParameters] WorkspaceCall call, CourseEdits edits)
    {
        var (body, _) = await RequestBody.Read<CourseDetails>(call.Request, call.Ct);
        var id = (await edits.Save(call.Caller, null, body, call.Ct))!.Value;
        return TypedResults.Created($"{call.Address}/courses/{id}", await Find(id, call));
    }

    private static async Task<Ok<CourseJson>> Replace(long id, [AsParameters] WorkspaceCall call, CourseEdits edits)
    {
        await Find(id, call);
        var (body, _) = await RequestBody.Read<CourseDetails>(call.Request, call.Ct);
        await edits.Save(call.Caller, id, body, call.Ct);
        return TypedResults.Ok(await Find(id, call));
    }

    private static async Task<CourseJson> Find(long id, WorkspaceCall call) =>
        await call
            .Db.Courses.Where(c => c.WorkspaceId == call.WorkspaceId && c.Id == id)
            .Select(c => new CourseJson(c.Id, c.Title, c.ExternalReference, c.IsOpen, c.Seats))
            .SingleOrDefaultAsync(call.Ct)
        ?? throw new MissingException($"There is no course {id} in this workspace.");
}
