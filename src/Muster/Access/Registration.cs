using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Muster.Data;

namespace Muster.Access;

/// <summary>Puts sign-in, tokens and rights into the program.</summary>
public static class AccessRegistration
{
    /// <summary>By address: the API knows tokens only, everything else the cookie only.</summary>
    private const string ByAddress = "muster";

    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddOptions<AccessOptions>().BindConfiguration("Muster:Access").ValidateDataAnnotations().ValidateOnStart();
        // One pass over the text instead of two, and a quarter shorter: every waiting invitation holds one.
        services
            .AddDataProtection()
            .SetApplicationName("muster")
            .PersistKeysToDbContext<MusterDb>()
            .UseCryptographicAlgorithms(new() { EncryptionAlgorithm = EncryptionAlgorithm.AES_256_GCM });
        AddAccounts(services);
        AddSchemes(services);
        services.AddAuthorization(Policies.Define);
        services.AddScoped<IAuthorizationHandler, AtLeastHandler>();
        services.AddRateLimiter(RateLimits.Define);
        services.AddScoped<CurrentActor>();
        services.AddScoped<PasswordSignIn>();
        services.AddScoped<SiteAdminEdits>();
        services.AddSingleton<ApiTokens>();
        services.AddSingleton<LastSeen>();
        services.AddHostedService(provider => provider.GetRequiredService<LastSeen>());
        return services;
    }

    /// <summary>Who it is, where they are, whether they may: in this order, before any endpoint.</summary>
    public static WebApplication UseAccess(this WebApplication app)
    {
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseMiddleware<WorkspaceGate>();
        app.UseAuthorization();
        app.MapPost("/sign-out", SignOut).AllowAnonymous();
        return app;
    }

    private static void AddAccounts(IServiceCollection services)
    {
        services.AddSingleton<ILookupNormalizer, EmailNormalizer>();
        services
            .AddIdentityCore<Account>(options =>
            {
                options.User.RequireUniqueEmail = true;
                options.User.AllowedUserNameCharacters = ""; // The name is the e-mail address, which has its own grammar.
                options.Password = new()
                {
                    RequiredLength = AccessOptions.ShortestPassword,
                    RequiredUniqueChars = 5,
                    RequireDigit = false,
                    RequireLowercase = false,
                    RequireUppercase = false,
                    RequireNonAlphanumeric = false,
                };
            })
            .AddEntityFrameworkStores<MusterDb>()
            .AddSignInManager();
        services
            .AddOptions<IdentityOptions>()
            .Configure<IOptions<AccessOptions>>(
                (identity, access) =>
                {
                    identity.Lockout.MaxFailedAccessAttempts = access.Value.LockoutAfter;
                    identity.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(access.Value.LockoutMinutes);
                }
            );
        services.Configure<SecurityStampValidatorOptions>(options => options.ValidationInterval = TimeSpan.FromMinutes(1));
    }

    private static void AddSchemes(IServiceCollection services)
    {
        services
            .AddAuthentication(ByAddress)
            .AddPolicyScheme(
                ByAddress,
                null,
                options =>
                    options.ForwardDefaultSelector = context =>
                        context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
                            ? BearerTokens.SchemeName
                            : IdentityConstants.ApplicationScheme
            )
            .AddScheme<AuthenticationSchemeOptions, BearerTokens>(BearerTokens.SchemeName, null)
            .AddIdentityCookies();
        services
            .AddOptions<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme)
            .Configure<IOptions<AccessOptions>>(
                (cookie, access) =>
                {
                    cookie.Cookie.Name = "muster";
                    cookie.Cookie.HttpOnly = true;
                    // Lax, so that a link in an e-mail finds its reader signed in; every change is a POST with an antiforgery token.
                    cookie.Cookie.SameSite = SameSiteMode.Lax;
                    cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                    cookie.LoginPath = "/sign-in";
                    cookie.ReturnUrlParameter = "return";
                    cookie.SlidingExpiration = true;
                    cookie.ExpireTimeSpan = TimeSpan.FromHours(access.Value.SessionHours);
                    cookie.Events.OnRedirectToAccessDenied = context =>
                    {
                        context.Response.StatusCode = StatusCodes.Status403Forbidden;
                        return Task.CompletedTask;
                    };
                }
            );
    }

    private static async Task<IResult> SignOut(HttpContext context, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return Results.BadRequest();
        }

        await context.SignOutAsync(IdentityConstants.ApplicationScheme);
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        return Results.LocalRedirect(LocalAddress.Or(form["return"], "/sign-in"));
    }
}
