using System.Globalization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Muster.Bulk;

namespace Muster.Api;

/// <summary>What the OpenAPI document says beyond what the endpoints say by themselves: the token, and each action's parameters.</summary>
internal static class ApiDocument
{
    private const string Scheme = "token";

    public static void Configure(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = endpoint => endpoint.RelativePath?.StartsWith("api/", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer(Describe);
        options.AddDocumentTransformer(AddActions);
    }

    private static Task Describe(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        document.Info = new()
        {
            Title = "Muster",
            Version = "v1",
            Description = "Change many users at once: create an operation, look at its preview, confirm it, follow it, undo it.",
        };
        document.Servers?.Clear();
        document.Components ??= new();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
        document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "A token of the workspace, made with muster token create.",
        };
        document.Security = [new() { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
        return Task.CompletedTask;
    }

    /// <summary>One schema an action, <c>AddUsersToGroupParameters</c>, and the member <c>parameters</c> of a new operation is any of them.</summary>
    private static async Task AddActions(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        document.Components ??= new();
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal);
        var references = new List<IOpenApiSchema>();
        foreach (var action in context.ApplicationServices.GetRequiredService<ActionCatalog>().All.Where(a => a.IsOperation))
        {
            var name = $"{string.Concat(action.Key.Split('-').Select(CultureInfo.InvariantCulture.TextInfo.ToTitleCase))}Parameters";
            var schema = await context.GetOrCreateSchemaAsync(action.ParametersType, null, ct);
            schema.Description = $"Parameters of {action.Key}. {action.Sentence}";
            document.Components.Schemas[name] = schema;
            references.Add(new OpenApiSchemaReference(name, document));
        }

        if (
            document.Components.Schemas.TryGetValue(nameof(CreateOperation), out var create)
            && create is OpenApiSchema { Properties: { } properties }
        )
        {
            properties["parameters"] = new OpenApiSchema { AnyOf = references, Description = "The action's parameters." };
        }
    }
}
