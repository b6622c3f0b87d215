using Muster.Access;
using Muster.Bulk;
using Muster.Data;
using Muster.Files;
using Muster.People;

namespace Muster.Web;

/// <summary>Files the pages link to; streamed, so that memory does not grow with the users.</summary>
public static class Downloads
{
    private const string SheetName = "Users";

    /// <summary>Maps the addresses.</summary>
    public static void MapDownloads(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var files = app.MapGroup("/w/{ws:long}").RequireAuthorization(Policies.WorkspaceManager);
        files.MapGet("/users.{format:regex(^(csv|xlsx)$)}", Users).RequireAuthorization(Policies.WorkspaceAdmin);
        files.MapGet("/operations/{id:long}/results.{format:regex(^(csv|xlsx)$)}", Results);
        files.MapGet("/operations/{id:long}/problems.xlsx", Problems);
        files.MapGet("/bulk/{key}/template.xlsx", Template);
    }

    /// <summary>Everybody, Archived and Cancelled included; with <c>?filtered</c> the users list's own filter.</summary>
    private static IResult Users(string format, HttpContext context, Here here, MusterDb db, TimeProvider clock)
    {
        var filter = context.Request.Query.ContainsKey("filtered")
            ? UserListState.Parse(context.Request.QueryString.Value).ToFilter(UserFilter.Default)
            : new UserFilter();
        return Send(
            format,
            $"users-{here.Today:yyyy-MM-dd}",
            async (table, ct) =>
            {
                var written = await UserExport.Write(db, here.Workspace, filter, here.Today, table, ct);
                var entry = new AuditEntry
                {
                    WorkspaceId = here.Id,
                    At = clock.Now(),
                    AccountId = here.Actor.AccountId,
                    Address = here.Requester.Address,
                    Event = "users.exported",
                    Details = Json.Write(new { users = written, format }),
                };
                await Audit.Write(db, entry, ct);
            }
        );
    }

    private static async Task<IResult> Results(
        long id,
        string format,
        Here here,
        MusterDb db,
        OperationViews views,
        ResultsFile results,
        CancellationToken ct
    ) =>
        await views.Get(db, here.Actor, id, ct) is { } view
            ? Send(format, $"operation-{id}-results", (table, stop) => results.Write(db, view.Operation, table, stop))
            : TypedResults.NotFound();

    private static async Task<IResult> Problems(
        long id,
        HttpContext context,
        Here here,
        MusterDb db,
        OperationViews views,
        CancellationToken ct
    )
    {
        if (await views.Get(db, here.Actor, id, ct) is not { } view)
        {
            return TypedResults.NotFound();
        }

        var columns = await view.Action.Template(db, here.Id, ct);
        return TypedResults.Stream(
            output => ResultsFile.WriteProblemRows(db, view.Operation, output, columns, context.RequestAborted),
            XlsxTemplate.ContentType,
            $"operation-{id}-rows-to-mend.xlsx"
        );
    }

    private static async Task<IResult> Template(
        string key,
        HttpContext context,
        Here here,
        MusterDb db,
        ActionCatalog catalog,
        CancellationToken ct
    )
    {
        if (catalog.Find(key) is not { IsOperation: true } action || !action.Ways.HasFlag(SelectionWays.File))
        {
            return TypedResults.NotFound();
        }

        if (!here.Actor.MayRun(action))
        {
            return TypedResults.Forbid();
        }

        var columns = await action.Template(db, here.Id, ct);
        return TypedResults.Stream(
            output => XlsxTemplate.Write(output, SheetName, columns, null, context.RequestAborted),
            XlsxTemplate.ContentType,
            $"{key}.xlsx"
        );
    }

    private static IResult Send(string format, string name, Func<ITableWriter, CancellationToken, Task> write) =>
        new TableResult(format, name, write);

    private sealed class TableResult(string format, string name, Func<ITableWriter, CancellationToken, Task> write) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            await using ITableWriter table =
                format == "csv" ? new CsvTableWriter(httpContext.Response.Body) : new XlsxTableWriter(httpContext.Response.Body, SheetName);
            httpContext.Response.ContentType = table.ContentType;
            httpContext.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}{table.FileExtension}\"";
            try
            {
                await write(table, httpContext.RequestAborted);
            }
            catch when (httpContext.Response.HasStarted)
            {
                // Half a file must not look like a whole one.
                httpContext.Abort();
                throw;
            }
        }
    }
}
