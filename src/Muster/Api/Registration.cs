using Microsoft.AspNetCore.RateLimiting;
using Muster.Access;

namespace Muster.Api;

/// <summary>Puts the REST interface into the program.</summary>
public static class ApiRegistration
{
    /// <summary>Services of the interface.</summary>
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddOptions<ApiOptions>().BindConfiguration("Muster:Api").ValidateDataAnnotations().ValidateOnStart();
        services.Configure<RateLimiterOptions>(ApiLimits.Define);
        services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        services.AddOpenApi("v1", ApiDocument.Configure);
        return services;
    }

    /// <summary>The addresses. Call it after authentication and authorization.</summary>
    public static WebApplication MapApi(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        app.MapGroup("/api/v1").RequireAuthorization().RequireRateLimiting(ApiLimits.Policy).AddEndpointFilter<Problems>().MapActions();
        var workspace = app.MapGroup("/api/v1/workspaces/{ws:long}")
            .RequireAuthorization(Policies.WorkspaceAdmin)
            .RequireRateLimiting(ApiLimits.Policy)
            .AddEndpointFilter<Problems>();
        workspace.MapOperations();
        workspace.MapSchedules();
        workspace.MapUsers();
        workspace.MapUserEdits();
        workspace.MapGroups();
        workspace.MapUnits();
        workspace.MapCourses();
        workspace.MapRules();
        workspace.MapEnrolments();
        workspace.MapFields();
        workspace.MapSettings();
        workspace.MapTokens();
        workspace.MapAudit();
        return app;
    }
}
