using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace Muster.Access;

/// <summary>How often one address may try something that can be guessed: <c>[EnableRateLimiting(RateLimits.Guessing)]</c>.</summary>
public static class RateLimits
{
    /// <summary>Posting a password or an invitation's token; looking at the form is free.</summary>
    public const string Guessing = nameof(Guessing);

    internal static void Define(RateLimiterOptions limits)
    {
        limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limits.OnRejected = (rejected, _) =>
        {
            if (rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait))
            {
                var seconds = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                rejected.HttpContext.Response.Headers.RetryAfter = seconds;
            }

            return ValueTask.CompletedTask;
        };
        limits.AddPolicy(
            Guessing,
            context =>
                HttpMethods.IsPost(context.Request.Method)
                    ? RateLimitPartition.GetFixedWindowLimiter(
                        context.Connection.RemoteIpAddress?.ToString() ?? "",
                        _ =>
                            new()
                            {
                                PermitLimit = context.RequestServices.GetRequiredService<IOptions<AccessOptions>>().Value.TriesPerMinute,
                                Window = TimeSpan.FromMinutes(1),
                            }
                    )
                    : RateLimitPartition.GetNoLimiter("looking")
        );
    }
}
