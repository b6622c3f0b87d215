using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.FileProviders;

namespace Muster.Web;

/// <summary>Puts the pages into the program.</summary>
public static class Registration
{
    /// <summary>Services of the pages.</summary>
    public static IServiceCollection AddWeb(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddHttpContextAccessor();
        services.AddScoped<Flash>();
        services.AddScoped<Shell>();
        services.AddSingleton<Navigation>();
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

    /// <summary>The pages' part of the pipeline and their endpoints. Call it after authentication and authorization.</summary>
    public static WebApplication MapWeb(this WebApplication app)
    {
        FindOurFiles(app);
        app.UseResponseCompression();
        app.UseSecurityHeaders();
        app.UseExceptionHandler("/error", createScopeForErrors: true);
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapPost("/theme", ChangeTheme);
        app.MapRazorComponents<App>();
        return app;
    }

    /// <summary>Our files are found from any working directory: from the build's manifest, or beside the published program.</summary>
    private static void FindOurFiles(WebApplication app)
    {
        StaticWebAssetsLoader.UseStaticWebAssets(app.Environment, app.Configuration);
        var beside = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        if (!app.Environment.WebRootFileProvider.GetFileInfo("muster.css").Exists && Path.Exists(beside))
        {
            app.Environment.WebRootPath = beside;
            app.Environment.WebRootFileProvider = new PhysicalFileProvider(beside);
        }
    }

    private static async Task<IResult> ChangeTheme(HttpContext context, IAntiforgery antiforgery)
    {
        await antiforgery.ValidateRequestAsync(context);
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        ThemeCookie.Write(context.Response, form["theme"]);
        var back = form["back"].ToString();
        return Results.LocalRedirect(IsLocal(back) ? back : "/");
    }

    private static bool IsLocal(string url) =>
        url.StartsWith('/') && !url.StartsWith("//", StringComparison.Ordinal) && !url.Contains('\\');
}
