using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Learning;
using Muster.People;

namespace Muster.Api;

/// <summary>What an attempt comes from: an operation, a rule, both, or neither when somebody did it by hand.</summary>
public sealed record EnrolmentSourceJson(long? Operation, long? Rule);

/// <summary>One attempt of one user at one course. <c>status</c> is what the dates say today.</summary>
public sealed record EnrolmentJson(
    ItemUserJson User,
    NamedJson Course,
    int Attempt,
    EnrolmentStanding Status,
    DateOnly StartsOn,
    DateOnly? ExpiresOn,
    DateTime CreatedAt,
    DateTime? StartedAt,
    DateTime? CompletedAt,
    DateTime? WithdrawnAt,
    EnrolmentSourceJson Source
)
{
    internal static EnrolmentJson Of(EnrolmentLine line, DateOnly today) =>
        new(
            new(line.Person.Id, line.Person.FirstName, line.Person.LastName, line.Person.Email),
            new(line.Attempt.CourseId, line.Course),
            line.Attempt.Attempt,
            line.Attempt.Standing(today),
            line.Attempt.StartsOn,
            line.Attempt.ExpiresOn,
            line.Attempt.CreatedAt,
            line.Attempt.StartedAt,
            line.Attempt.CompletedAt,
            line.Attempt.WithdrawnAt,
            new(line.Attempt.OperationId, line.Attempt.RuleId)
        );
}

/// <summary>A page of attempts; the next one begins after <paramref name="Next"/>, which is absent on the last. The first page has the counts of all by status.</summary>
public sealed record EnrolmentPageJson(
    IReadOnlyList<EnrolmentJson> Enrolments,
    IReadOnlyDictionary<EnrolmentStanding, long>? Counts,
    string? Next
);

/// <summary><c>…/courses/{id}/enrolments</c> and <c>…/users/{id}/enrolments</c>.</summary>
internal static class EnrolmentsApi
{
    public static void MapEnrolments(this RouteGroupBuilder workspace)
    {
        var enrolments = workspace.MapGroup("").WithTags("Enrolments");
        enrolments
            .MapGet("/courses/{id:long}/enrolments", OfCourse)
            .WithSummary("A page of a course's enrolments; status narrows it down. The first page counts them all by status.");
        enrolments.MapGet("/users/{id:long}/enrolments", OfUser).WithSummary("Every enrolment of a user, the newest first.");
    }

    private static async Task<Ok<EnrolmentPageJson>> OfCourse(long id, [AsParameters] WorkspaceCall call, TimeProvider clock)
    {
        if (!await call.Db.Courses.AnyAsync(c => c.WorkspaceId == call.WorkspaceId && c.Id == id, call.Ct))
        {
            throw new MissingException($"There is no course {id} in this workspace.");
        }

        var (query, today) = (call.Request.Query, clock.Today(call.Current.Workspace.TimeZone));
        var (limit, standing, after) = (
            QueryWords.Limit(query["limit"]),
            QueryWords.Word<EnrolmentStanding>(query["status"], "status"),
            PlaceOf(query["after"])
        );
        var lines = await EnrolmentList.OfCourse(call.Db, call.WorkspaceId, id, standing, after, limit + 1, today, call.Ct);
        var counts = after is null ? await EnrolmentCounts.Read(call.Db, call.WorkspaceId, id, today, call.Ct) : null;
        var all = counts?.GetValueOrDefault(id) ?? EnrolmentCounts.None;
        return TypedResults.Ok(
            new EnrolmentPageJson(
                [.. lines.Take(limit).Select(line => EnrolmentJson.Of(line, today))],
                counts is null ? null : Enum.GetValues<EnrolmentStanding>().ToDictionary(s => s, s => all[s]),
                lines.Count > limit ? lines[limit - 1].Place.ToString() : null
            )
        );
    }

    private static async Task<Ok<EnrolmentPageJson>> OfUser(long id, [AsParameters] WorkspaceCall call, TimeProvider clock)
    {
        if (!await call.Db.Profiles.AnyAsync(p => p.WorkspaceId == call.WorkspaceId && p.Id == id, call.Ct))
        {
            throw new MissingException($"There is no user {id} in this workspace.");
        }

        var today = clock.Today(call.Current.Workspace.TimeZone);
        var lines = await EnrolmentList.OfPerson(call.Db, call.WorkspaceId, id, call.Ct);
        return TypedResults.Ok(new EnrolmentPageJson([.. lines.Select(line => EnrolmentJson.Of(line, today))], null, null));
    }

    private static EnrolmentPlace? PlaceOf(string? after) =>
        string.IsNullOrEmpty(after) ? null
        : EnrolmentPlace.TryParse(after, out var place) ? place
        : throw new ParametersException("after", "Give the next of the page before, as it is.");
}
