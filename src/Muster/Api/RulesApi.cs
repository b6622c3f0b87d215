using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Muster.Learning;

namespace Muster.Api;

/// <summary>An auto-enrolment rule: whoever joins one of the targets is enrolled in each of the courses.</summary>
public sealed record RuleJson(
    long Id,
    string Name,
    string? Description,
    bool IsActive,
    RuleTargetKind TargetKind,
    IReadOnlyList<long> Targets,
    IReadOnlyList<long> Courses
);

/// <summary><c>/api/v1/workspaces/{ws}/rules</c>.</summary>
internal static class RulesApi
{
    public static void MapRules(this RouteGroupBuilder workspace)
    {
        var rules = workspace.MapGroup("/rules").WithTags("Auto-enrolment rules");
        rules.MapGet("", List).WithSummary("Every rule by name.");
        rules.MapGet("/{id:long}", Get).WithSummary("One rule.");
        rules.MapPost("", Add).Accepts<RuleDetails>("application/json").WithSummary("Makes a rule.");
        rules.MapPut("/{id:long}", Replace).Accepts<RuleDetails>("application/json").WithSummary("Replaces a rule.");
        rules.MapGet("/{id:long}/run", Preview).WithSummary("What running the rule on its present members would do now, course by course.");
        rules
            .MapPost("/{id:long}/run", Run)
            .WithSummary(
                "Enrols the present members; who is on the course or completed it is left alone. Says what was done; 409 when the rule is off."
            );
    }

    private static async Task<Ok<IReadOnlyList<RuleJson>>> List([AsParameters] WorkspaceCall call) =>
        TypedResults.Ok(await Read(call, call.Db.Rules.Where(r => r.WorkspaceId == call.WorkspaceId)));

    private static async Task<Ok<RuleJson>> Get(long id, [AsParameters] WorkspaceCall call) => TypedResults.Ok(await Find(id, call));

    private static async Task<Created<RuleJson>> Add([AsParameters] WorkspaceCall call, RuleEdits edits)
    {
        var id = (await edits.Save(call.Caller, null, await Details(call), call.Ct))!.Value;
        return TypedResults.Created($"{call.Address}/rules/{id}", await Find(id, call));
    }

    private static async Task<Ok<RuleJson>> Replace(long id, [AsParameters] WorkspaceCall call, RuleEdits edits)
    {
        await Find(id, call);
        await edits.Save(call.Caller, id, await Details(call), call.Ct);
        return TypedResults.Ok(await Find(id, call));
    }

    private static async Task<Ok<IReadOnlyList<CourseRun>>> Preview(long id, [AsParameters] WorkspaceCall call, RuleRuns runs) =>
        TypedResults.Ok(await runs.Preview(call.Db, call.Current.Workspace, id, call.Ct) ?? throw Missing(id));

    private static async Task<Ok<IReadOnlyList<CourseRun>>> Run(long id, [AsParameters] WorkspaceCall call, RuleRuns runs) =>
        TypedResults.Ok(await runs.Run(call.Caller, id, call.Ct) ?? throw Missing(id));

    private static MissingException Missing(long id) => new($"There is no auto-enrolment rule {id} in this workspace.");

    /// <summary>What is left out is as wrong as what is empty, and is told so.</summary>
    private static async Task<RuleDetails> Details(WorkspaceCall call)
    {
        var (body, _) = await RequestBody.Read<RuleDetails>(call.Request, call.Ct);
        return body with { Targets = body.Targets ?? [], Courses = body.Courses ?? [] };
    }

    private static async Task<RuleJson> Find(long id, WorkspaceCall call) =>
        (await Read(call, call.Db.Rules.Where(r => r.WorkspaceId == call.WorkspaceId && r.Id == id))).SingleOrDefault()
        ?? throw Missing(id);

    private static async Task<IReadOnlyList<RuleJson>> Read(WorkspaceCall call, IQueryable<AutoEnrolmentRule> wanted)
    {
        var rules = await wanted.AsNoTracking().OrderBy(r => r.Name).ThenBy(r => r.Id).ToListAsync(call.Ct);
        var ids = rules.ConvertAll(r => r.Id);
        var targets = (
            await call.Db.RuleTargets.Where(t => t.WorkspaceId == call.WorkspaceId && ids.Contains(t.RuleId)).ToListAsync(call.Ct)
        ).ToLookup(t => t.RuleId, t => t.TargetId);
        var courses = (
            await call.Db.RuleCourses.Where(c => c.WorkspaceId == call.WorkspaceId && ids.Contains(c.RuleId)).ToListAsync(call.Ct)
        ).ToLookup(c => c.RuleId, c => c.CourseId);
        return rules.ConvertAll(r => new RuleJson(
            r.Id,
            r.Name,
            r.Description,
            r.IsActive,
            r.TargetKind,
            [.. targets[r.Id].Order()],
            [.. courses[r.Id].Order()]
        ));
    }
}
