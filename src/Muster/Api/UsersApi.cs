using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Bulk;
using Muster.Data;
using Muster.People;

namespace Muster.Api;

/// <summary><c>/api/v1/workspaces/{ws}/users</c>.</summary>
internal static class UsersApi
{
    public static void MapUsers(this RouteGroupBuilder workspace)
    {
        var users = workspace.MapGroup("").WithTags("Users");
        users
            .MapGet("/users", List)
            .WithSummary("A page of users by last name; search, role, unit, unitsBelow, group, status narrow it down.");
        users.MapGet("/users/{id:long}", Get).WithSummary("One user.");
        users.MapGet("/users.{format:regex(^(csv|xlsx)$)}", Export).WithSummary("Every user who matches, as a streamed file. Audited.");
    }

    private static async Task<Ok<UserPageJson>> List(
        HttpRequest request,
        CurrentActor current,
        MusterDb db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (workspace, limit) = (current.Workspace, QueryWords.Limit(request.Query["limit"]));
        var today = clock.Today(workspace.TimeZone);
        var (afterName, afterId) = PlaceOf(request.Query["after"]);
        var page = await new UserPages(db, current.Actor, QueryWords.Filter(request.Query), today, workspace.TimeZone).Read(
            new(afterName, afterId),
            limit + 1,
            p => p,
            ct
        );
        var people = page.Lines.ToList();
        var more = people.Count > limit;
        people = people[..Math.Min(limit, people.Count)];
        var details = await UserReading.Details(db, workspace.Id, people, today, ct);
        return TypedResults.Ok(new UserPageJson(details, more ? Mark(people[^1]) : null));
    }

    private static async Task<Ok<UserJson>> Get(long id, CurrentActor current, MusterDb db, TimeProvider clock, CancellationToken ct)
    {
        var workspace = current.Workspace;
        var person =
            await db.Profiles.AsNoTracking().SingleOrDefaultAsync(p => p.WorkspaceId == workspace.Id && p.Id == id, ct)
            ?? throw new MissingException($"There is no user {id} in this workspace.");
        return TypedResults.Ok((await UserReading.Details(db, workspace.Id, [person], clock.Today(workspace.TimeZone), ct))[0]);
    }

    private static IResult Export(string format, HttpRequest request, CurrentActor current, MusterDb db, TimeProvider clock)
    {
        var (workspace, filter) = (current.Workspace, QueryWords.Filter(request.Query));
        var today = clock.Today(workspace.TimeZone);
        return new TableResult(
            format,
            $"users-{today:yyyy-MM-dd}",
            async (table, ct) =>
            {
                var written = await UserExport.Write(db, workspace, filter, today, table, ct);
                var entry = new AuditEntry
                {
                    WorkspaceId = workspace.Id,
                    At = clock.Now(),
                    TokenId = current.Actor.TokenId,
                    Address = current.Address,
                    Event = "users.exported",
                    Details = Json.Write(new { users = written, format }),
                };
                await Audit.Write(db, entry, ct);
            }
        );
    }

    /// <summary>The place behind somebody, as a word that means nothing to the caller.</summary>
    private static string Mark(Profile last) =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new Place(last.SortName, last.Id)));

    private static (string? SortName, long Id) PlaceOf(string? after)
    {
        if (string.IsNullOrEmpty(after))
        {
            return (null, 0);
        }

        try
        {
            return JsonSerializer.Deserialize<Place>(Base64Url.DecodeFromChars(after)) is { SortName: not null } place
                ? (place.SortName, place.Id)
                : throw new FormatException();
        }
        catch (Exception e) when (e is FormatException or JsonException or DecoderFallbackException)
        {
            throw new ParametersException("after", "Give the next of the page before, as it is.");
        }
    }

    private sealed record Place(string SortName, long Id);
}
