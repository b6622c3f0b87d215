using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Muster.Bulk;
using Xunit;

namespace Muster.Tests;

/// <summary>One method of one address of the running program, found where the program itself finds it: a new one is in every test of these by itself.</summary>
/// <param name="Method">GET, POST …</param>
/// <param name="Pattern">Its route.</param>
/// <param name="Endpoint">What answers.</param>
internal sealed record Address(string Method, RoutePattern Pattern, Endpoint Endpoint)
{
    private const string Workspace = "ws";

    /// <summary>The route below the workspace, such as <c>/groups/{id:long}</c>; the whole of it outside any.</summary>
    public string Route =>
        !IsInWorkspace ? $"/{Whole}"
        : Whole.IndexOf('}', StringComparison.Ordinal) is var end && end + 1 < Whole.Length ? Whole[(end + 1)..]
        : "";

    public bool IsApi => Whole.StartsWith("api/", StringComparison.Ordinal);

    public bool IsInWorkspace => Pattern.GetParameter(Workspace) is not null && !IsOpen;

    /// <summary>Asks for nobody.</summary>
    public bool IsOpen => Endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;

    /// <summary>The kind of row its ids name, by the word before the first of them; null when it names none.</summary>
    public string? Kind =>
        Pattern
            .PathSegments.Zip(Pattern.PathSegments.Skip(1), (before, named) => (before, named))
            .FirstOrDefault(pair => NamesARow(pair.named))
            is { before.Parts: [RoutePatternLiteralPart word] }
            ? word.Content
            : null;

    private string Whole => Pattern.RawText!.Trim('/');

    public override string ToString() => $"{Method} /{Whole}";

    /// <summary>Every address that asks for somebody or something: files of the pages excepted.</summary>
    public static IReadOnlyList<Address> All(TestSite site) =>
        [
            .. from endpoint in site.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            where endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.StaticAssets.StaticAssetDescriptor>() is null
            from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST", "PUT", "PATCH", "DELETE"]
            orderby endpoint.RoutePattern.RawText, method
            select new Address(method, endpoint.RoutePattern, endpoint),
        ];

    /// <summary>The address filled in: in one workspace, with the rows of one; one for each row and each word it takes.</summary>
    public IReadOnlyList<string> Paths(Tenant workspace, Tenant rows)
    {
        if (Kind is null)
        {
            return Fill(workspace, null);
        }

        Assert.True(
            rows.Kinds.Contains(Kind),
            $"{this} names a row of the kind '{Kind}': give {nameof(Tenant)} one, so that it is tried too."
        );
        return [.. rows.Rows(Kind).SelectMany(row => Fill(workspace, row))];
    }

    private List<string> Fill(Tenant workspace, NamedRow? row)
    {
        var paths = new List<string> { "" };
        foreach (var segment in Pattern.PathSegments)
        {
            paths = [.. paths.Select(path => path + "/")];
            foreach (var part in segment.Parts)
            {
                paths = [.. paths.SelectMany(path => Values(part, workspace, row).Select(value => path + value))];
            }
        }

        return paths;
    }

    private IReadOnlyList<string> Values(RoutePatternPart part, Tenant workspace, NamedRow? row) =>
        part switch
        {
            RoutePatternLiteralPart literal => [literal.Content],
            RoutePatternSeparatorPart separator => [separator.Content],
            RoutePatternParameterPart { Name: Workspace or "Ws" } => [$"{workspace.Id}"],
            RoutePatternParameterPart { Name: "key" } =>
            [
                .. workspace.Site.Services.GetRequiredService<ActionCatalog>().All.Where(action => action.IsOperation).Select(a => a.Key),
            ],
            RoutePatternParameterPart parameter when Choices(parameter) is { Count: > 0 } choices => choices,
            RoutePatternParameterPart parameter when row?[parameter.Name] is { } id => [$"{id}"],
            _ => throw new InvalidOperationException($"{this}: say here what {part} may be, so that it is tried with another workspace's."),
        };

    private static bool NamesARow(RoutePatternPathSegment segment) =>
        segment.Parts.OfType<RoutePatternParameterPart>().Any(part => part.Name is not (Workspace or "key") && Choices(part).Count == 0);

    /// <summary>The words of a constraint such as <c>regex(^(csv|xlsx)$)</c>.</summary>
    private static IReadOnlyList<string> Choices(RoutePatternParameterPart parameter) =>
        parameter
            .ParameterPolicies.Select(policy => policy.Content)
            .FirstOrDefault(text => text?.StartsWith("regex(^(", StringComparison.Ordinal) == true)
            is { } regex
            ? regex["regex(^(".Length..^")$)".Length].Split('|')
            : [];
}
