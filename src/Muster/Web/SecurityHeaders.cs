namespace Muster.Web;

/// <summary>Headers every answer carries: a strict content security policy and its companions.</summary>
public static class SecurityHeaders
{
    /// <summary>
    /// Nothing but our own files; no inline script or style; one trusted-types policy, which <c>nav.js</c> uses to parse pages.
    /// </summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        + "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        + "require-trusted-types-for 'script'; trusted-types muster-nav";

    /// <summary>Adds the headers before anything else can answer.</summary>
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                context.Response.OnStarting(Write, context.Response);
                return next(context);
            }
        );

    private static Task Write(object state)
    {
        var headers = ((HttpResponse)state).Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        // Not no-referrer: that would turn the Origin of our own form posts into "null". A page whose address is a secret says so itself.
        headers.TryAdd("Referrer-Policy", "same-origin");
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (string.IsNullOrEmpty(headers.CacheControl))
        {
            // Pages hold personal data: a shared computer's cache must not.
            headers.CacheControl = "no-store";
        }
        return Task.CompletedTask;
    }
}
