using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Muster.Access;

/// <summary>Reads <c>Authorization: Bearer</c> on API addresses, the only way in there: a cookie is not looked at, so no other site can use one.</summary>
internal sealed class BearerTokens(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    ApiTokens tokens
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Bearer";
    private const string Word = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Word, StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }

        var actor = await tokens.Find(header[Word.Length..].Trim(), Context.RequestAborted);
        return actor is null
            ? AuthenticateResult.Fail("The token is unknown, revoked or expired.")
            : AuthenticateResult.Success(new(TokenPrincipal.Make(actor), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = SchemeName;
        return Task.CompletedTask;
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }
}

/// <summary>A token's actor as the principal of one request. It was read for this very request, so nothing in it can be stale.</summary>
internal static class TokenPrincipal
{
    private const string Workspace = "muster:workspace";
    private const string Token = "muster:token";
    private const string Rank = "muster:rank";

    public static ClaimsPrincipal Make(Actor actor) =>
        new(
            new ClaimsIdentity(
                [
                    new(Workspace, actor.WorkspaceId.ToString(CultureInfo.InvariantCulture)),
                    new(Token, actor.TokenId!.Value.ToString(CultureInfo.InvariantCulture)),
                    new(Rank, ((int)actor.Rank).ToString(CultureInfo.InvariantCulture)),
                ],
                BearerTokens.SchemeName
            )
        );

    public static Actor? Read(ClaimsPrincipal user) =>
        user.Identity?.AuthenticationType == BearerTokens.SchemeName
            ? new(Number(user, Workspace), (Rank)Number(user, Rank), null, null, Number(user, Token))
            : null;

    private static long Number(ClaimsPrincipal user, string claim) =>
        long.Parse(user.FindFirstValue(claim)!, NumberStyles.None, CultureInfo.InvariantCulture);
}
