using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Muster.Access;

namespace Muster.Api;

/// <summary>How often one client may ask: counted by token, so that a busy program does not lock out the others behind its address.</summary>
internal static class ApiLimits
{
    public const string Policy = "Api";

    public static void Define(RateLimiterOptions limits) =>
        limits.AddPolicy(
            Policy,
            context =>
                RateLimitPartition.GetFixedWindowLimiter(
                    ClientOf(context),
                    _ =>
                        new()
                        {
                            PermitLimit = context.RequestServices.GetRequiredService<IOptions<ApiOptions>>().Value.RequestsPerMinute,
                            Window = TimeSpan.FromMinutes(1),
                        }
                )
        );

    /// <summary>The limiter stands before sign-in, so the token itself, hashed, is the client's name.</summary>
    private static string ClientOf(HttpContext context) =>
        context.Request.Headers.Authorization.ToString() is { Length: > 0 } token
            ? Secrets.Hash(token)
            : context.Connection.RemoteIpAddress?.ToString() ?? "";
}
