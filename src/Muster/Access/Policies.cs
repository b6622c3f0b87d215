using Microsoft.AspNetCore.Authorization;

namespace Muster.Access;

/// <summary>
/// Who may open a page or call an address: <c>[Authorize(Policies.WorkspaceAdmin)]</c> on a page, <c>.RequireAuthorization(Policies.WorkspaceAdmin)</c> on an endpoint.
/// Whoever has no access to the workspace at all never gets this far (404); too low a rank is 403.
/// </summary>
public static class Policies
{
    /// <summary>Everybody with access to the workspace.</summary>
    public const string WorkspaceMember = nameof(WorkspaceMember);

    /// <summary>Managers and above; what they see must still be narrowed to their units.</summary>
    public const string WorkspaceManager = nameof(WorkspaceManager);

    /// <summary>Admins of the workspace and Site Admins.</summary>
    public const string WorkspaceAdmin = nameof(WorkspaceAdmin);

    /// <summary>Site Admins, in a workspace or outside.</summary>
    public const string SiteAdmin = nameof(SiteAdmin);

    internal static void Define(AuthorizationOptions options)
    {
        Add(WorkspaceMember, Rank.Learner);
        Add(WorkspaceManager, Rank.Manager);
        Add(WorkspaceAdmin, Rank.Admin);
        Add(SiteAdmin, Rank.SiteAdmin);

        void Add(string name, Rank least) =>
            options.AddPolicy(name, policy => policy.RequireAuthenticatedUser().AddRequirements(new AtLeast(least)));
    }
}

internal sealed record AtLeast(Rank Least) : IAuthorizationRequirement;

internal sealed class AtLeastHandler(CurrentActor current) : AuthorizationHandler<AtLeast>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, AtLeast requirement)
    {
        if (current.Rank >= requirement.Least)
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}
