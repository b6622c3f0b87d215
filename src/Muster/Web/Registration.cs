using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.FileProviders;
using Muster.Access;
using Muster.Bulk;

namespace Muster.Web;

/// <summary>Puts the pages into the program.</summary>
public static class Registration
{
    /// <summary>What a form may carry beside its file.</summary>
    private const long RoomBesideFile = 8 << 20;

    /// <summary>Services of the pages.</summary>
    public static IServiceCollection AddWeb(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = SayThatItPasses);
        services.AddHttpContextAccessor();
        services.AddScoped<Flash>();
        services.AddScoped(provider => Shell.Of(provider.GetRequiredService<CurrentActor>()));
        services.AddScoped<Here>();
        services.AddSingleton<Navigation>();
        services.AddScoped<MyWorkspaces>();
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "muster-form";
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.SuppressXFrameOptionsHeader = true;
        });
        services.AddResponseCompression(options =>
        {
            // Safe over TLS here: the only secret in a page is the antiforgery token, which is masked afresh in every answer.
            options.EnableForHttps = true;
            options.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, "image/svg+xml"];
        });
        return services;
    }

    /// <summary>What stands around every request, authentication included: headers, and words for whatever is refused or fails.</summary>
    public static WebApplication UseWeb(this WebApplication app)
    {
        FindOurFiles(app);
        app.UseResponseCompression();
        app.UseSecurityHeaders();
        app.Use(SayWhenToTryAgain);
        app.UseExceptionHandler(
            new ExceptionHandlerOptions
            {
                ExceptionHandlingPath = "/error",
                CreateScopeForErrors = true,
                StatusCodeSelector = StatusOf,
            }
        );
        app.UseStatusCodePagesWithReExecute("/refused/{0}", createScopeForStatusCodePages: true);
        app.Use(GiveRefusalsWords);
        // Nearer to the endpoint than the pages above, so problem details come first.
        app.UseWhen(
            IsApi,
            api =>
            {
                api.UseExceptionHandler(new ExceptionHandlerOptions { StatusCodeSelector = StatusOf });
                api.UseStatusCodePages();
            }
        );
        return app;
    }

    /// <summary>Trouble of the database or the disk mostly passes; anything else is a fault of ours, or somebody has to mend it.</summary>
    private static int StatusOf(Exception e) =>
        e is BadHttpRequestException bad ? bad.StatusCode
        : Troubles.Pass(e) ? StatusCodes.Status503ServiceUnavailable
        : StatusCodes.Status500InternalServerError;

    /// <summary>Pages as well as the API: whatever is asked again after some seconds may be answered.</summary>
    private static Task SayWhenToTryAgain(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(() =>
        {
            if (context.Response.StatusCode == StatusCodes.Status503ServiceUnavailable)
            {
                context.Response.Headers.RetryAfter = "2";
            }

            return Task.CompletedTask;
        });
        return next(context);
    }

    private static void SayThatItPasses(ProblemDetailsContext context)
    {
        if (context.ProblemDetails.Status == StatusCodes.Status503ServiceUnavailable)
        {
            context.ProblemDetails.Detail =
                "The database cannot do this now. Send the same request again, with its idempotency key if it had one.";
        }
    }

    /// <summary>The pages and their files. Call it after authentication and authorization. A page that does not say otherwise is for the signed in.</summary>
    public static WebApplication MapWeb(this WebApplication app)
    {
        app.Use(MakeRoomForUploads);
        app.UseAntiforgery();
        app.MapStaticAssets().AllowAnonymous();
        app.MapPost("/theme", ChangeTheme).AllowAnonymous();
        app.MapBulk();
        app.MapDownloads();
        app.MapOperations();
        app.MapRazorComponents<App>().RequireAuthorization();
        return app;
    }

    /// <summary>A posted file may be larger than the server's usual limit, but not much larger than what the pipeline takes.</summary>
    private static Task MakeRoomForUploads(HttpContext context, RequestDelegate next)
    {
        if (
            // Not HasFormContentType: a request refused for its token passes here again, and must not be asked about its form.
            context.Request.ContentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true
            && context.GetRouteValue("ws") is not null
            && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size
        )
        {
            var most = context.RequestServices.GetRequiredService<BulkOptions>().MaxUploadBytes + RoomBesideFile;
            size.MaxRequestBodySize = most;
            if (context.Request.ContentLength > most)
            {
                // Said here, because the token inside a form too large to read would be called missing. Over its own limit the server would
                // also cut the connection, and a browser that is still sending would show that instead of our words.
                size.MaxRequestBodySize = null;
                context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
                return Task.CompletedTask;
            }
        }

        return next(context);
    }

    private static async Task GiveRefusalsWords(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IStatusCodeReExecuteFeature>() is not null)
        {
            // A refused post is answered with words, not posted again to the page that has them.
            context.Request.Method = HttpMethods.Get;
        }
        await next(context);
        var isPage = context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null;
        if (isPage && !context.Response.HasStarted && context.Response.StatusCode == StatusCodes.Status400BadRequest)
        {
            // A form that is no longer on its page is answered with an empty text; words need the type to be open.
            context.Response.ContentType = null;
            if (NotThere.IsNoted(context))
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
            }
        }
    }

    private static bool IsApi(HttpContext context) => context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);

    /// <summary>Our files are found from any working directory: from the build's manifest, or beside the published program.</summary>
    private static void FindOurFiles(WebApplication app)
    {
        StaticWebAssetsLoader.UseStaticWebAssets(app.Environment, app.Configuration);
        var beside = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        if (!app.Environment.WebRootFileProvider.GetFileInfo("favicon.svg").Exists && Path.Exists(beside))
        {
            app.Environment.WebRootPath = beside;
            app.Environment.WebRootFileProvider = new PhysicalFileProvider(beside);
        }
    }

    private static async Task<IResult> ChangeTheme(HttpContext context, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return Results.BadRequest();
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        ThemeCookie.Write(context.Response, form["theme"]);
        var back = form["back"].ToString();
        return Results.LocalRedirect(LocalAddress.Or(back, "/"));
    }
}
