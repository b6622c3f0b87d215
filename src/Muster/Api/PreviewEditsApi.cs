using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Muster.Bulk;

namespace Muster.Api;

/// <summary>Users of a preview.</summary>
public sealed record PreviewUsers
{
    /// <summary>Their <c>ordinal</c>s, as the items say them.</summary>
    [Required(ErrorMessage = "Name the users by the ordinals of their items, such as [3, 7].")]
    public IReadOnlyList<long>? Ordinals { get; init; }
}

/// <summary>A row of a preview as it should have been.</summary>
public sealed record MendRow
{
    /// <summary>The <c>ordinal</c> of the row's item.</summary>
    [Required(ErrorMessage = "Name the row by the ordinal of its item.")]
    public long? Ordinal { get; init; }

    /// <summary>A text for each column of the file, in their order; for a pasted list the one address.</summary>
    [Required(ErrorMessage = "Give the row's cells as a list of texts.")]
    public IReadOnlyList<string>? Cells { get; init; }
}

/// <summary><c>/api/v1/workspaces/{ws}/operations/{id}</c>: what can be changed in a preview without beginning again.</summary>
internal static class PreviewEditsApi
{
    public static void MapPreviewEdits(this RouteGroupBuilder operation)
    {
        operation
            .MapPost("/untick", Untick)
            .Accepts<PreviewUsers>("application/json")
            .WithSummary("Leaves users out of a preview, who then count as skipped; counts and effects are made again.");
        operation.MapPost("/tick", Tick).Accepts<PreviewUsers>("application/json").WithSummary("Takes users in again who were left out.");
        operation
            .MapPost("/mend", Mend)
            .Accepts<MendRow>("application/json")
            .WithSummary("Puts a row of the file or the pasted list right; previewed again.");
    }

    private static async Task<Ok<OperationJson>> Untick(long id, [AsParameters] WorkspaceCall call, PreviewEdits edits)
    {
        await call.Find(id);
        var (body, _) = await RequestBody.Read<PreviewUsers>(call.Request, call.Ct);
        await edits.Untick(call.Caller, id, body.Ordinals!, call.Ct);
        return await call.Answer(id);
    }

    private static async Task<Ok<OperationJson>> Tick(long id, [AsParameters] WorkspaceCall call, PreviewEdits edits)
    {
        await call.Find(id);
        var (body, _) = await RequestBody.Read<PreviewUsers>(call.Request, call.Ct);
        await edits.Tick(call.Caller, id, body.Ordinals!, call.Ct);
        return await call.Answer(id);
    }

    private static async Task<Ok<OperationJson>> Mend(long id, [AsParameters] WorkspaceCall call, PreviewEdits edits)
    {
        await call.Find(id);
        var (body, _) = await RequestBody.Read<MendRow>(call.Request, call.Ct);
        await edits.Mend(call.Caller, id, body.Ordinal!.Value, body.Cells!, call.Ct);
        return await call.Answer(id);
    }
}
