using Microsoft.AspNetCore.Http.HttpResults;
using Muster.Bulk;
using Muster.Files;

namespace Muster.Api;

/// <summary><c>/api/v1/workspaces/{ws}/operations/{id}</c>: confirming, stopping, taking back, and the result as a file.</summary>
internal static class OperationStepsApi
{
    public static void MapSteps(this RouteGroupBuilder operation)
    {
        operation
            .MapPost("/confirm", Confirm)
            .Accepts<ConfirmOperation>("application/json")
            .Produces<OperationJson>()
            .WithSummary("Runs what was previewed. Idempotency-Key is honoured.");
        operation.MapPost("/cancel", Cancel).WithSummary("Stops for good; what was done stays.");
        operation.MapPost("/pause", Pause).WithSummary("Stops between chunks.");
        operation.MapPost("/resume", Resume).WithSummary("Goes on where it stopped.");
        operation
            .MapPost("/undo", Undo)
            .Produces<OperationJson>(StatusCodes.Status201Created)
            .WithSummary("Begins an operation that takes this one back. Idempotency-Key is honoured.");
        operation
            .MapPost("/retry", Retry)
            .Produces<OperationJson>(StatusCodes.Status201Created)
            .WithSummary("Begins an operation on the users who failed. Idempotency-Key is honoured.");
        operation.MapGet("/results.{format:regex(^(csv|xlsx)$)}", Results).WithSummary("One line an item, as a table.");
        operation.MapGet("/problems.xlsx", ProblemRows).WithSummary("The file's bad rows with their reasons, to be mended and put again.");
    }

    private static async Task<IResult> Confirm(long id, [AsParameters] WorkspaceCall call)
    {
        await call.Find(id);
        var (body, text) = await RequestBody.ReadOrDefault<ConfirmOperation>(call.Request, call.Ct);
        var key = call.Idempotency(text);
        await call.Confirmations.Confirm(call.Caller, id, body.AsConfirmation(), key, call.Ct);
        return await call.Answer(id, key);
    }

    private static async Task<Ok<OperationJson>> Cancel(long id, [AsParameters] WorkspaceCall call)
    {
        await call.Find(id);
        await call.Operations.Cancel(call.Caller, id, call.Ct);
        return await call.Answer(id);
    }

    private static async Task<Ok<OperationJson>> Pause(long id, [AsParameters] WorkspaceCall call)
    {
        await call.Find(id);
        await call.Operations.Pause(call.Caller, id, call.Ct);
        return await call.Answer(id);
    }

    private static async Task<Ok<OperationJson>> Resume(long id, [AsParameters] WorkspaceCall call)
    {
        await call.Find(id);
        await call.Operations.Resume(call.Caller, id, call.Ct);
        return await call.Answer(id);
    }

    private static async Task<IResult> Undo(long id, [AsParameters] WorkspaceCall call)
    {
        await call.Find(id);
        var key = call.Idempotency("");
        var undo = await call.Operations.Undo(call.Caller, id, key, call.Ct);
        return await call.Answer(undo.Id, key, isNew: true);
    }

    private static async Task<IResult> Retry(long id, [AsParameters] WorkspaceCall call, ActionCatalog catalog)
    {
        var failed = await call.Find(id);
        var key = call.Idempotency("");
        var retry = await call.Operations.Retry(call.Caller, failed, catalog.Get(failed.Action), key, call.Ct);
        return await call.Answer(retry.Id, key, isNew: true);
    }

    private static async Task<IResult> Results(long id, string format, [AsParameters] WorkspaceCall call, ResultsFile results)
    {
        var operation = await call.Find(id);
        return new TableResult(format, $"operation-{id}-results", (table, ct) => results.Write(call.Db, operation, table, ct));
    }

    private static async Task<IResult> ProblemRows(long id, [AsParameters] WorkspaceCall call)
    {
        var operation = await call.Find(id);
        return TypedResults.Stream(
            output => ResultsFile.WriteProblemRows(call.Db, operation, output, null, call.Ct),
            XlsxTemplate.ContentType,
            $"operation-{id}-rows-to-mend.xlsx"
        );
    }
}
