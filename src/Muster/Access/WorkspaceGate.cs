using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.People;

namespace Muster.Access;

/// <summary>
/// Stands before every page and API address that asks for somebody: reads workspace and rights afresh (two indexed reads), fills <see cref="CurrentActor"/>
/// and points the request's <see cref="MusterDb"/> at the workspace. A workspace that does not exist and one without access look alike: 404.
/// </summary>
public sealed class WorkspaceGate(RequestDelegate next, TimeProvider clock, LastSeen lastSeen)
{
    /// <summary>The names under which a route carries the workspace's id.</summary>
    private static readonly string[] RouteNames = ["workspace", "ws"];

    public async Task InvokeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var asks =
            context.GetEndpoint()?.Metadata is { } metadata
            && metadata.GetMetadata<IAuthorizeData>() is not null
            && metadata.GetMetadata<IAllowAnonymous>() is null;
        // Signed out: authorization answers, alike for every workspace.
        if (asks && context.User.Identity is { IsAuthenticated: true } && !await Enter(context))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await next(context);
    }

    private async Task<bool> Enter(HttpContext context)
    {
        var db = context.RequestServices.GetRequiredService<MusterDb>();
        var current = context.RequestServices.GetRequiredService<CurrentActor>();
        var named = RouteNames.Select(context.GetRouteValue).FirstOrDefault(value => value is not null);
        var workspaceId = named is null ? 0 : IdOf(named);
        var ct = context.RequestAborted;
        var address = context.Connection.RemoteIpAddress?.ToString();
        Actor actor;
        Workspace? workspace;
        if (TokenPrincipal.Read(context.User) is { } token)
        {
            current.SignedIn(null, address);
            workspace = await db.Workspaces.AsNoTracking().FirstOrDefaultAsync(w => w.Id == workspaceId, ct);
            actor = token.WorkspaceId == workspaceId ? token : token with { Rank = Rank.None };
        }
        else
        {
            var accountId = AccountId(context.User) ?? 0;
            (workspace, var account) = await Read(db, workspaceId, accountId, ct);
            current.SignedIn(account, address);
            actor = workspace is null
                ? new(0, Rank.None, null, null, null)
                : await Actors.Person(db, workspaceId, accountId, clock.Today(workspace.TimeZone), ct);
        }

        if (named is null)
        {
            return true;
        }

        if (workspace is null || actor.Rank == Rank.None)
        {
            return false;
        }

        current.Enter(workspace, actor);
        db.WorkspaceId = workspaceId;
        lastSeen.Note(actor);
        return true;
    }

    /// <summary>The account's id in a cookie's principal.</summary>
    public static long? AccountId(ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return long.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : null;
    }

    private static long IdOf(object value) =>
        long.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;

    /// <summary>Account and workspace in one statement; either may be missing.</summary>
    private static async Task<(Workspace? Workspace, SignedInAccount? Account)> Read(
        MusterDb db,
        long workspaceId,
        long accountId,
        CancellationToken ct
    )
    {
        var found = await (
            from a in db.Users
            where a.Id == accountId
            from w in db.Workspaces.Where(w => w.Id == workspaceId).DefaultIfEmpty()
            select new
            {
                a.FirstName,
                a.LastName,
                a.Email,
                a.IsSiteAdmin,
                Workspace = w,
            }
        )
            .AsNoTracking()
            .FirstOrDefaultAsync(ct);
        if (found is null)
        {
            return (null, null);
        }

        var name = $"{found.FirstName} {found.LastName}".Trim();
        var email = found.Email ?? "";
        return (found.Workspace, new(accountId, name.Length > 0 ? name : email, email, found.IsSiteAdmin));
    }
}
