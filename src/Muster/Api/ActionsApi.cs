using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Microsoft.AspNetCore.Http.HttpResults;
using Muster.Bulk;

namespace Muster.Api;

/// <summary>An action that operations can be made of.</summary>
/// <param name="Key">Its name in requests.</param>
/// <param name="Title">Its name in menus.</param>
/// <param name="Category">Where it stands in the menu.</param>
/// <param name="Sentence">What it does.</param>
/// <param name="IsDestructive">Takes something away whatever its parameters, so that above a threshold confirming needs <c>expectedChanges</c>; the operation says its own.</param>
/// <param name="IsReversible">Can be undone.</param>
/// <param name="Selections">The ways it can be given its users.</param>
/// <param name="Parameters">JSON schema of its parameters; absent for a download.</param>
/// <param name="Reasons">Why it may leave somebody alone.</param>
/// <param name="Download">For an action that answers with a file: where, below the workspace's address.</param>
public sealed record ActionJson(
    string Key,
    string Title,
    ActionCategory Category,
    string Sentence,
    bool IsDestructive,
    bool IsReversible,
    IReadOnlyList<string> Selections,
    JsonNode? Parameters,
    IReadOnlyList<Reason> Reasons,
    string? Download
)
{
    private static readonly JsonSerializerOptions Schemas = Resolved();

    internal static ActionJson Of(BulkAction action) =>
        action is DownloadAction download
            ? new(action.Key, action.Title, action.Category, action.Sentence, false, false, [], null, [], download.Path)
            : new(
                action.Key,
                action.Title,
                action.Category,
                action.Sentence,
                action.IsDestructive,
                action.IsReversible,
                SelectionsOf(action),
                Schemas.GetJsonSchemaAsNode(action.ParametersType),
                action.Reasons,
                null
            );

    private static JsonSerializerOptions Resolved()
    {
        var json = new JsonSerializerOptions(Json.Strict);
        json.MakeReadOnly(populateMissingResolver: true);
        return json;
    }

    private static IReadOnlyList<string> SelectionsOf(BulkAction action) =>
        [
            .. (action.Ways.HasFlag(SelectionWays.List) ? new[] { "filter", "users" } : []),
            .. (action.Ways.HasFlag(SelectionWays.Emails) ? new[] { "emails" } : []),
            .. (action.Ways.HasFlag(SelectionWays.Operation) ? new[] { "operation" } : []),
            .. (action.Ways.HasFlag(SelectionWays.File) ? new[] { "file" } : []),
        ];
}

/// <summary><c>/api/v1/actions</c>: what there is to do, the same in every workspace.</summary>
internal static class ActionsApi
{
    public static void MapActions(this RouteGroupBuilder api) =>
        api.MapGet("/actions", List).WithTags("Actions").WithSummary("Every bulk action with its parameters and reasons.");

    private static Ok<IReadOnlyList<ActionJson>> List(ActionCatalog catalog) =>
        TypedResults.Ok<IReadOnlyList<ActionJson>>([.. catalog.All.Select(ActionJson.Of)]);
}
