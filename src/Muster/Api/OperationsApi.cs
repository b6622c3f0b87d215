using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Muster.Bulk;
using Muster.Files;

namespace Muster.Api;

/// <summary>What begins an operation.</summary>
public sealed record CreateOperation
{
    /// <summary>Key of the action, such as <c>archive-profiles</c>.</summary>
    [Required(ErrorMessage = "Name the action, such as archive-profiles.")]
    public string? Action { get; init; }

    /// <summary>The action's parameters; an action without any needs none.</summary>
    public JsonElement? Parameters { get; init; }

    /// <summary>Who is selected; without it the operation stays a draft.</summary>
    public Selection? Selection { get; init; }
}

/// <summary>What changes an operation that is not confirmed; it is previewed again.</summary>
public sealed record ChangeOperation
{
    /// <summary>Other parameters.</summary>
    public JsonElement? Parameters { get; init; }

    /// <summary>Another selection.</summary>
    public Selection? Selection { get; init; }
}

/// <summary>What confirms an operation.</summary>
public sealed record ConfirmOperation
{
    /// <summary>How many users will change; if given it must be right.</summary>
    public long? ExpectedChanges { get; init; }

    /// <summary>A later time, at most a year away; judged again then, and run unless more than 5 % (and more than 10) of the users came to stand differently.</summary>
    public DateTimeOffset? RunAt { get; init; }

    /// <summary>Changes nobody unless everybody can be changed whom the preview said would be.</summary>
    public bool AllOrNothing { get; init; }

    internal Confirmation AsConfirmation() => new(ExpectedChanges, RunAt?.UtcDateTime, AllOrNothing);
}

/// <summary>A page of operations, newest first.</summary>
public sealed record OperationPageJson(IReadOnlyList<OperationLineJson> Operations, long? Next);

/// <summary><c>/api/v1/workspaces/{ws}/operations</c>: all of them, and what makes one ready to be confirmed.</summary>
internal static class OperationsApi
{
    public static void MapOperations(this RouteGroupBuilder workspace)
    {
        var all = workspace.MapGroup("/operations").WithTags("Operations");
        all.MapGet("", List).WithSummary("The newest operations; go on with before=next.");
        all.MapPost("", Create)
            .Accepts<CreateOperation>("application/json")
            .Produces<OperationJson>(StatusCodes.Status201Created)
            .WithSummary("Begins an operation; its preview is made in the background. Idempotency-Key is honoured.");
        var one = all.MapGroup("/{id:long}");
        one.MapGet("", Get).WithSummary("Status, counts, reasons, effects, progress.");
        one.MapPatch("", Change).Accepts<ChangeOperation>("application/json").WithSummary("Other parameters or selection; previews again.");
        one.MapPut("/file", PutFile)
            .Accepts<IFormFile>("application/octet-stream", XlsxTemplate.ContentType, "text/csv")
            .WithSummary("The CSV or XLSX as the body; then previewed. ?name= names it.");
        one.MapGet("/items", Items).WithSummary("A page of items; go on with after=next.");
        one.MapPreviewEdits();
        one.MapSteps();
    }

    private static async Task<Ok<OperationPageJson>> List([AsParameters] WorkspaceCall call)
    {
        var limit = QueryWords.Limit(call.Request.Query["limit"]);
        var before = QueryWords.Number(call.Request.Query["before"], "before");
        var page = await call.Views.Page(call.Db, call.Current.Actor, before, limit + 1, call.Ct);
        var lines = page.Take(limit).Select(OperationJson.Line).ToList();
        return TypedResults.Ok(new OperationPageJson(lines, page.Count > limit ? lines[^1].Id : null));
    }

    private static async Task<IResult> Create([AsParameters] WorkspaceCall call, ActionCatalog catalog)
    {
        var (body, text) = await RequestBody.Read<CreateOperation>(call.Request, call.Ct);
        if (catalog.Find(body.Action!) is DownloadAction download)
        {
            return Problems.Unprocessable(
                $"{download.Title} is a download, not an operation: GET {call.Address}/{download.Path}.",
                "This action is a download.",
                "download"
            );
        }

        var key = call.Idempotency(text);
        var made = await call.Operations.Create(call.Caller, body.Action!, body.Parameters?.GetRawText(), body.Selection, key, call.Ct);
        return await call.Answer(made.Id, key, isNew: true);
    }

    private static Task<Ok<OperationJson>> Get(long id, [AsParameters] WorkspaceCall call) => call.Answer(id);

    private static async Task<Ok<OperationJson>> Change(long id, [AsParameters] WorkspaceCall call)
    {
        await call.Find(id);
        var (body, _) = await RequestBody.Read<ChangeOperation>(call.Request, call.Ct);
        await call.Operations.Change(call.Caller, id, body.Parameters?.GetRawText(), body.Selection, call.Ct);
        return await call.Answer(id);
    }

    private static async Task<Ok<OperationJson>> PutFile(long id, [AsParameters] WorkspaceCall call, BulkOptions options)
    {
        await call.Find(id);
        var content = await UploadBody.Read(call.Request, options.MaxUploadBytes, call.Ct);
        var name = call.Request.Query["name"].ToString() is { Length: > 0 } given ? Path.GetFileName(given) : "upload";
        await call.Operations.PutFile(call.Caller, id, name, content, call.Ct);
        return await call.Answer(id);
    }

    private static async Task<Ok<ItemPageJson>> Items(long id, [AsParameters] WorkspaceCall call, ItemList items)
    {
        var query = call.Request.Query;
        var filter = new ItemFilter(
            QueryWords.Word<Verdict>(query["verdict"], "verdict"),
            QueryWords.Word<Outcome>(query["outcome"], "outcome"),
            QueryWords.Text(query["reason"], "reason"),
            QueryWords.Text(query["search"], "search")
        );
        if (!ItemPlace.TryParse(query["after"], out var after))
        {
            throw new ParametersException("after", "Give the next of the page before, as it is.");
        }

        var operation = await call.Find(id);
        var page = await items.Page(call.Db, operation, filter, after, QueryWords.Limit(query["limit"]), call.Ct);
        return TypedResults.Ok(new ItemPageJson([.. page.Lines.Select(ItemJson.Of)], page.Next?.ToString()));
    }
}
