using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Muster.Mail;

/// <summary>The address that links in e-mails lead to: the configured one, else the one this process listens on.</summary>
public sealed class SiteAddress(MailOptions options, IServiceProvider services)
{
    private const string Unknown = "http://localhost:5000";

    /// <summary>Without a slash at the end.</summary>
    public string Root => (options.PublicUrl?.AbsoluteUri ?? Listening() ?? Unknown).TrimEnd('/');

    /// <summary>Where an invitation is accepted.</summary>
    public string Invitation(long workspaceId, string token) => $"{Root}/invitation/{workspaceId}/{token}";

    /// <summary>Where a learner finds their courses.</summary>
    public string MyCourses(long workspaceId) => $"{Root}/w/{workspaceId}/my-courses";

    /// <summary>Where an operation is approved or refused.</summary>
    public string Operation(long workspaceId, long operationId) => $"{Root}/w/{workspaceId}/operations/{operationId}";

    /// <summary>What a message of this purpose asks its reader to follow.</summary>
    public string LinkOf(MessagePurpose purpose, long workspaceId, long operationId, string token) =>
        purpose switch
        {
            MessagePurpose.PasswordReset => $"{Root}/reset-password/{token}",
            MessagePurpose.Enrolment => MyCourses(workspaceId),
            MessagePurpose.Approval => Operation(workspaceId, operationId),
            _ => Invitation(workspaceId, token),
        };

    /// <summary>Who messages come from.</summary>
    public string Sender => options.From ?? $"muster@{new Uri(Root).IdnHost.Trim('[', ']')}";

    private string? Listening()
    {
        var addresses = services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        return addresses
            .Select(address =>
                address
                    .Replace("//+", "//localhost", StringComparison.Ordinal)
                    .Replace("//*", "//localhost", StringComparison.Ordinal)
                    .Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal)
                    .Replace("//[::]", "//localhost", StringComparison.Ordinal)
            )
            .OrderByDescending(address => address.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
            .FirstOrDefault();
    }
}
