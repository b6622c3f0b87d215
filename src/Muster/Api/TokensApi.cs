using Microsoft.AspNetCore.Http.HttpResults;
using Muster.Access;
using Muster.People;

namespace Muster.Api;

/// <summary>What makes a token.</summary>
/// <param name="Name">What it is for.</param>
/// <param name="Role">What its bearer may do; admin unless said.</param>
/// <param name="ExpiresAt">When it ends by itself, in UTC; absent for no end.</param>
public sealed record AddToken(string? Name, ProfileRole Role = ProfileRole.Admin, DateTime? ExpiresAt = null);

/// <summary>A token as lists show it; its text is known only when it is made.</summary>
public sealed record TokenJson(
    long Id,
    string Name,
    ProfileRole Role,
    DateTime CreatedAt,
    DateTime? ExpiresAt,
    DateTime? RevokedAt,
    DateTime? LastUsedAt
);

/// <summary>A token just made.</summary>
public sealed record NewTokenJson(long Id, string Token);

/// <summary><c>/api/v1/workspaces/{ws}/tokens</c>.</summary>
internal static class TokensApi
{
    public static void MapTokens(this RouteGroupBuilder workspace)
    {
        var tokens = workspace.MapGroup("/tokens").WithTags("API tokens");
        tokens.MapGet("", List).WithSummary("The workspace's tokens, newest first, revoked ones included.");
        tokens.MapPost("", Add).Accepts<AddToken>("application/json").WithSummary("Makes a token and answers its text, this once.");
        tokens.MapDelete("/{id:long}", Revoke).WithSummary("Revokes a token; it stops working at once.");
    }

    private static async Task<Ok<IReadOnlyList<TokenJson>>> List([AsParameters] WorkspaceCall call, ApiTokens tokens) =>
        TypedResults.Ok<IReadOnlyList<TokenJson>>([
            .. (await tokens.List(call.WorkspaceId, call.Ct)).Select(token => new TokenJson(
                token.Id,
                token.Name,
                token.Role,
                token.CreatedAt,
                token.ExpiresAt,
                token.RevokedAt,
                token.LastUsedAt
            )),
        ]);

    private static async Task<Created<NewTokenJson>> Add([AsParameters] WorkspaceCall call, ApiTokens tokens)
    {
        var (body, _) = await RequestBody.Read<AddToken>(call.Request, call.Ct);
        var expiresAt = body.ExpiresAt?.ToUniversalTime();
        var made = await tokens.Create(call.Current.Actor, body.Name ?? "", body.Role, expiresAt, call.Current.Address, call.Ct);
        return TypedResults.Created($"{call.Address}/tokens", new NewTokenJson(made.Id, made.Text));
    }

    private static async Task<NoContent> Revoke(long id, [AsParameters] WorkspaceCall call, ApiTokens tokens)
    {
        if (!await tokens.Revoke(call.Current.Actor, id, call.Current.Address, call.Ct))
        {
            throw new MissingException($"There is no token {id} in this workspace that still works.");
        }

        return TypedResults.NoContent();
    }
}
